// The one store: the state with its history entry, the answers of the API to it, and what follows from both.
import { computed, type ReadonlySignal, signal } from '@preact/signals'
import {
  type Area,
  address,
  type Incident,
  type IncidentDetail,
  type Item,
  item,
  items,
  type Place,
  type Segment,
  type SegmentDetail,
} from './api'
import { firstDay, lastDay, today } from './dates'
import { resource } from './resource'
import { borderDate, datetime, holds, parse, type State, serialise } from './state'

const current = signal<State>(parse(location.search))

/** The state on screen. Changed by dispatch alone. */
export const state: ReadonlySignal<State> = current

/** Changes the state and the address. `push` makes a step that Back undoes, `replace` does not. */
export function dispatch(patch: Partial<State>, how: 'push' | 'replace' = 'push') {
  const next = { ...current.value, ...patch }
  const from = location.pathname + location.search
  const to = location.pathname + serialise(next)
  current.value = next
  if (from === to) return
  if (how === 'push') history.pushState(null, '', to)
  else history.replaceState(null, '', to)
}

/** Follows Back and Forward. */
export function followHistory() {
  addEventListener('popstate', () => {
    current.value = parse(location.search)
  })
}

const whole = (key: string, split = key.split('|')) => ({
  datetime: split[0] || null,
  bbox: split[1] || null,
})

/** Incidents of the period and the box. Kind and figures are narrowed here, so that each choice can show its count. */
export const incidents = resource<Incident[]>(
  () => `${datetime(current.value.range) ?? ''}|${current.value.bbox?.join(',') ?? ''}`,
  (key, signal) => items<Incident>('incidents', whole(key), signal),
  180,
)

const inPeriod = computed(() => datetime(current.value.range) !== null)
const unbounded = resource<Incident[]>(
  () => (inPeriod.value ? `|${current.value.bbox?.join(',') ?? ''}` : null),
  (key, signal) => items<Incident>('incidents', whole(key), signal),
)

/** Incidents of the box in all time, for the histogram: those of `incidents` themselves while no period is set. */
export const allTime = computed(
  () => (inPeriod.value ? unbounded.load.value : incidents.load.value).data ?? [],
)

/** The reader's today, fixed when the page opens. */
export const now = today()

/** The date of the border's status. */
export const onDate = computed(() => borderDate(current.value, now))

export const segments = resource<Segment[]>(
  () => onDate.value,
  (date, signal) => items<Segment>('segments', { datetime: date }, signal),
  180,
)
export const areas = resource<Area[]>(
  () => 'areas',
  (_, signal) => items<Area>('areas', {}, signal),
)
export const places = resource<Place[]>(
  () => 'places',
  (_, signal) => items<Place>('places', {}, signal),
)
export const detail = resource<Item<IncidentDetail>>(
  () => current.value.sel && `incident/${current.value.sel}`,
  (key, signal) => item<IncidentDetail>('incidents', key.slice(9), {}, signal),
)
export const segmentDetail = resource<Item<SegmentDetail>>(
  () => current.value.seg && `segment/${current.value.seg}`,
  (key, signal) => item<SegmentDetail>('segments', key.slice(8), {}, signal),
)

type Facet = 'types' | 'figures'

function narrow(list: readonly Incident[], s: State, but?: Facet): Incident[] {
  return list.filter(
    i =>
      (but === 'types' || s.types.length === 0 || s.types.includes(i.properties.type)) &&
      (but === 'figures' || s.figures.length === 0 || s.figures.includes(i.properties.figures)),
  )
}

/** What list and map show, in the list's order. */
export const shown = computed<readonly Incident[]>(() => {
  const s = current.value
  const sign = s.sortby === 'start' ? 1 : -1
  return narrow(incidents.load.value.data ?? [], s).sort(
    (a, b) =>
      sign * a.properties.start.localeCompare(b.properties.start) ||
      a.properties.id.localeCompare(b.properties.id),
  )
})

export const conflicting = computed(
  () => shown.value.filter(i => i.properties.figures === 'conflicting').length,
)

/** How many incidents each choice of a filter would show, the other filters as they are. */
export function counts(facet: Facet): Map<string, number> {
  const out = new Map<string, number>()
  for (const i of narrow(incidents.load.value.data ?? [], current.value, facet)) {
    const value = facet === 'types' ? i.properties.type : i.properties.figures
    out.set(value, (out.get(value) ?? 0) + 1)
  }
  return out
}

/** How many incidents there would be in all time, the other filters as they are. */
export const inAllTime = computed(() => narrow(allTime.value, current.value).length)

export interface Year {
  readonly year: number
  readonly all: number
  readonly inRange: number
}

/** Incidents a year (by their first day) under all filters but the period. Years without any are there, too. */
export const years = computed<readonly Year[]>(() => {
  const s = current.value
  const by = new Map<number, { all: number; inRange: number }>()
  for (const i of narrow(allTime.value, s)) {
    const first = firstDay(i.properties.start)
    if (first === null) continue
    const last = lastDay(i.properties.end ?? i.properties.start) ?? first
    const year = Number(i.properties.start.slice(0, 4))
    const y = by.get(year) ?? { all: 0, inRange: 0 }
    by.set(year, { all: y.all + 1, inRange: y.inRange + Number(holds(s.range, first, last)) })
  }
  const [first, last] = span.value
  const out: Year[] = []
  for (let year = first; year <= last; year++) {
    out.push({ year, ...(by.get(year) ?? { all: 0, inRange: 0 }) })
  }
  return out
})

/** First and last year of the timeline: all that is known, and the period if it reaches further. */
export const span = computed<readonly [number, number]>(() => {
  const starts = allTime.value.map(i => Number(i.properties.start.slice(0, 4)))
  const { from, to } = current.value.range
  const thisYear = Number(now.slice(0, 4))
  const ends = [from, to].filter(d => d !== null).map(d => Number(d.slice(0, 4)))
  // A date typed far off must not squeeze the rest to nothing.
  const near = ends.filter(y => y > 1985 && y <= thisYear + 5)
  return [Math.min(1991, ...starts, ...near), Math.max(thisYear, ...near)]
})

/** The incident under the pointer or the focus, in the list or on the map. Not a part of the state. */
export const hovered = signal<string | null>(null)
export const hoveredSegment = signal<string | null>(null)

/** The API's address of what the list shows; null where one address cannot say it. */
export const listAddress = computed(() => {
  const s = current.value
  if (s.types.length > 1 || s.figures.length > 1) return null
  return address('incidents', {
    f: 'json',
    limit: '1000',
    datetime: datetime(s.range),
    bbox: s.bbox?.join(',') ?? null,
    type: s.types[0] ?? null,
    figures: s.figures[0] ?? null,
  })
})

const names = new Map<string, ReadonlySignal<string>>()

/** The title or name of an item that no list holds: at once its id, its name when the API has told. Subscribes the view. */
export function nameOf(collection: string, id: string): string {
  const key = `${collection}/${id}`
  let known = names.get(key)
  if (!known) {
    const told = signal(id)
    known = told
    names.set(key, told)
    item<{ title?: string; name?: string }>(collection, id, {}, new AbortController().signal).then(
      ({ properties: p }) => {
        told.value = p.title ?? p.name ?? id
      },
      () => names.delete(key),
    )
  }
  return known.value
}
