// The base map's layers: land, water, the grid of degrees. It draws no border between Kyrgyzstan, Tajikistan and
// Uzbekistan: those are our own segments, which have a date and a status.
import type { ExpressionSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec'
import type { Palette } from '../palette'

export const regular = 'Noto Sans Regular'
export const semibold = 'Noto Sans SemiBold'

export type BaseId = 'land' | 'water' | 'lakes'

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

function landLayers(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'beyond',
      type: 'fill',
      source: 'land',
      filter: ['all', polygons, is('id', 'neighbours')],
      paint: { 'fill-color': p.beyond, 'fill-antialias': false },
    },
    {
      // Natural Earth's outer border of the three states; between them the base map draws no line at all.
      id: 'outer-border',
      type: 'line',
      source: 'land',
      filter: lines,
      paint: { 'line-color': p.lineSoft, 'line-width': 0.7, 'line-opacity': 0.55 },
    },
  ]
}

function waterLayers(p: Palette): LayerSpecification[] {
  const river = (id: string, schematic: boolean): LayerSpecification => ({
    id,
    type: 'line',
    source: 'water',
    ...(schematic ? { maxzoom: 9 } : {}),
    filter: ['all', lines, schematic ? is('schematic', true) : ['!=', get('schematic'), true]],
    layout: { 'line-cap': schematic ? 'butt' : 'round', 'line-join': 'round' },
    paint: {
      'line-color': p.waterLine,
      'line-width': grow(schematic ? 1 : 1.5),
      ...(schematic ? { 'line-dasharray': [4, 3] } : {}),
    },
  })
  return [
    river('river', false),
    river('river-schematic', true),
    {
      id: 'river-name',
      type: 'symbol',
      source: 'water',
      minzoom: 6.5,
      filter: ['all', lines, ['!=', get('schematic'), true]],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 500,
        'text-field': get('name'),
        'text-font': [regular],
        'text-size': 11,
        'text-letter-spacing': 0.08,
        'text-max-angle': 35,
      },
      paint: { 'text-color': p.waterText, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
    },
  ]
}

function lakeLayers(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'lake',
      type: 'fill',
      source: 'lakes',
      paint: { 'fill-color': p.water, 'fill-outline-color': p.waterLine },
    },
    {
      id: 'lake-name',
      type: 'symbol',
      source: 'lakes',
      minzoom: 7.5,
      layout: { 'text-field': get('name'), 'text-font': [regular], 'text-size': 11, 'text-max-width': 7 },
      paint: { 'text-color': p.waterText, 'text-halo-color': p.water, 'text-halo-width': 1.2 },
    },
  ]
}

/** The parts that there are; without any, a plain ground with its grid. */
export function baseLayers(p: Palette, base: readonly BaseId[]): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': p.land } },
    ...(base.includes('land') ? landLayers(p) : []),
    { id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': p.grid, 'line-width': 0.8 } },
    ...(base.includes('lakes') ? lakeLayers(p) : []),
    ...(base.includes('water') ? waterLayers(p) : []),
  ]
}
