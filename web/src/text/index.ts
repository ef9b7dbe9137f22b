// The language in use. English is at hand; the others are fetched when a reader asks for them.
import { signal } from '@preact/signals'
import { type Language, languages } from '../state'
import { en, type Text } from './en'
import { grammar } from './grammar'

export type { Text }

/** Any part of a table of texts; what it leaves out stays English. */
export type Translation<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: never[]) => unknown
    ? T[K]
    : T[K] extends string
      ? string
      : Translation<T[K]>
}

/** The language in which titles, summaries and notes are recorded, whatever the reader's is. */
export const recorded = 'en'

/** What each language calls itself; Uzbek has names of places alone. */
export const ownNames = {
  en: 'English',
  ru: 'Русский',
  ky: 'Кыргызча',
  tg: 'Тоҷикӣ',
  uz: 'Oʻzbekcha',
} as const

/** Languages whose texts no native speaker has reviewed yet. */
export const unreviewed: readonly Language[] = ['ky', 'tg']

const language = signal<Text>(en)

/** The words in the reader's language; reading it in a view subscribes the view to the language. */
export function text(): Text {
  return language.value
}

const loaders: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ text: Translation<Text> }>>> = {
  ru: () => import('./ru'),
  ky: () => import('./ky'),
  tg: () => import('./tg'),
}

/** Lays a translation over the English texts. */
export function over<T>(base: T, part: Translation<T>): T {
  const out = { ...base } as Record<string, unknown>
  for (const [key, value] of Object.entries(part as Record<string, unknown>)) {
    const was = out[key]
    const nested = typeof value === 'object' && value !== null && typeof was === 'object' && was !== null
    out[key] = nested ? over(was, value as Translation<unknown>) : value
  }
  return out as T
}

/** The language of a choice, else the first of the browser's that we have, else English. */
export function languageOf(choice: Language | null, preferred: readonly string[]): Language {
  if (choice) return choice
  for (const tag of preferred) {
    const known = languages.find(l => tag.toLowerCase().split('-')[0] === l)
    if (known) return known
  }
  return 'en'
}

let wanted: Language = 'en'

/** Brings a language to the screen; until it is here the one before stays. */
export async function speak(to: Language) {
  wanted = to
  const part = to === 'en' ? {} : (await loaders[to]()).text
  if (wanted !== to || language.peek().lang === to) return
  language.value = to === 'en' ? en : { ...over(en, part), ...grammar(to), lang: to }
}

/** A word of a table, or the code itself made readable: a new code of the server must not vanish. */
export function word(table: Readonly<Record<string, string>>, code: string): string {
  const known = table[code]
  if (known !== undefined) return known
  const plain = code.replaceAll('_', ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}
