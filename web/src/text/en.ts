// Every word the reader sees, in English; the vocabulary of the records is in en-words.ts, the help in en-help.ts.
// A further language is three files of the same shape; what it lacks stays English.
import type { Language } from '../state'
import { words } from './en-words'
import { grammar } from './grammar'

const { number, date, count } = grammar('en')

export const en = {
  ...grammar('en'),
  lang: 'en' as Language,

  app: {
    title: 'demarc',
    page: (what: string) => `${what} – demarc`,
    pageTitle: 'demarc – border incidents, every figure with who said it',
    tagline: 'Border incidents · every figure with who said it',
    skipList: 'Skip to the list of incidents',
    skipMap: 'Skip to the map',
    skipFilters: 'Skip to the filters',
    start: 'Start here',
    data: 'Data and API',
    share: 'Copy link',
    shared: 'Link copied',
    shareFailed: 'Copy the address from the address bar',
    search: 'Search',
    searchHint: 'Place or title, in any spelling',
    clearSearch: 'Clear the search',
    language: 'Language',
    unreviewed: 'not yet reviewed by a native speaker',
    theme: 'Colours',
    themes: { auto: 'Auto', light: 'Light', dark: 'Dark', contrast: 'Contrast' },
    help: 'Help',
    take: 'Download, share',
    close: 'Close',
    pane: 'What the middle shows',
    paneMap: 'Map',
    paneTable: 'Table',
    full: 'Open the full map',
    lag: 'This part could not be loaded. Reload the page.',
  },

  asof: {
    label: 'As known on',
    latest: 'Latest',
    earlier: 'One claim earlier',
    later: 'One claim later',
    notice: (date: string) => `You see what was known on ${date}.`,
    hidden: (n: number) =>
      `${count(n, 'claim', 'claims')} made later ${n === 1 ? 'is' : 'are'} left out, on the map, in the list, in downloads and in citations.`,
    show: 'Show all that is known',
    help: 'Shows figures as they stood at the end of that day. “When it happened” is the time line below.',
  },

  live: {
    news: (n: number) => `${count(n, 'change', 'changes')} since you opened this page`,
    show: 'Show',
    changed: 'changed',
  },

  intro: {
    label: 'What this is',
    sentence:
      'demarc maps incidents on and near the Kyrgyz–Tajik border since 1992 and shows every figure with who said it, when, and in which source, without choosing between them.',
    choose: 'Places to start',
    close: 'Close this introduction',
    starts: {
      ramit: { name: 'Ramit Gorge, Kofarnihon', hint: 'spring 1998' },
      batken: { name: 'Batken region', hint: '1999 to today' },
      vorukh: { name: 'Vorukh and Ak-Sai', hint: 'all years' },
      sept2022: { name: 'The whole border', hint: 'September 2022' },
    },
  },

  filters: {
    label: 'Filters',
    on: (n: number) => (n === 0 ? 'none on' : `${number(n)} on`),
    kind: 'Kind of incident',
    claims: 'What the claims say of the figures',
    clear: 'Remove all filters',
    remove: (what: string) => `Remove filter: ${what}`,
    inView: 'Only what the map shows now',
    box: 'Map section',
    area: (name: string) => `Area: ${name}`,
    kinds: (names: string) => `Kind: ${names}`,
    moreKinds: (n: number) => `Kind: ${number(n)} chosen`,
    figures: (names: string) => `Claims: ${names}`,
    party: 'Party to the incident',
    parties: (names: string) => `Party: ${names}`,
    occurrence: 'Did it happen',
    occurrences: (names: string) => `Happened: ${names}`,
    precision: 'How well the place is known',
    precisions: (names: string) => `Place: ${names}`,
    toll: 'Figure that claims allow',
    metric: 'Figure',
    min: 'At least',
    max: 'At most',
    tollOn: (metric: string, min: string | null, max: string | null) =>
      `${metric}: ${min === null ? `at most ${max}` : max === null ? `at least ${min}` : `${min} to ${max}`}`,
    search: (q: string) => `“${q}”`,
    where: 'Where',
    near: (km: string, segment: string) => `Within ${km} km of ${segment}`,
    nearSegment: 'Near a border segment',
    noSegment: 'any place',
    km: 'Kilometres',
    draw: 'Draw an area',
    drawing: 'Click the corners on the map; a double click closes the area. Esc stops.',
    stopDrawing: 'Stop drawing',
    type: 'Type an area',
    corners: 'Drawn area',
    west: 'West',
    south: 'South',
    east: 'East',
    north: 'North',
    degrees: 'Degrees, longitude and latitude (WGS 84)',
    apply: 'Apply',
    badBox:
      'Four numbers: west and east from −180 to 180, south and north from −90 to 90, south below north.',
    more: (n: number) => `Show all ${number(n)}`,
    fewer: 'Show fewer',
    show: (n: number | null) => (n === null ? 'Show' : `Show ${count(n, 'incident', 'incidents')}`),
  },

  list: {
    label: 'Incidents',
    tab: (n: number | null) => (n === null ? 'Incidents' : `Incidents (${number(n)})`),
    count: (n: number) => count(n, 'incident', 'incidents'),
    conflicting: (n: number) => `${number(n)} with conflicting claims`,
    unplaced: (n: number) => `${number(n)} without a position: in this list only`,
    newest: 'Newest first',
    oldest: 'Oldest first',
    sort: 'Order',
    asData: 'This list as GeoJSON',
    noPlace: 'no place published',
    tabs: 'What to list',
    order: 'Order',
    first: (n: number, of: number) =>
      `The first ${number(n)} of ${number(of)}. Narrow the list, or download it.`,
    caption: 'Incidents, with the lowest and the highest figure that standing claims allow',
    columns: {
      start: 'Date',
      title: 'Incident',
      place: 'Place',
      type: 'Kind',
      low: (metric: string) => `${metric}: lowest`,
      high: (metric: string) => `${metric}: highest`,
      claims: 'Claims',
      occurrence: 'Happened',
      figures: 'Claims say',
      uncertainty: '± km',
    },
    ascending: 'ascending',
    descending: 'descending',
    unknown: 'no figure',
    openEnd: 'open',
    openStart: 'open',
  },

  border: {
    tab: (date: string) => `Border on ${date}`,
    label: 'Border segments',
    heading: (date: string) => `Mapped border segments and their status on ${date}`,
    approximation:
      'The lines are mapped approximations, not the line of any treaty. A status is what a source says of a stretch.',
    none: (date: string) => `No mapped line is valid on ${date}.`,
    km: (n: number) => `${number(Math.round(n * 10) / 10)} km as mapped`,
    on: 'Border status on',
    follow: 'Follow the period',
    follows: 'end of the period',
    today: 'today',
    context: 'other exclaves, for context',
    contextHint: 'Rings of other exclaves. No source on their status is recorded.',
  },

  time: {
    wholeBorder: 'Status of the whole border, by length',
    format: 'YYYY-MM-DD',
    badDate: (form: string) => `Not a date. Write it as ${form}, or “18 Sep 2022”.`,
    label: 'Period',
    from: 'From',
    to: 'To',
    all: 'All dates',
    start: 'Start of the period',
    end: 'End of the period',
    open: 'open',
    chart: (n: number, from: string, to: string) =>
      `${count(n, 'incident', 'incidents')} a year, from ${from} to ${to}`,
    bar: (year: string, n: number) => `${year}: ${count(n, 'incident', 'incidents')}`,
    keys: 'Arrow keys move by a month, Page Up and Page Down by a year, Home and End to the limits.',
    section: 'Time',
    happened: 'When it happened',
    play: 'Play',
    stop: 'Stop',
    playHint: 'Moves the period on, step by step',
    lane: 'Border status',
    laneOf: (name: string) => `Status of ${name}`,
    lanePart: (status: string, from: string | null, to: string | null) =>
      `${status}${from === null ? '' : ` from ${date(from)}`}${to === null ? '' : ` to ${date(to)}`}`,
    asof: (day: string) => `known on ${day}`,
  },

  map: {
    inViewTitle: 'On the map now',
    inView: (n: number, shown: number) =>
      `${count(n, 'incident', 'incidents')} in view${shown < n ? `, the ${number(shown)} nearest to the centre` : ', nearest to the centre first'}.`,
    schematic: 'sketch',
    label: 'Map',
    section: 'Map and legend',
    loading: 'The map is loading …',
    summary: (n: number, conflicting: number, segments: number | null, date: string) =>
      `Map of ${count(n, 'incident', 'incidents')}, ${number(conflicting)} with conflicting claims` +
      (segments === null
        ? '.'
        : `, and ${count(segments, 'border segment', 'border segments')} as on ${date}.`) +
      ' All of it is in the list, too.',
    noWebgl: 'This browser cannot draw the map (WebGL 2 is off or missing).',
    noWebglMend: 'The list beside it has the same incidents, figures and sources.',
    failed: 'The map could not be drawn.',
    lost: 'The graphics card stopped drawing the map.',
    reload: 'Try again',
    keys: 'Arrow keys move the map, plus and minus zoom.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    here: (n: number) => `${count(n, 'incident', 'incidents')} at this point`,
    close: 'Close',
    metres: 'm',
    kilometres: 'km',
  },

  legend: {
    label: 'Legend and layers',
    incidents: 'Incidents',
    size: 'Circles show',
    both: 'disc: lowest figure claimed, ring: highest',
    open: 'dashed ring: no upper bound claimed',
    hollow: 'hollow: no figure claimed',
    conflict: 'the claims conflict',
    unsure: 'dotted edge: not confirmed',
    vague: 'square: a district or vaguer',
    merged: 'several: number, lowest–highest figure',
    rings: 'Location uncertainty, in ground metres',
    segments: (date: string) => `Border on ${date}`,
    other: (date: string) => `mapped line of another time (this one in use from ${date})`,
    otherUntil: (date: string) => `mapped line of another time (in use to ${date})`,
    areas: 'Areas',
    outline: 'for orientation, no border lines',
    places: 'Place names',
    layers: 'Further layers',
    layersFailed: 'This layer could not be loaded.',
    layerLicence: (words: string) => `Licence: ${words}`,
  },

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

  states: {
    loading: 'Loading incidents …',
    failed: 'The incidents could not be loaded.',
    unreachable: 'The server did not answer.',
    refused: (status: number) => `The server refused the request (${status}).`,
    unreadable: 'The answer could not be read.',
    stale: 'What you see is the answer to an earlier question.',
    retry: 'Try again',
    empty: 'No incident matches.',
    emptyHint: 'You could:',
    widen: 'ask for all dates',
    wider: (n: number) => `${count(n, 'incident', 'incidents')} in all dates`,
    segmentsFailed: 'The border segments could not be loaded.',
    areasFailed: 'The areas could not be loaded.',
    placesFailed: 'The place names could not be loaded.',
    tilesFailed: 'The incidents could not be loaded onto the map.',
    basemapFailed: 'The base map could not be loaded.',
  },

  take: {
    title: 'Download and share',
    count: (n: number | null) =>
      n === null ? 'The incidents of this screen' : `${count(n, 'incident', 'incidents')}, as on this screen`,
    asof: (day: string) => `As known on ${day}.`,
    limited: (n: number) => `A file has at most ${number(n)}; follow the link “next” in it for the rest.`,
    incidents: 'Incidents',
    claims: 'Their claims, one a row, each with claimant and sources',
    formats: {
      json: 'GeoJSON',
      csv: 'CSV table',
      fgb: 'FlatGeobuf',
      parquet: 'GeoParquet',
      kml: 'KML for Google Earth',
      jsonfg: 'JSON-FG',
      ndjson: 'One feature a line',
      gpkg: 'GeoPackage',
    } as Record<string, string>,
    readme: 'README for this download',
    licence:
      'Records CC BY 4.0, border lines ODbL 1.0. Cite claims, not ranges; name the sources, and the day of knowledge.',
    licences: 'Licences',
    qgis: 'Open in QGIS',
    qgisHint: 'A layer file: drag it into QGIS. It asks this service, with your filter and dates.',
    qgisIncidents: 'Incidents of this screen (.qlr)',
    qgisBorder: 'Border on the chosen date (.qlr)',
    addresses: 'Addresses for other programs',
    landing: 'OGC API for QGIS, GDAL, ArcGIS',
    query: 'This query',
    tiles: 'Vector tiles',
    copy: 'Copy',
    share: 'This screen',
    link: 'Link',
    embed: 'For a web page',
    png: 'Picture (PNG)',
    pngHint: 'With legend, dates and attribution.',
    print: 'Print on one page',
    noMap: 'The map must be on screen for a picture.',
    made: 'The picture is made.',
    picture: (when: string) => `Incidents, ${when}`,
  },

  help: {
    title: 'Help',
    data: 'Data',
    keys: 'Keys',
    single: 'Keys of one letter work while they are switched on here.',
    loading: 'Loading …',
  },

  credits: {
    osm: '© OpenStreetMap contributors (ODbL)',
    geonames: '© GeoNames (CC BY 4.0)',
    demarc: 'demarc records CC BY 4.0',
    approximation: 'Border lines are mapped approximations.',
    lines: 'Border lines and lakes',
    base: 'Base map: made with Natural Earth',
    positions: 'Positions:',
    all: 'Licences',
  },

  value: {
    exact: (n: string) => n,
    approx: (n: string) => `about ${n}`,
    at_least: (n: string) => `at least ${n}`,
    more_than: (n: string) => `more than ${n}`,
    up_to: (n: string) => `up to ${n}`,
    fewer_than: (n: string) => `fewer than ${n}`,
    range: (a: string, b: string) => `${a}–${b}`,
    unquantified: 'not quantified',
    withUnit: (value: string, unit: string) => `${value} ${unit}`,
    orMore: (n: string) => `${n} or more`,
    figure: (metric: string, value: string) => `${metric} ${value}`,
  },

  ...words,
}

export type Text = typeof en
