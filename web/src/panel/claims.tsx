// Claims side by side: one column for each party that speaks, one scale for each metric. Nothing is added up.
import { Fragment } from 'preact'
import type { Claim, IncidentDetail, PartyRole } from '../api'
import { type Block, type Column, claimTable, type Mark, markOf, partyName, valueWords } from '../figures'
import { recorded, text, word } from '../text'
import { Cite } from './cite'
import { History } from './history'
import { type Numbering, Refs } from './sources'

interface Context {
  readonly incident: IncidentDetail
  readonly claims: readonly Claim[]
  readonly parties: readonly PartyRole[]
  readonly numbers: Numbering
}

export function Claims(c: Context) {
  const t = text()
  if (c.claims.length === 0) return <p class="note">{t.card.noClaims}</p>
  const table = claimTable(c.claims, c.parties, t)
  return (
    <div class={`claims columns-${Math.min(table.columns.length, 4)}`}>
      <p class="note">{t.card.claimsHint}</p>
      {table.blocks.map(b => (
        <BlockView
          key={`${b.metric} ${b.affected}`}
          block={b}
          columns={table.columns}
          end={table.ends.get(b.metric) ?? 1}
          context={c}
        />
      ))}
      {table.statements.length > 0 && <h3>{t.card.statements}</h3>}
      {table.statements.map(b => (
        <BlockView
          key={`${b.metric} ${b.affected}`}
          block={b}
          columns={table.columns}
          end={null}
          context={c}
        />
      ))}
    </div>
  )
}

interface BlockProps {
  readonly block: Block
  readonly columns: readonly Column[]
  /** End of the scale; null: nothing to scale. */
  readonly end: number | null
  readonly context: Context
}

function BlockView({ block, columns, end, context }: BlockProps) {
  const t = text()
  const scaled = end !== null && block.claims.some(cs => cs.some(c => markOf(c.value).kind !== 'words'))
  return (
    <section class="block">
      <h4>
        {word(t.metrics, block.metric)}
        <span class="soft"> · {t.card.counted(partyName(block.affected, context.parties, t))}</span>
      </h4>
      {scaled && end !== null && (
        <History block={block} columns={columns} end={end} title={word(t.metrics, block.metric)} />
      )}
      <div class="columns">
        {columns.map((col, i) => (
          <div key={col.party ?? ''} class="column">
            <p class="speaker" title={col.party === null ? t.card.othersHint : undefined}>
              {col.label}
            </p>
            {scaled && end !== null && <Axis end={end} />}
            {(block.claims[i] ?? []).length === 0 && <p class="none">{t.card.empty}</p>}
            <ColumnClaims list={block.claims[i] ?? []} end={scaled ? end : null} context={context} />
          </div>
        ))}
      </div>
    </section>
  )
}

/** The claims that stand; where many others fell, those are folded away, their figures still to be read. */
function ColumnClaims({
  list,
  end,
  context,
}: {
  list: readonly Claim[]
  end: number | null
  context: Context
}) {
  const t = text()
  const fallen = list.filter(c => c.status_flag !== 'current')
  const fold = fallen.length > 2
  const view = (cs: readonly Claim[]) => (
    <ul>
      {cs.map(c => (
        <ClaimView key={c.id} claim={c} end={end} context={context} />
      ))}
    </ul>
  )
  if (!fold) return view(list)
  return (
    <>
      {view(list.filter(c => c.status_flag === 'current'))}
      <details class="fallen">
        <summary>
          {t.card.fallen(fallen.length)}:{' '}
          {fallen.map(c => (
            <Fragment key={c.id}>
              <s>{valueWords(c.value, t)}</s>{' '}
            </Fragment>
          ))}
        </summary>
        {view(fallen)}
      </details>
    </>
  )
}

function ClaimView({ claim, end, context }: { claim: Claim; end: number | null; context: Context }) {
  const t = text()
  const old = claim.status_flag !== 'current'
  const words = valueWords(claim.value, t)
  const who = claim.status ? word(t.counted, claim.status) : ''
  return (
    <li class={`claim${old ? ' old' : ''}${end === null ? ' statement' : ''} ${claim.status_flag}`}>
      {end !== null && <MarkView mark={markOf(claim.value)} end={end} />}
      <p class="value">
        {old ? <s>{words}</s> : words}
        {who && <span class="who"> {who}</span>}
        <Cite claim={claim} incident={context.incident} />
      </p>
      <Fate claim={claim} claims={context.claims} />
      <p class="claimant">
        {claim.claimant.name}, {claim.claimed_on ? t.date(claim.claimed_on) : t.card.undated}{' '}
        <Refs cited={claim.sources ?? []} numbers={context.numbers} />
      </p>
      <About claim={claim} />
    </li>
  )
}

/** Whom a claim counts and how far it was verified: our words and, marked by their language, those of the record. */
function About({ claim }: { claim: Claim }) {
  const t = text()
  const coverage = claim.coverage ? word(t.coverage, claim.coverage) : ''
  const told = claim.verification_text
  return (
    <>
      {(claim.scope || coverage || claim.note) && (
        <p class="about">
          {claim.scope && <span lang={recorded}>{claim.scope}</span>}
          {claim.scope && coverage && ' · '}
          {coverage}
          {(claim.scope || coverage) && claim.note && ' · '}
          {claim.note && <span lang={recorded}>{claim.note}</span>}
        </p>
      )}
      {(claim.verification || told) && (
        <p class="about">
          {claim.verification && word(t.verification, claim.verification)}
          {claim.verification && told && ': '}
          {told && <span lang={recorded}>{told}</span>}
        </p>
      )}
    </>
  )
}

/** What became of the claim, and what stands against it. */
function Fate({ claim, claims }: { claim: Claim; claims: readonly Claim[] }) {
  const t = text()
  const named = (ids: readonly string[] | null | undefined) =>
    (ids ?? [])
      .map(id => claims.find(c => c.id === id))
      .filter(c => c !== undefined)
      .map(c =>
        c.claimed_on ? t.card.saidOn(valueWords(c.value, t), t.date(c.claimed_on)) : valueWords(c.value, t),
      )
      .join(', ')
  const successors = named(claim.superseded_by)
  const rivals = named(claim.contradicts)
  switch (claim.status_flag) {
    case 'refuted':
      return <p class="fate strong">{t.card.refuted}</p>
    case 'withdrawn':
      return <p class="fate strong">{t.card.withdrawn}</p>
    case 'superseded':
      return <p class="fate">{successors ? t.card.supersededBy(successors) : t.card.superseded}</p>
    default:
      return rivals ? <p class="fate strong">{t.card.contradicts(rivals)}</p> : null
  }
}

function Axis({ end }: { end: number }) {
  const t = text()
  return (
    <div class="axis">
      <span class="visually-hidden">{t.card.scale(t.number(end))}</span>
      <span aria-hidden="true">0</span>
      <span aria-hidden="true">{t.number(end)}</span>
    </div>
  )
}

/** The mark of a claim on its scale. The words beside it say the same. */
function MarkView({ mark, end }: { mark: Mark; end: number }) {
  if (mark.kind === 'words') return null
  const at = (n: number) => `${Math.min(100, (100 * n) / end).toFixed(2)}%`
  return (
    <svg class="mark" width="100%" height="14" aria-hidden="true">
      <line class="track" x1="0" x2="100%" y1="7" y2="7" />
      {mark.kind === 'point' && (
        <circle class={mark.about ? 'about' : 'point'} cx={at(mark.at)} cy="7" r="4" />
      )}
      {mark.kind === 'span' && (
        <>
          <line class="bar" x1={at(mark.from)} x2={at(mark.to)} y1="7" y2="7" />
          <Cap x={at(mark.from)} />
          <Cap x={at(mark.to)} />
        </>
      )}
      {mark.kind === 'from' && (
        <>
          <line class="bar open" x1={at(mark.from)} x2="100%" y1="7" y2="7" />
          <Cap x={at(mark.from)} />
          <svg x="100%" y="7" overflow="visible" aria-hidden="true">
            <path class="arrow" d="M-5 -4.5 0 0-5 4.5" />
          </svg>
        </>
      )}
      {mark.kind === 'to' && (
        <>
          <line class="bar open" x1="0" x2={at(mark.to)} y1="7" y2="7" />
          <Cap x={at(mark.to)} />
        </>
      )}
    </svg>
  )
}

function Cap({ x }: { x: string }) {
  return <line class="cap" x1={x} x2={x} y1="2" y2="12" />
}
