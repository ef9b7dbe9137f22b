import { clearFilters } from '../actions'
import { narrowed } from '../state'
import { areas, counts, dispatch, state } from '../store'
import { families, kindIds, symbolOf } from '../symbols'
import { text, word } from '../text'
import { Glyph, IncidentIcon } from './icons'
import { mapBounds } from './mapbox'

const figureIds = ['conflicting', 'converging', 'agreed', 'single_claim', 'not_comparable', 'none']

export function Filters() {
  const t = text()
  const s = state.value
  const on = narrowed(s)
  return (
    <details class="filters" id="filters">
      <summary>
        {t.filters.label} <span class="soft">{t.filters.on(on)}</span>
      </summary>
      <Kinds />
      <Claims />
      <div class="filter-actions">
        {mapBounds.value && (
          <button
            type="button"
            class="action"
            onClick={() => dispatch({ bbox: mapBounds.peek()?.() ?? null, area: null })}
          >
            {t.filters.inView}
          </button>
        )}
        {on > 0 && (
          <button type="button" class="action" onClick={clearFilters}>
            {t.filters.clear}
          </button>
        )}
      </div>
    </details>
  )
}

function toggled(list: readonly string[], id: string): string[] {
  return list.includes(id) ? list.filter(x => x !== id) : [...list, id].sort()
}

function Kinds() {
  const t = text()
  const n = counts('types')
  const chosen = state.value.types
  const known = families.flatMap(f => kindIds.filter(k => symbolOf(k).family === f))
  const all = [...known, ...[...n.keys()].filter(k => !kindIds.includes(k)).sort()]
  return (
    <fieldset>
      <legend>{t.filters.kind}</legend>
      <div class="choices kinds">
        {all
          .filter(k => n.has(k) || chosen.includes(k))
          .map(k => (
            <label key={k}>
              <input
                type="checkbox"
                checked={chosen.includes(k)}
                onChange={() => dispatch({ types: toggled(chosen, k) })}
              />
              <IncidentIcon
                look={{ kind: k, figure: true, certain: true, conflict: false, vague: false }}
                size={18}
              />
              <span class="choice">{word(t.types, k)}</span>
              <span class="n">{t.number(n.get(k) ?? 0)}</span>
            </label>
          ))}
      </div>
    </fieldset>
  )
}

function Claims() {
  const t = text()
  const n = counts('figures')
  const chosen = state.value.figures
  const all = [...figureIds, ...[...n.keys()].filter(k => !figureIds.includes(k))]
  return (
    <fieldset>
      <legend>{t.filters.claims}</legend>
      <div class="choices">
        {all
          .filter(k => n.has(k) || chosen.includes(k))
          .map(k => (
            <label key={k} title={t.figures[k]?.hint}>
              <input
                type="checkbox"
                checked={chosen.includes(k)}
                onChange={() => dispatch({ figures: toggled(chosen, k) })}
              />
              <span class="choice">{t.figures[k]?.name ?? k}</span>
              <span class="n">{t.number(n.get(k) ?? 0)}</span>
            </label>
          ))}
      </div>
    </fieldset>
  )
}

/** What narrows the list, in words, each with a way to take it off. */
export function FilterChips() {
  const t = text()
  const s = state.value
  const chips: { key: string; words: string; remove: () => void }[] = []
  const { from, to } = s.range
  if (from !== null || to !== null) {
    const words =
      from === null
        ? `${t.time.to} ${t.date(to as string)}`
        : to === null
          ? `${t.time.from} ${t.date(from)}`
          : t.dates(from, to)
    chips.push({ key: 'range', words, remove: () => dispatch({ range: { from: null, to: null } }) })
  }
  if (s.bbox) {
    const area = areas.load.value.data?.find(a => a.properties.id === s.area)
    const words = area ? t.filters.area(area.properties.name) : t.filters.box
    chips.push({ key: 'bbox', words, remove: () => dispatch({ bbox: null, area: null }) })
  }
  if (s.types.length > 0) {
    const words =
      s.types.length > 2
        ? t.filters.moreKinds(s.types.length)
        : t.filters.kinds(s.types.map(k => word(t.types, k)).join(', '))
    chips.push({ key: 'types', words, remove: () => dispatch({ types: [] }) })
  }
  if (s.figures.length > 0) {
    const words = t.filters.figures(s.figures.map(k => t.figures[k]?.list ?? k).join(', '))
    chips.push({ key: 'figures', words, remove: () => dispatch({ figures: [] }) })
  }
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label={t.filters.label}>
      {chips.map(c => (
        <li key={c.key}>
          <button type="button" class="chip" aria-label={t.filters.remove(c.words)} onClick={c.remove}>
            {c.words}
            <Glyph name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
