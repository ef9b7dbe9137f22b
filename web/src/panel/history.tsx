// How the figures of one block of claims changed: each claim on the day it was made. The days stand at equal distances,
// whatever lies between them, and each leads to what was known then.
import type { Claim } from '../api'
import { dateOf, lastDay } from '../dates'
import { type Block, type Column, type Mark, markOf } from '../figures'
import { dispatch, state } from '../store'
import { text } from '../text'

interface Said {
  readonly claim: Claim
  readonly mark: Mark
  readonly day: string
  readonly column: number
}

const height = 92
const top = 8

/** The claims with a number and a date, and the days on which they were made; null where that is no history. */
export function historyOf(block: Block): { said: readonly Said[]; days: readonly string[] } | null {
  const said = block.claims.flatMap((list, column) =>
    list.flatMap(claim => {
      const mark = markOf(claim.value)
      const last = claim.claimed_on ? lastDay(claim.claimed_on) : null
      // A part of a party cannot be put beside the whole of it.
      const part = claim.coverage && claim.coverage !== 'whole'
      return part || mark.kind === 'words' || last === null
        ? []
        : [{ claim, mark, day: dateOf(last), column }]
    }),
  )
  const days = [...new Set(said.map(s => s.day))].sort()
  return said.length >= 3 && days.length >= 2 ? { said, days } : null
}

export function History({
  block,
  columns,
  end,
  title,
}: {
  block: Block
  columns: readonly Column[]
  end: number
  title: string
}) {
  const t = text()
  const history = historyOf(block)
  if (!history) return null
  const { said, days } = history
  const { asof } = state.value
  const y = (n: number) => top + (height - top - 6) * (1 - Math.min(1, n / end))
  const label = t.card.historyChart(title, said.length, t.date(days[0] ?? ''), t.date(days.at(-1) ?? ''))
  const used = columns.map((c, i) => ({ ...c, i })).filter(c => said.some(s => s.column === c.i))
  // The day on which the screen stands: the last one known.
  const known = days.filter(d => asof === null || d <= asof).at(-1)
  return (
    <div class="history-chart">
      <p class="history-head">
        <span>{t.card.history}</span>
        {used.length > 1 &&
          used.map(c => (
            <span key={c.i} class="soft">
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <path class="dot" d={shapes[c.i % shapes.length]} />
              </svg>{' '}
              {c.label}
            </span>
          ))}
      </p>
      <svg
        class="history-plot"
        viewBox={`0 0 ${days.length * 100} ${height}`}
        preserveAspectRatio="none"
        height={height}
        width="100%"
        role="img"
        aria-label={label}
      >
        {[0, end].map(n => (
          <line key={n} class="track" x1="0" x2={days.length * 100} y1={y(n)} y2={y(n)} />
        ))}
      </svg>
      <span class="history-end" aria-hidden="true">
        {t.number(end)}
      </span>
      <ol class="history-days" style={{ gridTemplateColumns: `repeat(${days.length}, minmax(0, 1fr))` }}>
        {days.map(day => (
          <li key={day} class={asof !== null && day === known ? 'now' : undefined}>
            <svg class="history-marks" width="100%" height={height} aria-hidden="true">
              {said
                .filter(s => s.day === day)
                .map((s, k, all) => (
                  <svg key={s.claim.id} x={`${(100 * (k + 1)) / (all.length + 1)}%`} overflow="visible">
                    <title>{s.claim.claimant.name}</title>
                    <Shape said={s} y={y} />
                  </svg>
                ))}
            </svg>
            <button
              type="button"
              aria-label={t.card.seeAsof(t.date(day))}
              data-said={day}
              aria-pressed={asof === day}
              onClick={() => dispatch({ asof: day })}
            >
              {days.length > 7 ? t.date(day).replace(/ (\d\d)(\d\d)$/, ' ’$2') : t.date(day)}
            </button>
          </li>
        ))}
      </ol>
      <p class="note">{t.card.historyHint}</p>
    </div>
  )
}

// One shape for each column, in order; all of one size and one colour.
const shapes = [
  'M-3.8 0A3.8 3.8 0 1 0 3.8 0 3.8 3.8 0 1 0-3.8 0',
  'M-3.5-3.5H3.5V3.5H-3.5Z',
  'M0-4.8 4.8 0 0 4.8-4.8 0Z',
  'M0-4.6 4.6 3.6H-4.6Z',
]

function Shape({ said: { claim, mark, column }, y }: { said: Said; y: (n: number) => number }) {
  const old = claim.status_flag !== 'current' ? ' old' : ''
  const shape = shapes[column % shapes.length]
  const at = (n: number) => <path class={`dot${old}`} d={shape} transform={`translate(0 ${y(n)})`} />
  switch (mark.kind) {
    case 'point':
      return at(mark.at)
    case 'span':
      return (
        <g>
          <line class={`stem${old}`} y1={y(mark.from)} y2={y(mark.to)} />
          {at(mark.from)}
          {at(mark.to)}
        </g>
      )
    case 'from':
      return (
        <g>
          <line class={`stem open${old}`} y1={y(mark.from)} y2={Math.max(2, y(mark.from) - 22)} />
          {at(mark.from)}
        </g>
      )
    case 'to':
      return (
        <g>
          <line class={`stem open${old}`} y1={y(mark.to)} y2={y(0)} />
          {at(mark.to)}
        </g>
      )
    default:
      return null
  }
}
