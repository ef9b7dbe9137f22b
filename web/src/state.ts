// The whole screen as one value, and its two-way mapping to the URL's query. Pure: no browser, no store.
import { dateOf, dayOf, firstDay, isDate, lastDay } from './dates'

export interface View {
  readonly lon: number
  readonly lat: number
  readonly zoom: number
}
/** Inclusive dates `YYYY-MM-DD`; null is open. */
export interface Range {
  readonly from: string | null
  readonly to: string | null
}
/** Degrees, CRS84: west, south, east, north. */
export type BBox = readonly [number, number, number, number]
/** Corners of an area, lon and lat in degrees, without the closing one; three or more. */
export type Corners = readonly (readonly [number, number])[]
/** All that lies within `km` of a segment. */
export interface Near {
  readonly segment: string
  readonly km: number
}

export const layerIds = ['incidents', 'rings', 'segments', 'areas', 'places'] as const
export type LayerId = (typeof layerIds)[number]
export const metrics = ['killed', 'wounded', 'captured', 'released'] as const
export type Metric = (typeof metrics)[number]
export const languages = ['en', 'ru', 'ky', 'tg'] as const
export type Language = (typeof languages)[number]
/** All of the circle within which it happened lies there, or some of it. */
export const insides = ['certain', 'possible'] as const
export type Inside = (typeof insides)[number]
export const themes = ['light', 'dark', 'contrast'] as const
export type Theme = (typeof themes)[number]
export const sorts = ['start', 'title', 'place', 'type', 'low', 'high', 'claims', 'occurrence'] as const
export type Sort = (typeof sorts)[number]
export type SortBy = Sort | `-${Sort}`
export type Tab = 'incidents' | 'border'
export type Pane = 'map' | 'table'

export interface State {
  readonly view: View | null
  readonly range: Range
  /** What was known at the end of this day; null is all that is known. */
  readonly asof: string | null
  readonly q: string
  readonly types: readonly string[]
  readonly parties: readonly string[]
  readonly figures: readonly string[]
  readonly occurrence: readonly string[]
  /** How claims were checked. */
  readonly verification: readonly string[]
  readonly precision: readonly string[]
  /** The figure that symbols show and that min and max narrow. */
  readonly metric: Metric
  readonly min: number | null
  readonly max: number | null
  readonly bbox: BBox | null
  readonly corners: Corners | null
  readonly near: Near | null
  /** What an area and a distance ask of where an incident may have been; null: that its position lies there. */
  readonly inside: Inside | null
  /** The area whose outline is stressed and whose name the bbox bears. */
  readonly area: string | null
  /** Date of the border's status when it does not follow the range's end. */
  readonly border: string | null
  readonly sel: string | null
  readonly seg: string | null
  readonly tab: Tab
  readonly pane: Pane
  readonly sortby: SortBy
  readonly hide: readonly LayerId[]
  /** Collections beyond our own that the map shows. */
  readonly layers: readonly string[]
  readonly lang: Language | null
  readonly theme: Theme | null
  readonly embed: boolean
  /** Query parameters that are not ours: kept, in their order. */
  readonly rest: readonly (readonly [string, string])[]
}

export const initial: State = {
  view: null,
  range: { from: null, to: null },
  asof: null,
  q: '',
  types: [],
  parties: [],
  figures: [],
  occurrence: [],
  verification: [],
  precision: [],
  metric: 'killed',
  min: null,
  max: null,
  bbox: null,
  corners: null,
  near: null,
  inside: null,
  area: null,
  border: null,
  sel: null,
  seg: null,
  tab: 'incidents',
  pane: 'map',
  sortby: '-start',
  hide: [],
  layers: [],
  lang: null,
  theme: null,
  embed: false,
  rest: [],
}

const round = (n: number, digits: number) => {
  const r = Math.round(n * 10 ** digits) / 10 ** digits
  return Object.is(r, -0) ? 0 : r
}

/** A view rounded as the URL writes it: 4 decimals (about 10 m), zoom to 0.01. */
export function viewOf(lon: number, lat: number, zoom: number): View {
  return { lon: round(lon, 4), lat: round(lat, 4), zoom: round(zoom, 2) }
}

/** A box rounded as the URL writes it. */
export function bboxOf(w: number, s: number, e: number, n: number): BBox {
  return [round(w, 4), round(s, 4), round(e, 4), round(n, 4)]
}

/** Corners rounded as the URL writes them; null if they are no area on Earth. At most 200. */
export function cornersOf(points: readonly (readonly number[])[]): Corners | null {
  const at = points.map(([x = Number.NaN, y = Number.NaN]) => [round(x, 4), round(y, 4)] as const)
  const [first, last] = [at[0], at.at(-1)]
  if (at.length > 3 && first && last && first[0] === last[0] && first[1] === last[1]) at.pop()
  if (at.length < 3 || at.length > 200) return null
  return at.every(([x, y]) => inside(x, -180, 180) && inside(y, -90, 90)) ? at : null
}

/** A range in order; each end null or a date that exists. */
export function rangeOf(from: string | null, to: string | null): Range {
  const f = from !== null && isDate(from) ? from : null
  const t = to !== null && isDate(to) ? to : null
  return f !== null && t !== null && f > t ? { from: t, to: f } : { from: f, to: t }
}

/** Words to search for: no signs that stand for others in a filter, single spaces, at most 80 characters. */
export function searchOf(text: string): string {
  return text
    .replace(/[%_\\'"]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .trim()
}

// One line a parameter: how it is written (null: left out) and how it is read.
interface Param {
  readonly name: string
  readonly write: (s: State) => string | null
  readonly read: (value: string) => Partial<State>
}

const list = (items: readonly string[]) => (items.length > 0 ? items.join(',') : null)
const words = (value: string) => [...new Set(value.split(',').filter(w => /^[\w-]+$/.test(w)))]
const numbers = (value: string) =>
  /^[-+.\de]+(,[-+.\de]+)*$/i.test(value) ? value.split(',').map(Number) : []
const whole = (value: string) => (/^\d{1,9}$/.test(value) ? Number(value) : null)
type Listed = 'types' | 'parties' | 'figures' | 'occurrence' | 'verification' | 'precision'
const words_ = (name: string, key: Listed): Param => ({
  name,
  write: s => list(s[key]),
  read: v => ({ [key]: words(v) }),
})
const one = <T extends string>(all: readonly T[], v: string) => all.find(x => x === v)

function readView(v: string): Partial<State> {
  const [lon, lat, zoom, more] = numbers(v)
  const good = inside(lon, -180, 180) && inside(lat, -85, 85) && inside(zoom, 0, 24) && more === undefined
  return good ? { view: viewOf(lon as number, lat as number, zoom as number) } : {}
}

function readBBox(v: string): Partial<State> {
  const [w, s, e, n, more] = numbers(v)
  const good = inside(w, -180, 180) && inside(e, -180, 180) && inside(s, -90, 90) && inside(n, -90, 90)
  return good && more === undefined && (s as number) <= (n as number)
    ? { bbox: bboxOf(w as number, s as number, e as number, n as number) }
    : {}
}

function readCorners(v: string): Partial<State> {
  const corners = cornersOf(v.split(';').map(numbers))
  return corners && v.split(';').every(p => numbers(p).length === 2) ? { corners } : {}
}

function readNear(v: string): Partial<State> {
  const m = /^([\w-]+),(\d+(?:\.\d+)?)km$/.exec(v)
  const km = round(Number(m?.[2]), 1)
  return m?.[1] && km > 0 && km <= 500 ? { near: { segment: m[1], km } } : {}
}

function readSort(v: string): Partial<State> {
  const key = one(sorts, v.replace(/^-/, ''))
  return key ? { sortby: v.startsWith('-') ? `-${key}` : key } : {}
}

const params: readonly Param[] = [
  { name: 'c', write: s => s.view && `${s.view.lon},${s.view.lat},${s.view.zoom}`, read: readView },
  {
    name: 'datetime',
    write: s => datetime(s.range),
    read: v => {
      const [from = '', to = from] = v.split('/')
      // A year or a month means all of it, as in the API.
      const [first, last] = [firstDay(from), lastDay(to)]
      return { range: rangeOf(first === null ? null : dateOf(first), last === null ? null : dateOf(last)) }
    },
  },
  { name: 'asof', write: s => s.asof, read: v => (isDate(v) ? { asof: v } : {}) },
  { name: 'q', write: s => s.q || null, read: v => ({ q: searchOf(v) }) },
  words_('type', 'types'),
  words_('party', 'parties'),
  words_('figures', 'figures'),
  words_('occurrence', 'occurrence'),
  words_('verification', 'verification'),
  words_('precision', 'precision'),
  {
    name: 'metric',
    write: s => (s.metric === 'killed' ? null : s.metric),
    read: v => ({ metric: one(metrics, v) ?? 'killed' }),
  },
  { name: 'min', write: s => s.min?.toString() ?? null, read: v => ({ min: whole(v) }) },
  { name: 'max', write: s => s.max?.toString() ?? null, read: v => ({ max: whole(v) }) },
  { name: 'bbox', write: s => (s.bbox ? s.bbox.join(',') : null), read: readBBox },
  {
    name: 'within',
    write: s => s.corners?.map(c => c.join(',')).join(';') ?? null,
    read: readCorners,
  },
  { name: 'near', write: s => s.near && `${s.near.segment},${s.near.km}km`, read: readNear },
  { name: 'inside', write: s => s.inside, read: v => ({ inside: one(insides, v) ?? null }) },
  { name: 'area', write: s => s.area, read: v => (v ? { area: v } : {}) },
  { name: 'border', write: s => s.border, read: v => (isDate(v) ? { border: v } : {}) },
  { name: 'sel', write: s => s.sel, read: v => (v ? { sel: v } : {}) },
  { name: 'seg', write: s => s.seg, read: v => (v ? { seg: v } : {}) },
  {
    name: 'list',
    write: s => (s.tab === 'border' ? 'border' : null),
    read: v => (v === 'border' ? { tab: 'border' } : {}),
  },
  {
    name: 'view',
    write: s => (s.pane === 'table' ? 'table' : null),
    read: v => (v === 'table' ? { pane: 'table' } : {}),
  },
  { name: 'sortby', write: s => (s.sortby === '-start' ? null : s.sortby), read: readSort },
  {
    name: 'hide',
    write: s => list(layerIds.filter(id => s.hide.includes(id))),
    read: v => ({ hide: layerIds.filter(id => words(v).includes(id)) }),
  },
  { name: 'layers', write: s => list(s.layers), read: v => ({ layers: words(v) }) },
  { name: 'lang', write: s => s.lang, read: v => ({ lang: one(languages, v) ?? null }) },
  { name: 'theme', write: s => s.theme, read: v => ({ theme: one(themes, v) ?? null }) },
  { name: 'embed', write: s => (s.embed ? '1' : null), read: v => ({ embed: v === '1' }) },
  // A page of the server's table, which means nothing here.
  { name: 'cursor', write: () => null, read: () => ({}) },
]

function inside(n: number | undefined, min: number, max: number): boolean {
  return n !== undefined && Number.isFinite(n) && n >= min && n <= max
}

/** Readable: commas, slashes, colons and semicolons stay as they are. */
function encode(s: string): string {
  return encodeURIComponent(s).replace(/%(2C|2F|3A|3B)/g, hex => decodeURIComponent(hex))
}

/** The query of a state, with its question mark; empty for the initial state. parse(serialise(s)) equals s. */
export function serialise(s: State): string {
  const parts: string[] = []
  for (const p of params) {
    const value = p.write(s)
    if (value !== null) parts.push(`${p.name}=${encode(value)}`)
  }
  for (const [name, value] of s.rest) parts.push(`${encode(name)}=${encode(value)}`)
  return parts.length > 0 ? `?${parts.join('&')}` : ''
}

/** The state of a query. Never throws: what cannot be read is left at its initial value. */
export function parse(query: string): State {
  let s = initial
  const rest: [string, string][] = []
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const p = params.find(p => p.name === name)
    if (!p) rest.push([name, value])
    else if (!seen.has(name)) s = { ...s, ...p.read(value) }
    seen.add(name)
  }
  return { ...s, rest }
}

/** The value of the API's `datetime` parameter; null asks for all time. */
export function datetime({ from, to }: Range): string | null {
  if (from === null && to === null) return null
  return from === to ? from : `${from ?? '..'}/${to ?? '..'}`
}

/** The date whose border status is shown: the pinned one, else the range's end, else `now`. */
export function borderDate(s: State, now: string): string {
  return s.border ?? s.range.to ?? now
}

/** Whether a period of days meets the range. */
export function holds(range: Range, first: number, last: number): boolean {
  const from = range.from === null ? -Infinity : (dayOf(range.from) ?? -Infinity)
  const to = range.to === null ? Infinity : (dayOf(range.to) ?? Infinity)
  return first <= to && last >= from
}
