// The help and the page about the data, in English: fetched when somebody opens them. Paragraphs by heading.

export interface HelpText {
  readonly help: readonly Chapter[]
  readonly data: readonly Chapter[]
  /** Each key and what it does. */
  readonly keys: readonly (readonly [string, string])[]
}

export interface Chapter {
  readonly title: string
  readonly paragraphs: readonly string[]
}

export const help: HelpText = {
  help: [
    {
      title: 'What you see',
      paragraphs: [
        'Each circle on the map is an incident. The disc inside is the lowest figure that standing claims allow, the ring round it the highest: a wide gap is disagreement. The list, the table and the map always show the same incidents.',
        'A small hollow circle has no figure: no source gives one. That is not zero. Zero is drawn only where a source says that there were none.',
      ],
    },
    {
      title: 'Figures are claims',
      paragraphs: [
        'Every figure belongs to somebody who gave it, on a day, in a source. demarc keeps all of them and chooses none. The card of an incident puts them side by side, in equal columns by who speaks, on one scale.',
        'A range runs from the lowest to the highest standing claim. “50 or more” means that no claim bounds the figure from above. A claim that was superseded, refuted or withdrawn is struck through and stays readable.',
        'Cite a claim, not a range. The button beside each figure copies a citation with claimant, day, source and address.',
      ],
    },
    {
      title: 'What the claims say together',
      paragraphs: [
        'One claim: each party has one claim with a number. Agree: claims about the same people give the same figure. Converge: the ranges overlap, or an earlier figure was corrected. Conflict: they do not meet, or one contradicts another. Not comparable: only parts of a party are counted, so nothing can be added.',
      ],
    },
    {
      title: 'Did it happen',
      paragraphs: [
        'Confirmed: sources of more than one side, or a third party, say so. Probable: several accounts, none independent. Claimed: one side says so. Disputed: one side says that it did not happen. A dotted edge on the map stands for all but the first.',
      ],
    },
    {
      title: 'Where it happened',
      paragraphs: [
        'A position is that of the place a source names. The dashed ring round it shows how far off the incident may have been, in metres on the ground. Where only a district or more is known the symbol stands on a hatched square: it is an area, not a point.',
      ],
    },
    {
      title: 'Two times',
      paragraphs: [
        'The time line below the map asks when something happened. “As known on” at the top asks what had been said by the end of a day. On 17 September 2022 nobody knew the toll of the 25th: choose that day, and map, list, downloads and citations show what was known then. An amber bar says so.',
        'Summaries, notes and grades are ours and of today; only claims and what follows from them have a day.',
      ],
    },
    {
      title: 'The border',
      paragraphs: [
        'Lines are mapped approximations, not the line of a treaty. A status is what a source says of a stretch on the chosen date. Where parties claimed different lines it is drawn as two lines of equal weight. Where the mapped line of another time leaves the one in use, it is drawn in brown dashes.',
      ],
    },
    {
      title: 'Rules of neutrality',
      paragraphs: [
        'Parties stand in the order of their names, in columns of equal width, in the same type. No party and no state has a colour. Objects that both sides name bear both names. Words such as “terrorist” or “aggressor” stand only where they are quoted. The base map draws no line between the three states.',
      ],
    },
  ],
  data: [
    {
      title: 'Where it comes from',
      paragraphs: [
        'The records are ours, made from published sources, each named with date, language and address. Figures come from claims, never from us. Positions are from GeoNames, Wikipedia and Bellingcat; border lines and lakes from OpenStreetMap; rivers and outlines from Natural Earth.',
      ],
    },
    {
      title: 'Licences',
      paragraphs: [
        'Records CC BY 4.0. Border lines and lakes © OpenStreetMap contributors, ODbL 1.0: a database made from them must be shared alike. Positions of GeoNames CC BY 4.0. Natural Earth is in the public domain.',
      ],
    },
    {
      title: 'Known gaps',
      paragraphs: [
        'Incidents that nobody published are missing, and small ones more than large ones. Before 2010 the sources are few and mostly foreign. Many sources exist in Russian and English only; those in Kyrgyz and Tajik are fewer than they should be. Positions of several villages stand for their district.',
        'Grades are a judgement of ours and can be wrong. Every record names its sources so that you can check.',
      ],
    },
  ],
  keys: [
    ['/', 'Search'],
    ['f', 'Filters'],
    ['t', 'Time line'],
    ['l', 'List'],
    ['m', 'Map'],
    ['c', 'Card'],
    ['j, k', 'Next and previous incident'],
    ['[, ]', 'One claim earlier, later'],
    ['d', 'Type an area'],
    ['g', 'What the map shows, as a list'],
    ['n', 'Within 5 km of the chosen segment'],
    [', .', 'One length of the period back, on; with Shift ten'],
    ['x', 'Download and share'],
    ['?', 'Help'],
    ['Esc', 'Close what is open'],
    ['Arrows, + and −', 'Move and zoom the map while it has the focus'],
  ],
}
