// The base map's layers: land, regions, water. It draws no border between Kyrgyzstan, Tajikistan
// and Uzbekistan: those are our own segments, which have a date and a status.
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
} from '@maplibre/maplibre-gl-style-spec'
import type { Palette } from '../palette'
import type { Language } from '../state'

export const regular = 'Noto Sans Regular'
export const semibold = 'Noto Sans SemiBold'

/** The tiles of the base map: no closer in than its lines are right. */
export function baseSource(template: string): SourceSpecification {
  return { type: 'vector', tiles: [template], bounds: [60, 34, 82, 46], minzoom: 3, maxzoom: 9 }
}

const source = 'base'

export const get = (name: string): ExpressionSpecification => ['get', name]
export const is = (name: string, value: string | boolean): ExpressionSpecification => ['==', get(name), value]

/** Width that grows gently with the zoom. */
export function grow(width: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], 5, width * 0.55, 9, width, 13, width * 1.5]
}

// Multi-part geometries arrive as such or in parts, by source.
export const polygons: ExpressionSpecification = [
  'in',
  ['geometry-type'],
  ['literal', ['Polygon', 'MultiPolygon']],
]
export const lines: ExpressionSpecification = [
  'in',
  ['geometry-type'],
  ['literal', ['LineString', 'MultiLineString']],
]

/** The name in the reader's language, else in English. */
function nameIn(lang: Language): ExpressionSpecification {
  return lang === 'en' ? get('name') : ['coalesce', get(`name_${lang}`), get('name')]
}

function landLayers(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'states',
      type: 'fill',
      source,
      'source-layer': 'land',
      filter: ['all', polygons, is('id', 'three-states')],
      paint: { 'fill-color': p.land, 'fill-antialias': false },
    },
    {
      // The regions of one state each: there is no line here that lies between two.
      id: 'regions',
      type: 'line',
      source,
      'source-layer': 'regions',
      minzoom: 5.5,
      filter: lines,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': p.region, 'line-width': grow(1), 'line-dasharray': [3, 2.2] },
    },
    {
      // Natural Earth's outer border of the three states; between them the base map draws no line at all.
      id: 'outer-border',
      type: 'line',
      source,
      'source-layer': 'land',
      filter: lines,
      paint: { 'line-color': p.lineSoft, 'line-width': 0.7, 'line-opacity': 0.55 },
    },
  ]
}

/** Names of regions, for the layers of names. */
export function regionNames(p: Palette, lang: Language): LayerSpecification {
  return {
    id: 'region-name',
    type: 'symbol',
    source,
    'source-layer': 'regions',
    minzoom: 6.2,
    maxzoom: 9.5,
    filter: ['==', ['geometry-type'], 'Point'],
    layout: {
      'text-field': nameIn(lang),
      'text-font': [regular],
      'text-size': 11.5,
      'text-letter-spacing': 0.12,
      'text-max-width': 11,
      'text-padding': 8,
    },
    paint: {
      'text-color': p.textSoft,
      'text-halo-color': p.halo,
      'text-halo-width': 1.6,
      'text-opacity': 0.85,
    },
  }
}

/** Rivers, but for those of which the tiles have only a sketch: straight lines from one known position to the next. */
function riverLayers(p: Palette, lang: Language): LayerSpecification[] {
  const from = { source, 'source-layer': 'rivers' } as const
  const filter: ExpressionSpecification = ['!=', get('schematic'), true]
  return [
    {
      id: 'river',
      type: 'line',
      ...from,
      filter,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.waterLine, 'line-width': grow(1.5) },
    },
    {
      id: 'river-name',
      type: 'symbol',
      ...from,
      minzoom: 6.5,
      filter,
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 500,
        'text-field': nameIn(lang),
        'text-font': [regular],
        'text-size': 11,
        'text-letter-spacing': 0.08,
        'text-max-angle': 35,
      },
      paint: { 'text-color': p.waterText, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
    },
  ]
}

function lakeLayers(p: Palette, lang: Language): LayerSpecification[] {
  const from = { source, 'source-layer': 'lakes' } as const
  return [
    {
      id: 'lake',
      type: 'fill',
      ...from,
      paint: { 'fill-color': p.water, 'fill-antialias': false },
    },
    {
      id: 'lake-name',
      type: 'symbol',
      ...from,
      minzoom: 6.5,
      layout: { 'text-field': nameIn(lang), 'text-font': [regular], 'text-size': 11, 'text-max-width': 7 },
      paint: { 'text-color': p.waterText, 'text-halo-color': p.water, 'text-halo-width': 1.2 },
    },
  ]
}

export function baseLayers(p: Palette, lang: Language): LayerSpecification[] {
  return [
    // What lies around the three states goes on beyond the frame of the tiles, so that no edge of them shows.
    { id: 'beyond', type: 'background', paint: { 'background-color': p.beyond } },
    ...landLayers(p),
    ...lakeLayers(p, lang),
    ...riverLayers(p, lang),
  ]
}
