// Loading, failed and empty, told apart, each with what the reader can do.
import type { Fault } from '../api'
import { text } from '../text'

export function Loading({ words }: { words: string }) {
  return (
    <p class="state loading">
      <span class="spinner" aria-hidden="true" />
      {words}
    </p>
  )
}

export function Failed({
  what,
  fault,
  retry,
  stale,
}: {
  what: string
  fault: Fault | null
  retry: () => void
  stale?: boolean
}) {
  const t = text()
  return (
    <div class="state failed" role="alert">
      <p>
        <strong>{what}</strong> {why(fault)}
        {stale && ` ${t.states.stale}`}
      </p>
      {fault !== null && fault.details.length > 0 && (
        <ul>
          {fault.details.map(d => (
            <li key={d}>{d}</li>
          ))}
        </ul>
      )}
      <button type="button" class="action" onClick={retry}>
        {t.states.retry}
      </button>
    </div>
  )
}

function why(fault: Fault | null): string {
  const t = text()
  switch (fault?.kind) {
    case 'unreachable':
      return t.states.unreachable
    case 'refused':
      return t.states.refused(fault.status ?? 0)
    default:
      return t.states.unreadable
  }
}
