// The sources of a card, numbered, and the references to them.
import type { Source } from '../api'
import { text } from '../text'

/** The numbers of a card's sources, and the card's name, which keeps the ids of two open cards apart. */
export interface Numbering {
  readonly card: string
  readonly of: ReadonlyMap<string, number>
}

export function numbering(card: string, ids: readonly string[]): Numbering {
  return { card, of: new Map(ids.map((id, i) => [id, i + 1])) }
}

interface Cited {
  readonly source_id: string
  readonly locator?: string | null
}

/** "[3, sentence 4]": leads to the source in the card's list, which leads out. */
export function Refs({ cited, numbers }: { cited: readonly Cited[]; numbers: Numbering }) {
  const t = text()
  const go = (id: string) => (e: MouseEvent) => {
    const target = document.getElementById(anchor(numbers.card, id))
    if (!target) return
    e.preventDefault()
    target.scrollIntoView({ block: 'center' })
    target.focus()
  }
  return (
    <span class="refs">
      {cited.map(({ source_id: id, locator }) => {
        const n = numbers.of.get(id)
        return (
          <a key={`${id} ${locator ?? ''}`} href={`#${anchor(numbers.card, id)}`} onClick={go(id)}>
            <span class="visually-hidden">{t.card.sourceWord} </span>[{n === undefined ? id : t.number(n)}
            {locator ? `, ${locator}` : ''}]
          </a>
        )
      })}
    </span>
  )
}

function anchor(card: string, id: string): string {
  return `${card}-source-${id}`
}

interface SourcesProps {
  readonly sources: readonly Source[]
  readonly numbers: Numbering
  /** The places in each source that are cited. */
  readonly locators?: ReadonlyMap<string, readonly string[]>
}

export function Sources({ sources, numbers, locators }: SourcesProps) {
  const t = text()
  return (
    <ol class="sources">
      {sources.map(s => {
        const places = locators?.get(s.id) ?? []
        return (
          <li key={s.id} id={anchor(numbers.card, s.id)} tabIndex={-1}>
            <span class="publisher">{s.publisher}</span> <Title source={s} />
            <span class="soft">
              {' '}
              · {s.date ? t.date(s.date) : t.card.undated}
              {s.lang && ` · ${t.languages[s.lang] ?? s.lang}`}
              {places.length > 0 && ` · ${places.join('; ')}`}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function Title({ source: s }: { source: Source }) {
  const t = text()
  const cite = <cite lang={s.title ? (s.lang ?? undefined) : undefined}>{s.title || t.card.untitled}</cite>
  // Only a web address may become a link: the data could hold anything.
  if (!s.url || !/^https?:\/\//i.test(s.url)) return cite
  return (
    <a href={s.url} target="_blank" rel="noopener noreferrer">
      {cite}
      <span class="visually-hidden"> ({t.card.newTab})</span>
    </a>
  )
}
