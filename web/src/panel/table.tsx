// The table: the same incidents as list and map, in columns that sort. A real table, so that it can be read aloud,
// copied and printed.
import { choose } from '../actions'
import { incidentDates } from '../figures'
import { type Sort, serialise, sorts } from '../state'
import { answer, dispatch, hovered, matched, retry, shown, state } from '../store'
import { recorded, text, word } from '../text'
import { Glyph } from './icons'
import { Failed, Loading } from './states'

export function IncidentTable() {
  const t = text()
  const { status, data, fault } = answer.value
  const list = shown.value
  const all = matched.value ?? list.length
  return (
    <section
      class="table-pane"
      id="list"
      tabIndex={-1}
      aria-label={t.app.paneTable}
      aria-busy={status === 'loading'}
    >
      {status === 'failed' && (
        <Failed what={t.states.failed} fault={fault} retry={retry} stale={data !== null} />
      )}
      {data === null && status === 'loading' && <Loading words={t.states.loading} />}
      <table>
        <caption>
          {t.list.caption}. {t.list.count(all)}
          {all > list.length && `. ${t.list.first(list.length, all)}`}
        </caption>
        <thead>
          <tr>
            {sorts.map(key => (
              <Head key={key} id={key} />
            ))}
            <th scope="col" class="plain">
              {t.list.columns.figures}
            </th>
            <th scope="col" class="plain right">
              {t.list.columns.uncertainty}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.map(i => (
            <Row key={i.id} i={i} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

const numeric: readonly Sort[] = ['low', 'high', 'claims']

function Head({ id }: { id: Sort }) {
  const t = text()
  const { sortby, metric } = state.value
  const label = t.list.columns[id]
  const words = typeof label === 'function' ? label(word(t.metrics, metric)) : label
  const on = sortby.replace(/^-/, '') === id
  const down = sortby.startsWith('-')
  // The first press shows what is most looked for: the newest, the highest.
  const falling = on ? !down : id === 'start' || numeric.includes(id)
  return (
    <th
      scope="col"
      class={numeric.includes(id) ? 'right' : undefined}
      aria-sort={on ? (down ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => dispatch({ sortby: falling ? `-${id}` : id })}>
        {words}
        {on && <Glyph name={down ? 'down' : 'up'} />}
      </button>
    </th>
  )
}

function Row({ i }: { i: (typeof shown.value)[number] }) {
  const t = text()
  const p = i.properties
  const { metric, sel } = state.value
  const [low, high] = [p[`${metric}_low`], p[`${metric}_high`]]
  const open = (e: MouseEvent) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return
    e.preventDefault()
    choose(p.id, 'list')
  }
  // A dash for the eye, words for the ear: no figure is not zero.
  const none = (
    <span class="soft">
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">{t.list.unknown}</span>
    </span>
  )
  return (
    <tr
      class={`${sel === p.id ? 'chosen' : ''}${hovered.value === p.id ? ' hovered' : ''}`}
      onMouseEnter={() => (hovered.value = p.id)}
      onMouseLeave={() => (hovered.value = null)}
    >
      <td class="nowrap">{incidentDates(p, t)}</td>
      <th scope="row">
        <a
          href={`/${serialise({ ...state.value, sel: p.id, seg: null })}`}
          data-row={p.id}
          aria-current={sel === p.id ? 'true' : undefined}
          lang={recorded}
          onClick={open}
        >
          {p.title}
        </a>
      </th>
      <td>{p.place ?? t.list.noPlace}</td>
      <td>{word(t.types, p.type)}</td>
      <td class="right">
        {low !== null ? t.number(low) : high !== null ? <span class="soft">{t.list.openStart}</span> : none}
      </td>
      <td class="right">
        {high !== null ? t.number(high) : low !== null ? <span class="soft">{t.list.openEnd}</span> : none}
      </td>
      <td class="right">{t.number(p.claims)}</td>
      <td>{word(t.occurrence, p.occurrence)}</td>
      <td>
        <span class={`tag ${p.figures}`}>{t.figures[p.figures]?.list ?? p.figures}</span>
      </td>
      <td class="right">{p.uncertainty_km === null ? '' : t.number(p.uncertainty_km)}</td>
    </tr>
  )
}
