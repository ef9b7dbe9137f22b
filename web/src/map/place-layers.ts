// Names: of places, regions and states.
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
} from '@maplibre/maplibre-gl-style-spec'
import type { Language } from '../state'
import { get, is, regionNames, regular, semibold } from './base'
import type { StyleInput, TileSet } from './layers'

/** The places that stand where they are said to be: not those pinned on a neighbour or a centre, nor areas. */
const namable: ExpressionSpecification = [
  'all',
  ['!', ['has', 'count']],
  ['in', ['coalesce', get('precision'), ''], ['literal', ['exact_point', 'facility', 'village']]],
  ['!', ['in', get('kind'), ['literal', ['country', 'district', 'region', 'border', 'river', 'lake']]]],
]

/** By kind of place. */
function byKind<T extends string | number>(city: T, town: T, enclave: T, village: T, site: T) {
  const all = ['match', get('kind'), 'city', city, 'town', town, 'enclave', enclave, 'village', village, site]
  return all as unknown as ExpressionSpecification
}

/** The tiles of the gazetteer. */
export function placeTiles({ template, bounds }: TileSet): SourceSpecification {
  return { type: 'vector', tiles: [template], bounds: [...bounds], minzoom: 4, maxzoom: 12 }
}

/** The layers that a pointer finds places in. */
export const placeIds = ['places']

/** Kyrgyz and Tajik names side by side, one where they are equal; Russian where there is neither. */
const cyrillic: ExpressionSpecification = [
  'case',
  ['all', ['has', 'name_ky'], ['has', 'name_tg'], ['!=', get('name_ky'), get('name_tg')]],
  ['concat', get('name_ky'), ' · ', get('name_tg')],
  ['coalesce', get('name_ky'), get('name_tg'), get('name_ru'), ''],
]

/** The name in the reader's language, where there is one, and below it the other: no name takes the place of another. */
function bothNames(lang: Language): ExpressionSpecification {
  const pair = (first: ExpressionSpecification, second: ExpressionSpecification): ExpressionSpecification => [
    'format',
    first,
    {},
    ['case', ['==', second, ''], '', ['concat', '\n', second]],
    { 'font-scale': 0.86, 'text-font': ['literal', [regular]] },
  ]
  const latin = pair(get('label'), cyrillic)
  if (lang === 'en') return latin
  const own = get(`name_${lang}`)
  return ['case', ['==', ['coalesce', own, get('label')], get('label')], latin, pair(own, get('label'))]
}

export function placeLayers({ palette: p, lang }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'places',
      type: 'symbol',
      source: 'places',
      'source-layer': 'places',
      // The zoom from which each kind is named.
      filter: ['all', ['>=', ['zoom'], byKind(4, 6, 8, 9, 10)], namable],
      layout: {
        'icon-image': 'place',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-optional': true,
        'symbol-sort-key': byKind(1, 2, 3, 4, 5),
        'text-field': bothNames(lang),
        'text-font': byFont,
        'text-size': byKind(13.5, 12.5, 12, 11.5, 11),
        'text-variable-anchor': ['left', 'right', 'top', 'bottom', 'top-left', 'top-right', 'bottom-left'],
        // A symbol is likely to stand where something happened: the name keeps its distance.
        'text-radial-offset': ['case', ['>', ['coalesce', get('incidents'), 0], 0], 1.35, 0.6],
        'text-justify': 'auto',
        'text-max-width': 9,
        'text-line-height': 1.15,
        'text-padding': 3,
      },
      paint: { 'text-color': p.text, 'text-halo-color': p.halo, 'text-halo-width': 1.5 },
    },
  ]
}

const byFont: ExpressionSpecification = [
  'match',
  get('kind'),
  'city',
  ['literal', [semibold]],
  ['literal', [regular]],
]

export function largeNames({ palette: p, lang }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'place-country',
      type: 'symbol',
      source: 'labels',
      filter: is('kind', 'country'),
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
      source: 'labels',
      filter: is('kind', 'study_area'),
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
