// What else happened near an incident, in place and in time.
import { choose } from '../actions'
import { address, type Incident, items } from '../api'
import { dateOf, firstDay, lastDay } from '../dates'
import { incidentDates } from '../figures'
import { resource } from '../resource'
import { detail, state } from '../store'
import { recorded, text } from '../text'
import { Failed, Loading } from './states'

const km = 25
const days = 30

type Neighbour = Incident & { readonly properties: { readonly distance_m?: number } }

const around = resource<readonly Neighbour[]>(
  () => {
    const f = detail.load.value.data
    return f?.geometry ? `around/${f.id} ${state.value.asof ?? ''}` : null
  },
  async (_, signal) => {
    const f = detail.load.peek().data
    const first = f && firstDay(f.properties.start)
    const last = f && lastDay(f.properties.end ?? f.properties.start)
    if (!f || first === null || last === null) return []
    const query = {
      near: `incidents/${f.id}`,
      within: `${km}km`,
      datetime: `${dateOf((first as number) - days)}/${dateOf((last as number) + days)}`,
      asof: state.peek().asof,
      limit: '20',
    }
    const found = await items<Neighbour>(address('incidents', query), signal)
    return found.filter(i => i.id !== f.id).slice(0, 8)
  },
)

export function Around() {
  const t = text()
  const { status, data, fault } = around.load.value
  const here = detail.load.value.data
  if (!here?.geometry) return null
  return (
    <>
      <h3>{t.card.neighbours}</h3>
      <p class="note">{t.card.around(t.number(km), t.number(days))}</p>
      {status === 'loading' && !data && <Loading words={t.states.loading} />}
      {status === 'failed' && <Failed what={t.states.failed} fault={fault} retry={around.retry} />}
      {data?.length === 0 && <p class="soft">{t.card.noneAround}</p>}
      <ul class="around">
        {(data ?? []).map(({ properties: p }) => (
          <li key={p.id}>
            <button type="button" class="link" lang={recorded} onClick={() => choose(p.id, 'card')}>
              {p.title}
            </button>
            <span class="soft">
              {incidentDates(p, t)} · {apart(here.properties, p)}
              {typeof p.distance_m === 'number' &&
                ` · ${t.card.awayKm(t.number(Math.round(p.distance_m / 100) / 10))}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Days between two incidents: none where they overlap. */
function apart(a: Incident['properties'], b: Incident['properties']): string {
  const [a0, a1] = [firstDay(a.start) ?? 0, lastDay(a.end ?? a.start) ?? 0]
  const [b0, b1] = [firstDay(b.start) ?? 0, lastDay(b.end ?? b.start) ?? 0]
  return text().card.daysApart(b0 > a1 ? b0 - a1 : b1 < a0 ? b1 - a0 : 0)
}
