// How fine the map is drawn where the processor draws it: every pixel costs then, and a page that waits for frames
// answers nobody.
import type { Map as GlMap } from 'maplibre-gl'

/** Pixels of the drawing for each of the page while the map loads or moves. */
export const coarse = 0.4

/** While the map loads, frames are this far apart, and pictures of them, in ms. */
const frames = 100
const pictures = 400

/**
 * Draws a map that loads only so often, and once all is there: each piece that comes asks for a frame, and each frame
 * costs the processor as much as one that moves. What moves is drawn always. The first picture is shown when it is done.
 * The answer tells whether all that there is was drawn, and is shown.
 */
export function drawSeldom(map: GlMap, shown: () => void): () => boolean {
  const { painter } = map
  const canvas = map.getCanvas()
  const [draw, repaint] = [painter.render.bind(painter), map.triggerRepaint.bind(map)]
  let [frame, picture, waiting] = [-frames, -pictures, 0]
  const loading = () => !map.isMoving() && !map.loaded()
  const later = (rest: number) => {
    waiting ||= window.setTimeout(() => {
      waiting = 0
      repaint()
    }, rest)
  }
  // A page that shows what is not drawn yet waits for it; hidden, it is drawn beside the page.
  canvas.style.visibility = 'hidden'
  let [hidden, whole] = [true, false]
  const started = performance.now()
  const lookAgain = (drawn: () => boolean, showing: boolean) => {
    clearTimeout(waiting)
    waiting = window.setTimeout(() => {
      if (!drawn()) return lookAgain(drawn, showing)
      waiting = 0
      hidden = !showing
      if (showing) canvas.style.visibility = ''
      if (showing) shown()
      repaint()
    }, 10)
  }
  map.triggerRepaint = () => {
    const rest = frame + frames - performance.now()
    if (waiting !== 0 && hidden) return
    if (rest > 0 && loading()) later(rest)
    else repaint()
  }
  painter.render = (...all) => {
    frame = performance.now()
    const rest = picture + pictures - frame
    if (rest > 0 && loading()) return later(rest)
    whole = inSteps(painter, () => draw(...all))
    if (whole) picture = frame
    if (!hidden && !whole) later(0)
    if (!hidden) return
    const show = whole && (map.loaded() || frame - started > patience)
    if (whole && !show) later(pictures)
    else lookAgain(finished(painter.context.gl), show)
  }
  map.on('remove', () => clearTimeout(waiting))
  return () => whole && !hidden
}

/** What comes or is drawn later than this is not waited for, in ms. */
const patience = 2500

/** Asks whether the drawing so far is done, without waiting for it: after a while it counts as done. */
function finished(gl: WebGL2RenderingContext | WebGLRenderingContext): () => boolean {
  if (!(gl instanceof WebGL2RenderingContext)) return () => true
  const all = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
  gl.flush()
  const end = performance.now() + patience
  return () => !all || gl.clientWaitSync(all, 0, 0) !== gl.TIMEOUT_EXPIRED || performance.now() > end
}

const enough = Symbol('enough for one picture')

/**
 * Draws a picture as far as the second program that the processor has to make for it: the page waits for each, and for
 * what is drawn by it the first time. So the map comes in several short steps. The answer tells whether all is drawn.
 */
function inSteps({ context: { gl } }: GlMap['painter'], draw: () => void): boolean {
  let made = 0
  gl.createProgram = () => {
    if (made > 0) throw enough
    made++
    return WebGL2RenderingContext.prototype.createProgram.call(gl)
  }
  try {
    draw()
    return true
  } catch (err) {
    if (err !== enough) throw err
    return false
  } finally {
    // What the context has of its own hides what all contexts have.
    delete (gl as Partial<typeof gl>).createProgram
  }
}

/**
 * Draws a map that begins coarse with all pixels of the page once it rests, and coarse again while it moves. The
 * answer draws it with all pixels at once, whatever it does.
 */
export function sharpenAtRest(map: GlMap, drawn: () => boolean): () => void {
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
    if (drawn() && waiting === 0 && map.getPixelRatio() === coarse)
      waiting = window.setTimeout(() => draw(1), 250)
  })
  map.on('remove', () => clearTimeout(waiting))
  return () => draw(1)
}
