// Images of the map, drawn on a canvas when the style first asks for them.
import type { Palette } from '../palette'
import { hollowRadius, type Look, lookNamed, measuresOf } from '../symbols'

const ratio = 2

/** The image of a name, or null for a name that is not ours. Pixel ratio 2. */
export function draw(name: string, p: Palette): ImageData | null {
  if (name === 'place') return paint(8, 8, g => place(g, p))
  if (name === 'merged') return paint(46, 38, g => merged(g, p))
  const look = lookNamed(name)
  if (!look) return null
  const { half } = measuresOf(look)
  return paint(2 * half, 2 * half, g => incident(g, look, p))
}

export const pixelRatio = ratio

type Pen = CanvasRenderingContext2D

/** Draws on a canvas of so many pixels; null where the browser has none. */
function paint(width: number, height: number, how: (g: Pen) => void): ImageData | null {
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width * ratio)
  canvas.height = Math.ceil(height * ratio)
  const g = canvas.getContext('2d')
  if (!g) return null
  g.scale(ratio, ratio)
  g.lineJoin = 'round'
  g.lineCap = 'round'
  how(g)
  return g.getImageData(0, 0, canvas.width, canvas.height)
}

/** The symbol with its centre in the middle of the box; also used for the legend of a picture. */
export function incident(g: Pen, look: Look, p: Palette) {
  const { disc, ring, open, half } = measuresOf(look)
  const colour = look.certain ? p.incident : p.unsure
  const circle = (r: number) => {
    g.beginPath()
    g.arc(half, half, r, 0, 2 * Math.PI)
  }
  if (look.vague) square(g, half, p)
  // A halo parts the symbol from lines and names below it.
  circle((ring ?? hollowRadius) + 1.4)
  g.fillStyle = p.halo
  g.globalAlpha = 0.82
  g.fill()
  g.globalAlpha = 1
  g.strokeStyle = colour
  if (ring === null) {
    circle(hollowRadius)
    g.fillStyle = p.halo
    g.fill()
    g.lineWidth = 1.7
    if (!look.certain) g.setLineDash([2.2, 2.4])
    g.stroke()
  } else {
    circle(ring)
    g.fillStyle = colour
    g.globalAlpha = 0.16
    g.fill()
    g.globalAlpha = 1
    g.lineWidth = 1.5
    g.setLineDash(open ? [3.4, 3] : look.certain ? [] : ring < 6 ? [2.6, 2.6] : [1, 3])
    g.stroke()
  }
  g.setLineDash([])
  if (disc !== null) {
    circle(disc)
    g.fillStyle = colour
    g.fill()
  }
  if (look.conflict) badge(g, half, (ring ?? hollowRadius) * 0.72, p)
}

/** A hatched square: the position stands for a district or more, not for a point. */
function square(g: Pen, half: number, p: Palette) {
  const [a, b] = [1.5, 2 * half - 1.5]
  g.save()
  g.beginPath()
  g.roundRect(a, a, b - a, b - a, 3)
  g.fillStyle = p.halo
  g.globalAlpha = 0.7
  g.fill()
  g.clip()
  g.globalAlpha = 0.5
  g.strokeStyle = p.ring
  g.lineWidth = 0.8
  for (let x = -2 * half; x < 2 * half; x += 5) {
    g.beginPath()
    g.moveTo(x, 2 * half)
    g.lineTo(x + 2 * half, 0)
    g.stroke()
  }
  g.restore()
  g.strokeStyle = p.ring
  g.lineWidth = 1
  g.setLineDash([3, 2.6])
  g.strokeRect(a, a, b - a, b - a)
  g.setLineDash([])
}

/** "≠" in a small disc at the upper right. Drawn, not written: the fonts' subsets lack the sign. */
function badge(g: Pen, half: number, out: number, p: Palette) {
  const at = Math.min(half + out, 2 * half - 6)
  g.save()
  g.translate(at, 2 * half - at)
  g.beginPath()
  g.arc(0, 0, 5.4, 0, 2 * Math.PI)
  g.fillStyle = p.badge
  g.fill()
  g.strokeStyle = p.onBadge
  g.lineWidth = 1.2
  g.stroke()
  g.stroke(new Path2D('M-2.7 -1.3H2.7M-2.7 1.3H2.7M1.7 -3.1 -1.7 3.1'))
  g.restore()
}

/** Where a named place is. */
function place(g: Pen, p: Palette) {
  g.beginPath()
  g.arc(4, 4, 2.3, 0, 2 * Math.PI)
  g.fillStyle = p.halo
  g.fill()
  g.strokeStyle = p.textSoft
  g.lineWidth = 1.1
  g.stroke()
}

/** A leaf before another: several incidents in one symbol. */
function merged(g: Pen, p: Palette) {
  const leaf = (x: number, y: number) => {
    g.beginPath()
    g.roundRect(x, y, 40, 32, 6)
    g.fillStyle = p.halo
    g.fill()
    g.strokeStyle = p.incident
    g.lineWidth = 1.4
    g.stroke()
  }
  leaf(4.6, 1.4)
  leaf(1.4, 4.6)
}
