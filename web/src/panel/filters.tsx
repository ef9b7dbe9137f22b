// What narrows the incidents: the choices with their counts, and what is on in words.
import { useState } from 'preact/hooks'
import { type Facet, measured, narrowed, without } from '../filters'
import type { State } from '../state'
import { areas, counting, dispatch, nameOf, state } from '../store'
import { text, word } from '../text'
import { Glyph } from './icons'
import { lazy } from './lazy'

const Choices = lazy(() => import('./filter-choices').then(m => m.Choices))

export function Filters() {
  const t = text()
  const on = narrowed(state.value)
  // Beside the table there is no list: the filters have the room.
  const [open, setOpen] = useState(state.peek().pane === 'table' && innerWidth > 1180)
  counting.value = open
  return (
    <details class="filters" id="filters" open={open} onToggle={e => setOpen(e.currentTarget.open)}>
      <summary>
        {t.filters.label} <span class="soft">{t.filters.on(on)}</span>
      </summary>
      {open && <Choices on={on} close={() => setOpen(false)} />}
    </details>
  )
}

interface Chip {
  readonly id: string
  readonly words: string
}

function chips(s: State): Chip[] {
  const t = text()
  const out: Chip[] = []
  const { from, to } = s.range
  if (from !== null && to !== null) out.push({ id: 'range', words: t.dates(from, to) })
  else if (from !== null) out.push({ id: 'range', words: `${t.time.from} ${t.date(from)}` })
  else if (to !== null) out.push({ id: 'range', words: `${t.time.to} ${t.date(to)}` })
  if (s.q) out.push({ id: 'q', words: t.filters.search(s.q) })
  if (s.bbox) {
    const area = areas.load.value.data?.find(a => a.properties.id === s.area)
    out.push({ id: 'bbox', words: area ? t.filters.area(area.properties.name) : t.filters.box })
  }
  if (s.corners) out.push({ id: 'corners', words: t.filters.corners })
  if (s.near)
    out.push({ id: 'near', words: t.filters.near(t.number(s.near.km), nameOf('segments', s.near.segment)) })
  if (s.inside && measured(s)) out.push({ id: 'inside', words: t.filters[s.inside] })
  if (s.min !== null || s.max !== null) {
    const n = (x: number | null) => (x === null ? null : t.number(x))
    out.push({ id: 'toll', words: t.filters.tollOn(word(t.metrics, s.metric), n(s.min), n(s.max)) })
  }
  const list = (id: Facet, words: (names: string) => string, name: (v: string) => string) => {
    if (s[id].length > 0)
      out.push({
        id,
        words: s[id].length > 2 ? words(t.number(s[id].length)) : words(s[id].map(name).join(', ')),
      })
  }
  list('types', t.filters.kinds, v => word(t.types, v))
  list('figures', t.filters.figures, v => t.figures[v]?.list ?? v)
  list('occurrence', t.filters.occurrences, v => word(t.occurrence, v))
  list('verification', t.filters.verifications, v => word(t.verification, v))
  list('precision', t.filters.precisions, v => word(t.precision, v))
  list('parties', t.filters.parties, v => t.parties[v] ?? nameOf('parties', v))
  return out
}

/** What narrows the list, in words. */
export function conditions(): string[] {
  return chips(state.value).map(c => c.words)
}

/** What narrows the list, each with a way to take it off. */
export function FilterChips() {
  const t = text()
  const list = chips(state.value)
  if (list.length === 0) return null
  return (
    <ul class="chips" aria-label={t.filters.label}>
      {list.map(c => (
        <li key={c.id}>
          <button
            type="button"
            class="chip"
            aria-label={t.filters.remove(c.words)}
            onClick={() => dispatch(without(c.id))}
          >
            {c.words}
            <Glyph name="close" />
          </button>
        </li>
      ))}
    </ul>
  )
}
