import { describe, expect, test } from 'vitest'
import { addMonths, dateOf, dayOf, firstDay, lastDay, monthOf } from '../src/dates'
import { languages } from '../src/state'
import { en } from '../src/text/en'
import { grammar } from '../src/text/grammar'
import { readDate } from '../src/text/read-date'

test('a date covers the whole of its day, month or year', () => {
  const span = (d: string) => [firstDay(d), lastDay(d)].map(n => (n === null ? null : dateOf(n)))
  expect(span('2022-09-14')).toEqual(['2022-09-14', '2022-09-14'])
  expect(span('2024-02')).toEqual(['2024-02-01', '2024-02-29'])
  expect(span('1992')).toEqual(['1992-01-01', '1992-12-31'])
  expect(span('soon')).toEqual([null, null])
})

test('days that do not exist are no days', () => {
  for (const d of ['2023-02-29', '2022-13-01', '2022-00-10', '2022-9-1', '']) expect(dayOf(d), d).toBeNull()
})

test('months', () => {
  const day = (d: string) => dayOf(d) as number
  expect(monthOf(day('2022-02-10')).map(dateOf)).toEqual(['2022-02-01', '2022-02-28'])
  expect(dateOf(addMonths(day('2022-01-31'), 1))).toBe('2022-02-28')
  expect(dateOf(addMonths(day('2022-01-31'), -12))).toBe('2021-01-31')
})

test.each([
  ['2022-09-14', '2022-09-17', '14–17 Sep 2022'],
  ['2022-09-14', '2022-09-14', '14 Sep 2022'],
  ['2022-09-14', null, '14 Sep 2022'],
  ['1998-03-29', '1998-04-02', '29 Mar – 2 Apr 1998'],
  ['1992-05', '1997-06-27', 'May 1992 – 27 Jun 1997'],
  ['2000-08', '2001-12', 'Aug 2000 – Dec 2001'],
  ['1992', '1997', '1992 – 1997'],
])('%s to %s is %s', (from, to, words) => {
  expect(en.dates(from, to)).toBe(words)
})

describe('dates as people write them', () => {
  test.each([
    ['2022-09-18', '2022-09-18'],
    ['2022-9-8', '2022-09-08'],
    ['18.9.2022', '2022-09-18'],
    ['18/09/2022', '2022-09-18'],
    ['9.2022', '2022-09'],
    [' 2022 ', '2022'],
    ['18 Sep 2022', '2022-09-18'],
    ['18 September 2022', '2022-09-18'],
    ['September 18, 2022', '2022-09-18'],
    ['18 сент. 2022', '2022-09-18'],
    ['18 сентября 2022 г.', '2022-09-18'],
    ['8 мая 2022', '2022-05-08'],
    ['2022-ж., 18-сентябрь', '2022-09-18'],
    ['18 октябр 2022', '2022-10-18'],
    ['июнь 2022', '2022-06'],
    ['31.2.2022', null],
    ['2022-13', null],
    ['18.2022.9', null],
    ['yesterday', null],
    ['', null],
  ])('%s', (words, date) => expect(readDate(words)).toBe(date))

  test('every date that the page writes is read back', () => {
    for (const language of languages) {
      for (const date of ['2022', '2022-05', '1998-03-29', '2022-06-01', '2022-07-31', '2021-12-04'])
        expect(readDate(grammar(language).date(date))).toBe(date)
    }
  })
})
