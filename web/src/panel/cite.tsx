// "Copy citation": every figure can be taken away with who said it, when, where it is written, and as known on which day.
import { useRef, useState } from 'preact/hooks'
import type { Claim, IncidentDetail, Source } from '../api'
import { incidentDates, partyName, valueWords } from '../figures'
import { initial, type State, serialise } from '../state'
import { state } from '../store'
import { type Text, text, word } from '../text'
import { Glyph } from './icons'

/** The address that shows this claim as known on the same day. */
export function permalink(p: IncidentDetail, s: State): string {
  return `${location.origin}/${serialise({ ...initial, sel: p.id, asof: s.asof, lang: s.lang })}`
}

/** A claim as one would cite it. */
export function citation(c: Claim, p: IncidentDetail, s: State, t: Text): string {
  const known = new Map((p.sources_detail ?? []).map(x => [x.id, x]))
  const parties = p.parties_detail ?? []
  const affected = c.affected_party ? ` (${partyName(c.affected_party, parties, t)})` : ''
  const sources = (c.sources ?? []).map(x => {
    const words = sourceWords(known.get(x.source_id), x.source_id, t)
    return x.locator ? `${words}, ${x.locator}` : words
  })
  return t.card.citation({
    who: c.claimant.name,
    said: c.claimed_on ? t.date(c.claimed_on) : t.card.undated,
    what: `${word(t.metrics, c.metric)}${affected}`,
    value: valueWords(c.value, t),
    incident: p.title,
    when: incidentDates(p, t),
    sources: sources.join('; '),
    id: c.id,
    asof: s.asof === null ? null : t.date(s.asof),
    link: permalink(p, s),
  })
}

function sourceWords(s: Source | undefined, id: string, t: Text): string {
  if (!s) return id
  return [s.publisher, s.title && `“${s.title}”`, s.date && t.date(s.date), s.url].filter(Boolean).join(', ')
}

export function Cite({ claim, incident }: { claim: Claim; incident: IncidentDetail }) {
  const t = text()
  const [said, say] = useState('')
  const [shown, show] = useState<string | null>(null)
  const box = useRef<HTMLTextAreaElement>(null)
  const copy = async () => {
    const words = citation(claim, incident, state.value, t)
    try {
      await navigator.clipboard.writeText(words)
      say(t.card.cited)
    } catch {
      // Without leave to use the clipboard the text is there to be taken by hand.
      show(words)
      say(t.card.copyFailed)
      requestAnimationFrame(() => box.current?.select())
    }
    setTimeout(() => say(''), 5000)
  }
  const what = `${t.card.cite}: ${valueWords(claim.value, t)}, ${claim.claimant.name}`
  return (
    <>
      <button type="button" class="cite" aria-label={what} title={t.card.cite} onClick={copy}>
        <Glyph name="quote" />
      </button>
      <span class="said" role="status">
        {said}
      </span>
      {shown !== null && (
        <textarea ref={box} class="citation" readOnly rows={5} aria-label={t.card.cite} value={shown} />
      )}
    </>
  )
}
