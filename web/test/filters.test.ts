import { describe, expect, test } from 'vitest'
import type { Incident, Place } from '../src/api'
import {
  type Facts,
  filters,
  measured,
  narrowed,
  passes,
  placesNamed,
  questionOf,
  without,
} from '../src/filters'
import { initial, type State } from '../src/state'

const facts: Facts = { places: [], near: null }
const incident = (p: Partial<Incident['properties']>, at: [number, number] | null = [70.5, 39.9]) =>
  ({
    type: 'Feature',
    id: 'x',
    geometry: at && { type: 'Point', coordinates: at },
    properties: {
      id: 'x',
      title: 'Clash at Bulak-Bashy',
      type: 'armed_clash',
      start: '2022-09-14',
      end: null,
      date_precision: 'day',
      place_id: 'bulak-bashy-kekh',
      location_precision: 'village',
      parties: 'KG; TJ',
      occurrence: 'confirmed',
      verification: 'official_unverified; refuted',
      figures: 'conflicting',
      killed_low: null,
      killed_high: null,
      ...p,
    },
  }) as Incident
const on = (patch: Partial<State>) => ({ ...initial, ...patch })

describe('the toll asks what claims allow', () => {
  const toll = (low: number | null, high: number | null, min: number | null, max: number | null) =>
    passes(incident({ killed_low: low, killed_high: high }), on({ min, max }), facts)
  test('a range that reaches into the one asked for passes', () => {
    expect(toll(3, 7, 5, null)).toBe(true)
    expect(toll(3, 7, 8, null)).toBe(false)
    expect(toll(3, 7, null, 2)).toBe(false)
  })
  test('an open end reaches any number', () => {
    expect(toll(50, null, 400, null)).toBe(true)
    expect(toll(null, 110, null, 3)).toBe(true)
  })
  test('no figure is not zero', () => {
    expect(toll(null, null, 0, null)).toBe(false)
    expect(toll(null, null, null, 0)).toBe(false)
    expect(toll(0, 0, null, 0)).toBe(true)
  })
})

test('what has no position is in every box and in no drawn area, as the API has it', () => {
  const nowhere = incident({}, null)
  expect(passes(nowhere, on({ bbox: [0, 0, 1, 1] }), facts)).toBe(true)
  expect(
    passes(
      nowhere,
      on({
        corners: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      }),
      facts,
    ),
  ).toBe(false)
  const triangle: State['corners'] = [
    [70, 39.5],
    [71, 39.5],
    [70.5, 40.5],
  ]
  expect(passes(incident({}), on({ corners: triangle }), facts)).toBe(true)
  expect(passes(incident({}, [70.05, 40.4]), on({ corners: triangle }), facts)).toBe(false)
})

test('a month is all of it', () => {
  const month = incident({ start: '2022-09-01', date_precision: 'month' })
  expect(passes(month, on({ range: { from: '2022-09-28', to: null } }), facts)).toBe(true)
  expect(passes(month, on({ range: { from: '2022-10-01', to: null } }), facts)).toBe(false)
})

describe('search', () => {
  const place = (id: string, p: Partial<Place['properties']>) =>
    ({ type: 'Feature', id, geometry: null, properties: { id, label: id, kind: 'village', ...p } }) as Place
  const places = [
    place('khojai-alo', { name_tg: 'Хоҷаи Аъло', aliases: "Khoja A'lo; Hojai-Alo" }),
    place('vorukh', { name_ky: 'Ворух' }),
  ]
  test('finds a place by any spelling, without regard to case, accents, hyphens and apostrophes', () => {
    for (const q of ["khoja a'lo", 'Khoja Alo', 'хоҷаи', 'HOJAI ALO'])
      expect(
        placesNamed(q, places).map(p => p.id),
        q,
      ).toEqual(['khojai-alo'])
    expect(placesNamed('во', places).map(p => p.id)).toEqual(['vorukh'])
  })
  test('finds titles, a space standing for a hyphen', () => {
    expect(passes(incident({}), on({ q: 'bulak bashy' }), facts)).toBe(true)
    expect(passes(incident({}), on({ q: 'bulakbashy' }), facts)).toBe(false)
  })
  test('a name in Cyrillic finds titles, too, which are in Latin letters', () => {
    const s = on({ q: 'ворух' })
    const i = incident({ title: 'Shots at Vorukh', place_id: 'ak-sai' })
    expect(passes(i, s, { ...facts, places })).toBe(true)
  })
  test('finds the name of a place that the page does not know', () => {
    expect(passes(incident({ place: 'Ак-Сай', place_id: 'far' }), on({ q: 'ак сай' }), facts)).toBe(true)
    expect(passes(incident({ place: null }), on({ q: 'ак сай' }), facts)).toBe(false)
  })
  test('is asked as a filter', () => {
    expect(questionOf(on({ q: 'vor' }), { ...facts, places }).filter).toBe(
      "CASEI(ACCENTI(title)) LIKE CASEI(ACCENTI('%vor%')) OR CASEI(ACCENTI(title)) LIKE CASEI(ACCENTI('%vorukh%')) OR CASEI(ACCENTI(place)) LIKE CASEI(ACCENTI('%vor%')) OR place_id IN ('vorukh')",
    )
  })
})

test('filters join by AND, each in brackets', () => {
  const s = on({
    types: ['agreement', 'shelling'],
    parties: ['KG', 'TJ'],
    range: { from: '2022-01-01', to: null },
  })
  expect(questionOf(s, facts)).toMatchObject({
    datetime: '2022-01-01/..',
    filter:
      "(type IN ('agreement', 'shelling')) AND (A_CONTAINS(parties, ('KG')) OR A_CONTAINS(parties, ('TJ')))",
  })
})

test('each filter can be taken off by itself, and all at once', () => {
  const s = on({ types: ['a'], min: 3, max: 4, q: 'x', bbox: [1, 2, 3, 4], area: 'a' })
  for (const f of filters) expect(f.on({ ...s, ...without(f.id) })).toBe(false)
  expect({ ...s, ...without() }).toEqual(initial)
})

describe('where something may have been', () => {
  const bbox = [70, 39, 70.5, 39.5] as const
  test('is asked by the circle of uncertainty, whose radius may be unknown', () => {
    const ring = '70 39, 70.25 39, 70.5 39, 70.5 39.25, 70.5 39.5, 70.25 39.5, 70 39.5, 70 39.25, 70 39'
    const there = `S_INTERSECTS(geometry, POLYGON((${ring})))`
    expect(questionOf(on({ bbox, inside: 'certain' }), facts)).toMatchObject({
      bbox: null,
      filter: `${there} AND (uncertainty_km IS NULL OR NOT dwithin(geometry, LINESTRING(${ring}), uncertainty_km * 1000))`,
    })
    expect(questionOf(on({ bbox, inside: 'possible' }), facts).filter).toBe(
      `${there} OR dwithin(geometry, POLYGON((${ring})), uncertainty_km * 1000) OR geometry IS NULL`,
    )
    const near = { segment: 's', km: 5 }
    expect(questionOf(on({ near, inside: 'certain' }), facts)).toMatchObject({
      near: null,
      filter: `dwithin(geometry, feature('segments', 's'), 5000 - uncertainty_km * 1000) OR (uncertainty_km IS NULL AND dwithin(geometry, feature('segments', 's'), 5000))`,
    })
  })
  test('is for the server to say', () => {
    const s = on({ bbox, inside: 'possible' })
    expect(measured(s)).toBe(true)
    expect(passes(incident({}, [80, 39]), s, { ...facts, near: new Set(['x']) })).toBe(true)
    expect(passes(incident({}, [70.2, 39.2]), s, facts)).toBe(false)
  })
  test('narrows nothing without an area or a segment', () => {
    expect(questionOf(on({ inside: 'certain' }), facts).filter).toBeNull()
    expect(narrowed(on({ inside: 'certain' }))).toBe(0)
  })
})
