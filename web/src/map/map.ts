// The only file that touches maplibre-gl. Loaded by import() after the shell, so that the list never waits for it.

import cyr4 from '@fontsource/noto-sans/files/noto-sans-cyrillic-400-normal.woff2?url'
import cyr6 from '@fontsource/noto-sans/files/noto-sans-cyrillic-600-normal.woff2?url'
import cyrExt4 from '@fontsource/noto-sans/files/noto-sans-cyrillic-ext-400-normal.woff2?url'
import cyrExt6 from '@fontsource/noto-sans/files/noto-sans-cyrillic-ext-600-normal.woff2?url'
import latin4 from '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2?url'
import latin6 from '@fontsource/noto-sans/files/noto-sans-latin-600-normal.woff2?url'
import latinExt4 from '@fontsource/noto-sans/files/noto-sans-latin-ext-400-normal.woff2?url'
import type { FontFacesSpecification } from '@maplibre/maplibre-gl-style-spec'
import { type GeoJSONSource, Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type { Palette } from '../palette'
import { legendRoom } from '../start'
import type { BBox, LayerId, View } from '../state'
import { viewOf } from '../state'
import { regular, semibold } from './base'
import { draw, pixelRatio } from './images'
import { incidentTiles, incidentTilesLayer } from './incident-layers'
import { maxZoom, type StyleInput, style } from './layers'
import { pointer } from './pointer'
import { reporter } from './report'
import { coarse, drawSeldom, sharpenAtRest } from './sharpness'
import type { Scene } from './sources'
import * as source from './sources'

setWorkerUrl(workerUrl)

// As in the packages' own style sheets; each file is fetched only when a label needs it.
const ranges = {
  latin: ['U+0000-00FF', 'U+0131', 'U+0152-0153', 'U+02BB-02BC', 'U+02C6', 'U+02DA', 'U+02DC', 'U+2000-206F'],
  latinExt: ['U+0100-012F', 'U+0130', 'U+0132-0151', 'U+0154-02BA', 'U+1E00-1EFF'],
  cyrillic: ['U+0301', 'U+0400-045F', 'U+0490-0491', 'U+04B0-04B1', 'U+2116'],
  cyrillicExt: ['U+0460-048F', 'U+0492-04AF', 'U+04B2-052F', 'U+1C80-1C8A', 'U+2DE0-2DFF', 'U+A640-A69F'],
}
const fonts: FontFacesSpecification = {
  [regular]: [
    { url: absolute(latin4), 'unicode-range': ranges.latin },
    { url: absolute(latinExt4), 'unicode-range': ranges.latinExt },
    { url: absolute(cyr4), 'unicode-range': ranges.cyrillic },
    { url: absolute(cyrExt4), 'unicode-range': ranges.cyrillicExt },
  ],
  [semibold]: [
    { url: absolute(latin6), 'unicode-range': ranges.latin },
    { url: absolute(latinExt4), 'unicode-range': ranges.latinExt },
    { url: absolute(cyr6), 'unicode-range': ranges.cyrillic },
    { url: absolute(cyrExt6), 'unicode-range': ranges.cyrillicExt },
  ],
}

function absolute(url: string): string {
  return new URL(url, location.href).href
}

const baseTemplate = `${location.origin}/basemap/tiles/WebMercatorQuad/{z}/{y}/{x}`

export interface MapEvents {
  readonly viewed: (view: View) => void
  readonly selected: (id: string) => void
  readonly segment: (id: string) => void
  readonly hovered: (id: string | null) => void
  readonly hoveredSegment: (id: string | null) => void
  /** Several incidents at one point: fills the box with their list, returns how to empty it. */
  readonly pile: (box: HTMLElement, ids: readonly string[], close: () => void) => () => void
  /** More at one spot than a list of a popup is for. */
  readonly crowd: (box: BBox) => void
  /** There is something to see. */
  readonly shown: () => void
  readonly lost: () => void
  readonly baseFailed: () => void
  readonly tilesFailed: () => void
  readonly placesFailed: () => void
}

export interface MapWords {
  readonly label: string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly close: string
  readonly metres: string
  readonly kilometres: string
}

export interface Frame {
  readonly scene: Scene
  readonly palette: Palette
  readonly hide: readonly LayerId[]
  /** Where to look; null means: show the box. */
  readonly view: View | null
  readonly box: BBox
  readonly embed: boolean
  /** Whether the browser draws without a graphics card. */
  readonly software: boolean
  /** Vector tiles of incidents; null where there are none, or nobody knows yet. */
  readonly tiles: StyleInput['tiles']
  /** Whether every answer that is drawn has come, or is known not to. */
  readonly complete: boolean
  readonly places: StyleInput['places']
}

export interface MapHandle {
  readonly show: (frame: Frame) => void
  /** Brings a box into sight if it is not, or is but a speck. */
  readonly reveal: (box: BBox) => void
  readonly bounds: () => BBox
  /** Lets the reader draw an area; returns how to stop. */
  readonly sketch: (done: (ring: readonly (readonly number[])[]) => void) => Promise<() => void>
  /** How wide it is on the screen, in CSS pixels. */
  readonly width: () => number
  /** What is drawn now, on a canvas of its own. */
  readonly picture: () => Promise<HTMLCanvasElement>
  readonly remove: () => void
}

export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export function start(container: HTMLElement, first: Frame, words: MapWords, on: MapEvents): MapHandle {
  let frame = first
  /** The tiles that the map's style has. */
  let tiled = first.tiles
  const styleOf = (f: Frame) => {
    tiled = f.tiles
    return style({
      palette: f.palette,
      hide: f.hide,
      metric: f.scene.metric,
      lang: f.scene.lang,
      tiles: f.tiles,
      places: f.places,
      fonts,
      base: baseTemplate,
    })
  }
  const { software } = first
  const map = new GlMap({
    container,
    style: styleOf(first),
    // Held to the specification by a test.
    validateStyle: false,
    attributionControl: false,
    maxZoom,
    minZoom: 4.4,
    maxBounds: [
      [54, 29],
      [88, 51],
    ],
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    ...(software ? { pixelRatio: coarse } : {}),
    // In a frame the wheel belongs to the page round it.
    cooperativeGestures: first.embed,
    renderWorldCopies: false,
    ...(first.view
      ? { center: [first.view.lon, first.view.lat], zoom: first.view.zoom }
      : { bounds: lngLat(first.box), fitBoundsOptions: { padding: padding(container) } }),
    locale: {
      'Map.Title': words.label,
      'NavigationControl.ZoomIn': words.zoomIn,
      'NavigationControl.ZoomOut': words.zoomOut,
      'Popup.Close': words.close,
      'ScaleControl.Meters': words.metres,
      'ScaleControl.Kilometers': words.kilometres,
    },
  })
  const drawn = software ? drawSeldom(map, on.shown) : () => true
  if (!software) on.shown()
  const sharpen = software ? sharpenAtRest(map, drawn) : () => {}
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-right')
  map.setMissingStyleImageResolver(id => {
    const image = draw(id, frame.palette)
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio })
  })

  const put = feeder(map)
  map.on('style.load', () => {
    if (tiled !== frame.tiles) retile(map, frame.tiles)
    tiled = frame.tiles
    put.scene(frame.scene, true)
  })
  gather(map, put.points)
  const reporting = reporter(map, container, () => frame.complete && drawn())
  map.on('error', e => {
    console.error(e.error)
    const { sourceId } = e as { sourceId?: string }
    if (sourceId === 'base') on.baseFailed()
    if (sourceId === 'incident-tiles') on.tilesFailed()
    if (sourceId === 'places') on.placesFailed()
  })
  map.on('webglcontextlost', on.lost)
  let sketching = false
  pointer(map, on, () => sketching)

  // A view is told only when someone moved the map; the first fit of a box is not a choice.
  let asked: View | null = first.view
  let moved = false
  map.on('movestart', e => {
    if ((e as { originalEvent?: Event }).originalEvent) moved = true
  })
  map.on('moveend', () => {
    if (!moved && asked === null) return
    moved = false
    asked = here(map)
    on.viewed(asked)
  })
  const look = (f: Frame, was: Frame) => {
    if (f.view) {
      if (same(f.view, here(map)) || (asked && same(f.view, asked))) return
      asked = f.view
      map.jumpTo({ center: [f.view.lon, f.view.lat], zoom: f.view.zoom })
    } else if (was.view !== null || f.box.join() !== was.box.join()) {
      asked = null
      moved = false
      map.fitBounds(lngLat(f.box), {
        padding: padding(container),
        maxZoom: 11,
        animate: !still(),
        duration: 700,
      })
    }
  }
  return {
    show(next) {
      const was = frame
      frame = next
      reporting.changed(was.complete)
      if (next.palette !== was.palette) for (const id of map.listImages()) map.removeImage(id)
      const { metric } = next.scene
      const restyled =
        next.palette !== was.palette ||
        next.hide !== was.hide ||
        next.places !== was.places ||
        next.scene.lang !== was.scene.lang ||
        metric !== was.scene.metric
      if (restyled) {
        map.setStyle(styleOf(next), { diff: next.palette === was.palette, validate: false })
        put.scene(next.scene, true)
      } else {
        if (next.tiles !== was.tiles && map.getSource('focus')) {
          retile(map, next.tiles)
          tiled = next.tiles
        }
        put.scene(next.scene, false)
      }
      if (next.tiles === null && was.tiles !== null) put.points([])
      look(next, was)
    },
    reveal(b) {
      const inside = map.getBounds()
      const [w, s, e, n] = b
      const seen = inside.contains([w, s]) && inside.contains([e, n])
      if (seen) return
      moved = true
      if (w === e && s === n) {
        map.easeTo({ center: [w, s], zoom: Math.max(map.getZoom(), 8), animate: !still(), duration: 500 })
      } else map.fitBounds(lngLat(b), { padding: 60, maxZoom: 11, animate: !still(), duration: 500 })
    },
    bounds() {
      const b = map.getBounds()
      return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]
    },
    async sketch(done) {
      const { sketch } = await import('./draw')
      const stop = sketch(map, frame.palette, done)
      sketching = true
      return () => {
        sketching = false
        stop()
      }
    },
    width: () => container.clientWidth,
    picture: () => picture(map, sharpen, drawn),
    remove: () => map.remove(),
  }
}

/** How long a picture waits for tiles that do not come, in ms. */
const patience = 10_000

/** A copy of the drawing with all its pixels, taken as soon as everything is in it. */
function picture(map: GlMap, sharpen: () => void, drawn: () => boolean): Promise<HTMLCanvasElement> {
  return new Promise(resolve => {
    const began = performance.now()
    // The drawing is there to be read only while it is being made.
    const taken = () => {
      const late = performance.now() - began > patience
      if (!late && (map.isMoving() || !map.loaded() || !drawn())) {
        setTimeout(() => map.triggerRepaint(), 50)
        return
      }
      const from = map.getCanvas()
      const copy = document.createElement('canvas')
      copy.width = from.width
      copy.height = from.height
      copy.getContext('2d')?.drawImage(from, 0, 0)
      map.off('render', taken)
      resolve(copy)
    }
    map.on('render', taken)
    sharpen()
    map.triggerRepaint()
  })
}

/** Room for the legend, which stands open on large maps. */
function padding(container: HTMLElement) {
  return { top: 26, right: 50, bottom: 26, left: container.clientWidth >= legendRoom ? 268 : 26 }
}

function lngLat([w, s, e, n]: BBox): [[number, number], [number, number]] {
  return [
    [w, s],
    [e, n],
  ]
}

function here(map: GlMap): View {
  const c = map.getCenter()
  return viewOf(c.lng, c.lat, map.getZoom())
}

function same(a: View, b: View): boolean {
  return a.lon === b.lon && a.lat === b.lat && a.zoom === b.zoom
}

/**
 * Asks for other tiles of incidents, or for the same anew, by a source in the place of the old one: told other addresses
 * while tiles are on their way, a source of the library may never ask for some. What is drawn stays until they have come.
 */
function retile(map: GlMap, tiles: Frame['tiles']) {
  if (map.getLayer(incidentTilesLayer.id)) map.removeLayer(incidentTilesLayer.id)
  if (map.getSource('incident-tiles')) map.removeSource('incident-tiles')
  if (tiles === null) return
  map.addSource('incident-tiles', incidentTiles(tiles))
  map.addLayer(incidentTilesLayer)
}

/** Hands on what the tiles hold, each time that all that are in sight have come. */
function gather(map: GlMap, put: (points: readonly source.TilePoint[]) => void) {
  let fresh = false
  map.on('sourcedata', e => {
    if (e.sourceId === 'incident-tiles') fresh = true
  })
  map.on('render', () => {
    if (!fresh) return
    const there = map.getSource('incident-tiles') !== undefined
    if (there && !map.isSourceLoaded('incident-tiles')) return
    fresh = false
    put(
      there ? source.tilePoints(map.querySourceFeatures('incident-tiles', { sourceLayer: 'incidents' })) : [],
    )
  })
}

/** Hands each source its data when, and only when, what it is made of has changed. */
function feeder(map: GlMap) {
  let last: Scene | null = null
  let drawn: readonly source.TilePoint[] = []
  const set = (id: string, data: GeoJSON.FeatureCollection) =>
    (map.getSource(id) as GeoJSONSource | undefined)?.setData(data)
  const putPoints = () => {
    set('incidents', source.points(drawn))
    set('rings', source.uncertaintyRings(drawn))
  }
  const points = (next: readonly source.TilePoint[]) => {
    drawn = next
    putPoints()
  }
  const scene = (s: Scene, all: boolean) => {
    if (!map.isStyleLoaded() && !map.getSource('focus')) return
    const put = (id: string, changed: boolean, make: () => GeoJSON.FeatureCollection) => {
      if (all || changed) set(id, make())
    }
    const l = last
    if (all) putPoints()
    const lines = s.segments !== l?.segments || s.others !== l?.others
    put('lines', lines || s.areas !== l?.areas || s.area !== l?.area, () => source.borderLines(s))
    put('extra', s.extra !== l?.extra || s.corners !== l?.corners, () =>
      source.extraFeatures(s.extra, s.corners),
    )
    put('labels', s.areas !== l?.areas || s.lang !== l?.lang, () => source.areaLabels(s.areas, s.areaName))
    const aim =
      s.sel !== l?.sel ||
      s.seg !== l?.seg ||
      s.hovered !== l?.hovered ||
      s.hoveredSegment !== l?.hoveredSegment
    put('focus', aim || s.incidents !== l?.incidents || s.segments !== l?.segments, () =>
      source.focus(s, drawn),
    )
    last = s
  }
  return { scene, points }
}
