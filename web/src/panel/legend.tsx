// What the signs mean; each group can be taken off the map.
import { useState } from 'preact/hooks'
import { statusIds } from '../map/looks'
import type { LayerId } from '../state'
import { dispatch, layers, onDate, others, segments, state } from '../store'
import type { Look } from '../symbols'
import { text } from '../text'
import { MetricChoice } from './filter-choices'
import { IncidentIcon, LineSample } from './icons'

const plain: Look = { low: 12, high: 12, certain: true, conflict: false, vague: false }
type Sign = 'both' | 'open' | 'hollow' | 'conflict' | 'unsure' | 'vague'
const signs: readonly (readonly [Sign, Partial<Look>])[] = [
  ['both', { low: 4, high: 60 }],
  ['open', { high: null }],
  ['hollow', { low: null, high: null }],
  ['conflict', { low: 3, high: 14, conflict: true }],
  ['unsure', { certain: false }],
  ['vague', { low: 3, high: 3, vague: true }],
]

/** `room`: whether the map is large enough to have the legend open; the reader's own choice goes first. */
export function Legend({ room }: { room: boolean }) {
  const t = text()
  const [choice, choose] = useState<boolean | null>(null)
  const open = choice ?? room
  const here = new Set(
    (segments.load.value.data ?? []).map(s =>
      s.properties.role === 'context' ? 'context' : s.properties.status,
    ),
  )
  const lines = (others.load.value.data ?? []).map(o => o.properties)
  const from = lines.map(p => p.valid_from).find(d => !!d)
  const until = lines.map(p => p.valid_to).find(d => !!d)
  const other = from ? t.legend.other(t.date(from)) : until ? t.legend.otherUntil(t.date(until)) : null
  return (
    <details class="legend" open={open}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button by itself */}
      <summary
        onClick={e => {
          e.preventDefault()
          choose(!open)
        }}
      >
        {t.legend.label}
      </summary>
      <Group id="incidents" words={t.legend.incidents}>
        <div class="legend-metric">
          <MetricChoice label={t.legend.size} />
        </div>
        <ul>
          {signs.map(([key, look]) => (
            <li key={key}>
              <span class="sign">
                <IncidentIcon look={{ ...plain, ...look }} max={22} />
              </span>
              {t.legend[key]}
            </li>
          ))}
          <li>
            <span class="sign">
              <svg class="merged" width="26" height="22" aria-hidden="true">
                <rect x="6" y="1" width="19" height="16" rx="3" />
                <rect x="1.5" y="4.5" width="19" height="16" rx="3" />
                <text x="11" y="16" text-anchor="middle">
                  3
                </text>
              </svg>
            </span>
            {t.legend.merged}
          </li>
        </ul>
      </Group>
      <Group id="rings" words={t.legend.rings} sign={<RingSample />} />
      <Group id="segments" words={t.legend.segments(t.date(onDate.value))}>
        <ul>
          {[...statusIds, 'context']
            .filter(s => here.has(s))
            .map(s => (
              <li key={s} title={s === 'context' ? t.border.contextHint : t.status[s]?.hint}>
                <LineSample status={s} width={34} />
                {s === 'context' ? t.border.context : (t.status[s]?.name ?? s)}
              </li>
            ))}
          {other && (
            <li>
              <LineSample status="other" width={34} />
              {other}
            </li>
          )}
        </ul>
      </Group>
      <Group id="areas" words={t.legend.areas} sign={<AreaSample />}>
        <ul>
          <li>{t.legend.outline}</li>
        </ul>
      </Group>
      <Group id="places" words={t.legend.places} />
      <Layers />
    </details>
  )
}

function RingSample() {
  return (
    <svg class="ring-sample" width="18" height="18" aria-hidden="true">
      <circle cx="9" cy="9" r="7.5" />
    </svg>
  )
}

function AreaSample() {
  return (
    <svg class="area-sample" width="18" height="14" aria-hidden="true">
      <rect x="1" y="1" width="16" height="12" rx="2" />
    </svg>
  )
}

function Group({
  id,
  words,
  sign,
  children,
}: {
  id: LayerId
  words: string
  sign?: preact.ComponentChildren
  children?: preact.ComponentChildren
}) {
  const { hide } = state.value
  const on = !hide.includes(id)
  const flip = () => dispatch({ hide: on ? [...hide, id] : hide.filter(x => x !== id) }, 'replace')
  return (
    <div class="legend-group">
      <label>
        <input type="checkbox" checked={on} onChange={flip} />
        {sign}
        {words}
      </label>
      {on && children}
    </div>
  )
}

/** Collections beyond our own, as the operator brought them. */
function Layers() {
  const t = text()
  const s = state.value
  const list = layers.load.value.data ?? []
  if (list.length === 0) return null
  const flip = (id: string) =>
    dispatch(
      { layers: s.layers.includes(id) ? s.layers.filter(x => x !== id) : [...s.layers, id] },
      'replace',
    )
  return (
    <fieldset class="legend-group">
      <legend>{t.legend.layers}</legend>
      {list.map(c => (
        <label key={c.id}>
          <input type="checkbox" checked={s.layers.includes(c.id)} onChange={() => flip(c.id)} />
          <svg class="layer-sample" width="18" height="14" aria-hidden="true">
            <rect x="1" y="1" width="16" height="12" rx="2" />
          </svg>
          {c.title}
        </label>
      ))}
    </fieldset>
  )
}
