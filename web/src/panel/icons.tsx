// The symbols of the map as SVG for lists, cards and the legend; all are decoration beside words.
import { contextLook, lineLooks, otherLook } from '../map/looks'
import { hollowRadius, type Look, measuresOf } from '../symbols'

/** An incident's symbol, made smaller where it is larger than `max` pixels. */
export function IncidentIcon({ look, max = 34 }: { look: Look; max?: number }) {
  const { disc, ring, open, half } = measuresOf(look)
  const size = Math.min(max, 2 * half)
  const r = ring ?? hollowRadius
  const out = Math.min(r * 0.72, half - 6)
  return (
    <svg
      class={`symbol${look.certain ? '' : ' unsure'}`}
      width={size}
      height={size}
      viewBox={`${-half} ${-half} ${2 * half} ${2 * half}`}
      aria-hidden="true"
    >
      {look.vague && (
        <rect class="frame" x={1.5 - half} y={1.5 - half} width={2 * half - 3} height={2 * half - 3} rx="3" />
      )}
      <circle class={ring === null ? 'hollow' : open ? 'ring open' : 'ring'} r={r} />
      {disc !== null && <circle class="disc" r={disc} />}
      {look.conflict && (
        <g class="badge" transform={`translate(${out} ${-out})`}>
          <circle r="5.4" />
          <path d="M-2.7 -1.3H2.7M-2.7 1.3H2.7M1.7 -3.1-1.7 3.1" />
        </g>
      )}
    </svg>
  )
}

/** A sample of a segment's line, from the same table as the map's layers; "context" is a ring shown for context. */
export function LineSample({ status, width = 44 }: { status: string; width?: number }) {
  const look = status === 'other' ? otherLook : (lineLooks[status] ?? contextLook)
  const w = look.width
  const dash = look.dash?.map(d => Math.max(d * w, 0.01)).join(' ')
  const cap = look.round ? 'round' : 'butt'
  const at = look.gap === undefined ? [7] : [7 - (look.gap + w) / 2, 7 + (look.gap + w) / 2]
  const tone = status === 'other' ? ' other' : look.soft ? ' soft' : ''
  return (
    <svg class={`line-sample${tone}`} width={width} height="14" aria-hidden="true">
      {look.gap !== undefined && (
        <rect class="between" x="1" y={7 - look.gap / 2} width={width - 2} height={look.gap} />
      )}
      {at.map(y => (
        <line
          key={y}
          x1="1"
          x2={width - 1}
          y1={y}
          y2={y}
          stroke-width={w}
          stroke-dasharray={dash}
          stroke-linecap={cap}
        />
      ))}
    </svg>
  )
}

const glyphs = {
  close: 'M5 5 15 15M15 5 5 15',
  left: 'M12.5 4.5 7 10l5.5 5.5',
  right: 'M7.5 4.5 13 10l-5.5 5.5',
  up: 'M4.5 12.5 10 7l5.5 5.5',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  search: 'M9 3.5A5.5 5.5 0 1 1 9 14.5 5.5 5.5 0 1 1 9 3.5M13 13l4 4',
  help: 'M7.2 7.4a2.9 2.9 0 1 1 4.3 2.6c-1 .5-1.5 1-1.5 2.2M10 15v.01M10 2.2A7.8 7.8 0 1 1 10 17.8 7.8 7.8 0 1 1 10 2.2',
  quote: 'M4 5h12v10H8l-4 3V5ZM7.5 8.5h5M7.5 11.5h3',
  play: 'M6.5 4v12l9-6Z',
  stop: 'M6 5v10M14 5v10',
} as const

export function Glyph({ name }: { name: keyof typeof glyphs }) {
  return (
    <svg class="glyph" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d={glyphs[name]} />
    </svg>
  )
}
