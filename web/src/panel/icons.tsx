// The symbols of the map as SVG for lists, cards and the legend; all are decoration beside words.
import { contextLook, lineLooks } from '../map/layers'
import { type Family, type Look, outlines, symbolOf } from '../symbols'

export function IncidentIcon({ look, size = 24 }: { look: Look; size?: number }) {
  const s = symbolOf(look.kind)
  const tone = `${look.figure ? 'full' : 'hollow'} ${look.certain ? 'certain' : 'unsure'}`
  return (
    <svg class={`symbol ${tone}`} width={size} height={size} viewBox="-1 -1 26 26" aria-hidden="true">
      {look.vague && <rect class="frame" x="-2.4" y="-2.4" width="28.8" height="28.8" />}
      <path class="outline" d={s.outline} />
      <path class="sign" d={s.sign} />
      {look.conflict && (
        <g class="badge" transform="translate(20.5 4)">
          <circle r="5.6" />
          <path d="M-2.8 -1.3H2.8M-2.8 1.3H2.8M1.8 -3.2-1.8 3.2" />
        </g>
      )}
    </svg>
  )
}

export function FamilyIcon({ family }: { family: Family }) {
  return (
    <svg class="symbol full certain" width="16" height="16" viewBox="-1 -1 26 26" aria-hidden="true">
      <path class="outline" d={outlines[family]} />
    </svg>
  )
}

/** A sample of a segment's line, from the same table as the map's layers; "context" is a ring shown for context. */
export function LineSample({ status, width = 44 }: { status: string; width?: number }) {
  const look = lineLooks[status] ?? contextLook
  const w = look.width
  const dash = look.dash?.map(d => Math.max(d * w, 0.01)).join(' ')
  const cap = look.round ? 'round' : 'butt'
  const at = look.gap === undefined ? [7] : [7 - (look.gap + w) / 2, 7 + (look.gap + w) / 2]
  return (
    <svg class={`line-sample${look.soft ? ' soft' : ''}`} width={width} height="14" aria-hidden="true">
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
  link: 'M8.2 11.8 11.8 8.2M9 6.6l1.9-1.9a3.1 3.1 0 0 1 4.4 4.4L13.4 11M11 13.4l-1.9 1.9a3.1 3.1 0 0 1-4.4-4.4L6.6 9',
  out: 'M8 4.5H4.5v11h11V12M11 4h5v5M16 4 9.5 10.5',
  pin: 'M10 17.5c3.3-4 5-6.8 5-9a5 5 0 0 0-10 0c0 2.2 1.7 5 5 9ZM10 8.5v.01',
  up: 'M4.5 12.5 10 7l5.5 5.5',
  down: 'M4.5 7.5 10 13l5.5-5.5',
} as const

export function Glyph({ name }: { name: keyof typeof glyphs }) {
  return (
    <svg class="glyph" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d={glyphs[name]} />
    </svg>
  )
}
