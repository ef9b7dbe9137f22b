// Several incidents at one point of the map: a small list in a popup.
import { choose } from '../actions'
import { incidentDates } from '../figures'
import { hovered, shown, state } from '../store'
import { lookOf } from '../symbols'
import { recorded, text } from '../text'
import { IncidentIcon } from './icons'

export function Pile({ ids, close }: { ids: readonly string[]; close: () => void }) {
  const t = text()
  const list = shown.value.filter(i => ids.includes(i.properties.id))
  const open = (id: string) => {
    close()
    choose(id, 'map')
  }
  return (
    <div class="pile">
      <h2>{t.map.here(list.length)}</h2>
      <ul>
        {list.map(({ properties: p }) => (
          <li key={p.id}>
            <button
              type="button"
              onClick={() => open(p.id)}
              onMouseEnter={() => (hovered.value = p.id)}
              onMouseLeave={() => (hovered.value = null)}
            >
              <IncidentIcon look={lookOf(p, state.value.metric)} max={24} />
              <span>
                <span class="soft">{incidentDates(p, t)}</span>
                <br />
                <span lang={recorded}>{p.title}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
