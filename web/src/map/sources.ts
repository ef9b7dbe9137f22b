// What is on screen -> the GeoJSON that the map draws. Pure.
import type { Feature, FeatureCollection, Geometry, Point } from 'geojson'
import type { Area, Incident, Item, Place, PlaceProps, Segment } from '../api'
import { boxOf, circle, graticule } from '../geo'
import { type Corners, type Language, type Metric, metrics } from '../state'
import { lookOf, measuresOf } from '../symbols'

/** All that the map shows. Members keep their identity while they do not change: map.ts relies on it. */
export interface Scene {
  /** What the list holds. The symbols come by tiles. */
  readonly incidents: readonly Incident[]
  readonly segments: readonly Segment[]
  /** The lines of another time, to be seen where they differ. */
  readonly others: readonly Segment[]
  readonly areas: readonly Area[]
  readonly places: readonly Place[]
  /** Features of the operator's layers. */
  readonly extra: readonly Item<Record<string, unknown>>[]
  readonly corners: Corners | null
  readonly metric: Metric
  readonly lang: Language
  readonly area: string | null
  readonly sel: string | null
  /** The chosen incident, which the list may not hold. */
  readonly chosen: Incident | null
  readonly seg: string | null
  readonly hovered: string | null
  readonly hoveredSegment: string | null
  /** Words of a status, written along the line. */
  readonly statusName: (status: string) => string
  /** What a study area is called, of its id and its recorded name. */
  readonly areaName: (id: string, name: string) => string
}

export const emptyCollection: FeatureCollection = { type: 'FeatureCollection', features: [] }

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features }
}

function feature(geometry: Geometry, properties: Record<string, unknown>): Feature {
  return { type: 'Feature', geometry, properties }
}

/** An incident, or several that the server merged, as a tile brings it. */
export type TilePoint = Feature<Point, Record<string, unknown>>

// What the symbols and rings read of a tile's attributes.
const carried = [
  ...['id', 'count', 'occurrence', 'figures', 'location_precision', 'uncertainty_km'],
  ...metrics.flatMap(m => [`${m}_low`, `${m}_high`]),
]

/** The points of all tiles, each once: neighbouring tiles share what lies at their edges. */
export function tilePoints(features: readonly Feature[]): TilePoint[] {
  const points = new Map<unknown, TilePoint>()
  for (const { id, geometry, properties } of features) {
    if (geometry.type !== 'Point' || points.has(id)) continue
    const kept: Record<string, unknown> = {}
    for (const name of carried) {
      const value = properties?.[name]
      if (value !== undefined) kept[name] = value
    }
    points.set(id, { type: 'Feature', geometry, properties: kept })
  }
  return [...points.values()]
}

export function points(list: readonly TilePoint[]): FeatureCollection {
  return collection([...list])
}

// Beyond this a ring says nothing at the scale of a district; it is drawn for the chosen incident only.
const wideKm = 30

/** One ring for each position and uncertainty, in ground metres. */
export function uncertaintyRings(list: readonly TilePoint[]): FeatureCollection {
  const rings = new Map<string, Feature>()
  for (const { geometry, properties } of list) {
    const km = Number(properties.uncertainty_km ?? 0)
    if (km <= 0.1 || km > wideKm) continue
    const [lon = 0, lat = 0] = geometry.coordinates
    rings.set(`${lon},${lat},${km}`, feature(circle(lon, lat, km), { km }))
  }
  return collection([...rings.values()])
}

export function segmentLines(list: readonly Segment[], statusName: (s: string) => string): FeatureCollection {
  return collection(
    list.map(({ geometry, properties: p }) =>
      feature(geometry, {
        id: p.id,
        status: p.status,
        role: p.role ?? 'boundary',
        label: statusName(p.status),
      }),
    ),
  )
}

/**
 * Outlines of the study areas and of the chosen area. The others stay unseen: an administrative unit's outline would
 * draw the border between the three states a second time, undated, and exclaves are rings of segments already.
 */
export function areaOutlines(list: readonly Area[], chosen: string | null): FeatureCollection {
  return collection(
    list
      .filter(a => a.geometry !== null && (a.properties.kind === 'study_area' || a.properties.id === chosen))
      .map(a =>
        feature(a.geometry, {
          id: a.properties.id,
          kind: a.properties.kind,
          chosen: a.properties.id === chosen,
        }),
      ),
  )
}

/** Names of the study areas; those of regions are the base map's. */
export function areaLabels(list: readonly Area[], nameOf: Scene['areaName']): FeatureCollection {
  return collection(
    list.flatMap(({ geometry, properties: { id, name, kind } }) => {
      const box = boxOf(geometry)
      if (!box || kind !== 'study_area') return []
      const at = [(box[0] + box[2]) / 2, box[3]]
      return [feature({ type: 'Point', coordinates: at }, { id, kind, label: nameOf(id, name) })]
    }),
  )
}

const ranks: Readonly<Record<string, number>> = { city: 1, town: 2, enclave: 3, village: 4 }
const namable = ['exact_point', 'facility', 'village']
const areal = ['country', 'district', 'region', 'border', 'river', 'lake']

/** What each state is called in the reader's language, and by itself, in the order of their codes. */
const states = [
  { en: 'Kyrgyzstan', ru: 'Кыргызстан', ky: 'Кыргызстан', tg: 'Қирғизистон', own: 'Кыргызстан' },
  { en: 'Tajikistan', ru: 'Таджикистан', ky: 'Тажикстан', tg: 'Тоҷикистон', own: 'Тоҷикистон' },
  { en: 'Uzbekistan', ru: 'Узбекистан', ky: 'Өзбекстан', tg: 'Ӯзбекистон', own: 'Oʻzbekiston' },
] as const

/** Names of the states: once near the border, once inland. The gazetteer pins them on capitals. */
export const countryNames: FeatureCollection = collection(
  (
    [
      [0, 72.5, 39.8],
      [0, 74.9, 41.6],
      [1, 70.9, 38.45],
      [1, 73.1, 38.3],
      [2, 71.15, 40.72],
      [2, 66.4, 40.1],
    ] as const
  ).map(([which, lon, lat]) =>
    feature({ type: 'Point', coordinates: [lon, lat] }, { ...states[which], kind: 'country' }),
  ),
)

/** The Cyrillic forms of a name: Kyrgyz and Tajik, both where they differ, by language code; else Russian. */
export function cyrillic(p: PlaceProps): string {
  const own = [p.name_ky, p.name_tg].filter((n): n is string => !!n)
  return own.length > 0 ? [...new Set(own)].join(' · ') : (p.name_ru ?? '')
}

/** The name to read first, and the one below it. */
export function namesIn(p: PlaceProps, lang: Language): [string, string] {
  const own = lang === 'en' ? null : p[`name_${lang}`]
  return own && own !== p.label ? [own, p.label] : [p.label, cyrillic(p)]
}

/** What a place is called in each language that is known, by the language's code. */
export function allNames(p: PlaceProps): [string, string][] {
  const found: [string, string | null | undefined][] = [
    ['en', p.name_en ?? p.label],
    ['ky', p.name_ky],
    ['tg', p.name_tg],
    ['ru', p.name_ru],
    ['uz', p.name_uz],
  ]
  return found.filter((n): n is [string, string] => !!n[1])
}

/** Names in the reader's language, with the other script below: no name takes the place of another. */
export function placeLabels(list: readonly Place[], lang: Language): FeatureCollection {
  return collection(
    list.flatMap(p => {
      if (!p.geometry) return []
      const { id, kind, precision } = p.properties
      const [label, other] = namesIn(p.properties, lang)
      // Many a place is pinned on a neighbour or on its district's centre: a name there would be at the wrong spot.
      if (!namable.includes(precision ?? '') || areal.includes(kind)) return []
      return [
        feature(p.geometry, {
          id,
          label,
          other,
          kind,
          rank: ranks[kind] ?? 5,
          // A symbol is likely to stand on it: the name keeps its distance.
          busy: (p.properties.incidents ?? 0) > 0,
          names: JSON.stringify(allNames(p.properties)),
        }),
      ]
    }),
  )
}

/**
 * What is chosen or pointed at, drawn on top and never merged: symbol, ring of any width, line. What the list does not
 * hold is looked for among what is drawn.
 */
export function focus(s: Scene, drawn: readonly TilePoint[] = []): FeatureCollection {
  const out: Feature[] = []
  for (const id of new Set([s.sel, s.hovered])) {
    const i =
      s.incidents.find(i => i.properties.id === id) ??
      (s.chosen?.id === id ? s.chosen : (drawn.find(p => p.properties.id === id) as Incident | undefined))
    if (!i?.geometry) continue
    const [lon = 0, lat = 0] = i.geometry.coordinates
    const chosen = id === s.sel
    const km = i.properties.uncertainty_km
    if (km && km > 0.1) out.push(feature(circle(lon, lat, km), { chosen }))
    const { half } = measuresOf(lookOf(i.properties, s.metric))
    out.push(feature(i.geometry, { ...i.properties, chosen, half }))
  }
  for (const id of new Set([s.seg, s.hoveredSegment])) {
    for (const l of [...s.segments, ...s.others]) {
      if (l.properties.id === id) out.push(feature(l.geometry, { id, chosen: id === s.seg }))
    }
  }
  return collection(out)
}

/** The features of further layers; their properties go to the popup. */
export function extraFeatures(list: readonly Item<Record<string, unknown>>[]): FeatureCollection {
  return collection(list.flatMap(f => (f.geometry ? [feature(f.geometry, { ...f.properties })] : [])))
}

/** The outline of the drawn or typed area. */
export function drawnArea(corners: Corners | null): FeatureCollection {
  if (!corners) return emptyCollection
  const ring = [...corners, ...corners.slice(0, 1)].map(c => [...c])
  return collection([feature({ type: 'Polygon', coordinates: [ring] }, {})])
}

/** Meridians and parallels round the region. */
export const grid: FeatureCollection = collection([
  feature({ type: 'MultiLineString', coordinates: graticule([58, 33, 84, 48]) }, {}),
])
