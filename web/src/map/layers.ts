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
import { baseLayers, baseSource, get, grow, is, lines, polygons, regular } from './base'
import { focusPoints, incidentLayers, incidentTiles, incidentTilesLayer, merging } from './incident-layers'
import { contextLook, type LineLook, lineLooks, otherLook } from './looks'
import { largeNames, placeLayers, placeTiles } from './place-layers'
import { drawnMark, emptyCollection } from './sources'

/** Vector tiles: the template of their addresses, and where there are any. */
export interface TileSet {
  readonly template: string
  readonly bounds: BBox
}

export interface StyleInput {
  readonly palette: Palette
  readonly hide: readonly LayerId[]
  readonly metric: Metric
  /** Template of the vector tiles that bring the incidents, and where there are any; null for none. */
  readonly tiles: TileSet | null
  /** Those of the places, likewise. */
  readonly places: TileSet | null
  readonly fonts: FontFacesSpecification
  readonly lang: Language
  /** The template of the tiles of the base map. */
  readonly base: string
}

export const maxZoom = 14

function geojson(data: FeatureCollection = emptyCollection): SourceSpecification {
  return { type: 'geojson', data }
}

export function sources(input: StyleInput): Record<string, SourceSpecification> {
  return {
    base: baseSource(input.base),
    // Few sources: each costs a question to the worker and a mask for each tile of the screen.
    lines: geojson(),
    rings: geojson(),
    ...(input.places === null ? {} : { places: placeTiles(input.places) }),
    labels: geojson(),
    focus: geojson(),
    extra: geojson(),
    ...(input.tiles === null ? {} : { 'incident-tiles': incidentTiles(input.tiles) }),
    incidents: merging(input.metric, maxZoom),
  }
}

function areaLayers({ palette: p }: StyleInput): LayerSpecification[] {
  return [
    {
      id: 'areas-fill',
      type: 'fill',
      source: 'lines',
      filter: is('layer', 'area'),
      paint: { 'fill-color': p.area, 'fill-opacity': 0.08, 'fill-antialias': false },
    },
    {
      id: 'areas-line',
      type: 'line',
      source: 'lines',
      filter: is('layer', 'area'),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': p.area,
        'line-width': 1.3,
        'line-dasharray': [2, 2.4],
        'line-opacity': 0.85,
      },
    },
  ]
}

/** Segments of the border, and not those shown for context only. */
function boundary(...more: ExpressionSpecification[]): ExpressionSpecification {
  return ['all', is('layer', 'segment'), ['!=', get('role'), 'context'], ...more]
}

function statusLayer(status: string, look: LineLook, p: Palette): LayerSpecification {
  return {
    id: `segments-${status}`,
    type: 'line',
    source: 'lines',
    filter: boundary(is('status', status)),
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
      source: 'lines',
      filter: ['all', is('layer', 'other'), ['!=', get('role'), 'context']],
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
      source: 'lines',
      filter: boundary(),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': p.lineHalo, 'line-width': grow(6), 'line-opacity': 0.7 },
    },
    {
      id: 'segments-context',
      type: 'line',
      source: 'lines',
      filter: ['all', is('layer', 'segment'), is('role', 'context')],
      paint: {
        'line-color': p.lineSoft,
        'line-width': contextLook.width,
        'line-dasharray': [...(contextLook.dash ?? [])],
      },
    },
    {
      id: 'segments-between',
      type: 'line',
      source: 'lines',
      filter: boundary(is('status', 'contested')),
      paint: { 'line-color': p.lineSoft, 'line-width': grow(3.6), 'line-opacity': 0.28 },
    },
    ...Object.entries(lineLooks).map(([status, look]) => statusLayer(status, look, p)),
    {
      id: 'segments-label',
      type: 'symbol',
      source: 'lines',
      minzoom: 8.2,
      filter: boundary(['!=', get('status'), 'unknown']),
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
      source: 'lines',
      filter: is('layer', 'segment'),
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

/** The outline of a drawn or typed area, or a feature of a further layer. */
function drawn(yes: boolean): ExpressionSpecification {
  return yes ? ['has', drawnMark] : ['!', ['has', drawnMark]]
}

/** Further layers, drawn neutrally below our own; a drawn area. */
function extraLayers({ palette: p }: StyleInput): LayerSpecification[] {
  const colour = p.extra
  return [
    {
      id: 'extra-fill',
      type: 'fill',
      source: 'extra',
      filter: ['all', drawn(false), polygons],
      paint: { 'fill-color': colour, 'fill-opacity': 0.1, 'fill-outline-color': colour },
    },
    {
      id: 'extra-line',
      type: 'line',
      source: 'extra',
      filter: ['all', drawn(false), ['!=', ['geometry-type'], 'Point']],
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
      source: 'extra',
      filter: drawn(true),
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

/** The layers in drawing order; a hidden group is left out altogether. */
export function layers(input: StyleInput): LayerSpecification[] {
  const shown = (id: LayerId, make: (i: StyleInput) => LayerSpecification[]) =>
    input.hide.includes(id) ? [] : make(input)
  return [
    ...baseLayers(input.palette, input.lang),
    ...shown('areas', areaLayers),
    ...shown('rings', ringLayers),
    ...shown('segments', segmentLayers),
    ...shown('places', largeNames),
    ...(input.places === null ? [] : shown('places', placeLayers)),
    ...extraLayers(input),
    ...focusShapes(input),
    ...(input.tiles === null ? [] : [incidentTilesLayer]),
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
