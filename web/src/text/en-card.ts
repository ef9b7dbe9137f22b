// The cards of incidents and border segments in English.
import { grammar } from './grammar'

const { number, date, count } = grammar('en')

export const card = {
  card: {
    label: 'Incident',
    close: 'Close',
    previous: 'Previous incident in the list',
    next: 'Next incident in the list',
    place: 'Place',
    located: (precision: string, km: number | null) =>
      km === null ? precision : `${precision}, within about ${number(km)} km`,
    notLocated: 'No position is published; it is not on the map.',
    when: 'When',
    occurrence: 'Did it happen',
    basis: 'Rests on',
    basisText: (claims: number, sources: number, origins: number) =>
      `${count(claims, 'claim', 'claims')} in ${count(sources, 'source', 'sources')} of ${count(origins, 'independent origin', 'independent origins')}`,
    partOf: 'Part of',
    holds: 'Holds',
    related: 'Related',
    note: 'Note',
    parties: 'Parties',
    segment: 'Nearest mapped line',
    metres: (m: number) =>
      m < 1000
        ? `${number(Math.round(m / 10) * 10)} m from the mapped position`
        : `${number(Math.round(m / 100) / 10)} km from the mapped position`,
    claims: 'What is claimed',
    claimsHint:
      'One column for each party that speaks, by name in alphabetical order, all on one scale. A column is empty where our sources hold no figure from that party.',
    statements: 'Statements without a count',
    accounts: 'How each tells it',
    sources: 'Sources',
    page: 'This incident as a page',
    geojson: 'GeoJSON',
    noClaims: 'No source gives a figure.',
    counted: (party: string) => `counted: ${party}`,
    all: 'all parties together',
    others: 'Others',
    othersHint: 'those who are no party to the incident: the press, international bodies, NGOs, the unnamed',
    empty: 'no figure in our sources',
    superseded: 'superseded',
    saidOn: (value: string, on: string) => `${value} (${on})`,
    supersededBy: (what: string) => `superseded by ${what}`,
    refuted: 'refuted',
    withdrawn: 'withdrawn',
    contradicts: (what: string) => `contradicts ${what}`,
    undated: 'date not given',
    sourceWord: 'Source',
    untitled: 'no title recorded',
    loading: 'The incident is loading …',
    failed: 'The incident could not be loaded.',
    gone: 'There is no such incident.',
    newTab: 'opens in a new tab',
    scale: (max: string) => `scale from 0 to ${max}`,
    cite: 'Copy citation',
    cited: 'Citation copied',
    citation: (c: {
      who: string
      said: string
      what: string
      value: string
      incident: string
      when: string
      sources: string
      id: string
      asof: string | null
      link: string
    }) =>
      `${c.who}, ${c.said}: ${c.what}: ${c.value}. ${c.incident}, ${c.when}. Source: ${c.sources}. ` +
      `demarc claim ${c.id}${c.asof === null ? '' : `, as known on ${c.asof}`}. ${c.link}`,
    history: 'How the figures changed',
    historyHint:
      'Each mark is a claim, placed on the day it was made. Filled marks stand, hollow ones were superseded, refuted or withdrawn. Choose a day to see the map as it was known then.',
    historyChart: (what: string, n: number, from: string, to: string) =>
      `${what}: ${count(n, 'claim', 'claims')} made from ${from} to ${to}`,
    seeAsof: (day: string) => `Show what was known on ${day}`,
    standing: (n: number) => `${count(n, 'claim stands', 'claims stand')}`,
    fallen: (n: number) => `${count(n, 'earlier claim', 'earlier claims')}, superseded or withdrawn`,
    neighbours: 'Near it in place and time',
    around: (km: string, days: string) => `Within ${km} km and ${days} days before and after`,
    noneAround: 'No other incident is that near.',
    awayKm: (km: string) => `${km} km away`,
    daysApart: (n: number) =>
      n === 0
        ? 'the same day'
        : n < 0
          ? `${count(-n, 'day', 'days')} before`
          : `${count(n, 'day', 'days')} after`,
    revisions: 'Revisions of this record',
    copied: 'Copied',
    copyFailed: 'Copying is not possible here. The text is selected below.',
  },

  segment: {
    label: 'Border segment',
    status: (date: string) => `Status on ${date}`,
    since: (from: string | null, to: string | null) =>
      from === null && to === null
        ? 'for as long as this line is mapped'
        : `${from === null ? '' : `from ${date(from)} `}${to === null ? 'on' : `to ${date(to)}`}`.trim(),
    history: 'Status through time',
    line: 'The mapped line',
    names: 'Names',
    failed: 'The segment could not be loaded.',
    gone: 'There is no such segment.',
    loading: 'The segment is loading …',
    page: 'This segment as a page',
    other: (day: string) => `This line is not in use on ${day}.`,
    showOn: (day: string) => `Show the border on ${day}`,
    nearHere: (km: number) => `Incidents within ${number(km)} km`,
  },
}
