import { describe, expect, test } from 'vitest'
import { languages } from '../src/state'
import { en } from '../src/text/en'
import { help as enHelp } from '../src/text/en-help'
import { grammar } from '../src/text/grammar'
import { languageOf, over } from '../src/text/index'
import { text as ky } from '../src/text/ky'
import { help as kyHelp } from '../src/text/ky-help'
import { text as ru } from '../src/text/ru'
import { help as ruHelp } from '../src/text/ru-help'
import { text as tg } from '../src/text/tg'
import { help as tgHelp } from '../src/text/tg-help'

const translations = { ru, ky, tg }
const helps = { ru: ruHelp, ky: kyHelp, tg: tgHelp }

/** Paths of all texts of a table. */
function paths(table: object, before = ''): string[] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? paths(value, `${before}${key}.`) : [before + key],
  )
}
const grammarKeys = ['number', 'date', 'dates', 'count', 'lang']

describe.each(Object.entries(translations))('%s', (lang, part) => {
  test('says nothing that English does not', () => {
    const known = new Set(paths(en))
    expect(paths(part).filter(p => !known.has(p))).toEqual([])
  })
  test('says everything that English does, or names what it lacks', () => {
    const said = new Set(paths(part))
    const lacks = paths(en).filter(p => !said.has(p) && !grammarKeys.includes(p))
    expect(lacks, `texts that ${lang} lacks`).toEqual([])
    expect(paths(over(en, part))).toEqual(paths(en))
  })
  test('its help has the chapters, paragraphs and keys of the English one', () => {
    const help = helps[lang as keyof typeof helps]
    for (const part of ['help', 'data', 'keys'] as const) {
      expect(help[part]?.length, part).toBe(enHelp[part].length)
    }
    for (const part of ['help', 'data'] as const) {
      const sizes = (h: Partial<typeof enHelp>) => h[part]?.map(c => c.paragraphs.length)
      expect(sizes(help), part).toEqual(sizes(enHelp))
    }
    expect(help.keys?.map(k => k[0]).slice(0, 9)).toEqual(enHelp.keys.map(k => k[0]).slice(0, 9))
  })
})

test('dates, each in its own order and no more precise than known', () => {
  const dates = (d: string) => languages.map(l => grammar(l).date(d))
  expect(dates('1998-05-20')).toEqual(['20 May 1998', '20 мая 1998', '1998-ж., 20-май', '20 май 1998'])
  expect(dates('2022-09')).toEqual(['Sep 2022', 'сентябрь 2022', '2022-ж., сентябрь', 'сентябр 2022'])
  expect(dates('2022')).toEqual(['2022', '2022', '2022', '2022'])
})

test('ranges of dates', () => {
  const dates = (a: string, b: string) => languages.map(l => grammar(l).dates(a, b))
  expect(dates('2022-09-14', '2022-09-17')).toEqual([
    '14–17 Sep 2022',
    '14–17 сент. 2022',
    '2022-ж., 14–17-сентябрь',
    '14–17 сентябр 2022',
  ])
  expect(dates('1998-03-29', '1998-04-02')).toEqual([
    '29 Mar – 2 Apr 1998',
    '29 марта – 2 апр. 1998',
    '1998-ж., 29-март – 2-апрель',
    '29 март – 2 апрел 1998',
  ])
})

test('numbers and plurals', () => {
  expect(languages.map(l => grammar(l).number(1234567.5))).toEqual([
    '1,234,567.5',
    '1\u00a0234\u00a0567,5',
    '1\u00a0234\u00a0567,5',
    '1\u00a0234\u00a0567,5',
  ])
  const russian = (n: number) => grammar('ru').count(n, 'случай', 'случая', 'случаев')
  expect([1, 2, 5, 11, 12, 14, 21, 22, 25, 111, 112, 0].map(russian)).toEqual([
    '1 случай',
    '2 случая',
    '5 случаев',
    '11 случаев',
    '12 случаев',
    '14 случаев',
    '21 случай',
    '22 случая',
    '25 случаев',
    '111 случаев',
    '112 случаев',
    '0 случаев',
  ])
})

test('the language is the chosen one, else the first of the browser that we have', () => {
  expect(languageOf('tg', ['en'])).toBe('tg')
  expect(languageOf(null, ['fr-FR', 'ky-KG', 'ru'])).toBe('ky')
  expect(languageOf(null, ['fr'])).toBe('en')
})
