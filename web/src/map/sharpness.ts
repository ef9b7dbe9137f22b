// How fine the map is drawn where the processor draws it: every pixel costs then, and a page that waits for frames
// answers nobody.
import type { Map as GlMap } from 'maplibre-gl'

/** Pixels of the drawing for each of the page while the map loads or moves. */
export const coarse = 0.4

/** Whether the browser draws without a graphics card. */
export function drawsAlone(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2')
  const told = gl?.getExtension('WEBGL_debug_renderer_info')
  const name = gl && told ? String(gl.getParameter(told.UNMASKED_RENDERER_WEBGL)) : ''
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name)
}

/**
 * Draws a map that begins coarse with all pixels of the page once it rests, and coarse again while it moves. The
 * answer draws it with all pixels at once, whatever it does.
 */
export function sharpenAtRest(map: GlMap): () => void {
  let waiting = 0
  let ours = false // a change of the ratio tells of a movement, too
  const draw = (ratio: number) => {
    clearTimeout(waiting)
    waiting = 0
    if (map.getPixelRatio() === ratio) return
    ours = true
    map.setPixelRatio(ratio)
    ours = false
  }
  map.on('movestart', () => {
    if (!ours) draw(coarse)
  })
  map.on('idle', () => {
    if (waiting === 0 && map.getPixelRatio() === coarse) waiting = window.setTimeout(() => draw(1), 250)
  })
  map.on('remove', () => clearTimeout(waiting))
  return () => draw(1)
}
