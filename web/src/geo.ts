// Small geometry for drawing only; distances that are stated come from the server (geodesic).
import type { Geometry, Polygon, Position } from 'geojson'
import type { BBox } from './state'

/** A circle of `km` on the ground round a position as a ring of 72 sides (sphere; good to a percent). */
export function circle(lon: number, lat: number, km: number): Polygon {
  const a = km / 6371.0088
  const φ = (lat * Math.PI) / 180
  const ring: Position[] = []
  for (let i = 0; i <= 72; i++) {
    const θ = (i % 72) * (Math.PI / 36)
    const φ2 = Math.asin(Math.sin(φ) * Math.cos(a) + Math.cos(φ) * Math.sin(a) * Math.cos(θ))
    const λ = Math.atan2(Math.sin(θ) * Math.sin(a) * Math.cos(φ), Math.cos(a) - Math.sin(φ) * Math.sin(φ2))
    ring.push([lon + (λ * 180) / Math.PI, (φ2 * 180) / Math.PI])
  }
  return { type: 'Polygon', coordinates: [ring] }
}

/** The box of a geometry, or null if it is empty or missing. Does not cross the antimeridian: nor do our data. */
export function boxOf(g: Geometry | null): BBox | null {
  let w = Infinity
  let s = Infinity
  let e = -Infinity
  let n = -Infinity
  eachPosition(g, ([lon = Number.NaN, lat = Number.NaN]) => {
    w = Math.min(w, lon)
    e = Math.max(e, lon)
    s = Math.min(s, lat)
    n = Math.max(n, lat)
  })
  return w <= e && s <= n ? [w, s, e, n] : null
}

function eachPosition(g: Geometry | null, visit: (p: Position) => void) {
  if (g === null) return
  if (g.type === 'GeometryCollection') {
    for (const part of g.geometries) eachPosition(part, visit)
    return
  }
  const walk = (c: unknown) => {
    if (!Array.isArray(c)) return
    if (typeof c[0] === 'number') visit(c as Position)
    else for (const part of c) walk(part)
  }
  walk(g.coordinates)
}
