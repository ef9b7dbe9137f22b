// The status of the whole border under the histogram: how much of the mapped line had which, as a band in greys.
import { sections } from '../border-history'
import { type Day, dateOf } from '../dates'
import { statusIds } from '../map/looks'
import { spansOf } from '../spans'
import { text } from '../text'

interface BorderLaneProps {
  readonly x: (d: Day) => number
  readonly d0: Day
  readonly d1: Day
  readonly width: number
}

const height = 11

/** Later statuses are darker; what is contested is hatched, what nobody speaks of is empty. */
const shades: Readonly<Record<string, number>> = {
  unknown: 0.06,
  undefined: 0.16,
  contested: 1,
  described: 0.36,
  agreed: 0.5,
  delimited_by_treaty: 0.7,
  demarcated: 1,
}

export function BorderLane({ x, d0, d1, width }: BorderLaneProps) {
  const t = text()
  const spans = spansOf(sections.value, d0, d1)
  const words = spans.map(s => ({ ...s, words: `${t.dates(dateOf(s.from), dateOf(s.to))}: ${shares(s.km)}` }))
  const last = words.at(-1)
  return (
    <svg
      class="lane border-lane"
      width={width}
      height="26"
      role="img"
      aria-label={`${t.time.wholeBorder}${last ? `: ${last.words}` : ''}`}
    >
      <defs>
        <pattern
          id="contested"
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1="0" x2="0" y1="0" y2="4" stroke-width="2" />
        </pattern>
      </defs>
      {words.map(({ from, to, km, words }) => {
        const [a, b] = [x(from), x(to + 1)]
        const total = [...km.values()].reduce((n, k) => n + k, 0)
        let y = height
        return (
          <g key={from}>
            <title>{words}</title>
            {statusIds
              .filter(s => km.has(s))
              .map(s => {
                const h = ((km.get(s) ?? 0) / total) * height
                y -= h
                return (
                  <rect
                    key={s}
                    x={a}
                    y={y}
                    width={Math.max(0.5, b - a)}
                    height={h}
                    class="shade"
                    fill={s === 'contested' ? 'url(#contested)' : undefined}
                    opacity={shades[s] ?? 0.1}
                  />
                )
              })}
          </g>
        )
      })}
      {spans.length > 0 && (
        <text x="0" y="22">
          {t.time.wholeBorder}
        </text>
      )}
    </svg>
  )

  /** "contested 26 %, no source says 74 %", the larger first. */
  function shares(km: ReadonlyMap<string, number>): string {
    const total = [...km.values()].reduce((n, k) => n + k, 0)
    return [...km]
      .sort((a, b) => b[1] - a[1])
      .map(([s, k]) => `${t.status[s]?.name ?? s} ${t.number(Math.round((k / total) * 100))} %`)
      .join(', ')
  }
}
