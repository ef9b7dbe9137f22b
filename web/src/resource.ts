// A question to the API that follows the state: loading, here, or failed.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import { Fault } from './api'

/** An answer under way, here, or failed. `data` is the last good one, so that a failure blanks nothing. */
export interface Load<T> {
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly data: T | null
  readonly fault: Fault | null
}

export interface Resource<T> {
  readonly load: ReadonlySignal<Load<T>>
  readonly retry: () => void
}

// Answers by request, so that Back is instant. The newest are kept.
const answers = new Map<string, unknown>()
const kept = 64

/** Asks again whenever `key` changes (null: nothing to ask), after `delay` ms of quiet; a newer question aborts an older. */
export function resource<T>(
  key: () => string | null,
  ask: (key: string, signal: AbortSignal) => Promise<T>,
  delay = 0,
): Resource<T> {
  const load = signal<Load<T>>({ status: 'idle', data: null, fault: null })
  const attempt = signal(0)
  const question = computed(key)
  effect(() => {
    const k = question.value
    attempt.value
    const old = load.peek().data
    if (k === null) {
      load.value = { status: 'idle', data: null, fault: null }
      return
    }
    if (answers.has(k)) {
      load.value = { status: 'ready', data: answers.get(k) as T, fault: null }
      return
    }
    load.value = { status: 'loading', data: old, fault: null }
    const abort = new AbortController()
    const run = () =>
      ask(k, abort.signal).then(
        data => {
          if (abort.signal.aborted) return
          answers.set(k, data)
          const oldest = answers.keys().next().value
          if (answers.size > kept && oldest !== undefined) answers.delete(oldest)
          load.value = { status: 'ready', data, fault: null }
        },
        (err: unknown) => {
          if (abort.signal.aborted) return
          const fault = err instanceof Fault ? err : new Fault('unreadable', null, [String(err)])
          load.value = { status: 'failed', data: old, fault }
        },
      )
    // The very first question waits for nothing.
    const timer = setTimeout(run, old === null ? 0 : delay)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  })
  return { load, retry: () => attempt.value++ }
}
