// The API client: OGC API Features by fetch, same origin only. Every failure becomes a Fault that a reader can act on.

import type { Geometry, LineString, MultiPolygon, Point, Polygon } from 'geojson'
import type { AreasProperties, IncidentsProperties, PlacesProperties, SegmentsProperties } from './api.gen'
import type { BBox } from './state'

/** Does not compile where a type of ours names a property that the API has not, or has of another type. */
type Of<Api, T extends { [K in keyof T]: K extends keyof Api ? Api[K] | string | null : never }> = T

export interface Item<P, G extends Geometry | null = Geometry | null> {
  readonly type: 'Feature'
  readonly id: string
  readonly geometry: G
  readonly properties: P
}

export interface IncidentProps {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly start: string
  readonly end: string | null
  readonly date_precision: string | null
  readonly place: string | null
  readonly place_id: string | null
  readonly country: string | null
  readonly location_precision: string | null
  readonly uncertainty_km: number | null
  readonly parties: string | null
  readonly occurrence: string
  readonly verification: string | null
  readonly figures: string
  readonly parent_id: string | null
  readonly killed_low: number | null
  readonly killed_high: number | null
  readonly wounded_low: number | null
  readonly wounded_high: number | null
  readonly captured_low: number | null
  readonly captured_high: number | null
  readonly released_low: number | null
  readonly released_high: number | null
  readonly claims: number
  readonly sources: number
  readonly origins: number
  readonly segment_id: string | null
  readonly segment_m: number | null
  readonly summary?: string | null
}
export type Incident = Item<Of<IncidentsProperties, IncidentProps>, Point | null>

export interface ClaimValue {
  readonly kind: string
  readonly value?: number | null
  readonly min?: number | null
  readonly max?: number | null
  readonly as_reported?: string | null
  readonly unit?: string | null
}
export interface Claim {
  readonly id: string
  readonly metric: string
  readonly value: ClaimValue
  readonly affected_party?: string | null
  readonly status?: string | null
  readonly coverage?: string | null
  readonly scope?: string | null
  readonly claimant: { readonly name: string; readonly type: string; readonly party_id?: string | null }
  readonly claimed_on?: string | null
  readonly verification?: string | null
  readonly verification_text?: string | null
  readonly status_flag: string
  readonly supersedes?: readonly string[] | null
  readonly superseded_by?: readonly string[] | null
  readonly contradicts?: readonly string[] | null
  readonly sources?: readonly { readonly source_id: string; readonly locator?: string | null }[] | null
  readonly note?: string | null
}
export interface Account {
  readonly party: string
  readonly party_id?: string | null
  readonly text: string
  readonly source_ids?: readonly string[] | null
}
export interface Source {
  readonly id: string
  readonly publisher: string
  readonly title?: string | null
  readonly date?: string | null
  readonly url?: string | null
  readonly lang?: string | null
  readonly origin?: string | null
  readonly reliability?: string | null
}
export interface PartyRole {
  readonly party_id: string
  readonly name: string
  readonly role?: string | null
}
interface Bounds {
  readonly low: number | null
  readonly high: number | null
}
/** A figure derived from the claims that stand, with the parties whose people it counts. */
export interface FigureDetail extends Bounds {
  readonly family: string
  readonly state: string
  readonly by_party?: Readonly<Record<string, Bounds>> | null
}
export interface IncidentDetail extends IncidentProps {
  readonly claims_detail?: readonly Claim[] | null
  readonly accounts_detail?: readonly Account[] | null
  readonly sources_detail?: readonly Source[] | null
  readonly parties_detail?: readonly PartyRole[] | null
  readonly related_ids?: readonly string[] | null
  readonly child_ids?: readonly string[] | null
  readonly figures_detail?: readonly FigureDetail[] | null
  readonly note?: string | null
  readonly occurrence_reason?: string | null
}

export interface SegmentProps {
  readonly id: string
  readonly name: string
  readonly name_kg?: string | null
  readonly name_tj?: string | null
  readonly status: string
  readonly status_from?: string | null
  readonly status_to?: string | null
  readonly status_source?: string | null
  readonly status_history?: string | null
  readonly status_note?: string | null
  readonly length_km?: number | null
  readonly geometry_source?: string | null
  readonly geometry_note?: string | null
  readonly line?: string | null
  readonly role?: string | null
  readonly valid_from?: string | null
  readonly valid_to?: string | null
}
export type Segment = Item<Of<SegmentsProperties, SegmentProps>, LineString>
export interface SegmentDetail extends SegmentProps {
  readonly history_detail?:
    | readonly {
        readonly status: string
        readonly from?: string | null
        readonly to?: string | null
        readonly source_ids?: readonly string[] | null
        readonly note?: string | null
      }[]
    | null
  readonly sources_detail?: readonly Source[] | null
}

export interface AreaProps {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly country?: string | null
  readonly valid_from?: string | null
  readonly valid_to?: string | null
  readonly geometry_source?: string | null
  readonly geometry_note?: string | null
  readonly licence?: string | null
}
export type Area = Item<Of<AreasProperties, AreaProps>, Polygon | MultiPolygon>

export interface PlaceProps {
  readonly id: string
  readonly label: string
  readonly name_ky?: string | null
  readonly name_tg?: string | null
  readonly name_ru?: string | null
  readonly name_en?: string | null
  readonly name_uz?: string | null
  readonly aliases?: string | null
  readonly kind: string
  readonly precision?: string | null
  readonly uncertainty_km?: number | null
  /** Number of incidents here. */
  readonly incidents?: number | null
}
export type Place = Item<Of<PlacesProperties, PlaceProps>, Point | null>

/** What went wrong, in the server's words where it gave some. */
export class Fault extends Error {
  constructor(
    /** no answer at all; an answer that says no; an answer that cannot be read */
    readonly kind: 'unreachable' | 'refused' | 'unreadable',
    readonly status: number | null,
    readonly details: readonly string[],
  ) {
    super(details.join('; ') || kind)
  }
}

export type Query = Readonly<Record<string, string | null>>

/** The address of a collection's items, or of one item, with the parameters that are not null. */
export function address(collection: string, query: Query = {}, id?: string): string {
  const path = `/collections/${collection}/items${id === undefined ? '' : `/${encodeURIComponent(id)}`}`
  return withQuery(path, query)
}

/** A path with the parameters that are not null. */
export function withQuery(path: string, query: Query): string {
  const parts = Object.entries(query)
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(
      ([name, value]) => `${name}=${encodeURIComponent(value).replace(/%(2C|2F|3A)/g, decodeURIComponent)}`,
    )
  return parts.length > 0 ? `${path}?${parts.join('&')}` : path
}

export interface Page<F> {
  readonly features: readonly F[]
  readonly matched: number
  /** The address of the next page on our own origin. */
  readonly next: string | null
}

/** One page of features, by collection and query, or by its whole address. Throws Fault, or AbortError by the signal. */
export async function page<F>(of: string, query: Query, signal: AbortSignal): Promise<Page<F>> {
  const answer = (await get(of.startsWith('/') ? of : address(of, query), signal)) as {
    features?: F[]
    numberMatched?: number
    links?: { rel?: string; href?: string }[]
  }
  if (!Array.isArray(answer.features)) throw new Fault('unreadable', 200, [])
  const next = answer.links?.find(l => l.rel === 'next')?.href
  return {
    features: answer.features,
    matched: answer.numberMatched ?? answer.features.length,
    next: next === undefined ? null : sameOrigin(next),
  }
}

/** All features from an address on: follows `next` to the end. */
export async function items<F>(from: string, signal: AbortSignal): Promise<F[]> {
  const features: F[] = []
  const asked = new Set<string>()
  let url: string | null = from
  while (url !== null && !asked.has(url)) {
    asked.add(url)
    const one: Page<F> = await page<F>(url, {}, signal)
    for (const f of one.features) features.push(f)
    url = one.next
  }
  return features
}

/** The collections that there are. */
export async function collections(signal: AbortSignal): Promise<{ id: string; title: string }[]> {
  const answer = (await get('/collections?f=json', signal)) as {
    collections?: { id: string; title?: string }[]
  }
  return (answer.collections ?? []).map(c => ({ id: c.id, title: c.title ?? c.id }))
}

/** Where a tile set has tiles; null for nowhere. */
export async function tileJson(url: string, signal: AbortSignal): Promise<{ bounds: BBox | null }> {
  const { bounds } = (await get(url, signal)) as { bounds?: readonly number[] }
  if (bounds?.length !== 4) return { bounds: null }
  const [w = -180, s = -85, e = 180, n = 85] = bounds
  return { bounds: [w, s, e, n] }
}

/** How many features a query finds. */
export async function hits(collection: string, query: Query, signal: AbortSignal): Promise<number> {
  const answer = (await get(address(collection, { ...query, resultType: 'hits' }), signal)) as {
    numberMatched?: number
  }
  return answer.numberMatched ?? 0
}

/** One feature with its nested members. Throws Fault, or AbortError by the signal. */
export async function item<P>(
  collection: string,
  id: string,
  query: Query,
  signal: AbortSignal,
): Promise<Item<P>> {
  const f = (await get(address(collection, query, id), signal)) as Item<P>
  if (typeof f.properties !== 'object' || f.properties === null) throw new Fault('unreadable', 200, [])
  return f
}

/** Links bear the host that the server believes it has; behind a proxy that may be another. Ask our own origin. */
function sameOrigin(href: string): string {
  const u = new URL(href, location.href)
  return u.pathname + u.search
}

/** Asks, and asks again where the server says that it needs a moment: the first question for a day of knowledge. */
async function patient(url: string, signal: AbortSignal): Promise<Response> {
  const ask = () => fetch(url, { signal, headers: { Accept: 'application/geo+json, application/json' } })
  for (let tries = 3; tries > 0; tries--) {
    const answer = await ask()
    const wait = Number(answer.headers.get('Retry-After'))
    if (answer.status !== 503 || !(wait > 0)) return answer
    await new Promise(go => setTimeout(go, Math.min(wait, 5) * 1000))
  }
  return ask()
}

async function get(url: string, signal: AbortSignal): Promise<unknown> {
  let answer: Response
  try {
    answer = await patient(url, signal)
  } catch (err) {
    if (signal.aborted) throw err
    throw new Fault('unreachable', null, [])
  }
  const text = await answer.text().catch(() => {
    if (signal.aborted) throw signal.reason
    throw new Fault('unreachable', null, [])
  })
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Fault(answer.ok ? 'unreadable' : 'refused', answer.status, [])
  }
  if (!answer.ok) throw new Fault('refused', answer.status, problem(body))
  return body
}

/** The readable parts of a problem (RFC 9457), all its faults. */
function problem(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return []
  const { title, detail, errors } = body as Record<string, unknown>
  const said = [detail ?? title].filter((s): s is string => typeof s === 'string')
  if (Array.isArray(errors)) {
    for (const e of errors as Record<string, unknown>[]) {
      const parts = [e.parameter ?? e.pointer, e.detail ?? e.problem, e.mend]
      said.push(parts.filter(p => typeof p === 'string').join(': '))
    }
  }
  return said
}
