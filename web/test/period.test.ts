import { expect, test } from 'vitest'
import { moved, yearOf } from '../src/period'

const span = [1991, 2026] as const

test('a period moves by its own length, in whole months', () => {
  expect(moved(yearOf(2022), 1, span)).toEqual(yearOf(2023))
  expect(moved(yearOf(2022), -1, span)).toEqual(yearOf(2021))
  expect(moved(yearOf(2012), 10, span)).toEqual(yearOf(2022))
  expect(moved({ from: '2022-02-01', to: '2022-02-28' }, 1, span)).toEqual({
    from: '2022-03-01',
    to: '2022-03-31',
  })
  expect(moved({ from: '2022-09-14', to: '2022-09-20' }, 1, span)).toEqual({
    from: '2022-09-21',
    to: '2022-10-20',
  })
})

test('it does not move out of the time line, nor where it has no length', () => {
  expect(moved(yearOf(2026), 1, span)).toBeNull()
  expect(moved(yearOf(1991), -1, span)).toBeNull()
  expect(moved({ from: null, to: '2022-12-31' }, 1, span)).toBeNull()
})
