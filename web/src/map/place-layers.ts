// Names: of places, regions and states.
import type { ExpressionSpecification, LayerSpecification } from '@maplibre/maplibre-gl-style-spec'
import { get, regionNames, regular, semibold } from './base'
import type { StyleInput } from './layers'

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

/** The layers that a pointer finds places in. */
export const placeIds = placeClasses.flatMap(c => [`place-${c.id}`, `place-dot-${c.id}`])

export function placeLayers({ palette: p }: StyleInput): LayerSpecification[] {
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

export function largeNames({ palette: p, lang }: StyleInput): LayerSpecification[] {
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
