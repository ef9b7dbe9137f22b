// The language in use. ru, ky and tg come as further files of the shape `Text`.
import { signal } from '@preact/signals'
import { en, type Text } from './en'

export type { Text }

const language = signal<Text>(en)

/** The words in the reader's language; reading it in a view subscribes the view to the language. */
export function text(): Text {
  return language.value
}

/** A word of a table, or the code itself made readable: a new code of the server must not vanish. */
export function word(table: Readonly<Record<string, string>>, code: string): string {
  const known = table[code]
  if (known !== undefined) return known
  const plain = code.replaceAll('_', ' ')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}
