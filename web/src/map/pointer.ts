// What the pointer does on the map.
import {
  type GeoJSONSource,
  type Map as GlMap,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  Popup,
} from 'maplibre-gl'
import { type BBox, bboxOf } from '../state'
import { ownNames } from '../text'
import { maxZoom } from './layers'
import { type MapEvents, still } from './map'
import { placeIds } from './place-layers'
import { allNames } from './sources'

type Named = keyof typeof ownNames

const symbols = ['focus-icon', 'incidents', 'incidents-merged']

/** Follows the pointer: what it points at, and what a click on it opens; while clicks are `taken` for something else, nothing. */
export function pointer(map: GlMap, on: MapEvents, taken: () => boolean) {
  const under = (e: MapMouseEvent, layers: string[]): MapGeoJSONFeature | undefined => {
    const known = layers.filter(id => map.getLayer(id))
    const { x, y } = e.point
    return map.queryRenderedFeatures(
      [
        [x - 3, y - 3],
        [x + 3, y + 3],
      ],
      { layers: known },
    )[0]
  }
  let popup: Popup | null = null
  map.on('click', async e => {
    if (taken()) return
    const symbol = under(e, symbols)
    if (!symbol) {
      const line = under(e, ['segments-hit'])
      const extra = under(e, ['extra-point', 'extra-line', 'extra-fill'])
      if (line) on.segment(String(line.properties.id))
      else if (extra) popup = attributes(map, e, extra, popup)
      else name(e)
      return
    }
    const at = (symbol.geometry as GeoJSON.Point).coordinates as [number, number]
    const closer = (zoom: number) =>
      map.easeTo(
        { center: at, zoom: Math.min(maxZoom, zoom), animate: !still(), duration: 500 },
        { originalEvent: e.originalEvent },
      )
    const several = symbol.properties.point_count !== undefined
    if (!several && symbol.properties.count === undefined) return on.selected(String(symbol.properties.id))
    const { leaves, opens } = several ? await inCluster(map, symbol) : { leaves: [symbol], opens: Infinity }
    if (leaves.some(f => f.properties?.count !== undefined)) {
      // The server merged some: closer in it shows them; at the end, the list does.
      if (map.getZoom() < maxZoom) closer(Math.max(map.getZoom() + 2, several ? opens : 0))
      else on.crowd(boxAround(map, e))
      return
    }
    if (opens <= Math.min(maxZoom, map.getZoom() + 4) && !together(leaves)) {
      closer(opens + 0.2)
      return
    }
    popup?.remove()
    const box = document.createElement('div')
    const p = new Popup({ maxWidth: '320px', offset: 16, focusAfterOpen: true })
    box.addEventListener('keydown', ev => {
      if (ev.key !== 'Escape') return
      ev.stopPropagation()
      p.remove()
      map.getCanvas().focus()
    })
    const empty = on.pile(
      box,
      leaves.map(f => String(f.properties?.id)),
      () => p.remove(),
    )
    p.on('close', empty)
    p.setLngLat(at).setDOMContent(box).addTo(map)
    popup = p
  })
  const name = namesOfPlaces(map, e => under(e, placeIds))
  map.on('mousemove', e => {
    const symbol = under(e, symbols)
    const line = symbol ? undefined : under(e, ['segments-hit'])
    map.getCanvas().style.cursor = symbol || line ? 'pointer' : ''
    const alone =
      symbol && symbol.properties.point_count === undefined && symbol.properties.count === undefined
    on.hovered(alone ? String(symbol.properties.id) : null)
    on.hoveredSegment(line ? String(line.properties.id) : null)
    if (symbol || line) name(null)
    else name(e)
  })
  map.on('mouseout', () => {
    on.hovered(null)
    on.hoveredSegment(null)
    name(null)
  })
}

/** Shows what the place under the pointer is called in each language; null takes the names away. */
function namesOfPlaces(map: GlMap, find: (e: MapMouseEvent) => MapGeoJSONFeature | undefined) {
  const popup = new Popup({
    closeButton: false,
    closeOnClick: false,
    focusAfterOpen: false,
    offset: 12,
    className: 'place-names',
  })
  let shown: unknown = null
  return (e: MapMouseEvent | null) => {
    const place = e === null ? undefined : find(e)
    if (place?.properties.id === shown) return
    shown = place?.properties.id
    popup.remove()
    if (!place) return
    const list = document.createElement('dl')
    list.className = 'attributes'
    for (const [code, words] of allNames(place.properties) as [Named, string][]) {
      const name = element('dd', words)
      name.lang = code
      list.append(element('dt', ownNames[code]), name)
    }
    const at = (place.geometry as GeoJSON.Point).coordinates as [number, number]
    popup.setLngLat(at).setDOMContent(list).addTo(map)
  }
}

/** What a feature of a further layer says of itself. */
function attributes(map: GlMap, e: MapMouseEvent, f: MapGeoJSONFeature, last: Popup | null): Popup {
  last?.remove()
  const list = document.createElement('dl')
  list.className = 'attributes'
  for (const [name, value] of Object.entries(f.properties)) {
    if (value === null || value === '') continue
    list.append(element('dt', name), element('dd', String(value)))
  }
  const p = new Popup({ maxWidth: '320px', focusAfterOpen: true })
  return p.setLngLat(e.lngLat).setDOMContent(list).addTo(map)
}

function element(name: string, words: string): HTMLElement {
  const e = document.createElement(name)
  e.textContent = words
  return e
}

/** Whether all points lie within a few metres: no zoom will part them. */
function together(points: GeoJSON.Feature[]): boolean {
  const [a, ...others] = points.map(f => (f.geometry as GeoJSON.Point).coordinates)
  return (
    a !== undefined &&
    others.every(b => Math.hypot((b[0] ?? 0) - (a[0] ?? 0), (b[1] ?? 0) - (a[1] ?? 0)) < 2e-4)
  )
}

/** What a symbol that the library merged holds, and from which zoom on it falls apart. */
async function inCluster(map: GlMap, symbol: MapGeoJSONFeature) {
  const incidents = map.getSource('incidents') as GeoJSONSource
  const cluster = Number(symbol.properties.cluster_id)
  const [leaves, opens] = await Promise.all([
    incidents.getClusterLeaves(cluster, 200, 0),
    incidents.getClusterExpansionZoom(cluster),
  ])
  return { leaves, opens }
}

/** The box of a symbol round the pointer. */
function boxAround(map: GlMap, { point: { x, y } }: MapMouseEvent): BBox {
  const [sw, ne] = [map.unproject([x - 24, y + 24]), map.unproject([x + 24, y - 24])]
  return bboxOf(sw.lng, sw.lat, ne.lng, ne.lat)
}
