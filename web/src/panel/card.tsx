// The incident card.
import { Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { choose, chooseSegment, closeIncident } from '../actions'
import { type Account, address, type IncidentDetail, type Source } from '../api'
import { figureWords, incidentDates, incidentWords, partyName } from '../figures'
import { detail, nameOf, segments, shown, state } from '../store'
import { lookOf } from '../symbols'
import { recorded, text, word } from '../text'
import { Around } from './around'
import { Claims } from './claims'
import { Glyph, IncidentIcon } from './icons'
import { tall } from './sheet'
import { type Numbering, numbering, Refs, Sources } from './sources'
import { Failed, Loading } from './states'

export function IncidentCard({ id }: { id: string }) {
  const t = text()
  const { status, data, fault } = detail.load.value
  const known = shown.value.find(i => i.properties.id === id)?.properties
  const p: IncidentDetail | undefined = data?.properties.id === id ? data.properties : undefined
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    tall.value = false
    heading.current?.closest('.cards')?.scrollTo(0, 0)
    // Who steps from one to the next stays on the button.
    if (!document.activeElement?.closest('.neighbours')) heading.current?.focus({ preventScroll: true })
  }, [id])
  const gone = status === 'failed' && fault?.status === 404
  return (
    <article class="card" aria-labelledby="card-title">
      <div class="card-bar">
        <span class="eyebrow">{p || known ? word(t.types, (p ?? known)?.type ?? '') : t.card.label}</span>
        <Neighbours id={id} />
        <button type="button" class="icon-button" aria-label={t.card.close} onClick={closeIncident}>
          <Glyph name="close" />
        </button>
      </div>
      <h2 id="card-title" ref={heading} tabIndex={-1}>
        {(p ?? known) && (
          <IncidentIcon look={lookOf((p ?? known) as IncidentDetail, state.value.metric)} max={40} />
        )}
        <span lang={recorded}>{(p ?? known)?.title ?? id}</span>
      </h2>
      {status === 'loading' && !p && <Loading words={t.card.loading} />}
      {status === 'failed' && (
        <Failed what={gone ? t.card.gone : t.card.failed} fault={fault} retry={detail.retry} />
      )}
      {p && <Body p={p} placed={data?.geometry != null} />}
    </article>
  )
}

function Neighbours({ id }: { id: string }) {
  const t = text()
  const ids = shown.value.map(i => i.properties.id)
  const at = ids.indexOf(id)
  if (at < 0) return null
  const to = (d: number, words: string, glyph: 'left' | 'right') => {
    const target = ids[at + d]
    return (
      <button
        type="button"
        class="icon-button"
        aria-label={words}
        disabled={target === undefined}
        onClick={() => target && choose(target, 'list')}
      >
        <Glyph name={glyph} />
      </button>
    )
  }
  return (
    <span class="neighbours">
      {to(-1, t.card.previous, 'left')}
      <span class="soft">
        {t.number(at + 1)}/{t.number(ids.length)}
      </span>
      {to(1, t.card.next, 'right')}
    </span>
  )
}

function Body({ p, placed }: { p: IncidentDetail; placed: boolean }) {
  const t = text()
  const sources = byCitation(p)
  const numbers = numbering(
    'incident',
    sources.map(s => s.id),
  )
  return (
    <>
      <Headline p={p} />
      {p.summary && (
        <p class="lead" lang={recorded}>
          {p.summary}
        </p>
      )}
      <Facts p={p} placed={placed} />
      <h3>{t.card.claims}</h3>
      <Claims
        incident={p}
        claims={p.claims_detail ?? []}
        parties={p.parties_detail ?? []}
        numbers={numbers}
      />
      <Accounts accounts={p.accounts_detail ?? []} p={p} numbers={numbers} />
      <More p={p} />
      <h3>{t.card.sources}</h3>
      <Sources sources={sources} numbers={numbers} locators={locators(p)} />
      <Around />
      <p class="links">
        <a href={address('incidents', { f: 'html', asof: state.value.asof }, p.id)}>{t.card.page}</a>
        <a href={address('incidents', { f: 'json', asof: state.value.asof }, p.id)}>{t.card.geojson}</a>
        <a href={`${address('incidents', {}, p.id)}/revisions?f=html`}>{t.card.revisions}</a>
      </p>
    </>
  )
}

function Headline({ p }: { p: IncidentDetail }) {
  const t = text()
  const parties = p.parties_detail ?? []
  const figures = p.figures_detail
    ? p.figures_detail.map(f => figureWords(f, parties, t)).filter(f => f !== null)
    : incidentWords(p, t).map(w => [w, ''])
  return (
    <ul class="headline">
      {figures.map(([whole, parts]) => (
        <li key={whole}>
          <strong>{whole}</strong>
          {parts && <span class="soft"> {parts}</span>}
        </li>
      ))}
      <li>
        <span class={`tag ${p.figures}`}>{t.figures[p.figures]?.list ?? p.figures}</span>{' '}
        <span class="soft">{t.figures[p.figures]?.hint}</span>
      </li>
    </ul>
  )
}

function Facts({ p, placed }: { p: IncidentDetail; placed: boolean }) {
  const t = text()
  return (
    <dl class="facts">
      <dt>{t.card.when}</dt>
      <dd>{incidentDates(p, t)}</dd>
      <dt>{t.card.place}</dt>
      <dd>
        {p.place ?? t.list.noPlace}
        {placed ? (
          <span class="soft">
            {' '}
            · {t.card.located(word(t.precision, p.location_precision ?? 'none'), p.uncertainty_km)}
          </span>
        ) : (
          <span class="soft"> · {t.card.notLocated}</span>
        )}
      </dd>
      <dt>{t.card.occurrence}</dt>
      <dd>
        {word(t.occurrence, p.occurrence)}
        {p.occurrence_reason && <span class="soft"> · {p.occurrence_reason}</span>}
      </dd>
      <dt>{t.card.basis}</dt>
      <dd>{t.card.basisText(p.claims, p.sources, p.origins)}</dd>
      {p.segment_id && <NearestSegment p={p} id={p.segment_id} />}
    </dl>
  )
}

/** What stands round the incident: the parties, the records above, below and beside it, our note. */
function More({ p }: { p: IncidentDetail }) {
  const t = text()
  const links = [
    [t.card.partOf, p.parent_id ? [p.parent_id] : []],
    [t.card.holds, p.child_ids ?? []],
    [t.card.related, p.related_ids ?? []],
  ] as const
  return (
    <dl class="facts">
      {(p.parties_detail ?? []).length > 0 && (
        <>
          <dt>{t.card.parties}</dt>
          <dd>
            {[...(p.parties_detail ?? [])]
              .sort((a, b) => a.party_id.localeCompare(b.party_id))
              .map(x => (x.role ? `${x.name} (${x.role})` : x.name))
              .join('; ')}
          </dd>
        </>
      )}
      {links.map(
        ([words, ids]) =>
          ids.length > 0 && (
            <Fragment key={words}>
              <dt>{words}</dt>
              <dd>
                <ul>
                  {ids.map(id => (
                    <li key={id}>
                      <IncidentLink id={id} />
                    </li>
                  ))}
                </ul>
              </dd>
            </Fragment>
          ),
      )}
      {p.note && (
        <>
          <dt>{t.card.note}</dt>
          <dd lang={recorded}>{p.note}</dd>
        </>
      )}
    </dl>
  )
}

function NearestSegment({ p, id }: { p: IncidentDetail; id: string }) {
  const t = text()
  const onMap = segments.load.value.data?.find(s => s.properties.id === id)
  return (
    <>
      <dt>{t.card.segment}</dt>
      <dd>
        <button
          type="button"
          class="link"
          // The line of the incident's own time: the border shown may be a later one.
          onClick={() => chooseSegment(id, 'card', onMap ? undefined : p.start.slice(0, 10))}
        >
          {onMap?.properties.name ?? nameOf('segments', id)}
        </button>
        {p.segment_m !== null && <span class="soft"> · {t.card.metres(p.segment_m)}</span>}
      </dd>
    </>
  )
}

function IncidentLink({ id }: { id: string }) {
  const title = shown.value.find(i => i.properties.id === id)?.properties.title ?? nameOf('incidents', id)
  return (
    <button type="button" class="link" lang={recorded} onClick={() => choose(id, 'card')}>
      {title}
    </button>
  )
}

function Accounts({
  accounts,
  p,
  numbers,
}: {
  accounts: readonly Account[]
  p: IncidentDetail
  numbers: Numbering
}) {
  const t = text()
  if (accounts.length === 0) return null
  const sorted = [...accounts].sort(
    (a, b) => (a.party_id ?? a.party).localeCompare(b.party_id ?? b.party) || a.party.localeCompare(b.party),
  )
  return (
    <>
      <h3>{t.card.accounts}</h3>
      <div class={`accounts columns-${Math.min(sorted.length, 3)}`}>
        {sorted.map(a => (
          <figure key={`${a.party} ${a.text}`}>
            <figcaption>
              {a.party || (a.party_id ? partyName(a.party_id, p.parties_detail ?? [], t) : '')}
            </figcaption>
            <p lang={recorded}>{a.text}</p>
            <Refs cited={(a.source_ids ?? []).map(id => ({ source_id: id }))} numbers={numbers} />
          </figure>
        ))}
      </div>
    </>
  )
}

/** The sources in the order in which claims and accounts first cite them; those that none cites come last. */
function byCitation(p: IncidentDetail): Source[] {
  const cited = [
    ...(p.claims_detail ?? []).flatMap(c => (c.sources ?? []).map(s => s.source_id)),
    ...(p.accounts_detail ?? []).flatMap(a => a.source_ids ?? []),
  ]
  const known = new Map((p.sources_detail ?? []).map(s => [s.id, s]))
  return [...new Set([...cited, ...known.keys()])].map(id => known.get(id) ?? { id, publisher: id })
}

/** The places in each source that the claims cite. */
function locators(p: IncidentDetail): Map<string, string[]> {
  const out = new Map<string, string[]>()
  for (const c of p.claims_detail ?? []) {
    for (const s of c.sources ?? []) {
      const known = out.get(s.source_id) ?? []
      if (s.locator && !known.includes(s.locator)) out.set(s.source_id, [...known, s.locator])
    }
  }
  return out
}
