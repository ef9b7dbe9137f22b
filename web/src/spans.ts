// Histories of segments -> stretches of time with the kilometres of each status. Pure.
import type { SegmentProps } from './api'
import { type Day, firstDay, lastDay } from './dates'

/** A stretch of time in which nothing changes. */
export interface Span {
  readonly from: Day
  readonly to: Day
  /** Kilometres by status. */
  readonly km: ReadonlyMap<string, number>
}

/** A status of a segment and its first and last day; null where it has none. */
export interface Stretch {
  readonly status: string
  readonly from: string | null
  readonly to: string | null
}

/** What is read of a segment. */
export interface Section extends Pick<SegmentProps, 'length_km' | 'valid_from' | 'valid_to'> {
  readonly history: readonly Stretch[]
}

/** A history as the API writes it: "unknown ../2013-04-26; contested 2013-04-27/..". */
export function stretchesOf(text: string): Stretch[] {
  const day = (d: string | undefined) => (!d || d === '..' ? null : d)
  return text
    .split('; ')
    .filter(Boolean)
    .map(part => {
      const [status = '', days = ''] = part.split(' ')
      const [from, to] = days.split('/')
      return { status, from: day(from), to: day(to) }
    })
}

/** The stretches of time from d0 to d1, one after the other; neighbours differ. */
export function spansOf(sections: readonly Section[], d0: Day, d1: Day): Span[] {
  const pieces = sections.flatMap(s => {
    const [a, b] = within(s.valid_from, s.valid_to, d0, d1)
    return s.history.flatMap(h => {
      const [from, to] = within(h.from, h.to, a, b)
      return from <= to ? [{ status: h.status, km: s.length_km ?? 0, from, to }] : []
    })
  })
  const starts = [...new Set(pieces.flatMap(p => [p.from, p.to + 1]))].sort((a, b) => a - b)
  const out: Span[] = []
  starts.forEach((from, k) => {
    const to = (starts[k + 1] ?? d1 + 1) - 1
    const km = new Map<string, number>()
    for (const p of pieces) {
      if (p.from <= from && p.to >= to) km.set(p.status, (km.get(p.status) ?? 0) + p.km)
    }
    if (km.size > 0 && from <= to) out.push({ from, to, km })
  })
  return out
}

/** From the first to the last day, no further than from a to b. */
function within(
  first: string | null | undefined,
  last: string | null | undefined,
  a: Day,
  b: Day,
): [Day, Day] {
  return [Math.max(a, (first && firstDay(first)) || a), Math.min(b, (last && lastDay(last)) || b)]
}
