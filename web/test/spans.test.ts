import { expect, test } from 'vitest'
import { dateOf, dayOf } from '../src/dates'
import { spansOf, stretchesOf } from '../src/spans'

const day = (d: string) => dayOf(d) ?? Number.NaN

test('kilometres by status, one stretch of time after the other', () => {
  const sections = [
    {
      length_km: 60,
      valid_from: null,
      valid_to: '2025-03-12',
      history: stretchesOf(
        'unknown ../2013-04-26; contested 2013-04-27/2024-12-03; described 2024-12-04/2025-03-12',
      ),
    },
    { length_km: 40, valid_to: '2025-03-12', history: stretchesOf('unknown ../..') },
    // The line of another time: nothing of it before.
    {
      length_km: 90,
      valid_from: '2025-03-13',
      history: stretchesOf('delimited_by_treaty 2025-03-13/..'),
    },
  ]
  const spans = spansOf(sections, day('2000-01-01'), day('2026-12-31'))
  expect(spans.map(s => [dateOf(s.from), dateOf(s.to), Object.fromEntries(s.km)])).toEqual([
    ['2000-01-01', '2013-04-26', { unknown: 100 }],
    ['2013-04-27', '2024-12-03', { contested: 60, unknown: 40 }],
    ['2024-12-04', '2025-03-12', { described: 60, unknown: 40 }],
    ['2025-03-13', '2026-12-31', { delimited_by_treaty: 90 }],
  ])
})

test('nothing is told of a time of which there is no history', () => {
  expect(spansOf([{ length_km: 5, history: stretchesOf('') }], 0, 100)).toEqual([])
})
