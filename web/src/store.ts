// The one store: the state with its history entry, the answers of the API to it, and what follows from both.
import { computed, type ReadonlySignal, signal } from '@preact/signals'
import {
  type Area,
  address,
  collections,
  type Incident,
  type IncidentDetail,
  type Item,
  item,
  items,
  type Place,
  page,
  type Segment,
  type SegmentDetail,
  tileJson,
  withQuery,
} from './api'
import { bigCounts, bigYears } from './big'
import { dateOf, firstDay, lastDay, today } from './dates'
import { type Facet, type Facts, filterOf, measured, passes, questionOf, valuesOf, whereOf } from './filters'
import { resource } from './resource'
import { type BBox, borderDate, holds, parse, type State, serialise } from './state'

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

/** Counts the changes that were announced and that the reader asked to see: a new number asks everything anew. */
export const edition = signal(0)
/** Changes announced by the server since the page last asked. */
export const news = signal(0)
const asofKey = computed(() => `${current.value.asof ?? ''}#${edition.value}`)

/** More incidents than this are not fetched whole: the server narrows and counts them. */
const cap = 2000

interface Index {
  readonly features: readonly Incident[]
  readonly matched: number
}

/** How many incidents there are in all, as the server's page says; 0 where it does not. */
const told = Number(globalThis.document?.querySelector<HTMLElement>('[data-all]')?.dataset.all ?? 0)

/** All incidents as known on the day; none but their number where they are too many. */
export const index = resource<Index>(
  () => asofKey.value,
  async (_, signal) => {
    if (current.peek().asof === null && edition.peek() === 0 && told > cap)
      return { features: [], matched: told }
    const query = { asof: current.peek().asof, limit: '1000' }
    const first = await page<Incident>('incidents', query, signal)
    if (first.matched > cap) return { features: [], matched: first.matched }
    const more = first.next ? await items<Incident>(first.next, signal) : []
    return { features: [...first.features, ...more], matched: first.matched }
  },
  120,
)

/** Whether the server does the narrowing. */
export const big = computed(() => (index.load.value.data?.matched ?? 0) > cap)

/** All places, where most happened first; of too many the first thousand. Who searches needs their names. */
export const places = resource<Place[]>(
  () => 'places',
  async (_, signal) => {
    const first = await page<Place>('places', { limit: '1000', sortby: '-incidents' }, signal)
    const more = first.next && first.matched <= cap ? await items<Place>(first.next, signal) : []
    return [...first.features, ...more]
  },
)

/** The ids of what lies where the state asks, where the page cannot tell by itself. */
const nearIds = resource<ReadonlySet<string>>(
  () =>
    measured(current.value) && !big.value
      ? `${withQuery('', whereOf(current.value))} ${edition.value}`
      : null,
  async (_, signal) => {
    const query = { ...whereOf(current.peek()), limit: '1000' }
    const found = await items<Incident>(address('incidents', query), signal)
    return new Set(found.map(i => i.id))
  },
)

/** What filters need to know beside incident and state. */
export const facts = computed<Facts>(() => ({
  places: current.value.q === '' ? [] : (places.load.value.data ?? []),
  near: nearIds.load.value.data,
}))

/** The parameters by which the API gives what list and map show. */
export const question = computed(() => questionOf(current.value, facts.value))

/** Tiles of what the state asks: an absolute template, as the map's worker needs it, and where there are any. */
export interface Tiles {
  readonly template: string
  readonly bounds: BBox
}
const tilesPath = '/collections/incidents/tiles/WebMercatorQuad'
const filterKey = computed(() => withQuery('', filterOf(current.value, facts.value)))
/** Where there are incidents as known on the day; null for nowhere. */
const extent = resource<{ readonly bounds: BBox | null }>(
  () => `extent ${asofKey.value}`,
  (_, signal) => tileJson(withQuery(`${tilesPath}/tilejson`, { asof: current.peek().asof }), signal),
)
/** The tiles of the places; null where no place has a position. */
export const placeTiles = resource<Tiles | null>(
  () => 'place tiles',
  async (_, signal) => {
    const path = '/collections/places/tiles/WebMercatorQuad'
    const { bounds } = await tileJson(`${path}/tilejson`, signal)
    return bounds && { template: `${location.origin}${path}/{z}/{y}/{x}`, bounds }
  },
)
/** Typing and dragging settle before tiles are asked for. */
const settled = resource<string>(
  () => `tiles ${filterKey.value}`,
  async key => key.slice(6),
  180,
)
const where = computed(() => extent.load.value.data)
const tilesQuery = computed(() => settled.load.value.data)
/** The tiles that bring the incidents to the map; a new object when, and only when, they are to be asked for anew. */
export const tiles = computed<Tiles | null>(() => {
  const bounds = where.value?.bounds
  const query = tilesQuery.value
  if (!bounds || query === null) return null
  return { template: `${location.origin}${tilesPath}/{z}/{y}/{x}${query}`, bounds }
})

/** Whether all that the map draws is known: no answer is on its way. */
export const complete = computed(() =>
  [index, places, placeTiles, nearIds, extent, settled, segments, others, areas, layerItems].every(
    r => r.load.value.status !== 'loading',
  ),
)

const sortable: Readonly<Record<string, string>> = { low: '_low', high: '_high' }

/** The API's name of the order, or null for the order by time. */
export function sortName({ sortby, metric }: State): string {
  const key = sortby.replace(/^-/, '')
  const name = sortable[key] ? metric + sortable[key] : key
  return (sortby.startsWith('-') ? '-' : '') + name
}

const found = resource<Index>(
  () =>
    big.value
      ? address('incidents', { ...question.value, sortby: sortName(current.value), limit: '200' })
      : null,
  async (url, signal) => page<Incident>(url, {}, signal),
  180,
)

/** Loading, here or failed: the answer that the list shows. */
export const answer = computed(() => (big.value ? found.load.value : index.load.value))
export const retry = () => (big.value ? found.retry() : index.retry())

/** The reader's today, fixed when the page opens. */
export const now = today()

/** The date of the border's status. */
export const onDate = computed(() => borderDate(current.value, now))

export const segments = resource<Segment[]>(
  () => `${onDate.value} ${asofKey.value}`,
  (_, signal) => {
    const query = { limit: '1000', datetime: onDate.peek(), asof: current.peek().asof }
    return items<Segment>(address('segments', query), signal)
  },
  180,
)

/** A day on which the line of another time was in use; null where there is none. */
const otherDay = computed(() => {
  const lines = segments.load.value.data ?? []
  const last = lines.map(l => l.properties.valid_to).find(d => !!d)
  const first = lines.map(l => l.properties.valid_from).find(d => !!d)
  const day = last ? lastDay(last) : first ? firstDay(first) : null
  return day === null ? null : dateOf(last ? day + 1 : day - 1)
})
/** The mapped lines of another time, drawn where they differ from those in use. */
export const others = resource<Segment[]>(
  () => otherDay.value && `others ${otherDay.value}`,
  (key, signal) => items<Segment>(address('segments', { limit: '1000', datetime: key.slice(7) }), signal),
)
export const areas = resource<Area[]>(
  () => 'areas',
  (_, signal) => items<Area>(address('areas', { limit: '1000' }), signal),
)
export const detail = resource<Item<IncidentDetail>>(
  () => current.value.sel && `incident/${current.value.sel} ${asofKey.value}`,
  (_, signal) =>
    item<IncidentDetail>('incidents', current.peek().sel ?? '', { asof: current.peek().asof }, signal),
)
export const segmentDetail = resource<Item<SegmentDetail>>(
  () => current.value.seg && `segment/${current.value.seg}`,
  (key, signal) => item<SegmentDetail>('segments', key.slice(8), {}, signal),
)

/** The segment whose status the time line shows: the chosen one, else the one nearest to the chosen incident. */
export const lane = resource<Item<SegmentDetail>>(
  () => {
    const id = current.value.seg ?? detail.load.value.data?.properties.segment_id ?? null
    return id && (current.value.seg || current.value.sel) ? `lane/${id}` : null
  },
  (key, signal) => item<SegmentDetail>('segments', key.slice(5), {}, signal),
)

const all = computed(() => index.load.value.data?.features ?? [])

const bySort: Readonly<Record<string, (i: Incident, s: State) => string | number | null>> = {
  start: i => i.properties.start,
  title: i => i.properties.title,
  place: i => i.properties.place,
  type: i => i.properties.type,
  low: (i, s) => i.properties[`${s.metric}_low`],
  high: (i, s) => i.properties[`${s.metric}_high`],
  claims: i => i.properties.claims,
  occurrence: i => i.properties.occurrence,
}

/** What is not known comes last, whichever way the rest goes. */
function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return sign * (a < b ? -1 : a > b ? 1 : 0)
}

/** What list, table and map show, in the list's order; where there are too many, the first of them. */
export const shown = computed<readonly Incident[]>(() => {
  if (big.value) return found.load.value.data?.features ?? []
  const s = current.value
  const sign = s.sortby.startsWith('-') ? -1 : 1
  const by = bySort[s.sortby.replace(/^-/, '')] ?? (i => i.properties.start)
  return all.value
    .filter(i => passes(i, s, facts.value))
    .map(i => ({ i, key: by(i, s) }))
    .sort((a, b) => compare(a.key, b.key, sign) || a.i.id.localeCompare(b.i.id))
    .map(x => x.i)
})

/** How many incidents match. */
export const matched = computed(() =>
  big.value ? (found.load.value.data?.matched ?? null) : shown.value.length,
)

export const conflicting = computed(
  () => shown.value.filter(i => i.properties.figures === 'conflicting').length,
)

/** Whether the choices with their counts are on screen. */
export const counting = signal(false)
const bigCounted = resource(
  () => (big.value && counting.value ? `counts ${filterKey.value} ${edition.value}` : null),
  (_, signal) => bigCounts(current.peek(), facts.peek(), signal),
  300,
)
const yearly = resource(
  () => (big.value ? `years ${withQuery('', filterOf(current.value, facts.value, 'range'))}` : null),
  (_, signal) => bigYears(current.peek(), facts.peek(), span.peek(), signal),
  300,
)

/** How many incidents each choice of a filter would show, the other filters as they are. */
export function counts(facet: Facet): Map<string, number> {
  if (big.value) return bigCounted.load.value.data?.get(facet) ?? new Map()
  const out = new Map<string, number>()
  for (const i of all.value) {
    if (!passes(i, current.value, facts.value, facet)) continue
    for (const value of valuesOf(i, facet)) out.set(value, (out.get(value) ?? 0) + 1)
  }
  return out
}

const anytime = computed(() => all.value.filter(i => passes(i, current.value, facts.value, 'range')))

/** How many incidents there would be in all time, the other filters as they are. */
export const inAllTime = computed(() => anytime.value.length)

export interface Year {
  readonly year: number
  readonly all: number
  readonly inRange: number
}

/** Incidents a year (by their first day) under all filters but the period. Years without any are there, too. */
export const years = computed<readonly Year[]>(() => {
  const s = current.value
  if (big.value) {
    const by = yearly.load.value.data
    const [first, last] = span.value
    return Array.from({ length: last - first + 1 }, (_, k) => {
      const year = first + k
      const n = by?.get(year) ?? 0
      const [a, b] = [firstDay(`${year}`) ?? 0, lastDay(`${year}`) ?? 0]
      return { year, all: n, inRange: holds(s.range, a, b) ? n : 0 }
    })
  }
  const by = new Map<number, { all: number; inRange: number }>()
  for (const i of anytime.value) {
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
  const starts = all.value.map(i => Number(i.properties.start.slice(0, 4)))
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

/** The API's address of what the list shows, in a format. */
export function listAddress(format: string, limit = '10000'): string {
  const s = current.value
  const sortby = s.sortby === 'start' ? null : sortName(s)
  return address('incidents', { ...question.value, sortby, limit, f: format })
}

/** A collection beyond our own: a layer that the operator brought. */
export interface Layer {
  readonly id: string
  readonly title: string
}
const own = ['incidents', 'claims', 'segments', 'areas', 'places', 'sources', 'parties']
export const layers = resource<Layer[]>(
  () => 'layers',
  async (_, signal) => (await collections(signal)).filter(c => !own.includes(c.id)),
)
/** What the chosen layers hold, up to a thousand features of each. */
export const layerItems = resource<readonly Item<Record<string, unknown>>[]>(
  () => (current.value.layers.length > 0 ? `layers ${current.value.layers.join()}` : null),
  async (_, signal) => {
    const pages = current
      .peek()
      .layers.map(id => page<Item<Record<string, unknown>>>(id, { limit: '1000' }, signal))
    return (await Promise.all(pages)).flatMap(p => p.features)
  },
)

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
