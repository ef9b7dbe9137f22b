// What narrows the incidents: one entry a filter, each as a test of one incident and as a part of a question to the
// API. The two must say the same; the journeys hold them to it. Pure.
import type { Incident, Place } from './api'
import { firstDay, lastDay } from './dates'
import { type BBox, datetime, holds, type Inside, initial, type State } from './state'

/** What a filter needs beside the incident and the state. */
export interface Facts {
  /** Places by id, with all spellings of their names. */
  readonly places: readonly Place[]
  /** The ids that lie where distances on the ground decide; null while nobody asked or nobody answered. */
  readonly near: ReadonlySet<string> | null
}

/** Parameters of the API; the filters in CQL2 join by AND. */
export interface Question {
  readonly datetime?: string
  readonly bbox?: string
  readonly near?: string
  readonly within?: string
  readonly cql?: string
}

export interface Filter {
  readonly id: string
  /** The members of the state that the filter reads, and that taking it off restores. */
  readonly members: readonly (keyof State)[]
  readonly on: (s: State) => boolean
  readonly test: (i: Incident, s: State, f: Facts) => boolean
  readonly ask: (s: State, f: Facts) => Question
}

export const facets = ['types', 'parties', 'figures', 'occurrence', 'verification', 'precision'] as const
export type Facet = (typeof facets)[number]

const properties: Readonly<Record<Facet, string>> = {
  types: 'type',
  parties: 'parties',
  figures: 'figures',
  occurrence: 'occurrence',
  verification: 'verification',
  precision: 'location_precision',
}

/** The values of an incident that a facet counts. */
export function valuesOf(i: Incident, facet: Facet): readonly string[] {
  const p = i.properties
  switch (facet) {
    case 'types':
      return [p.type]
    case 'parties':
      return members(p.parties)
    case 'figures':
      return [p.figures]
    case 'occurrence':
      return [p.occurrence]
    case 'verification':
      return members(p.verification)
    case 'precision':
      return p.location_precision === null ? [] : [p.location_precision]
  }
}

/** Facets whose property is a list. */
const lists: readonly Facet[] = ['parties', 'verification']

function members(text: string | null): readonly string[] {
  return text === null ? [] : text.split('; ').filter(Boolean)
}

export const quote = (s: string) => `'${s.replaceAll("'", "''")}'`

/** CQL2: the facet has any of the values. */
export function anyOf(id: Facet, chosen: readonly string[]): string {
  return lists.includes(id)
    ? chosen.map(v => `A_CONTAINS(${properties[id]}, (${quote(v)}))`).join(' OR ')
    : `${properties[id]} IN (${chosen.map(quote).join(', ')})`
}

function facet(id: Facet): Filter {
  return {
    id,
    members: [id],
    on: s => s[id].length > 0,
    test: (i, s) => valuesOf(i, id).some(v => s[id].includes(v)),
    ask: s => ({ cql: anyOf(id, s[id]) }),
  }
}

/** Letters without case and accents, as CASEI and ACCENTI leave them. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Spellings alike but for spaces, hyphens and apostrophes. */
function loose(text: string): string {
  return fold(text)
    .replace(/['ʼ’ʻ`]/g, '')
    .replace(/[-\s]+/g, ' ')
}

/** The places that bear a name with the words in it, in any language or spelling. */
export function placesNamed(q: string, places: readonly Place[]): Place[] {
  const words = loose(q)
  return places.filter(({ properties: p }) =>
    [p.label, p.name_en, p.name_ky, p.name_tg, p.name_ru, p.name_uz, p.aliases]
      .filter(n => !!n)
      .some(n => loose(n as string).includes(words)),
  )
}

// A space also stands for a hyphen: "Bulak Bashy".
const pattern = (q: string) => fold(q).replaceAll(' ', '_').replaceAll('-', '_')
const escaped = (s: string) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What is looked for: ids of places, and words of titles, which are in Latin letters whatever was typed. */
function sought(q: string, places: readonly Place[]): { ids: string[]; titles: string[] } {
  const found = placesNamed(q, places)
  const labels = found.length > 8 ? [] : found.map(p => p.properties.label.replace(/ *[/(].*$/, ''))
  const ids = found.map(p => p.properties.id)
  return { ids, titles: [...new Set([q, ...labels].map(pattern))].filter(x => !/[%\\']/.test(x)) }
}

const search: Filter = {
  id: 'q',
  members: ['q'],
  on: s => s.q !== '',
  test: (i, s, f) => {
    const { ids, titles } = sought(s.q, f.places)
    const title = fold(i.properties.title)
    const like = (p: string) => new RegExp(escaped(p).replaceAll('_', '.'), 'u')
    return (
      titles.some(p => like(p).test(title)) ||
      like(pattern(s.q)).test(fold(i.properties.place ?? '')) ||
      (i.properties.place_id !== null && ids.includes(i.properties.place_id))
    )
  },
  ask: (s, f) => {
    const { ids, titles } = sought(s.q, f.places)
    const like = (name: string, p: string) =>
      `CASEI(ACCENTI(${name})) LIKE CASEI(ACCENTI(${quote(`%${p}%`)}))`
    // The place's own name, too: of very many places the page does not know all.
    const parts = [...titles.map(p => like('title', p)), like('place', pattern(s.q))]
    if (ids.length > 0) parts.push(`place_id IN (${ids.map(quote).join(', ')})`)
    return { cql: parts.join(' OR ') }
  },
}

/** Whether standing claims allow a figure between min and max; where none gives a figure they do not. */
const toll: Filter = {
  id: 'toll',
  members: ['min', 'max'],
  on: s => s.min !== null || s.max !== null,
  test: (i, s) => {
    const low = i.properties[`${s.metric}_low`]
    const high = i.properties[`${s.metric}_high`]
    if (low === null && high === null) return false
    return (
      (s.min === null || high === null || high >= s.min) && (s.max === null || low === null || low <= s.max)
    )
  },
  ask: s => {
    const [low, high] = [`${s.metric}_low`, `${s.metric}_high`]
    const parts = []
    if (s.min !== null) parts.push(`(${high} >= ${s.min} OR (${high} IS NULL AND ${low} IS NOT NULL))`)
    if (s.max !== null) parts.push(`(${low} <= ${s.max} OR (${low} IS NULL AND ${high} IS NOT NULL))`)
    return { cql: parts.join(' AND ') }
  },
}

const period: Filter = {
  id: 'range',
  members: ['range'],
  on: s => s.range.from !== null || s.range.to !== null,
  test: (i, s) => {
    const { start, end, date_precision } = i.properties
    const digits = date_precision === 'year' ? 4 : date_precision === 'month' ? 7 : 10
    const first = firstDay(start.slice(0, digits))
    const last = lastDay((end ?? start).slice(0, digits))
    return first !== null && last !== null && holds(s.range, first, last)
  },
  ask: s => ({ datetime: datetime(s.range) ?? '' }),
}

/** A ring of positions, closed, with an edge on the plane in pieces: on the ground a long one would bend away from it. */
function ringText(corners: readonly (readonly [number, number])[]): string {
  const out: string[] = []
  corners.forEach(([x, y], k) => {
    const [x2, y2] = corners[(k + 1) % corners.length] ?? [x, y]
    const pieces = Math.min(64, Math.max(1, Math.ceil(Math.max(Math.abs(x2 - x), Math.abs(y2 - y)) * 4)))
    for (let p = 0; p < pieces; p++)
      out.push(`${tidy(x + ((x2 - x) * p) / pieces)} ${tidy(y + ((y2 - y) * p) / pieces)}`)
  })
  return [...out, out[0]].join(', ')
}
const tidy = (n: number) => Math.round(n * 1e6) / 1e6

/** CQL2: all or some of the circle of uncertainty lies in an area; where the records name no radius, the position does. */
function inside(how: Inside, corners: readonly (readonly [number, number])[]): string {
  const ring = ringText(corners)
  const there = `S_INTERSECTS(geometry, POLYGON((${ring})))`
  return how === 'certain'
    ? `${there} AND (uncertainty_km IS NULL OR NOT dwithin(geometry, LINESTRING(${ring}), uncertainty_km * 1000))`
    : `${there} OR dwithin(geometry, POLYGON((${ring})), uncertainty_km * 1000) OR geometry IS NULL`
}

const cornersOfBox = ([w, s, e, n]: BBox) =>
  [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
  ] as const

/** As the API has it: what has no geometry is in every box. */
const box: Filter = {
  id: 'bbox',
  members: ['bbox', 'area'],
  on: s => s.bbox !== null,
  test: (i, s, f) => {
    if (s.inside !== null) return f.near?.has(i.properties.id) ?? false
    if (!s.bbox || !i.geometry) return true
    const [w, south, e, n] = s.bbox
    const [x = 0, y = 0] = i.geometry.coordinates
    return y >= south && y <= n && (w <= e ? x >= w && x <= e : x >= w || x <= e)
  },
  ask: s =>
    s.bbox && s.inside ? { cql: inside(s.inside, cornersOfBox(s.bbox)) } : { bbox: s.bbox?.join(',') ?? '' },
}

const within: Filter = {
  id: 'corners',
  members: ['corners'],
  on: s => s.corners !== null,
  test: (i, s, f) =>
    s.inside === null
      ? i.geometry !== null && holdsPoint(s.corners ?? [], i.geometry.coordinates)
      : (f.near?.has(i.properties.id) ?? false),
  ask: s => {
    if (s.corners && s.inside) return { cql: inside(s.inside, s.corners) }
    const ring = [...(s.corners ?? []), ...(s.corners ?? []).slice(0, 1)]
    return { cql: `S_INTERSECTS(geometry, POLYGON((${ring.map(c => c.join(' ')).join(', ')})))` }
  },
}

/** Even-odd rule on the plane of longitude and latitude, as the API compares. */
function holdsPoint(
  ring: readonly (readonly [number, number])[],
  [x = 0, y = 0]: readonly number[],
): boolean {
  let odd = false
  ring.forEach(([x1, y1], k) => {
    const [x2, y2] = ring[(k + 1) % ring.length] ?? [x1, y1]
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) odd = !odd
  })
  return odd
}

const near: Filter = {
  id: 'near',
  members: ['near'],
  on: s => s.near !== null,
  test: (i, _, f) => f.near?.has(i.properties.id) ?? false,
  ask: s => {
    if (!s.near || !s.inside) return { near: `segments/${s.near?.segment}`, within: `${s.near?.km}km` }
    const reach = (metres: string) =>
      `dwithin(geometry, feature('segments', ${quote(s.near?.segment ?? '')}), ${metres})`
    const m = s.near.km * 1000
    const known = reach(`${m} ${s.inside === 'certain' ? '-' : '+'} uncertainty_km * 1000`)
    return { cql: `${known} OR (uncertainty_km IS NULL AND ${reach(String(m))})` }
  },
}

/** Says how the three above are meant; narrows nothing by itself. */
const meant: Filter = {
  id: 'inside',
  members: ['inside'],
  on: s => s.inside !== null && measured(s),
  test: () => true,
  ask: () => ({}),
}

export const filters: readonly Filter[] = [
  period,
  search,
  ...facets.map(facet),
  toll,
  box,
  within,
  near,
  meant,
]

/** Whether an incident passes all filters that are on, but for one. */
export function passes(i: Incident, s: State, f: Facts, but?: string): boolean {
  return filters.every(x => x.id === but || !x.on(s) || x.test(i, s, f))
}

/** How many filters narrow the incidents. */
export function narrowed(s: State): number {
  return filters.filter(x => x.on(s)).length
}

/** Whether distances on the ground decide, which only the server measures. */
export function measured(s: State): boolean {
  return s.near !== null || (s.inside !== null && (s.bbox !== null || s.corners !== null))
}

/** The API's question for what lies where the state asks, whatever else it asks. */
export function whereOf(s: State): Readonly<Record<string, string | null>> {
  const { bbox, corners, near, inside, asof } = s
  return questionOf({ ...initial, bbox, corners, near, inside, asof }, { places: [], near: null })
}

/** A state without one filter, or without all of them. */
export function without(id?: string): Partial<State> {
  const off: Record<string, unknown> = {}
  for (const f of filters) if (id === undefined || f.id === id) for (const m of f.members) off[m] = initial[m]
  return off as Partial<State>
}

/** The API's parameters for what the state asks of incidents, in the order of the documentation. */
export function questionOf(s: State, f: Facts): Readonly<Record<string, string | null>> {
  const q = filters.filter(x => x.on(s)).map(x => x.ask(s, f))
  const cql = q.map(x => x.cql).filter(c => c !== undefined)
  return {
    bbox: q.find(x => x.bbox)?.bbox ?? null,
    datetime: q.find(x => x.datetime)?.datetime ?? null,
    near: q.find(x => x.near)?.near ?? null,
    within: q.find(x => x.within)?.within ?? null,
    filter:
      cql.length === 0 ? null : cql.length === 1 ? (cql[0] ?? null) : cql.map(c => `(${c})`).join(' AND '),
    asof: s.asof,
  }
}

/** The same question where there are no bbox, near and within: in tiles and counts, by filter alone. */
export function filterOf(s: State, f: Facts, but?: string): Readonly<Record<string, string | null>> {
  const parts: string[] = []
  for (const x of filters) {
    if (x.id === but || !x.on(s)) continue
    const q = x.ask(s, f)
    if (q.cql) parts.push(`(${q.cql})`)
    if (q.bbox) parts.push(`(S_INTERSECTS(geometry, BBOX(${q.bbox})) OR geometry IS NULL)`)
    if (q.near && s.near)
      parts.push(`dwithin(geometry, feature('segments', ${quote(s.near.segment)}), ${s.near.km * 1000})`)
  }
  return {
    datetime: but === 'range' ? null : datetime(s.range),
    filter: parts.length === 0 ? null : parts.join(' AND '),
    asof: s.asof,
  }
}
