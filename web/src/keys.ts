// Keys of one letter. They work only outside fields, and can be switched off (WCAG 2.1.4).
import { signal } from '@preact/signals'
import { choose, introOpen } from './actions'
import { show } from './panel/windows'
import { moved, yearOf } from './period'
import { detail, dispatch, shown, span, state } from './store'

export const keysOn = signal(true)

const focus = (selector: string) => () => {
  const target = document.querySelector<HTMLElement>(selector)
  if (target instanceof HTMLDetailsElement) {
    target.open = true
    target.querySelector('summary')?.focus()
  } else target?.focus()
}

function step(by: number) {
  const ids = shown.value.map(i => i.id)
  const at = ids.indexOf(state.value.sel ?? '')
  const next = ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : at + by]
  if (next) choose(next, 'list')
}

/** The day of knowledge before or after, of those on which a claim of the open card was made. */
function knowledge(by: number) {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-said]')]
  const days = [...new Set(buttons.map(b => b.dataset.said ?? ''))].sort()
  const { asof } = state.value
  const next =
    by < 0 ? days.filter(d => asof === null || d < asof).at(-1) : days.find(d => asof !== null && d > asof)
  if (next) dispatch({ asof: next })
  else if (by > 0 && asof !== null) dispatch({ asof: null })
}

/** The period by its own length; without one, the first year of the time line, or the last. */
function time(by: number) {
  const { from, to } = state.value.range
  const [first, last] = span.value
  const open = from === null || to === null
  const range = open ? yearOf(by > 0 ? first : last) : moved(state.value.range, by, span.value)
  if (range) dispatch({ range }, 'replace')
}

/** What lies near the chosen segment, or the one nearest to the chosen incident. */
function nearSegment() {
  const { sel, seg } = state.value
  const segment = seg ?? (sel === null ? null : detail.load.value.data?.properties.segment_id)
  if (segment) dispatch({ near: { segment, km: 5 }, tab: 'incidents' })
}

const keys: Readonly<Record<string, () => void>> = {
  '/': focus('#search'),
  f: focus('#filters'),
  t: focus('#time .thumb'),
  l: focus('#list'),
  m: focus('.maplibregl-canvas'),
  c: focus('.card h2'),
  j: () => step(1),
  k: () => step(-1),
  '[': () => knowledge(-1),
  ']': () => knowledge(1),
  x: () => show('take'),
  '?': () => show('help'),
  d: () => show('box'),
  g: () => show('view'),
  n: nearSegment,
  ',': () => time(-1),
  '.': () => time(1),
  '<': () => time(-10),
  '>': () => time(10),
}

export function followKeys() {
  addEventListener('keydown', e => {
    const to = e.target as HTMLElement | null
    const typing = to?.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')
    if (!keysOn.peek() || typing || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
    if (document.querySelector('dialog[open]')) return
    const act = keys[e.key]
    if (!act) return
    e.preventDefault()
    introOpen.value = introOpen.value && e.key !== 'f'
    act()
  })
}
