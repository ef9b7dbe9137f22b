// Claims and figures as words and as marks on a scale. Pure. Nothing is ever summed, averaged or turned into 0.
import type { Claim, ClaimValue, FigureDetail, IncidentProps, PartyRole } from './api'
import { lastDay } from './dates'
import { type Text, word } from './text'

/** The figure of a claim in words. A non-answer stays as it is recorded: a restatement, so without quotation marks. */
export function valueWords(v: ClaimValue, t: Text): string {
  const n = (x: number | null | undefined) => (x === null || x === undefined ? null : t.number(x))
  const told = v.as_reported || t.value.unquantified
  const one = n(v.value)
  const min = n(v.min)
  const max = n(v.max)
  const plain = (() => {
    switch (v.kind) {
      case 'exact':
        return one ?? min ?? told
      case 'approx':
        return one === null ? told : t.value.approx(one)
      case 'at_least':
        return wrap(t.value.at_least, min ?? one, told)
      case 'more_than':
        return wrap(t.value.more_than, one, told)
      case 'up_to':
        return wrap(t.value.up_to, max ?? one, told)
      case 'fewer_than':
        return wrap(t.value.fewer_than, one, told)
      case 'range':
        return min === null || max === null ? told : t.value.range(min, max)
      default:
        return told
    }
  })()
  return v.unit && plain !== told ? t.value.withUnit(plain, t.units[v.unit] ?? v.unit) : plain
}

function wrap(f: (n: string) => string, n: string | null, otherwise: string): string {
  return n === null ? otherwise : f(n)
}

/** Low and high of an incident's derived figure in words, or null if neither is known. */
export function boundsWords(low: number | null, high: number | null, t: Text): string | null {
  if (low === null && high === null) return null
  if (low === null) return t.value.up_to(t.number(high as number))
  if (high === null) return t.value.orMore(t.number(low))
  return low === high ? t.number(low) : t.value.range(t.number(low), t.number(high))
}

/** First and last day of an incident in words, no more precise than they are known. */
export function incidentDates(
  p: { start: string; end: string | null; date_precision?: string | null },
  t: Text,
): string {
  const digits = p.date_precision === 'year' ? 4 : p.date_precision === 'month' ? 7 : 10
  return t.dates(p.start.slice(0, digits), p.end?.slice(0, digits) ?? null)
}

const headline = ['killed', 'wounded', 'captured', 'released'] as const

/** The derived figures of an incident, those that are known: "Killed 46–62". */
export function incidentWords(p: IncidentProps, t: Text): string[] {
  const out: string[] = []
  for (const m of headline) {
    const words = boundsWords(p[`${m}_low`] ?? null, p[`${m}_high`] ?? null, t)
    if (words !== null) out.push(t.value.figure(word(t.metrics, m), words))
  }
  return out
}

/** A derived figure with its parts by whose people are counted: "Killed 103: Kyrgyzstan 62, Tajikistan 41"; or null. */
export function figureWords(
  f: FigureDetail,
  parties: readonly PartyRole[],
  t: Text,
): [string, string] | null {
  const whole = boundsWords(f.low, f.high, t)
  if (whole === null) return null
  const parts = Object.entries(f.by_party ?? {})
    .map(([id, b]) => [id, boundsWords(b.low, b.high, t)] as const)
    .filter((p): p is readonly [string, string] => p[1] !== null && p[0] !== 'ALL')
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([id, words]) => t.value.figure(partyName(id, parties, t), words))
  return [t.value.figure(word(t.metrics, f.family), whole), parts.join(', ')]
}

/** What a claim looks like on a scale from 0. An open end has no bound; `words` has no mark at all. */
export type Mark =
  | { readonly kind: 'point'; readonly at: number; readonly about: boolean }
  | { readonly kind: 'span'; readonly from: number; readonly to: number }
  | { readonly kind: 'from'; readonly from: number }
  | { readonly kind: 'to'; readonly to: number }
  | { readonly kind: 'words' }

export function markOf(v: ClaimValue): Mark {
  const value = v.value ?? null
  const min = v.min ?? null
  const max = v.max ?? null
  switch (v.kind) {
    case 'exact':
    case 'approx': {
      const at = value ?? min
      return at === null ? { kind: 'words' } : { kind: 'point', at, about: v.kind === 'approx' }
    }
    case 'at_least':
    case 'more_than': {
      const from = min ?? value
      return from === null ? { kind: 'words' } : { kind: 'from', from }
    }
    case 'up_to':
    case 'fewer_than': {
      const to = max ?? value
      return to === null ? { kind: 'words' } : { kind: 'to', to }
    }
    case 'range':
      return min === null || max === null ? { kind: 'words' } : { kind: 'span', from: min, to: max }
    default:
      return { kind: 'words' }
  }
}

/** The end of a scale that holds every mark: 1, 2 or 5 times a power of ten; an open end gets room. */
export function scaleEnd(marks: readonly Mark[]): number {
  let top = 0
  for (const m of marks) {
    if (m.kind === 'point') top = Math.max(top, m.at)
    else if (m.kind === 'from') top = Math.max(top, m.from * 1.25)
    else if (m.kind !== 'words') top = Math.max(top, m.to)
  }
  if (top <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(top))
  for (const step of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]) if (step * power >= top) return step * power
  return 10 * power
}

export interface Column {
  /** The party that speaks; null gathers those that speak for no party. */
  readonly party: string | null
  readonly label: string
}
export interface Block {
  readonly metric: string
  readonly affected: string
  /** claims[i] are those of columns[i], in the order in which they were said. */
  readonly claims: readonly (readonly Claim[])[]
}
export interface Table {
  readonly columns: readonly Column[]
  /** Blocks with figures. */
  readonly blocks: readonly Block[]
  /** Statements without a count. */
  readonly statements: readonly Block[]
  /** Scale end by metric: one scale for all parties. */
  readonly ends: ReadonlyMap<string, number>
}

const order = [
  'killed',
  'wounded',
  'injured',
  'casualties_all',
  'missing',
  'captured',
  'released',
  'still_held',
  'detained',
  'hospitalised',
  'evacuated',
  'displaced',
]
const people = new Set([...order, 'refugees', 'crowd'])
const withoutCount = [
  'responsibility',
  'condition',
  'compliance',
  'demand',
  'situation',
  'circumstance',
  'assessment',
  'diplomacy',
]

/**
 * The state or group that a party id speaks for: "KG-BORDER" for "KG", "UNMOT" for "UN". Where the Tajik government
 * is a party of the civil war, its bodies speak for "TJ-GOV".
 */
export function rootParty(id: string, civilWar: boolean): string {
  if (id === 'UNMOT' || id === 'UNHCR') return 'UN'
  const root = /^(KG|TJ|UZ|RU)(?=-|$)/.exec(id)?.[1] ?? id
  return root === 'TJ' && civilWar ? 'TJ-GOV' : root
}

/** A party's name: as the incident has it, else ours, else its id. */
export function partyName(id: string, parties: readonly PartyRole[], t: Text): string {
  return t.parties[id] ?? parties.find(p => p.party_id === id)?.name ?? id
}

/**
 * Claims side by side: equal columns by who speaks, alphabetical by the party's id; last the one of all who are no
 * party to the incident.
 */
export function claimTable(claims: readonly Claim[], parties: readonly PartyRole[], t: Text): Table {
  const civilWar =
    parties.some(p => p.party_id === 'TJ-GOV') || claims.some(c => c.affected_party === 'TJ-GOV')
  const root = (id: string) => rootParty(id, civilWar)
  // The United Nations observe, mediate and count: where nobody counts their people they speak among the others.
  const involved = new Set(parties.map(p => root(p.party_id)).filter(id => id !== 'UN'))
  for (const c of claims) if (c.affected_party === 'UN') involved.add('UN')
  const speakers = new Set<string>()
  for (const c of claims) {
    // A column for each party of the incident that speaks or is spoken about, be it empty.
    for (const id of [c.claimant.party_id, c.affected_party])
      if (id && involved.has(root(id))) speakers.add(root(id))
  }
  const speaker = (c: Claim) => {
    const party = c.claimant.party_id ? root(c.claimant.party_id) : null
    return party !== null && speakers.has(party) ? party : null
  }
  const columns: Column[] = [...speakers]
    .sort()
    .map(party => ({ party, label: partyName(party, parties, t) }))
  if (columns.length === 0 || claims.some(c => speaker(c) === null))
    columns.push({ party: null, label: t.card.others })

  const blocks = new Map<string, Claim[]>()
  for (const c of claims) {
    const key = `${c.metric}\n${c.affected_party || 'ALL'}`
    blocks.set(key, [...(blocks.get(key) ?? []), c])
  }
  const all: Block[] = [...blocks].map(([key, cs]) => {
    const [metric = '', affected = ''] = key.split('\n')
    return {
      metric,
      affected,
      claims: columns.map(col =>
        cs.filter(c => speaker(c) === col.party).sort((a, b) => saidOn(a) - saidOn(b)),
      ),
    }
  })
  all.sort(
    (a, b) =>
      rank(a.metric) - rank(b.metric) ||
      a.metric.localeCompare(b.metric) ||
      Number(a.affected === 'ALL') - Number(b.affected === 'ALL') ||
      a.affected.localeCompare(b.affected),
  )
  const ends = new Map<string, number>()
  for (const metric of new Set(claims.map(c => c.metric))) {
    ends.set(metric, scaleEnd(claims.filter(c => c.metric === metric).map(c => markOf(c.value))))
  }
  return { columns, blocks: all.filter(b => !states(b)), statements: all.filter(states), ends }
}

/** Whether a block holds statements only. Of people, a non-answer is an answer to "how many" and stays with the figures. */
function states(b: Block): boolean {
  if (withoutCount.includes(b.metric)) return true
  return !people.has(b.metric) && b.claims.flat().every(c => markOf(c.value).kind === 'words')
}

/** The last day on which it may have been said: "Sep 2022" stands after every day of that month. */
function saidOn(c: Claim): number {
  return (c.claimed_on ? lastDay(c.claimed_on) : null) ?? Number.MAX_SAFE_INTEGER
}

function rank(metric: string): number {
  const i = order.indexOf(metric)
  return i < 0 ? order.length : i
}
