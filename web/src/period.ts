// Moving the period along, for Play and for keys.
import { addMonths, type Day, dateOf, dayOf } from './dates'
import { type Range, rangeOf } from './state'

/**
 * The stretch so many of its own lengths on (or back, if `by` is negative), in whole months; null where that begins after
 * the last year or ends before the first, and for a stretch that is open at an end.
 */
export function moved(
  { from, to }: Range,
  by: number,
  [first, last]: readonly [number, number],
): Range | null {
  const [a, b] = [from === null ? null : dayOf(from), to === null ? null : dayOf(to)]
  if (a === null || b === null) return null
  const months = Math.max(1, Math.round((b - a) / 30.44))
  const start: Day = by === 1 ? b + 1 : addMonths(a, months * by)
  const range = rangeOf(dateOf(start), dateOf(addMonths(start, months) - 1))
  const year = (d: string | null) => Number(d?.slice(0, 4))
  return year(range.from) > last || year(range.to) < first ? null : range
}

/** A whole year. */
export function yearOf(year: number): Range {
  return rangeOf(`${year}-01-01`, `${year}-12-31`)
}
