// The symbols of incidents: each by its figures, several that would overlap as one, the chosen one above all.
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
} from '@maplibre/maplibre-gl-style-spec'
import type { Metric } from '../state'
import { get, is, regular, semibold } from './base'
import type { StyleInput } from './layers'
import { emptyCollection } from './sources'

/** Symbols nearer than this, in pixels, are merged. */
const mergeRadius = 36
/** More than any figure: stands for none in a minimum. */
const many = 1e9

/** The tiles that bring the incidents; what they hold goes on to the source incidents. */
export function incidentTiles({ template, bounds }: NonNullable<StyleInput['tiles']>): SourceSpecification {
  return { type: 'vector', tiles: [template], bounds: [...bounds], minzoom: 0, maxzoom: 16 }
}

/** Draws nothing, so that the tiles are asked for. */
export const incidentTilesLayer: LayerSpecification = {
  id: 'incident-tiles',
  type: 'circle',
  source: 'incident-tiles',
  'source-layer': 'incidents',
  filter: is('id', ''),
}

/** What the tiles hold, those merged that would overlap; the server may have merged some of them already. */
export function merging(metric: Metric, maxZoom: number): SourceSpecification {
  const [low, high] = [get(`${metric}_low`), get(`${metric}_high`)]
  return {
    type: 'geojson',
    data: emptyCollection,
    cluster: true,
    clusterRadius: mergeRadius,
    clusterMaxZoom: maxZoom + 1,
    clusterProperties: {
      number: ['+', ['coalesce', get('count'), 1]],
      low: ['min', ['coalesce', low, many]],
      high: ['max', ['coalesce', high, low, -1]],
      open: ['max', ['case', ['all', ['==', high, null], ['!=', low, null]], 1, 0]],
    },
  }
}

/** A figure in little room: "50k" from ten thousand on. */
function short(n: ExpressionSpecification): ExpressionSpecification {
  const thousands: ExpressionSpecification = ['concat', ['to-string', ['round', ['/', n, 1000]]], 'k']
  return ['case', ['>=', n, 10_000], thousands, ['to-string', n]]
}

/** Whether a feature stands for several: merged here, or by the server. */
const merged: ExpressionSpecification = ['any', ['has', 'point_count'], ['has', 'count']]

/** "2–103", "50+", "12"; empty where no incident has a figure. */
function range({ metric }: StyleInput): ExpressionSpecification {
  const [lowest, highest] = [get(`${metric}_low`), get(`${metric}_high`)]
  const pick = (here: ExpressionSpecification, there: ExpressionSpecification): ExpressionSpecification => [
    'case',
    ['has', 'point_count'],
    here,
    there,
  ]
  const low = pick(get('low'), ['coalesce', lowest, many])
  const high = pick(get('high'), ['coalesce', highest, lowest, -1])
  const open = pick(['==', get('open'), 1], ['all', ['==', highest, null], ['!=', lowest, null]])
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

/** Several: a leaf before another, with the number and the figures. */
function mergedLayer(input: StyleInput): LayerSpecification {
  const figures = range(input)
  return {
    id: 'incidents-merged',
    type: 'symbol',
    source: 'incidents',
    filter: merged,
    layout: {
      'icon-image': 'merged',
      'icon-allow-overlap': true,
      'icon-padding': 0,
      'text-field': [
        'format',
        short(['coalesce', get('number'), get('count')]),
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
  }
}

export function incidentLayers(input: StyleInput): LayerSpecification[] {
  const { metric } = input
  return [
    mergedLayer(input),
    {
      id: 'incidents',
      type: 'symbol',
      source: 'incidents',
      filter: ['!', merged],
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

/** What is chosen or pointed at, above all others. */
export function focusPoints({ palette: p, metric }: StyleInput): LayerSpecification[] {
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
