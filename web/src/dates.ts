// Calendar dates as text: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the length is the precision. No clock, no zone.

export type Day = number // days since 1970-01-01

const full = /^(\d{4})-(\d{2})-(\d{2})$/

/** The day number of a full date, or null if there is no such day. */
export function dayOf(date: string): Day | null {
  const m = full.exec(date)
  if (!m) return null
  const ms = Date.UTC(Number(m[1]), Number(m[2]) - 1, Number(m[3]))
  return new Date(ms).toISOString().slice(0, 10) === date ? ms / 86_400_000 : null
}

/** The full date of a day number. */
export function dateOf(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

export function isDate(s: string): boolean {
  return dayOf(s) !== null
}

/** First day that a date of any precision covers, or null if it is no date. */
export function firstDay(date: string): Day | null {
  const d = date.slice(0, 10)
  return dayOf(d.length === 4 ? `${d}-01-01` : d.length === 7 ? `${d}-01` : d)
}

/** Last day that a date of any precision covers, or null if it is no date. */
export function lastDay(date: string): Day | null {
  const d = date.slice(0, 10)
  const first = firstDay(d)
  if (first === null || d.length === 10) return first
  const year = Number(d.slice(0, 4))
  const next = d.length === 4 ? Date.UTC(year + 1, 0, 1) : Date.UTC(year, Number(d.slice(5, 7)), 1)
  return next / 86_400_000 - 1
}

/** First and last day of the month that holds the day. */
export function monthOf(day: Day): [Day, Day] {
  const d = new Date(day * 86_400_000)
  const first = Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1) / 86_400_000
  const last = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) / 86_400_000 - 1
  return [first, last]
}

/** The day `months` months later; the day of the month is clamped to the month's length. */
export function addMonths(day: Day, months: number): Day {
  const d = new Date(day * 86_400_000)
  const first = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + months, 1))
  const [, last] = monthOf(first.getTime() / 86_400_000)
  return Math.min(first.getTime() / 86_400_000 + d.getUTCDate() - 1, last)
}

/** Today by the reader's clock. */
export function today(): string {
  const d = new Date()
  return dateOf(Date.UTC(d.getFullYear(), d.getMonth(), d.getDate()) / 86_400_000)
}
