// State -> style layers. Pure: no map, no browser; the style spec's validator holds it in test/layers.test.ts.
import type {
  ExpressionSpecification,
  FontFacesSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from '@maplibre/maplibre-gl-style-spec'
import type { FeatureCollection } from 'geojson'
import type { Palette } from '../palette'
import type { BBox, Language, LayerId, Metric } from '../state'
import {
  type Base,
  baseLayers,
  baseSource,
  get,
  grow,
  is,
  lines,
  polygons,
  regionNames,
  regular,
  semibold,
} from './base'
import { contextLook, type LineLook, lineLooks, otherLook } from './looks'
import { countryNames, emptyCollection, grid } from './sources'

export interface StyleInput {
  readonly palette: Palette
  readonly hide: readonly LayerId[]
  readonly metric: Metric
  /** Template of vector tiles of incidents; null where they come with the scene, merged here. */
  readonly tiles: { readonly template: string; readonly bounds: BBox } | null
  readonly fonts: FontFacesSpecification
  readonly lang: Language
  readonly base: Base
}

/** Symbols nearer than this, in pixels, are merged. */
const mergeRadius = 36
/** More than any figure: stands for none in a minimum. */
const many = 1e9
export const maxZoom = 14

function geojson(data: FeatureCollection = emptyCollection): SourceSpecification {
  return { type: 'geojson', data }
}

/** Incidents by their coordinates, those that would overlap merged by the map library. */
function merging(metric: Metric): SourceSpecification {
  const [low, high] = [get(`${metric}_low`), get(`${metric}_high`)]
  return {
    type: 'geojson',
    data: emptyCollection,
    cluster: true,
    clusterRadius: mergeRadius,
    clusterMaxZoom: maxZoom + 1,
    clusterProperties: {
      low: ['min', ['coalesce', low, many]],
      high: ['max', ['coalesce', high, low, -1]],
      open: ['max', ['case', ['all', ['==', high, null], ['!=', low, null]], 1, 0]],
    },
  }
}

/** Incidents by tiles, merged by the server where they are many. */
function tiled({ template, bounds }: NonNullable<StyleInput['tiles']>): SourceSpecification {
  return { type: 'vector', tiles: [template], bounds: [...bounds], minzoom: 0, maxzoom: 16 }
}

export function sources(input: StyleInput): Record<string, SourceSpecification> {
  return {
    grid: geojson(grid),
    base: baseSource(input.base),
    areas: geojson(),
    'area-labels': geojson(),
    segments: geojson(),
    'segments-other': geojson(),
    rings: geojson(),
    places: geojson(),
    countries: geojson(countryNames),
    focus: geojson(),
    extra: geojson(),
    drawn: geojson(),
    incidents: input.tiles === null ? merging(input.metric) : tiled(input.tiles),
  }
}

function areaLayers({ palette: p }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'areas-fill',
      type: 'fill',
      source: 'areas',
      paint: { 'fill-color': p.area, 'fill-opacity': 0.08 },
    },
    {
      id: 'areas-line',
      type: 'line',
      source: 'areas',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': p.area,
        'line-width': ['case', get('chosen'), 1.8, 1.2],
        'line-dasharray': [2, 2.4],
        'line-opacity': 0.85,
      },
    },
  ]
}

function statusLayer(status: string, look: LineLook, p: Palette): LayerSpecification {
  return {
    id: `segments-${status}`,
    type: 'line',
    source: 'segments',
    filter: ['all', is('status', status), ['!=', get('role'), 'context']],
    layout: { 'line-join': 'round', 'line-cap': look.round ? 'round' : 'butt' },
    paint: {
      'line-color': look.soft ? p.lineSoft : p.line,
      'line-width': grow(look.width),
      ...(look.dash ? { 'line-dasharray': [...look.dash] } : {}),
      ...(look.gap === undefined ? {} : { 'line-gap-width': grow(look.gap) }),
    },
  }
}

function segmentLayers({ palette: p }: StyleInput): LayerSpecification[] {
  return [
    {
      // The line of another time: seen where it leaves the one in use.
      id: 'segments-other',
      type: 'line',
      source: 'segments-other',
      filter: ['!=', get('role'), 'context'],
      layout: { 'line-join': 'round', 'line-cap': 'butt' },
      paint: {
        'line-color': p.other,
        'line-width': grow(otherLook.width),
        'line-dasharray': [...(otherLook.dash ?? [])],
      },
    },
    {
      id: 'segments-halo',
      type: 'line',
      source: 'segments',
      filter: ['!=', get('role'), 'context'],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': p.lineHalo, 'line-width': grow(6), 'line-opacity': 0.7 },
    },
    {
      id: 'segments-context',
      type: 'line',
      source: 'segments',
      filter: is('role', 'context'),
      paint: {
        'line-color': p.lineSoft,
        'line-width': contextLook.width,
        'line-dasharray': [...(contextLook.dash ?? [])],
      },
    },
    {
      id: 'segments-between',
      type: 'line',
      source: 'segments',
      filter: ['all', is('status', 'contested'), ['!=', get('role'), 'context']],
      paint: { 'line-color': p.lineSoft, 'line-width': grow(3.6), 'line-opacity': 0.28 },
    },
    ...Object.entries(lineLooks).map(([status, look]) => statusLayer(status, look, p)),
    {
      id: 'segments-label',
      type: 'symbol',
      source: 'segments',
      minzoom: 8.2,
      filter: ['all', ['!=', get('role'), 'context'], ['!=', get('status'), 'unknown']],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 420,
        'text-field': get('label'),
        'text-font': [regular],
        'text-size': 10.5,
        'text-letter-spacing': 0.06,
        'text-offset': [0, -0.95],
        'text-max-angle': 30,
      },
      paint: { 'text-color': p.textSoft, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
    },
    {
      id: 'segments-hit',
      type: 'line',
      source: 'segments',
      paint: { 'line-color': p.line, 'line-width': 16, 'line-opacity': 0 },
    },
  ]
}

function ringLayers({ palette: p }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'rings-fill',
      type: 'fill',
      source: 'rings',
      minzoom: 6.6,
      paint: {
        'fill-color': p.ring,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 9, 0.035, 11.5, 0.008],
        'fill-antialias': false,
      },
    },
    {
      id: 'rings-line',
      type: 'line',
      source: 'rings',
      minzoom: 6.6,
      paint: {
        'line-color': p.ring,
        'line-width': 0.9,
        'line-dasharray': [3, 3],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 6.6, 0, 8, 0.6],
      },
    },
  ]
}

// Each class of place: the zoom from which it is named, and its size.
const placeClasses: readonly {
  id: string
  filter: ExpressionSpecification
  minzoom: number
  size: number
  font: string
}[] = [
  { id: 'city', filter: ['==', get('rank'), 1], minzoom: 4.5, size: 13.5, font: semibold },
  { id: 'town', filter: ['==', get('rank'), 2], minzoom: 6.2, size: 12.5, font: regular },
  { id: 'village', filter: ['==', get('rank'), 4], minzoom: 8.6, size: 11.5, font: regular },
  { id: 'enclave', filter: ['==', get('rank'), 3], minzoom: 7.6, size: 12, font: regular },
  { id: 'site', filter: ['==', get('rank'), 5], minzoom: 9.6, size: 11, font: regular },
]

function placeLayers({ palette: p }: StyleInput): LayerSpecification[] {
  const name: ExpressionSpecification = [
    'format',
    get('label'),
    {},
    ['case', ['==', get('other'), ''], '', ['concat', '\n', get('other')]],
    { 'font-scale': 0.86, 'text-font': ['literal', [regular]], 'text-color': p.textSoft },
  ]
  return placeClasses.flatMap((c): LayerSpecification[] => [
    {
      id: `place-dot-${c.id}`,
      type: 'circle',
      source: 'places',
      filter: c.filter,
      minzoom: c.minzoom,
      paint: {
        'circle-radius': c.id === 'city' ? 2.6 : 1.9,
        'circle-color': p.halo,
        'circle-stroke-color': p.textSoft,
        'circle-stroke-width': 1.1,
      },
    },
    {
      id: `place-${c.id}`,
      type: 'symbol',
      source: 'places',
      filter: c.filter,
      minzoom: c.minzoom,
      layout: {
        'text-field': name,
        'text-font': [c.font],
        'text-size': c.size,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': ['case', get('busy'), 1.35, 0.6],
        'text-justify': 'auto',
        'text-max-width': 9,
        'text-line-height': 1.15,
        'text-padding': 3,
      },
      paint: { 'text-color': p.text, 'text-halo-color': p.halo, 'text-halo-width': 1.5 },
    },
  ])
}

function largeNames({ palette: p, lang }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'place-country',
      type: 'symbol',
      source: 'countries',
      maxzoom: 8.4,
      layout: {
        'text-field': [
          'format',
          get(lang),
          {},
          ['case', ['==', get(lang), get('own')], '', ['concat', '\n', get('own')]],
          { 'font-scale': 0.8 },
        ],
        'text-font': [regular],
        'text-size': ['interpolate', ['linear'], ['zoom'], 5, 13, 8, 19],
        'text-letter-spacing': 0.22,
        'text-transform': 'uppercase',
        'text-padding': 12,
      },
      paint: {
        'text-color': p.textSoft,
        'text-halo-color': p.halo,
        'text-halo-width': 1.6,
        'text-opacity': 0.8,
      },
    },
    regionNames(p, lang),
    {
      id: 'area-label',
      type: 'symbol',
      source: 'area-labels',
      minzoom: 5.6,
      layout: {
        'text-field': get('label'),
        'text-font': [regular],
        'text-size': 11.5,
        'text-anchor': 'bottom',
        'text-offset': [0, -0.4],
        'text-max-width': 12,
        'text-padding': 8,
      },
      paint: { 'text-color': p.area, 'text-halo-color': p.halo, 'text-halo-width': 1.6 },
    },
  ]
}

/** A figure in little room: "50k" from ten thousand on. */
function short(n: ExpressionSpecification): ExpressionSpecification {
  const thousands: ExpressionSpecification = ['concat', ['to-string', ['round', ['/', n, 1000]]], 'k']
  return ['case', ['>=', n, 10_000], thousands, ['to-string', n]]
}

/** "2–103", "50+", "12"; empty where no incident has a figure. */
function range({ tiles, metric }: StyleInput): ExpressionSpecification {
  const own = tiles !== null
  const [lowest, highest] = [get(`${metric}_low`), get(`${metric}_high`)]
  const low: ExpressionSpecification = own ? ['coalesce', lowest, many] : get('low')
  const high: ExpressionSpecification = own ? ['coalesce', highest, lowest, -1] : get('high')
  const open: ExpressionSpecification = own
    ? ['all', ['==', highest, null], ['!=', lowest, null]]
    : ['==', get('open'), 1]
  return [
    'case',
    ['<', high, 0],
    '',
    [
      'concat',
      [
        'case',
        ['any', ['==', low, high], ['==', low, many]],
        short(high),
        ['concat', short(low), '–', short(high)],
      ],
      ['case', open, '+', ''],
    ],
  ]
}

const flags: ExpressionSpecification = [
  'concat',
  ['case', is('occurrence', 'confirmed'), '', 'u'],
  ['case', is('figures', 'conflicting'), 'c', ''],
  [
    'case',
    [
      'in',
      ['coalesce', get('location_precision'), ''],
      ['literal', ['district', 'region', 'country', 'none']],
    ],
    'v',
    '',
  ],
]

/** The name of an incident's image, as symbols.ts has it. */
export function icon(metric: Metric): ExpressionSpecification {
  const figure = (end: string): ExpressionSpecification => [
    'to-string',
    ['coalesce', get(`${metric}_${end}`), ''],
  ]
  return ['concat', 'incident/', figure('low'), '/', figure('high'), '/', flags]
}

/** What the library merged: a leaf before another, with the number and the figures. */
function mergedHere(input: StyleInput): LayerSpecification[] {
  const figures = range(input)
  return [
    {
      id: 'incidents-merged',
      type: 'symbol',
      source: 'incidents',
      filter: ['has', 'point_count'],
      layout: {
        'icon-image': 'merged',
        'icon-allow-overlap': true,
        'icon-padding': 0,
        'text-field': [
          'format',
          short(get('point_count')),
          {},
          ['case', ['==', figures, ''], '', ['concat', '\n', figures]],
          { 'font-scale': 0.74, 'text-font': ['literal', [regular]] },
        ],
        'text-font': [semibold],
        'text-size': 12.5,
        'text-line-height': 1.05,
        'text-offset': [-0.1, 0.12],
        'text-allow-overlap': true,
      },
      paint: { 'text-color': input.palette.incident },
    },
  ]
}

/** What the server merged, cell by cell: a light square for each, its number and figures where there is room. */
function mergedThere(input: StyleInput): LayerSpecification[] {
  const { palette: p } = input
  const from = { source: 'incidents', 'source-layer': 'incidents' }
  const filter: ExpressionSpecification = ['has', 'count']
  const figures = range(input)
  return [
    {
      id: 'incidents-merged',
      type: 'circle',
      ...from,
      filter,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['ln', get('count')], 0.7, 5, 8, 15],
        'circle-color': p.incident,
        'circle-opacity': 0.28,
        'circle-stroke-color': p.incident,
        'circle-stroke-width': 0.8,
        'circle-stroke-opacity': 0.5,
      },
    },
    {
      id: 'incidents-merged-label',
      type: 'symbol',
      ...from,
      filter,
      layout: {
        'text-field': [
          'format',
          short(get('count')),
          {},
          ['case', ['==', figures, ''], '', ['concat', '\n', figures]],
          { 'font-scale': 0.76, 'text-font': ['literal', [regular]] },
        ],
        'text-font': [semibold],
        'text-size': 12,
        'text-line-height': 1.05,
        'text-padding': 4,
        'symbol-sort-key': ['-', 0, get('count')],
      },
      paint: { 'text-color': p.incident, 'text-halo-color': p.halo, 'text-halo-width': 1.8 },
    },
  ]
}

function incidentLayers(input: StyleInput): LayerSpecification[] {
  const { metric, tiles } = input
  const from = { source: 'incidents', ...(tiles === null ? {} : { 'source-layer': 'incidents' }) }
  return [
    ...(tiles === null ? mergedHere(input) : mergedThere(input)),
    {
      id: 'incidents',
      type: 'symbol',
      ...from,
      filter: ['!', ['has', tiles === null ? 'point_count' : 'count']],
      layout: {
        'icon-image': icon(metric),
        'icon-allow-overlap': true,
        'icon-padding': 1,
        // The smaller one lies on top.
        'symbol-sort-key': ['-', 0, ['coalesce', get(`${metric}_high`), get(`${metric}_low`), 0]],
      },
    },
  ]
}

/** Further layers, drawn neutrally below our own; a drawn area. */
function extraLayers({ palette: p }: StyleInput): LayerSpecification[] {
  const colour = p.extra
  return [
    {
      id: 'extra-fill',
      type: 'fill',
      source: 'extra',
      filter: polygons,
      paint: { 'fill-color': colour, 'fill-opacity': 0.1, 'fill-outline-color': colour },
    },
    {
      id: 'extra-line',
      type: 'line',
      source: 'extra',
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': colour, 'line-width': 1.2 },
    },
    {
      id: 'extra-point',
      type: 'circle',
      source: 'extra',
      filter: ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]],
      paint: {
        'circle-radius': 4,
        'circle-color': p.halo,
        'circle-stroke-color': colour,
        'circle-stroke-width': 1.8,
      },
    },
    {
      id: 'drawn',
      type: 'line',
      source: 'drawn',
      paint: { 'line-color': p.chosen, 'line-width': 1.6, 'line-dasharray': [3, 2] },
    },
  ]
}

function focusShapes({ palette: p }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'focus-ring',
      type: 'line',
      source: 'focus',
      filter: polygons,
      paint: { 'line-color': p.chosen, 'line-width': 1.4, 'line-dasharray': [3, 2.4] },
    },
    {
      id: 'focus-line',
      type: 'line',
      source: 'focus',
      filter: lines,
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': p.chosen, 'line-width': grow(9), 'line-opacity': 0.34 },
    },
  ]
}

/** What is chosen or pointed at, above all others. */
function focusPoints({ palette: p, metric }: StyleInput): LayerSpecification[] {
  const point: ExpressionSpecification = ['==', ['geometry-type'], 'Point']
  return [
    {
      id: 'focus-halo',
      type: 'circle',
      source: 'focus',
      filter: point,
      paint: {
        'circle-radius': ['+', 4, get('half')],
        'circle-color': p.halo,
        'circle-opacity': 0.75,
        'circle-stroke-color': p.chosen,
        'circle-stroke-width': ['case', get('chosen'), 3, 1.6],
      },
    },
    {
      id: 'focus-icon',
      type: 'symbol',
      source: 'focus',
      filter: point,
      layout: { 'icon-image': icon(metric), 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  ]
}

/** The layers in drawing order; a hidden group is left out altogether. */
export function layers(input: StyleInput): LayerSpecification[] {
  const shown = (id: LayerId, make: (i: StyleInput) => LayerSpecification[]) =>
    input.hide.includes(id) ? [] : make(input)
  return [
    ...baseLayers(input.palette, input.lang, input.base),
    ...shown('areas', areaLayers),
    ...shown('rings', ringLayers),
    ...shown('segments', segmentLayers),
    ...shown('places', largeNames),
    ...shown('places', placeLayers),
    ...extraLayers(input),
    ...focusShapes(input),
    ...shown('incidents', incidentLayers),
    ...focusPoints(input),
  ]
}

export function style(input: StyleInput): StyleSpecification {
  return {
    version: 8,
    name: `demarc ${input.palette.name}`,
    'font-faces': input.fonts,
    sources: sources(input),
    layers: layers(input),
    transition: { duration: 0, delay: 0 },
  } as StyleSpecification
}
