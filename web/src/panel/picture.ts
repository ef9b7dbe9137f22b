// A picture of the map with what makes it readable elsewhere: the question in words, the legend, attribution, address.

import { incident } from '../map/images'
import { lineLooks } from '../map/looks'
import type { MapHandle } from '../map/map'
import { contrast, dark, light } from '../palette'
import { matched, onDate, segments, state } from '../store'
import { measuresOf } from '../symbols'
import { text, word } from '../text'
import { conditions } from './filters'
import { theme } from './mapbox'

/** The picture as PNG, at the resolution of the screen; null where the browser cannot make one. */
export async function picture(map: MapHandle): Promise<Blob | null> {
  const drawn = await map.picture()
  const width = map.width()
  const k = drawn.width / width
  const canvas = document.createElement('canvas')
  const g = canvas.getContext('2d')
  if (!g) return null
  const head = 58
  const foot = 96
  canvas.width = drawn.width
  canvas.height = drawn.height + Math.round((head + foot) * k)
  const p = { light, dark, contrast }[theme.peek()]
  g.fillStyle = p.halo
  g.fillRect(0, 0, canvas.width, canvas.height)
  g.drawImage(drawn, 0, Math.round(head * k))
  g.scale(k, k)
  const write = (words: string, x: number, y: number, font: string, colour: string) => {
    g.font = `${font} "Noto Sans", sans-serif`
    g.fillStyle = colour
    g.fillText(words, x, y, width - x - 12)
  }
  const t = text()
  const { asof, metric } = state.peek()
  write(t.take.count(matched.peek()), 14, 25, '600 16px', p.text)
  const known = asof === null ? [] : [t.take.asof(t.date(asof))]
  write(
    [...conditions(), t.legend.segments(t.date(onDate.peek())), ...known].join(' · '),
    14,
    46,
    '13px',
    p.textSoft,
  )
  const y = head + drawn.height / k
  let x = 14
  const sample = { low: 3, high: 20, certain: true, conflict: false, vague: false }
  const { half } = measuresOf(sample)
  g.save()
  g.translate(x, y + 22 - half)
  incident(g, sample, p)
  g.restore()
  x += 2 * half + 6
  const words = `${word(t.metrics, metric)}: ${t.legend.both}`
  write(words, x, y + 26, '12px', p.text)
  x = 14
  const here = new Set((segments.load.peek().data ?? []).map(s => s.properties.status))
  for (const [status, look] of Object.entries(lineLooks)) {
    if (!here.has(status)) continue
    g.strokeStyle = look.soft ? p.lineSoft : p.line
    g.lineWidth = look.width
    g.setLineDash((look.dash ?? []).map(d => d * look.width))
    for (const dy of look.gap === undefined ? [0] : [-2.6, 2.6]) {
      g.beginPath()
      g.moveTo(x, y + 48 + dy)
      g.lineTo(x + 34, y + 48 + dy)
      g.stroke()
    }
    g.setLineDash([])
    const name = t.status[status]?.name ?? status
    write(name, x + 40, y + 52, '12px', p.text)
    x += 58 + g.measureText(name).width
  }
  const c = t.credits
  write(
    `${c.approximation} ${c.lines} ${c.osm}. ${c.base}. ${c.positions} ${c.geonames}. ${c.demarc}.`,
    14,
    y + 72,
    '11px',
    p.textSoft,
  )
  write(location.href, 14, y + 88, '11px', p.textSoft)
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'))
}
