// What the map shows, as a list: incidents nearest to its centre first, then the border's segments. For keys, and for
// those who do not see the map.
import { choose, chooseSegment } from '../actions'
import { address, type Incident, type Page, page } from '../api'
import { filterOf } from '../filters'
import { boxOf } from '../geo'
import { resource } from '../resource'
import { facts, segments, state } from '../store'
import { recorded, text } from '../text'
import { IncidentLine } from './incident-line'
import { mapBounds } from './mapbox'
import { Failed, Loading } from './states'
import { open, show } from './windows'

const most = 30

const inView = resource<Page<Incident>>(
  () => {
    const box = open.value === 'view' ? mapBounds.value?.().join() : undefined
    return box === undefined ? null : address('incidents', asked(box.split(',').map(Number)))
  },
  (url, signal) => page<Incident>(url, {}, signal),
)

function asked([w = 0, s = 0, e = 0, n = 0]: readonly number[]) {
  const filter = filterOf(state.value, facts.value)
  const centre = [(w + e) / 2, (s + n) / 2].map(x => x.toFixed(5)).join(',')
  // Further than any corner.
  return { ...filter, bbox: [w, s, e, n].join(','), near: centre, within: '5000km', limit: String(most) }
}

export function InView() {
  const t = text()
  const { status, data, fault } = inView.load.value
  const box = mapBounds.value?.()
  const lines = (segments.load.value.data ?? []).filter(s => {
    const b = boxOf(s.geometry)
    return b && box && b[0] <= box[2] && b[2] >= box[0] && b[1] <= box[3] && b[3] >= box[1]
  })
  const go = (act: () => void) => () => {
    show(null)
    act()
  }
  if (status === 'failed' && fault)
    return <Failed what={t.states.failed} fault={fault} retry={inView.retry} />
  if (data === null) return <Loading words={t.states.loading} />
  return (
    <div class="in-view pile">
      <p class="note">{t.map.inView(data.matched, Math.min(most, data.features.length))}</p>
      <ul>
        {data.features.map(({ id, properties: p }) => (
          <li key={id}>
            <button type="button" onClick={go(() => choose(id, 'map'))}>
              <IncidentLine of={p} />
            </button>
          </li>
        ))}
      </ul>
      {lines.length > 0 && <h3>{t.border.label}</h3>}
      <ul>
        {lines.map(({ id, properties: p }) => (
          <li key={id}>
            <button type="button" onClick={go(() => chooseSegment(id, 'map'))}>
              <span>
                <span lang={recorded}>{p.name}</span>
                <br />
                <span class="soft">{t.status[p.status]?.name ?? p.status}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
