import { describe, expect, test } from 'vitest'
import { dateOf } from '../src/dates'
import { narrowed } from '../src/filters'
import {
  bboxOf,
  borderDate,
  cornersOf,
  datetime,
  holds,
  initial,
  languages,
  layerIds,
  metrics,
  parse,
  rangeOf,
  type State,
  searchOf,
  serialise,
  sorts,
  themes,
  viewOf,
} from '../src/state'

// A small generator with a seed, printed when it fails and settable: SEED=… npm test.
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
let rolls = seed
function random(): number {
  rolls = (Math.imul(rolls, 1_664_525) + 1_013_904_223) >>> 0
  return rolls / 2 ** 32
}
const between = (a: number, b: number) => a + random() * (b - a)
const maybe = <T>(make: () => T): T | null => (random() < 0.5 ? make() : null)
const some = <T>(list: readonly T[]): T[] => list.filter(() => random() < 0.4)
const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
const letters = [
  'a',
  '7',
  '-',
  '_',
  ' ',
  '&',
  '=',
  '+',
  '%',
  '#',
  '?',
  '/',
  ',',
  ':',
  '..',
  'ҷ',
  'ң',
  'ё',
  '😀',
  '"',
  '<',
]
const text = () =>
  Array.from(
    { length: 1 + Math.floor(random() * 8) },
    () => letters[Math.floor(random() * letters.length)],
  ).join('')
const date = () => dateOf(Math.floor(between(-10_000, 30_000)))

function randomState(): State {
  const [s, n] = [between(-90, 90), between(-90, 90)].sort((a, b) => a - b) as [number, number]
  return {
    view: maybe(() => viewOf(between(-180, 180), between(-85, 85), between(0, 24))),
    range: rangeOf(maybe(date), maybe(date)),
    types: some(['armed_clash', 'agreement', 'shelling', 'a-b_9']),
    figures: some(['conflicting', 'none']),
    asof: maybe(date),
    q: random() < 0.5 ? '' : searchOf(text()),
    parties: some(['KG', 'TJ-GOV', 'UTO']),
    occurrence: some(['claimed', 'probable']),
    verification: some(['refuted', 'unattributed']),
    precision: some(['village', 'exact_point']),
    metric: one(metrics),
    min: maybe(() => Math.floor(between(0, 1e6))),
    max: maybe(() => Math.floor(between(0, 1e6))),
    corners: maybe(() => cornersOf([0, 1, 2, 3].map(() => [between(-180, 180), between(-90, 90)]))),
    inside: maybe(() => (random() < 0.5 ? 'certain' : 'possible')),
    near: maybe(() => ({
      segment: one(['vorukh-perimeter-2023', 'a_b']),
      km: Math.ceil(between(0, 499)) / 2,
    })),
    bbox: maybe(() => bboxOf(between(-180, 180), s, between(-180, 180), n)),
    area: maybe(text),
    border: maybe(date),
    sel: maybe(text),
    seg: maybe(text),
    tab: random() < 0.5 ? 'incidents' : 'border',
    pane: random() < 0.5 ? 'map' : 'table',
    sortby: random() < 0.5 ? one(sorts) : `-${one(sorts)}`,
    hide: some(layerIds),
    layers: some(['camps', 'health-2024']),
    lang: maybe(() => one(languages)),
    theme: maybe(() => one(themes)),
    embed: random() < 0.5,
    rest: some(['x', 'f', 'utm source', 'ключ']).map(name => [name, text()] as const),
  }
}

describe('State <-> URL', () => {
  test('what is written is read again, for 2,000 random states', () => {
    for (let i = 0; i < 2000; i++) {
      const s = randomState()
      const query = serialise(s)
      expect(parse(query), `SEED=${seed}: ${query}`).toEqual(s)
      expect(serialise(parse(query))).toBe(query)
    }
  })

  test('the initial state is the bare address', () => {
    expect(serialise(initial)).toBe('')
    expect(parse('')).toEqual(initial)
  })

  test('a link is readable', () => {
    const s: State = {
      ...initial,
      view: viewOf(70.55, 40.05, 9.2),
      range: rangeOf('2022-09-14', '2022-09-20'),
      types: ['armed_clash'],
      sel: '2022-09-14-conflict',
      seg: 'vorukh-perimeter-2023',
    }
    expect(serialise(s)).toBe(
      '?c=70.55,40.05,9.2&datetime=2022-09-14/2022-09-20&type=armed_clash&sel=2022-09-14-conflict&seg=vorukh-perimeter-2023',
    )
  })

  test.each([
    ['c of two numbers', '?c=70,40'],
    ['c of four numbers', '?c=70,40,9,1'],
    ['c with a gap', '?c=70,,9'],
    ['c beyond the pole', '?c=70,95,9'],
    ['c of words', '?c=here,there,9'],
    ['a date that does not exist', '?datetime=2022-02-30'],
    ['a bbox upside down', '?bbox=70,41,71,40'],
    ['a bbox of three', '?bbox=70,41,71'],
    ['types of markup', '?type=<script>'],
    ['a border date of words', '?border=yesterday'],
    ['an empty selection', '?sel='],
    ['a language that we do not have', '?lang=fr'],
    ['a colour scheme that there is not', '?theme=pink'],
    ['a figure below zero', '?min=-3'],
    ['an area of two corners', '?within=70,40;71,41'],
    ['a distance without a unit', '?near=vorukh,5'],
    ['a distance too far', '?near=vorukh,5000km'],
    ['a day of knowledge of words', '?asof=then'],
  ])('%s is left out', (_, query) => {
    expect(parse(query)).toEqual(initial)
  })

  test('a period the wrong way round is turned', () => {
    expect(parse('?datetime=2022-09-20/2022-09-14').range).toEqual({ from: '2022-09-14', to: '2022-09-20' })
  })

  test('open ends', () => {
    expect(parse('?datetime=../2022-09-20').range).toEqual({ from: null, to: '2022-09-20' })
    expect(parse('?datetime=2022-09-20/..').range).toEqual({ from: '2022-09-20', to: null })
    expect(parse('?datetime=2022-09-20').range).toEqual({ from: '2022-09-20', to: '2022-09-20' })
    expect(datetime({ from: null, to: null })).toBeNull()
  })

  test('a year and a month mean all of it', () => {
    expect(parse('?datetime=2022').range).toEqual({ from: '2022-01-01', to: '2022-12-31' })
    expect(parse('?datetime=2022-09/..').range).toEqual({ from: '2022-09-01', to: null })
    expect(parse('?datetime=1998/2003-02').range).toEqual({ from: '1998-01-01', to: '2003-02-28' })
  })

  test('unknown parameters are kept', () => {
    expect(serialise(parse('?utm=tg&sel=a'))).toBe('?sel=a&utm=tg')
  })

  test('the first of two equal parameters counts', () => {
    expect(parse('?sel=a&sel=b').sel).toBe('a')
  })
})

test('the border follows the end of the period, unless a date is fixed', () => {
  expect(borderDate(initial, '2026-11-21')).toBe('2026-11-21')
  expect(borderDate({ ...initial, range: rangeOf('2022-01-01', '2022-09-16') }, '2026-11-21')).toBe(
    '2022-09-16',
  )
  expect(
    borderDate({ ...initial, border: '2025-06-01', range: rangeOf(null, '2022-09-16') }, '2026-11-21'),
  ).toBe('2025-06-01')
})

test('narrowed counts the conditions', () => {
  expect(narrowed(initial)).toBe(0)
  expect(
    narrowed({ ...initial, types: ['a', 'b'], range: rangeOf('2022-01-01', null), bbox: bboxOf(1, 2, 3, 4) }),
  ).toBe(3)
})

test('a range holds what it touches', () => {
  const day = (d: string) => Date.parse(d) / 86_400_000
  const range = rangeOf('2022-09-14', '2022-09-17')
  expect(holds(range, day('2022-09-10'), day('2022-09-14'))).toBe(true)
  expect(holds(range, day('2022-09-18'), day('2022-09-19'))).toBe(false)
  expect(holds({ from: null, to: null }, 0, 0)).toBe(true)
})
