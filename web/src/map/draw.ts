// Drawing an area on the map by pointer. The only file that touches terra-draw; fetched when someone draws.
import type { Map as GlMap } from 'maplibre-gl'
import { type HexColor, TerraDraw, TerraDrawPolygonMode } from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { Palette } from '../palette'

/** Takes clicks as corners until the area is closed; returns how to stop before. Degrees, lon and lat. */
export function sketch(
  map: GlMap,
  palette: Palette,
  done: (ring: readonly (readonly number[])[]) => void,
): () => void {
  const colour = palette.chosen as HexColor
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map }),
    modes: [
      new TerraDrawPolygonMode({
        styles: { fillColor: colour, fillOpacity: 0.1, outlineColor: colour, outlineWidth: 2 },
      }),
    ],
  })
  const stop = () => {
    if (draw.enabled) draw.stop()
    removeEventListener('keydown', key, true)
  }
  const key = (e: KeyboardEvent) => {
    if (e.key !== 'Escape') return
    e.preventDefault()
    done([])
  }
  draw.on('finish', id => {
    const f = draw.getSnapshot().find(f => f.id === id)
    const ring = f?.geometry.type === 'Polygon' ? (f.geometry.coordinates[0] ?? []) : []
    // Not within the library's own event.
    setTimeout(() => done(ring), 0)
  })
  addEventListener('keydown', key, true)
  draw.start()
  draw.setMode('polygon')
  return stop
}
