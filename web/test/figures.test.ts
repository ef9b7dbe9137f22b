import { describe, expect, test } from 'vitest'
import type { Claim, ClaimValue } from '../src/api'
import {
  boundsWords,
  claimTable,
  figureWords,
  incidentDates,
  markOf,
  rootParty,
  scaleEnd,
  valueWords,
} from '../src/figures'
import { en } from '../src/text/en'

const values: readonly [string, ClaimValue, string, string][] = [
  ['exact', { kind: 'exact', value: 50, min: 50, max: 50, as_reported: '50' }, '50', 'point'],
  [
    'exact zero is a claim of zero',
    { kind: 'exact', value: 0, min: 0, max: 0, as_reported: '0' },
    '0',
    'point',
  ],
  ['approx', { kind: 'approx', value: 40, as_reported: 'about 40' }, 'about 40', 'point'],
  ['at least', { kind: 'at_least', value: 30, min: 30, as_reported: 'at least 30' }, 'at least 30', 'from'],
  [
    'more than keeps the number said',
    { kind: 'more_than', value: 20000, min: 20001, as_reported: 'more than 20000' },
    'more than 20,000',
    'from',
  ],
  ['up to', { kind: 'up_to', value: 110, max: 110, as_reported: 'up to 110' }, 'up to 110', 'to'],
  [
    'fewer than',
    { kind: 'fewer_than', value: 10, max: 9, as_reported: 'fewer than 10' },
    'fewer than 10',
    'to',
  ],
  ['range', { kind: 'range', min: 200, max: 1000, as_reported: '200 to 1000' }, '200–1,000', 'span'],
  ['a unit', { kind: 'exact', value: 98.5, min: 98.5, max: 98.5, unit: 'km' }, '98.5 km', 'point'],
  ['declined', { kind: 'non_numeric', as_reported: 'not disclosed' }, 'not disclosed', 'words'],
  [
    'several',
    { kind: 'non_numeric', as_reported: 'several', value: null, min: null, max: null },
    'several',
    'words',
  ],
  ['nothing said at all', { kind: 'non_numeric' }, 'not quantified', 'words'],
  ['a kind to come', { kind: 'guess', value: 5, as_reported: 'perhaps 5' }, 'perhaps 5', 'words'],
  ['exact without a value', { kind: 'exact', value: null, as_reported: '?' }, '?', 'words'],
]

describe('a claimed value', () => {
  test.each(values)('%s', (_, value, words, mark) => {
    expect(valueWords(value, en)).toBe(words)
    expect(markOf(value).kind).toBe(mark)
  })

  test('a non-answer is never 0, neither in words nor as a mark', () => {
    for (const [, value] of values.filter(v => v[1].kind === 'non_numeric')) {
      expect(valueWords(value, en)).not.toMatch(/\d/)
      expect(markOf(value)).toEqual({ kind: 'words' })
    }
  })
})

test('bounds of a figure', () => {
  expect(boundsWords(46, 62, en)).toBe('46–62')
  expect(boundsWords(50, 50, en)).toBe('50')
  expect(boundsWords(24, null, en)).toBe('24 or more')
  expect(boundsWords(null, 50, en)).toBe('up to 50')
  expect(boundsWords(0, 0, en)).toBe('0')
  expect(boundsWords(null, null, en)).toBeNull()
})

test('a figure with its parts, parties in the order of their ids', () => {
  const by_party = { TJ: { low: 41, high: 41 }, KG: { low: 62, high: 62 } }
  expect(
    figureWords({ family: 'killed', low: 103, high: 103, state: 'converging', by_party }, [], en),
  ).toEqual(['Killed 103', 'Kyrgyzstan 62, Tajikistan 41'])
  expect(figureWords({ family: 'killed', low: null, high: null, state: 'none' }, [], en)).toBeNull()
})

test('dates are no more precise than they are known', () => {
  expect(incidentDates({ start: '1992-05-01', end: '1997-06-27', date_precision: 'month' }, en)).toBe(
    'May 1992 – Jun 1997',
  )
  expect(incidentDates({ start: '2005-05-01', end: '2005-05-31', date_precision: 'month' }, en)).toBe(
    'May 2005',
  )
  expect(incidentDates({ start: '1992-01-01', end: '1992-12-31', date_precision: 'year' }, en)).toBe('1992')
})

test('a scale holds every mark, with room beyond an open end', () => {
  expect(scaleEnd([{ kind: 'point', at: 62, about: false }])).toBe(80)
  expect(scaleEnd([{ kind: 'from', from: 100 }])).toBe(150)
  expect(scaleEnd([{ kind: 'words' }])).toBe(1)
  expect(scaleEnd([{ kind: 'span', from: 200, to: 1000 }])).toBe(1000)
  for (let n = 1; n < 2_000_000; n = Math.ceil(n * 1.37))
    expect(scaleEnd([{ kind: 'to', to: n }])).toBeGreaterThanOrEqual(n)
})

test('who a party speaks for', () => {
  expect(rootParty('KG-BORDER', false)).toBe('KG')
  expect(rootParty('TJ-MVD', false)).toBe('TJ')
  expect(rootParty('TJ-MVD', true)).toBe('TJ-GOV')
  expect(rootParty('TJ-GOV', true)).toBe('TJ-GOV')
  expect(rootParty('UNMOT', false)).toBe('UN')
  expect(rootParty('UTO', true)).toBe('UTO')
  expect(rootParty('UNIDENTIFIED', false)).toBe('UNIDENTIFIED')
})

function claim(
  id: string,
  metric: string,
  affected: string,
  party: string | null,
  on: string,
  n: number,
): Claim {
  return {
    id,
    metric,
    value: { kind: 'exact', value: n, min: n, max: n },
    affected_party: affected,
    claimant: { name: id, type: party ? 'government' : 'media', ...(party ? { party_id: party } : {}) },
    claimed_on: on,
    status_flag: 'current',
  }
}

describe('the table of claims', () => {
  const parties = [
    { party_id: 'TJ', name: 'Tajikistan' },
    { party_id: 'KG', name: 'Kyrgyzstan' },
  ]
  const table = claimTable(
    [
      claim('late', 'killed', 'KG', 'KG-HEALTH', '2022-09', 62),
      claim('early', 'killed', 'KG', 'KG-EMERGENCIES', '2022-09-16', 24),
      claim('press', 'killed', 'TJ', null, '2022-09-18', 35),
      claim('both', 'killed', 'ALL', null, '2022-09-18', 81),
      claim('hurt', 'wounded', 'KG', 'KG-HEALTH', '2022-09-18', 140),
      claim('guest', 'wounded', 'KG', 'RU', '2022-09-18', 100),
    ],
    parties,
    en,
  )

  test('has a column for each party, also for one that is only spoken about, alphabetically; others last', () => {
    expect(table.columns.map(c => c.party)).toEqual(['KG', 'TJ', null])
  })
  test('counts each party apart, all together last', () => {
    expect(table.blocks.map(b => `${b.metric} ${b.affected}`)).toEqual([
      'killed KG',
      'killed TJ',
      'killed ALL',
      'wounded KG',
    ])
  })
  test('keeps every claim, in the order in which it was said', () => {
    expect(table.blocks[0]?.claims[0]?.map(c => c.id)).toEqual(['early', 'late'])
    expect(table.blocks.flatMap(b => b.claims.flat())).toHaveLength(6)
  })
  test('puts whoever is no party to the incident among the others', () => {
    expect(table.blocks[3]?.claims[2]?.map(c => c.id)).toEqual(['guest'])
  })
  test('has one scale for a metric, whoever is counted', () => {
    expect([...table.ends]).toEqual([
      ['killed', 100],
      ['wounded', 150],
    ])
  })
  test('keeps a non-answer about people with the figures, and a circumstance with the statements', () => {
    const silent = {
      ...claim('x', 'killed', 'TJ', 'TJ', '2022-09-18', 0),
      value: { kind: 'non_numeric', as_reported: 'not disclosed' },
    }
    const told = {
      ...claim('y', 'circumstance', 'TJ', 'TJ', '2022-09-18', 0),
      value: { kind: 'non_numeric', as_reported: 'by night' },
    }
    const t = claimTable([silent, told], parties, en)
    expect(t.blocks.map(b => b.metric)).toEqual(['killed'])
    expect(t.statements.map(b => b.metric)).toEqual(['circumstance'])
  })
})
