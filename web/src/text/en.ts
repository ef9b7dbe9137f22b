// Every word the reader sees, in English. A language is one file of this shape; see index.ts.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function number(n: number): string {
  const [whole = '', part] = String(Math.abs(n)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return (n < 0 ? '−' : '') + (part === undefined ? grouped : `${grouped}.${part}`)
}

/** "14 Sep 2022", "Sep 2022", "2022": as precise as the date itself. */
function date(d: string): string {
  const [y = '', m, day] = d.slice(0, 10).split('-')
  const month = m === undefined ? '' : `${months[Number(m) - 1] ?? m} `
  return `${day === undefined ? '' : `${Number(day)} `}${month}${y}`
}

/** "14–17 Sep 2022", "29 Mar – 2 Apr 1998", "Sep 2022 – Jan 2023". */
function dates(from: string, to: string | null): string {
  if (to === null || to === from) return date(from)
  const a = from.slice(0, 10)
  const b = to.slice(0, 10)
  if (a.length === 10 && b.length === 10) {
    if (a.slice(0, 7) === b.slice(0, 7)) return `${Number(a.slice(8))}–${date(b)}`
    if (a.slice(0, 4) === b.slice(0, 4)) return `${date(a).slice(0, -5)} – ${date(b)}`
  }
  return `${date(a)} – ${date(b)}`
}

const count = (n: number, one: string, many: string) => `${number(n)} ${n === 1 ? one : many}`

export const en = {
  lang: 'en',
  number,
  date,
  dates,

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
  },

  map: {
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
    filled: 'filled: a figure is claimed',
    hollow: 'hollow: no figure',
    conflict: 'badge: the claims conflict',
    unsure: 'dashed edge: not confirmed to have happened',
    vague: 'dotted frame: known to a district or vaguer',
    merged: 'several at or near one point',
    rings: 'Location uncertainty, in ground metres',
    segments: (date: string) => `Border on ${date}`,
    areas: 'Areas',
    outline: 'dashed outlines: for orientation, no border lines',
    places: 'Place names',
    families: {
      fighting: 'fighting',
      explosive: 'shelling, drones, mines',
      people: 'attacks on people',
      captives: 'captives, releases, escapes',
      unrest: 'confrontation, destruction, flight',
      steps: 'agreements, border steps, courts',
    },
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
    near: 'Incidents within 10 km',
    page: 'This segment as a page',
    other: (day: string) => `This line is not in use on ${day}.`,
    showOn: (day: string) => `Show the border on ${day}`,
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
    basemapFailed: 'The base map could not be loaded.',
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

  figures: {
    none: { name: 'no figure', list: 'no figure claimed', hint: 'No source gives a count.' },
    single_claim: {
      name: 'one claim',
      list: 'one claim',
      hint: 'One claim, not repeated by another claimant.',
    },
    agreed: { name: 'claims agree', list: 'claims agree', hint: 'Several claims give the same figure.' },
    converging: {
      name: 'claims converge',
      list: 'claims converge',
      hint: 'The claims overlap or came to agree.',
    },
    conflicting: { name: 'claims conflict', list: 'claims conflict', hint: 'Claims that stand disagree.' },
    not_comparable: {
      name: 'not comparable',
      list: 'claims not comparable',
      hint: 'The claims count different people, times or places, so no common figure is given.',
    },
  } as Record<string, { name: string; list: string; hint: string }>,

  occurrence: {
    confirmed: 'confirmed',
    probable: 'probable',
    claimed: 'claimed by one party',
    disputed: 'disputed',
  } as Record<string, string>,

  precision: {
    exact_point: 'known to a point',
    facility: 'known to a facility',
    village: 'known to a village or town',
    area: 'pinned on a neighbouring place',
    jamoat: 'known to a jamoat',
    district: 'known to a district',
    region: 'known to a region',
    country: 'known to a country only',
    none: 'place not published',
  } as Record<string, string>,

  types: {
    armed_clash: 'Armed clash',
    security_operation: 'Security operation',
    attack_on_post: 'Attack on a post',
    shooting_incident: 'Shooting',
    shelling: 'Shelling',
    air_drone_strike: 'Air or drone strike',
    mine_explosion: 'Mine explosion',
    attack_on_civilians: 'Attack on civilians',
    assassination: 'Assassination',
    abduction: 'Abduction',
    prisoner_release: 'Release of captives',
    civilian_confrontation: 'Confrontation of civilians',
    property_destruction: 'Destruction of property',
    displacement: 'Displacement',
    agreement: 'Agreement',
    border_regime: 'Border regime',
    delimitation_step: 'Step of delimitation',
    territorial_transfer: 'Transfer of territory',
    prison_break: 'Prison break',
    judicial: 'Court case',
    conflict_episode: 'Conflict episode',
  } as Record<string, string>,

  metrics: {
    killed: 'Killed',
    wounded: 'Wounded',
    injured: 'Injured',
    casualties_all: 'Casualties, dead and injured together',
    missing: 'Missing',
    captured: 'Captured',
    released: 'Released',
    still_held: 'Still held',
    detained: 'Detained',
    arrested: 'Arrested',
    hospitalised: 'Taken to hospital',
    evacuated: 'Evacuated',
    displaced: 'Displaced',
    displaced_not_returned: 'Displaced and not yet returned',
    refugees: 'Refugees',
    crowd: 'People in a crowd',
    escaped: 'Escaped',
    convicted: 'Convicted',
    surrendered: 'Surrendered',
    militants: 'Fighters involved',
    rebels: 'Fighters of a rebel group',
    troops_deployed: 'Troops deployed',
    troops_in_convoy: 'Troops in a convoy',
    troops_relocated: 'Troops relocated',
    release_demanded: 'Release demanded',
    detained_trigger: 'Arrests said to have set it off',
    returned_fighters: 'Fighters returned',
    returned_fighters_demanded: 'Fighters whose return was demanded',
    killings_attributed: 'Killings attributed to a group',
    bodies_in_video: 'Bodies seen in a video',
    houses_destroyed: 'Houses destroyed',
    houses_damaged: 'Houses damaged',
    houses_built: 'Houses built',
    houses_inventoried: 'Houses inventoried',
    houses_transferred: 'Houses transferred',
    social_buildings_destroyed: 'Public buildings destroyed',
    buildings_changed: 'Buildings changed in imagery',
    plots_transferred: 'Plots transferred',
    hectares: 'Area of land',
    hectares_transferred: 'Area of land transferred',
    vehicles_attacked: 'Vehicles attacked',
    vehicles_burned: 'Vehicles burned',
    vehicles_damaged: 'Vehicles damaged',
    weapons_seized: 'Weapons seized',
    munitions_fired: 'Munitions fired',
    shots: 'Shots fired',
    posts_mothballed: 'Posts mothballed',
    posts_transferred: 'Posts transferred',
    crossings_reopened: 'Crossings reopened',
    road_closed_hours: 'Hours for which a road was closed',
    road_km_built: 'Road built',
    fence_km_built: 'Fence built',
    fence_km_planned: 'Fence planned',
    border_km_total: 'Length of the border',
    border_km_agreed_step: 'Length of border agreed in a step',
    border_km_remaining: 'Length of border still open',
    border_km_fighting: 'Length of border along which was fought',
    border_percent_agreed: 'Share of the border agreed',
    border_percent_disputed: 'Share of the border disputed',
    weapon_free_zone_km: 'Width of a zone without heavy weapons',
    distance_km: 'Distance',
    agreed_points: 'Points agreed at a meeting',
    documents_signed: 'Documents signed',
    meetings_held: 'Meetings held',
    participants: 'Participants',
    votes_for: 'Votes in favour',
    power_share_percent: 'Share of government posts',
    population: 'Population',
    ransom_usd_million: 'Ransom',
    compensation_usd: 'Compensation',
    assessment: 'Assessment by an outlet',
    circumstance: 'Circumstance',
    compliance: 'Keeping of an agreement',
    condition: 'Condition',
    demand: 'Demand',
    diplomacy: 'Diplomatic act',
    responsibility: 'Responsibility',
    situation: 'Situation',
  } as Record<string, string>,

  units: { percent: '%', h: 'hours' } as Record<string, string>,

  counted: {
    military: 'military',
    police: 'police',
    border_guard: 'border guards',
    civilian: 'civilians',
    mixed: '',
    unspecified: '',
    'n/a': '',
  } as Record<string, string>,

  coverage: {
    whole: '',
    share: 'one of several shares',
    part: 'a part only',
    wider: 'counts more than this incident',
  } as Record<string, string>,

  verification: {
    acknowledged_by_both: 'acknowledged by both parties',
    confirmed_third_party: 'confirmed by a third party',
    documented_independently: 'documented independently',
    party_own_loss: 'a party about its own loss',
    party_about_adversary: 'a party about the other',
    official_unverified: 'official, not verified',
    media_sourced: 'the press, from its sources',
    unattributed: 'not attributed',
    outlet_could_not_verify: 'the outlet could not verify it',
    refuted: 'refuted',
    derived: 'computed from other claims',
  } as Record<string, string>,

  status: {
    unknown: { name: 'no source says', hint: 'No source speaks of this stretch at this date.' },
    undefined: { name: 'not defined', hint: 'A source says that no line was agreed here.' },
    contested: { name: 'contested', hint: 'A source says that the parties claimed different lines.' },
    described: { name: 'described', hint: 'The joint commission described a line; no treaty yet.' },
    agreed: { name: 'agreed', hint: 'The parties said that they agreed on the line.' },
    delimited_by_treaty: { name: 'delimited by treaty', hint: 'A treaty in force fixes the line.' },
    demarcated: { name: 'demarcated', hint: 'The line is marked on the ground.' },
  } as Record<string, { name: string; hint: string }>,

  parties: {
    ALL: 'all parties together',
    FOREIGN: 'nationals of other countries',
    KG: 'Kyrgyzstan',
    MIL: 'fighters of no listed party',
    RU: 'Russia',
    TJ: 'Tajikistan',
    'TJ-GOV': 'Government of Tajikistan',
    UN: 'United Nations',
    UTO: 'United Tajik Opposition',
    UZ: 'Uzbekistan',
  } as Record<string, string>,

  languages: {
    en: 'English',
    ru: 'Russian',
    ky: 'Kyrgyz',
    tg: 'Tajik',
    uz: 'Uzbek',
    fr: 'French',
    de: 'German',
    ar: 'Arabic',
    uk: 'Ukrainian',
    az: 'Azerbaijani',
    pt: 'Portuguese',
    tr: 'Turkish',
    es: 'Spanish',
    sw: 'Swahili',
  } as Record<string, string>,
}

export type Text = typeof en
