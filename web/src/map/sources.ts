// What is on screen -> the GeoJSON that the map draws. Pure.
import type { Feature, FeatureCollection, Geometry, Point } from 'geojson'
import type { Area, Incident, Item, PlaceProps, Segment } from '../api'
import { boxOf, circle } from '../geo'
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

/** The lines of the border, those of another time, and the outlines of areas; `layer` tells which is which. */
export function borderLines(s: Scene): FeatureCollection {
  const of = (layer: string, list: readonly Segment[]) =>
    list.map(({ geometry, properties: p }) =>
      feature(geometry, {
        layer,
        id: p.id,
        status: p.status,
        role: p.role ?? 'boundary',
        label: s.statusName(p.status),
      }),
    )
  return collection([
    ...areaOutlines(s.areas, s.area),
    ...of('other', s.others),
    ...of('segment', s.segments),
  ])
}

/**
 * Outlines of the study areas and of the chosen area. The others stay unseen: an administrative unit's outline would
 * draw the border between the three states a second time, undated, and exclaves are rings of segments already.
 */
function areaOutlines(list: readonly Area[], chosen: string | null): Feature[] {
  return list
    .filter(a => a.geometry !== null && (a.properties.kind === 'study_area' || a.properties.id === chosen))
    .map(a => feature(a.geometry, { layer: 'area', id: a.properties.id }))
}

/** Names of the study areas and of the states; those of regions are the base map's. */
export function areaLabels(list: readonly Area[], nameOf: Scene['areaName']): FeatureCollection {
  const areas = list.flatMap(({ geometry, properties: { id, name, kind } }) => {
    const box = boxOf(geometry)
    if (!box || kind !== 'study_area') return []
    const at = [(box[0] + box[2]) / 2, box[3]]
    return [feature({ type: 'Point', coordinates: at }, { id, kind, label: nameOf(id, name) })]
  })
  return collection([...countryNames, ...areas])
}

/** What each state is called in the reader's language, and by itself, in the order of their codes. */
const states = [
  { en: 'Kyrgyzstan', ru: 'Кыргызстан', ky: 'Кыргызстан', tg: 'Қирғизистон', own: 'Кыргызстан' },
  { en: 'Tajikistan', ru: 'Таджикистан', ky: 'Тажикстан', tg: 'Тоҷикистон', own: 'Тоҷикистон' },
  { en: 'Uzbekistan', ru: 'Узбекистан', ky: 'Өзбекстан', tg: 'Ӯзбекистон', own: 'Oʻzbekiston' },
] as const

/** Names of the states: once near the border, once inland. The gazetteer pins them on capitals. */
const countryNames: readonly Feature[] = (
  [
    [0, 72.5, 39.8],
    [0, 74.9, 41.6],
    [1, 70.9, 38.45],
    [2, 71.15, 40.72],
    [2, 66.4, 40.1],
  ] as const
).map(([which, lon, lat]) =>
  feature({ type: 'Point', coordinates: [lon, lat] }, { ...states[which], kind: 'country' }),
)

/** What a place is called in each language that is known, by the language's code. */
export function allNames(p: Partial<PlaceProps>): [string, string][] {
  const found: [string, string | null | undefined][] = [
    ['en', p.name_en ?? p.label],
    ['ky', p.name_ky],
    ['tg', p.name_tg],
    ['ru', p.name_ru],
    ['uz', p.name_uz],
  ]
  return found.filter((n): n is [string, string] => !!n[1])
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

/** Marks the drawn area among the features of further layers, whose properties have any name but this. */
export const drawnMark = 'demarc:drawn'

/** The features of further layers, whose properties go to the popup, and the outline of the drawn or typed area. */
export function extraFeatures(
  list: readonly Item<Record<string, unknown>>[],
  corners: Corners | null,
): FeatureCollection {
  const features = list.flatMap(f => (f.geometry ? [feature(f.geometry, { ...f.properties })] : []))
  if (corners) {
    const ring = [...corners, ...corners.slice(0, 1)].map(c => [...c])
    features.push(feature({ type: 'Polygon', coordinates: [ring] }, { [drawnMark]: true }))
  }
  return collection(features)
}
