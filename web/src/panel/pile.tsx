// Several incidents at one point of the map: a small list in a popup.
import { useEffect, useState } from 'preact/hooks'
import { choose } from '../actions'
import { address, type Incident, page } from '../api'
import { quote } from '../filters'
import { hovered, shown, state } from '../store'
import { text } from '../text'
import { IncidentLine } from './incident-line'

export function Pile({ ids, close }: { ids: readonly string[]; close: () => void }) {
  const t = text()
  const list = useIncidents(ids)
  const open = (id: string) => {
    close()
    choose(id, 'map')
  }
  return (
    <div class="pile">
      <h2>{t.map.here(ids.length)}</h2>
      <ul>
        {list.map(({ properties: p }) => (
          <li key={p.id}>
            <button
              type="button"
              onClick={() => open(p.id)}
              onMouseEnter={() => (hovered.value = p.id)}
              onMouseLeave={() => (hovered.value = null)}
            >
              <IncidentLine of={p} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The incidents of these ids: those of the list at once, others as the API tells. */
function useIncidents(ids: readonly string[]): readonly Incident[] {
  const [asked, setAsked] = useState<readonly Incident[]>([])
  const here = shown.value.filter(i => ids.includes(i.properties.id))
  const missing = ids.filter(id => !here.some(i => i.id === id))
  const key = missing.join()
  useEffect(() => {
    if (key === '') return
    const stop = new AbortController()
    const query = {
      filter: `id IN (${missing.map(quote).join(', ')})`,
      asof: state.peek().asof,
      limit: '200',
    }
    page<Incident>(address('incidents', query), {}, stop.signal).then(
      p => setAsked(p.features),
      // The list then has those of the page alone.
      () => {},
    )
    return () => stop.abort()
  }, [key])
  return [...here, ...asked.filter(i => missing.includes(i.properties.id))]
}
