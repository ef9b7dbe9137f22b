// The incident symbol: an inner disc for the lowest figure claimed, a ring for the highest. Colour tells nothing that
// shape does not tell, too. The map draws it on a canvas, the list as SVG, both from the same measures.
import type { IncidentProps } from './api'
import type { Metric } from './state'

const vaguePlaces = ['district', 'region', 'country', 'none']

/** All that a symbol shows. */
export interface Look {
  readonly low: number | null
  readonly high: number | null
  /** It is confirmed to have happened. */
  readonly certain: boolean
  /** The claims that stand disagree. */
  readonly conflict: boolean
  /** The position stands for a district or more. */
  readonly vague: boolean
}

export function lookOf(p: IncidentProps, metric: Metric): Look {
  return {
    // Tiles leave out what is not known.
    low: p[`${metric}_low`] ?? null,
    high: p[`${metric}_high`] ?? null,
    certain: p.occurrence === 'confirmed',
    conflict: p.figures === 'conflicting',
    vague: vaguePlaces.includes(p.location_precision ?? ''),
  }
}

/** Radius in pixels for a figure: area grows with it, up to 900; one person is seen, none is a dot. */
export function radius(n: number): number {
  return n === 0 ? 2.2 : Math.min(33, 3.1 + 1.02 * Math.sqrt(n))
}

/** What is drawn, in pixels: null where there is nothing to draw. */
export interface Measures {
  readonly disc: number | null
  readonly ring: number | null
  /** No claim bounds the figure from above. */
  readonly open: boolean
  /** Half of the side of the box that holds it all. */
  readonly half: number
}

const hollow = 4.6

export function measuresOf({ low, high, vague }: Look): Measures {
  const disc = low === null ? null : radius(low)
  const ring = high !== null ? radius(high) + 1.6 : low === null ? null : radius(low) + 4.4
  const reach = Math.max(disc ?? 0, ring ?? hollow)
  return { disc, ring, open: high === null && low !== null, half: Math.max(vague ? 13 : 9, reach + 5) }
}

export const hollowRadius = hollow

const text = (n: number | null) => (n === null ? '' : String(n))

/** A look as an image name and back. */
export function imageName(l: Look): string {
  const flags = `${l.certain ? '' : 'u'}${l.conflict ? 'c' : ''}${l.vague ? 'v' : ''}`
  return `incident/${text(l.low)}/${text(l.high)}/${flags}`
}

export function lookNamed(name: string): Look | null {
  const [head, low, high, flags] = name.split('/')
  if (head !== 'incident' || low === undefined || high === undefined || flags === undefined) return null
  return {
    low: low === '' ? null : Number(low),
    high: high === '' ? null : Number(high),
    certain: !flags.includes('u'),
    conflict: flags.includes('c'),
    vague: flags.includes('v'),
  }
}
