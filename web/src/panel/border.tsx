// The border through the eyes of the list: every mapped segment with its status on the chosen date.
import { chooseSegment } from '../actions'
import type { Segment } from '../api'
import { statusIds } from '../map/looks'
import { serialise } from '../state'
import { hoveredSegment, segments, state } from '../store'
import { recorded, text } from '../text'
import { LineSample } from './icons'
import { walk } from './list'
import { Failed, Loading } from './states'

export function BorderList({ date }: { date: string }) {
  const t = text()
  const { status, data, fault } = segments.load.value
  const day = t.date(date)
  const by = new Map<string, Segment[]>()
  for (const s of data ?? []) {
    const key = s.properties.role === 'context' ? 'context' : s.properties.status
    by.set(key, [...(by.get(key) ?? []), s])
  }
  const known = [...statusIds, 'context']
  const order = [...statusIds, ...[...by.keys()].filter(k => !known.includes(k)), 'context']
  return (
    <section
      class="list"
      id="list"
      aria-label={t.border.label}
      aria-busy={status === 'loading'}
      tabIndex={-1}
    >
      <p class="summary" role="status">
        <strong>{t.border.heading(day)}</strong>
      </p>
      <p class="note">{t.border.approximation}</p>
      {status === 'failed' && (
        <Failed what={t.states.segmentsFailed} fault={fault} retry={segments.retry} stale={data !== null} />
      )}
      {data === null && status === 'loading' && <Loading words={t.states.loading} />}
      {data?.length === 0 && <p class="state empty">{t.border.none(day)}</p>}
      {order
        .filter(k => by.has(k))
        .map(k => (
          <section key={k} class="status-group">
            <h2>
              <LineSample status={k} />
              {k === 'context' ? t.border.context : (t.status[k]?.name ?? k)}
              <span class="soft"> {k === 'context' ? t.border.contextHint : t.status[k]?.hint}</span>
            </h2>
            <ul class="rows" onKeyDown={walk}>
              {(by.get(k) ?? []).map(s => (
                <Row key={s.properties.id} segment={s} />
              ))}
            </ul>
          </section>
        ))}
    </section>
  )
}

function Row({ segment: { properties: p } }: { segment: Segment }) {
  const t = text()
  const chosen = state.value.seg === p.id
  const point = (on: boolean) => () => {
    if (on) hoveredSegment.value = p.id
    else if (hoveredSegment.peek() === p.id) hoveredSegment.value = null
  }
  const open = (e: MouseEvent) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return
    e.preventDefault()
    chooseSegment(p.id, 'list')
  }
  return (
    <li
      class={`row segment-row${chosen ? ' chosen' : ''}${hoveredSegment.value === p.id ? ' hovered' : ''}`}
      onMouseEnter={point(true)}
      onMouseLeave={point(false)}
      onFocusCapture={point(true)}
      onBlurCapture={point(false)}
    >
      <div class="row-text">
        <a
          class="row-title"
          href={`/${serialise({ ...state.value, seg: p.id, sel: null })}`}
          data-row={p.id}
          aria-current={chosen ? 'true' : undefined}
          onClick={open}
        >
          <span lang={recorded}>{p.name}</span>
        </a>
        <p class="row-place">{typeof p.length_km === 'number' && t.border.km(p.length_km)}</p>
      </div>
    </li>
  )
}
