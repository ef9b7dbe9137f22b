// Dates as people write them -> `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
import { monthNames } from './grammar'

const two = (n: number | string) => String(n).padStart(2, '0')

/**
 * Reads 2022-09-18, 18.9.2022, 18/09/2022 (the day first), 9.2022, 2022, "18 Sep 2022" and the like with the names of
 * months of any of our languages; null for what is no date.
 */
export function readDate(words: string): string | null {
  const s = words.trim().toLowerCase()
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(s)
  if (iso) return joined(iso[1], iso[2], iso[3])
  const figures = /^(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})$/.exec(s)
  if (figures) return joined(figures[3], figures[2], figures[1])
  const parts = s.split(/[\s.,/-]+/)
  const month = parts.map(monthOf).find(m => m > 0)
  const year = parts.find(p => /^\d{4}$/.test(p))
  const day = parts.find(p => /^\d{1,2}$/.test(p))
  return month === undefined || year === undefined ? null : joined(year, String(month), day)
}

/** The number of the month that begins with the word, or that the word begins with; 0 for none. */
function monthOf(word: string): number {
  if (word.length < 3) return 0
  for (const names of monthNames) {
    const at = names.findIndex(n => n.startsWith(word) || word.startsWith(n))
    if (at >= 0) return at + 1
  }
  return 0
}

function joined(y = '', m?: string, d?: string): string | null {
  if (m === undefined) return y
  if (Number(m) < 1 || Number(m) > 12) return null
  if (d === undefined) return `${y}-${two(m)}`
  const date = `${y}-${two(m)}-${two(d)}`
  const day = new Date(`${date}T00:00:00Z`)
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date ? null : date
}
