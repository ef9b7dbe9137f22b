// The whole screen as one value, and its two-way mapping to the URL's query. Pure: no browser, no store.
import { dayOf, isDate } from './dates'

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

export const layerIds = ['incidents', 'rings', 'segments', 'areas', 'places'] as const
export type LayerId = (typeof layerIds)[number]
export type Tab = 'incidents' | 'border'
export type SortBy = '-start' | 'start'

export interface State {
  readonly view: View | null
  readonly range: Range
  readonly types: readonly string[]
  readonly figures: readonly string[]
  readonly bbox: BBox | null
  /** The area whose outline is stressed and whose name the bbox bears. */
  readonly area: string | null
  /** Date of the border's status when it does not follow the range's end. */
  readonly border: string | null
  readonly sel: string | null
  readonly seg: string | null
  readonly tab: Tab
  readonly sortby: SortBy
  readonly hide: readonly LayerId[]
  /** Query parameters that are not ours: kept, in their order. */
  readonly rest: readonly (readonly [string, string])[]
}

export const initial: State = {
  view: null,
  range: { from: null, to: null },
  types: [],
  figures: [],
  bbox: null,
  area: null,
  border: null,
  sel: null,
  seg: null,
  tab: 'incidents',
  sortby: '-start',
  hide: [],
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

/** A range in order; each end null or a date that exists. */
export function rangeOf(from: string | null, to: string | null): Range {
  const f = from !== null && isDate(from) ? from : null
  const t = to !== null && isDate(to) ? to : null
  return f !== null && t !== null && f > t ? { from: t, to: f } : { from: f, to: t }
}

// One line a parameter: how it is written (null: left out) and how it is read.
interface Param {
  readonly name: string
  readonly write: (s: State) => string | null
  readonly read: (value: string) => Partial<State>
}

const list = (items: readonly string[]) => (items.length > 0 ? items.join(',') : null)
const words = (value: string) => [...new Set(value.split(',').filter(w => /^[a-z0-9_-]+$/.test(w)))]
const numbers = (value: string) => (/^[-+.\de,]+$/i.test(value) ? value.split(',').map(Number) : [])

const params: readonly Param[] = [
  {
    name: 'c',
    write: s => s.view && `${s.view.lon},${s.view.lat},${s.view.zoom}`,
    read: v => {
      const [lon, lat, zoom, more] = numbers(v)
      const good =
        more === undefined &&
        inside(lon, -180, 180) &&
        inside(lat, -85, 85) &&
        inside(zoom, 0, 24) &&
        v.split(',').every(part => part !== '')
      return good ? { view: viewOf(lon as number, lat as number, zoom as number) } : {}
    },
  },
  {
    name: 'datetime',
    write: ({ range: { from, to } }) => {
      if (from === null && to === null) return null
      return from === to ? from : `${from ?? '..'}/${to ?? '..'}`
    },
    read: v => {
      const [from, to = from] = v.split('/')
      return { range: rangeOf(from ?? null, to ?? null) }
    },
  },
  { name: 'type', write: s => list(s.types), read: v => ({ types: words(v) }) },
  { name: 'figures', write: s => list(s.figures), read: v => ({ figures: words(v) }) },
  {
    name: 'bbox',
    write: s => (s.bbox ? s.bbox.join(',') : null),
    read: v => {
      const [w, s, e, n, more] = numbers(v)
      const good =
        more === undefined &&
        inside(w, -180, 180) &&
        inside(e, -180, 180) &&
        inside(s, -90, 90) &&
        inside(n, -90, 90) &&
        (s as number) <= (n as number) &&
        v.split(',').every(part => part !== '')
      return good ? { bbox: bboxOf(w as number, s as number, e as number, n as number) } : {}
    },
  },
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
    name: 'sortby',
    write: s => (s.sortby === 'start' ? 'start' : null),
    read: v => (v === 'start' ? { sortby: 'start' } : {}),
  },
  {
    name: 'hide',
    write: s => list(layerIds.filter(id => s.hide.includes(id))),
    read: v => ({ hide: layerIds.filter(id => words(v).includes(id)) }),
  },
]

function inside(n: number | undefined, min: number, max: number): boolean {
  return n !== undefined && Number.isFinite(n) && n >= min && n <= max
}

/** Readable: commas, slashes, colons and dots stay as they are. */
function encode(s: string): string {
  return encodeURIComponent(s).replace(/%(2C|2F|3A)/g, hex => decodeURIComponent(hex))
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

/** How many conditions narrow the incidents. */
export function narrowed(s: State): number {
  return (
    Number(s.range.from !== null || s.range.to !== null) +
    Number(s.types.length > 0) +
    Number(s.figures.length > 0) +
    Number(s.bbox !== null)
  )
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

/** Whether a day lies in the range. */
export function holds(range: Range, first: number, last: number): boolean {
  const from = range.from === null ? -Infinity : (dayOf(range.from) ?? -Infinity)
  const to = range.to === null ? Infinity : (dayOf(range.to) ?? Infinity)
  return first <= to && last >= from
}
