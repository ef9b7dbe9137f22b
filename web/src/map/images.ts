// Images of the map, drawn on a canvas when the style first asks for them.
import type { Palette } from '../palette'
import { type Look, lookNamed, symbolOf } from '../symbols'

const ratio = 2
const box = 34 // CSS pixels; the symbol takes 24 of them, the rest is room for badge and halo

/** The image of a name, or null for a name that is not ours. Pixel ratio 2. */
export function draw(name: string, p: Palette): ImageData | null {
  if (name === 'merged') return paint(36, 30, g => merged(g, p))
  const look = lookNamed(name)
  return look && paint(box, box, g => incident(g, look, p))
}

export const pixelRatio = ratio

function paint(width: number, height: number, how: (g: CanvasRenderingContext2D) => void): ImageData | null {
  const canvas = document.createElement('canvas')
  canvas.width = width * ratio
  canvas.height = height * ratio
  const g = canvas.getContext('2d')
  if (!g) return null
  g.scale(ratio, ratio)
  g.lineJoin = 'round'
  g.lineCap = 'round'
  how(g)
  return g.getImageData(0, 0, canvas.width, canvas.height)
}

function incident(g: CanvasRenderingContext2D, look: Look, p: Palette) {
  const s = symbolOf(look.kind)
  const outline = new Path2D(s.outline)
  const colour = look.certain ? p.incident : p.unsure
  if (look.vague) frame(g, p)
  g.save()
  g.translate((box - 24) / 2, (box - 24) / 2)
  g.strokeStyle = p.halo
  g.lineWidth = 4
  g.stroke(outline)
  g.fillStyle = look.figure ? colour : p.halo
  g.fill(outline)
  g.strokeStyle = colour
  g.lineWidth = 1.8
  g.setLineDash(look.certain ? [] : [2.6, 2.6])
  g.stroke(outline)
  g.setLineDash([])
  g.strokeStyle = look.figure ? p.onIncident : colour
  g.lineWidth = 1.9
  g.stroke(new Path2D(s.sign))
  g.restore()
  if (look.conflict) badge(g, p)
}

/** A dotted square round the symbol: it stands for a district or more, not for a point. */
function frame(g: CanvasRenderingContext2D, p: Palette) {
  g.strokeStyle = p.ring
  g.lineWidth = 1.4
  g.setLineDash([0.1, 3.3])
  g.strokeRect(1.2, 1.2, box - 2.4, box - 2.4)
  g.setLineDash([])
}

/** "≠" in a small disc at the upper right. Drawn, not written: the fonts' subsets lack the sign. */
function badge(g: CanvasRenderingContext2D, p: Palette) {
  g.translate(box - 7.5, 7.5)
  g.beginPath()
  g.arc(0, 0, 6.4, 0, 2 * Math.PI)
  g.fillStyle = p.badge
  g.fill()
  g.strokeStyle = p.onBadge
  g.lineWidth = 1.3
  g.stroke()
  g.lineWidth = 1.4
  g.stroke(new Path2D('M-3.2 -1.5H3.2M-3.2 1.5H3.2M2 -3.6 -2 3.6'))
}

/** Two leaves, one behind the other: several incidents in one symbol. */
function merged(g: CanvasRenderingContext2D, p: Palette) {
  const leaf = (x: number, y: number) => {
    g.beginPath()
    g.roundRect(x, y, 27, 21, 5)
    g.fillStyle = p.halo
    g.fill()
    g.strokeStyle = p.incident
    g.lineWidth = 1.5
    g.stroke()
  }
  leaf(7, 2.5)
  leaf(4.5, 5)
}
