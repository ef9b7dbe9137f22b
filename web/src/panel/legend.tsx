// What the signs mean; each group can be taken off the map.
import { useState } from 'preact/hooks'
import { statusIds } from '../map/layers'
import type { LayerId } from '../state'
import { dispatch, onDate, segments, state } from '../store'
import { families } from '../symbols'
import { text } from '../text'
import { FamilyIcon, IncidentIcon, LineSample } from './icons'

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
        <ul class="families">
          {families.map(f => (
            <li key={f}>
              <FamilyIcon family={f} />
              {t.legend.families[f]}
            </li>
          ))}
        </ul>
        <ul>
          <li>
            <IncidentIcon
              size={18}
              look={{ kind: 'armed_clash', figure: true, certain: true, conflict: false, vague: false }}
            />
            {t.legend.filled}
          </li>
          <li>
            <IncidentIcon
              size={18}
              look={{ kind: 'armed_clash', figure: false, certain: true, conflict: false, vague: false }}
            />
            {t.legend.hollow}
          </li>
          <li>
            <IncidentIcon
              size={18}
              look={{ kind: 'armed_clash', figure: true, certain: true, conflict: true, vague: false }}
            />
            {t.legend.conflict}
          </li>
          <li>
            <IncidentIcon
              size={18}
              look={{ kind: 'armed_clash', figure: false, certain: false, conflict: false, vague: false }}
            />
            {t.legend.unsure}
          </li>
          <li>
            <IncidentIcon
              size={18}
              look={{ kind: 'armed_clash', figure: true, certain: true, conflict: false, vague: true }}
            />
            {t.legend.vague}
          </li>
          <li>
            <svg class="merged" width="22" height="18" aria-hidden="true">
              <rect x="5" y="1" width="16" height="12" rx="3" />
              <rect x="1.5" y="4" width="16" height="12" rx="3" />
              <text x="9.5" y="13.5" text-anchor="middle">
                3
              </text>
            </svg>
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
        </ul>
      </Group>
      <Group id="areas" words={t.legend.areas} sign={<AreaSample />}>
        <ul>
          <li>{t.legend.outline}</li>
        </ul>
      </Group>
      <Group id="places" words={t.legend.places} />
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
