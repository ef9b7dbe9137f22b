import {
  createExpression,
  featureFilter,
  latest,
  type StyleSpecification,
  type SymbolLayerSpecification,
  validateStyleMin,
} from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, test } from 'vitest'
import type { Incident, Segment } from '../src/api'
import { circle } from '../src/geo'
import { icon } from '../src/map/incident-layers'
import { layers, type StyleInput, style } from '../src/map/layers'
import { lineLooks } from '../src/map/looks'
import * as source from '../src/map/sources'
import { contrast, dark, light } from '../src/palette'
import { type Language, layerIds, metrics } from '../src/state'
import { imageName, type Look, lookNamed, measuresOf, radius } from '../src/symbols'
import { en } from '../src/text/en'

const input: StyleInput = {
  palette: light,
  hide: [],
  metric: 'killed',
  tiles: { template: 'http://x/{z}/{y}/{x}', bounds: [68, 38, 75, 41] },
  fonts: { 'Noto Sans Regular': [{ url: 'http://x/a.woff2', 'unicode-range': ['U+0000-00FF'] }] },
  lang: 'en',
  places: { template: 'http://x/p/{z}/{y}/{x}', bounds: [68, 38, 75, 41] },
  base: 'http://x/{z}/{y}/{x}',
}

describe('the style', () => {
  const cases: [string, StyleInput][] = [
    ['light', input],
    ['dark', { ...input, palette: dark }],
    ['without tiles', { ...input, tiles: null, places: null }],
    ['high contrast', { ...input, palette: contrast }],
    ...metrics.map((metric): [string, StyleInput] => [`showing ${metric}`, { ...input, metric }]),
    ['in Tajik', { ...input, lang: 'tg' }],
    ...layerIds.map((id): [string, StyleInput] => [`without ${id}`, { ...input, hide: [id] }]),
    ['with nothing', { ...input, hide: layerIds }],
  ]
  test.each(cases)('%s obeys the specification', (_, i) => {
    const faults = validateStyleMin(style(i) as StyleSpecification, latest as never)
    expect(faults.map(f => f.message)).toEqual([])
  })

  test('every layer has a source, and no id stands twice', () => {
    const s = style(input)
    const ids = s.layers.map(l => l.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const l of s.layers) if ('source' in l) expect(Object.keys(s.sources)).toContain(l.source)
  })

  test('a hidden group leaves none of its layers', () => {
    const left = (id: (typeof layerIds)[number]) => layers({ ...input, hide: [id] }).map(l => l.id)
    expect(left('segments').filter(id => id.startsWith('segments'))).toEqual([])
    expect(left('rings').filter(id => id.startsWith('rings'))).toEqual([])
    expect(left('incidents').filter(id => id.startsWith('incidents'))).toEqual([])
  })

  test('every status has a look, words and a layer of its own', () => {
    for (const status of Object.keys(en.status)) {
      expect(Object.keys(lineLooks)).toContain(status)
      expect(layers(input).map(l => l.id)).toContain(`segments-${status}`)
    }
    const looks = Object.values(lineLooks).map(l => JSON.stringify(l))
    expect(new Set(looks).size).toBe(looks.length)
  })

  test('contested is two lines of equal weight', () => {
    const l = layers(input).find(l => l.id === 'segments-contested')
    expect(l?.paint).toHaveProperty('line-gap-width')
  })
})

describe('symbols', () => {
  const looks: Look[] = []
  for (const low of [null, 0, 3]) {
    for (const high of [null, 0, 3, 50_000]) {
      for (let bits = 0; bits < 8; bits++)
        looks.push({ low, high, certain: !!(bits & 1), conflict: !!(bits & 2), vague: !!(bits & 4) })
    }
  }
  test('a look survives its image name', () => {
    for (const look of looks) expect(lookNamed(imageName(look))).toEqual(look)
    expect(lookNamed('merged')).toBeNull()
  })
  test('the style names the images as symbols.ts does', () => {
    expect(JSON.stringify(icon('wounded'))).toContain('wounded_low')
    expect(imageName({ low: 3, high: null, certain: false, conflict: true, vague: false })).toBe(
      'incident/3//uc',
    )
  })
  test('no figure is hollow, and zero is not: the two never look alike', () => {
    const look = { certain: true, conflict: false, vague: false }
    expect(measuresOf({ ...look, low: null, high: null })).toMatchObject({ disc: null, ring: null })
    expect(measuresOf({ ...look, low: 0, high: 0 }).disc).not.toBeNull()
  })
  test('the ring is never inside the disc, and all of it fits into its box', () => {
    for (const look of looks) {
      const { disc, ring, half } = measuresOf(look)
      if (disc !== null && (look.high === null || look.high >= (look.low ?? 0)))
        expect(ring).toBeGreaterThan(disc)
      expect(half).toBeGreaterThan(Math.max(disc ?? 0, ring ?? 0))
    }
  })
  test('the area grows with the figure', () => {
    expect(radius(100) - radius(25)).toBeCloseTo(radius(25) - radius(0) - (3.1 - 2.2), 5)
  })
})

const at = (lon: number, lat: number) => ({ type: 'Point' as const, coordinates: [lon, lat] })
const incident = (id: string, geometry: Incident['geometry'], km: number | null) =>
  ({
    type: 'Feature',
    id,
    geometry,
    properties: {
      id,
      type: 'armed_clash',
      figures: 'none',
      occurrence: 'confirmed',
      verification: null,
      uncertainty_km: km,
      location_precision: 'village',
    },
  }) as Incident

describe('sources', () => {
  test('what two tiles have is drawn once, with what symbols read and no more', () => {
    const one = { type: 'Feature' as const, id: 8, geometry: at(70, 40) }
    const list = [
      { ...one, properties: { id: 'a', killed_low: 3, title: 'long' } },
      { ...one, properties: { id: 'a', killed_low: 3, title: 'long' } },
      { ...one, id: 9, properties: { count: 40, killed_high: 7 } },
    ]
    expect(source.tilePoints(list).map(p => p.properties)).toEqual([
      { id: 'a', killed_low: 3 },
      { count: 40, killed_high: 7 },
    ])
  })
  test('one ring for one place and uncertainty; none for a region', () => {
    const point = (uncertainty_km?: number): source.TilePoint => ({
      type: 'Feature',
      geometry: at(70, 40),
      properties: { id: 'a', uncertainty_km },
    })
    const list = [point(5), point(5), point(8), point(90), point()]
    expect(source.uncertaintyRings(list).features).toHaveLength(2)
  })
  test('a ring has its radius on the ground', () => {
    const ring = circle(70, 40, 10).coordinates[0] ?? []
    expect(ring[0]).toEqual(ring.at(-1))
    for (const [lon = 0, lat = 0] of ring) {
      const dx = (lon - 70) * 111.32 * Math.cos((40 * Math.PI) / 180)
      const dy = (lat - 40) * 111.13
      expect(Math.hypot(dx, dy)).toBeGreaterThan(9.9)
      expect(Math.hypot(dx, dy)).toBeLessThan(10.1)
    }
  })
  test('all names of a place, by language', () => {
    const p = { label: 'Ak-Sai', name_ky: 'Ак-Сай', name_tg: 'Оқсой', name_ru: null }
    expect(source.allNames(p)).toEqual([
      ['en', 'Ak-Sai'],
      ['ky', 'Ак-Сай'],
      ['tg', 'Оқсой'],
    ])
  })
  test('what is chosen and what is pointed at are drawn once each, with ring and line', () => {
    const segment = {
      type: 'Feature',
      id: 's',
      geometry: {
        type: 'LineString',
        coordinates: [
          [70, 40],
          [71, 40],
        ],
      },
      properties: { id: 's', name: 'S', status: 'contested' },
    } as Segment
    const scene: source.Scene = {
      incidents: [incident('a', at(70, 40), 90)],
      segments: [segment],
      others: [],
      extra: [],
      corners: null,
      metric: 'killed',
      lang: 'en',
      areas: [],
      area: null,
      sel: 'a',
      chosen: null,
      seg: 's',
      hovered: 'a',
      hoveredSegment: null,
      statusName: s => s,
      areaName: (_, name) => name,
    }
    expect(source.focus(scene).features.map(f => f.geometry.type)).toEqual(['Polygon', 'Point', 'LineString'])
    // What the list does not hold is found among what is drawn, whose tiles leave out what is not known.
    const tile = { type: 'Feature' as const, geometry: at(70, 40), properties: { id: 'b', killed_low: 4 } }
    const pointed = source.focus({ ...scene, incidents: [], sel: null, seg: null, hovered: 'b' }, [tile])
    expect(pointed.features.map(f => f.properties?.half)).toEqual([
      measuresOf({ low: 4, high: null, certain: false, conflict: false, vague: false }).half,
    ])
  })
})

describe('names of places', () => {
  const layer = (lang: Language) =>
    layers({ ...input, lang }).find(l => l.id === 'places') as SymbolLayerSpecification
  /** What is written of a place, whose tile leaves out what is not known. */
  const written = (lang: Language, properties: Record<string, unknown>) => {
    const made = createExpression(
      layer(lang).layout?.['text-field'],
      latest.layout_symbol['text-field'] as never,
    )
    if (made.result === 'error') throw new Error(JSON.stringify(made.value))
    return String(made.value.evaluate({ zoom: 9 }, { type: 'Point', properties } as never))
  }
  const shown = (zoom: number, properties: Record<string, unknown>) =>
    featureFilter(layer('en').filter as never, 'layers[0].filter').filter({ zoom }, {
      type: 1,
      properties,
    } as never)
  test('Kyrgyz and Tajik names stand side by side, one if they are equal, Russian if there is none', () => {
    expect(written('en', { label: 'X', name_ky: 'Ак-Сай', name_tg: 'Оқсой', name_ru: 'Ак-Сай' })).toBe(
      'X\nАк-Сай · Оқсой',
    )
    expect(written('en', { label: 'X', name_ky: 'Ворух', name_tg: 'Ворух' })).toBe('X\nВорух')
    expect(written('en', { label: 'X', name_ru: 'Ош' })).toBe('X\nОш')
    expect(written('en', { label: 'X' })).toBe('X')
  })
  test('the name in the language of the reader comes first, the other below it', () => {
    const p = { label: 'Ak-Sai', name_ky: 'Ак-Сай', name_tg: 'Оқсой' }
    expect(written('tg', p)).toBe('Оқсой\nAk-Sai')
    expect(written('ru', p)).toBe('Ak-Sai\nАк-Сай · Оқсой')
  })
  test('none is written where a place is only pinned on another, stands for several, or far out', () => {
    const village = { kind: 'village', precision: 'village' }
    expect(shown(9, village)).toBe(true)
    expect(shown(7, village)).toBe(false)
    expect(shown(9, { ...village, precision: 'area' })).toBe(false)
    expect(shown(9, { kind: 'country', precision: 'exact_point' })).toBe(false)
    expect(shown(9, { ...village, count: 3 })).toBe(false)
    expect(shown(4, { kind: 'city', precision: 'village' })).toBe(true)
  })
})
