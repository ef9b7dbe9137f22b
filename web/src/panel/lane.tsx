// The status of one border segment through time, as a lane under the histogram, in the same looks as on the map.
import type { Item, SegmentDetail } from '../api'
import { type Day, firstDay, lastDay } from '../dates'
import { contextLook, lineLooks } from '../map/looks'
import { text } from '../text'

interface LaneProps {
  readonly of: Item<SegmentDetail>
  readonly x: (d: Day) => number
  readonly d0: Day
  readonly d1: Day
  readonly width: number
}

export function StatusLane({ of, x, d0, d1, width }: LaneProps) {
  const t = text()
  const { name, history_detail } = of.properties
  const parts = (history_detail ?? []).map(h => {
    const from = Math.max(d0, (h.from ? firstDay(h.from) : null) ?? d0)
    const to = Math.min(d1, (h.to ? lastDay(h.to) : null) ?? d1)
    const words = t.time.lanePart(t.status[h.status]?.name ?? h.status, h.from || null, h.to || null)
    return { h, from, to, words }
  })
  const label = `${t.time.laneOf(name)}: ${parts.map(p => p.words).join('; ')}`
  return (
    <svg class="lane" width={width} height="22" role="img" aria-label={label}>
      {parts
        .filter(p => p.to >= p.from)
        .map(({ h, from, to, words }) => {
          const look = lineLooks[h.status] ?? contextLook
          const [a, b] = [x(from) + 1.5, x(to + 1) - 1.5]
          const at = look.gap === undefined ? [5] : [5 - 2.6, 5 + 2.6]
          const status = t.status[h.status]?.name ?? h.status
          return (
            <g key={`${h.status} ${h.from}`}>
              <title>{words}</title>
              {at.map(y => (
                <line
                  key={y}
                  x1={a}
                  x2={b}
                  y1={y}
                  y2={y}
                  stroke-width={look.width}
                  stroke-dasharray={look.dash?.map(d => Math.max(d * look.width, 0.01)).join(' ')}
                  stroke-linecap={look.round ? 'round' : 'butt'}
                />
              ))}
              {b - a > 7 * status.length && (
                <text x={(a + b) / 2} y="19" text-anchor="middle">
                  {status}
                </text>
              )}
            </g>
          )
        })}
    </svg>
  )
}
