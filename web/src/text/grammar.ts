// Numbers, dates and plurals by our own tables (after CLDR): Chromium knows neither Kyrgyz nor Tajik, and an answer
// that depends on the browser could not be tested.
import type { Language } from '../state'

export interface Grammar {
  readonly number: (n: number) => string
  /** As precise as the date itself: "14 Sep 2022", "Sep 2022", "2022". */
  readonly date: (d: string) => string
  /** "14–17 Sep 2022", "29 Mar – 2 Apr 1998", "Sep 2022 – Jan 2023". */
  readonly dates: (from: string, to: string | null) => string
  /** The number with the right one of the forms: [one, other], in Russian [one, few, many]. */
  readonly count: (n: number, ...forms: readonly string[]) => string
}

interface Shape {
  readonly group: string
  readonly decimal: string
  /** Month beside a day, and alone. */
  readonly months: readonly string[]
  readonly alone: readonly string[]
  readonly day: (d: string, month: string, y: string) => string
  readonly month: (month: string, y: string) => string
  /** Day and month without the year, for the first half of a range. */
  readonly noYear: (d: string, month: string) => string
  readonly form: (n: number) => number
}

const split = (s: string) => s.split(' ')
const oneOrMore = (n: number) => (n === 1 ? 0 : 1)

function russian(n: number): number {
  const [ten, hundred] = [n % 10, n % 100]
  if (!Number.isInteger(n)) return 1
  if (ten === 1 && hundred !== 11) return 0
  return ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14) ? 1 : 2
}

const english = split('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec')
const tajik = split('январ феврал март апрел май июн июл август сентябр октябр ноябр декабр')
const nominative = split('январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь')
const plain: Pick<Shape, 'day' | 'month' | 'noYear'> = {
  day: (d, month, y) => `${d} ${month} ${y}`,
  month: (month, y) => `${month} ${y}`,
  noYear: (d, month) => `${d} ${month}`,
}

const shapes: Readonly<Record<Language, Shape>> = {
  en: { group: ',', decimal: '.', months: english, alone: english, ...plain, form: oneOrMore },
  ru: {
    group: '\u00a0',
    decimal: ',',
    months: split('янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек.'),
    alone: nominative,
    ...plain,
    form: russian,
  },
  ky: {
    group: '\u00a0',
    decimal: ',',
    months: nominative,
    alone: nominative,
    day: (d, month, y) => `${y}-ж., ${d}-${month}`,
    month: (month, y) => `${y}-ж., ${month}`,
    noYear: (d, month) => `${d}-${month}`,
    form: oneOrMore,
  },
  tg: { group: '\u00a0', decimal: ',', months: tajik, alone: tajik, ...plain, form: oneOrMore },
}

/** The names of the months in all languages, in small letters and without dots, to read what is typed. */
export const monthNames: readonly (readonly string[])[] = Object.values(shapes)
  .flatMap(s => [s.months, s.alone])
  .map(names => names.map(n => n.toLowerCase().replace('.', '')))

/** The grammar of a language. Digits are western in all four. */
export function grammar(language: Language): Grammar {
  const s = shapes[language]
  const number = (n: number) => {
    const [whole = '', part] = String(Math.abs(n)).split('.')
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, s.group)
    return (n < 0 ? '−' : '') + (part === undefined ? grouped : `${grouped}${s.decimal}${part}`)
  }
  const date = (d: string) => {
    const [y = '', m, day] = d.slice(0, 10).split('-')
    const at = Number(m) - 1
    if (m === undefined) return y
    if (day === undefined) return s.month(s.alone[at] ?? m, y)
    return s.day(String(Number(day)), s.months[at] ?? m, y)
  }
  const dates = (from: string, to: string | null) => {
    if (to === null || to === from) return date(from)
    const [a, b] = [from.slice(0, 10), to.slice(0, 10)]
    if (a.length < 10 || b.length < 10 || a.slice(0, 4) !== b.slice(0, 4)) return `${date(a)} – ${date(b)}`
    const [month = '', later = ''] = [a, b].map(d => s.months[Number(d.slice(5, 7)) - 1])
    const [first, last] = [a, b].map(d => String(Number(d.slice(8)))) as [string, string]
    const y = a.slice(0, 4)
    if (a.slice(0, 7) === b.slice(0, 7)) return s.day(`${first}–${last}`, month, y)
    if (language === 'ky') return `${s.day(first, month, y)} – ${s.noYear(last, later)}`
    return `${s.noYear(first, month)} – ${s.day(last, later, y)}`
  }
  const count = (n: number, ...forms: readonly string[]) =>
    `${number(n)} ${forms[Math.min(s.form(n), forms.length - 1)] ?? ''}`
  return { number, date, dates, count }
}
