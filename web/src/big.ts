// Counts where there are too many incidents to hold: the server is asked for each number, a few at a time.
import { hits, type Item, page } from './api'
import { anyOf, type Facet, type Facts, filterOf } from './filters'
import type { State } from './state'
import { words } from './text/en-words'

type Ask = (signal: AbortSignal) => Promise<void>

/** Runs questions, four at a time. */
async function few(asks: readonly Ask[], signal: AbortSignal) {
  const left = [...asks]
  const run = async () => {
    for (let ask = left.shift(); ask && !signal.aborted; ask = left.shift()) await ask(signal)
  }
  await Promise.all([run(), run(), run(), run()])
}

/** More parties than this, those whom most incidents name, are not counted one by one. */
const mostParties = 60

/** The values of each facet; those of the parties are records. */
async function choices(signal: AbortSignal): Promise<Record<Facet, readonly string[]>> {
  const query = { sortby: '-incidents', limit: String(mostParties) }
  const { features } = await page<Item<{ id: string; incidents: number }>>('parties', query, signal)
  return {
    types: Object.keys(words.types),
    parties: features.filter(p => p.properties.incidents > 0).map(p => p.properties.id),
    figures: Object.keys(words.figures),
    occurrence: Object.keys(words.occurrence),
    verification: Object.keys(words.verification),
    precision: Object.keys(words.precision),
  }
}

/** How many incidents each choice would show, the other filters as they are. */
export async function bigCounts(
  s: State,
  f: Facts,
  signal: AbortSignal,
): Promise<Map<Facet, Map<string, number>>> {
  const out = new Map<Facet, Map<string, number>>()
  const asks = Object.entries(await choices(signal)).flatMap(([id, all]) => {
    const facet = id as Facet
    const counted = new Map<string, number>()
    out.set(facet, counted)
    return all.map((value): Ask => {
      const question = filterOf(s, f, facet)
      const filter = [question.filter, anyOf(facet, [value])].filter(Boolean).join(' AND ')
      return async signal => {
        const n = await hits('incidents', { ...question, filter }, signal)
        if (n > 0) counted.set(value, n)
      }
    })
  })
  await few(asks, signal)
  return out
}

/** How many incidents each year has, under all filters but the period. An incident counts in each year that it touches. */
export async function bigYears(
  s: State,
  f: Facts,
  [first, last]: readonly [number, number],
  signal: AbortSignal,
): Promise<Map<number, number>> {
  const out = new Map<number, number>()
  const question = filterOf(s, f, 'range')
  const asks = Array.from({ length: last - first + 1 }, (_, k): Ask => {
    const year = first + k
    return async signal => {
      out.set(year, await hits('incidents', { ...question, datetime: String(year) }, signal))
    }
  })
  await few(asks, signal)
  return out
}
