// The border lines of one year: its sections and rings, and the exclave polygons.

import { areaKm2, distance, lengthKm } from './geodesy.mjs';
import { key, samePosition } from './position.mjs';
import { contains, signedArea } from './ring.mjs';
import { outlines, sharedLines } from './topology.mjs';
import { EXCLAVES, EXPECTED_KM, MAIN_SECTIONS, MAX_DEVIATION, TREATY_KM } from '../sections.mjs';

const TOLERANCE_KM = 0.1;
const RING_KM = 20; // longer than the ring of Khojai Alo, which is open at the strip by Kok-Tash
const EXCLAVE_KM2 = 1000; // larger than every exclave, smaller than every country

// borders returns {lines: feature[], polygons: feature[]} for one year, from
// {country: directed edges}.
export function borders(year, edges) {
  const shared = sharedLines(edges.KG, edges.TJ);
  const rings = ringsOf(year, edges);
  const main = mainLine(shared);
  const sections = cutMain(main);
  checkWhole(main, sections);
  checkLengths(year, shared, main, rings);
  return {
    lines: [
      ...sections.map(({ name, line }) => feature(`${name}-${year}`, 'LineString', line)),
      ...rings.map(({ name, line }) => feature(`${name}-perimeter-${year}`, 'LineString', line)),
    ],
    polygons: rings.map(({ name, ring }) => feature(`${name}-${year}`, 'Polygon', [ring])),
  };
}

// ringsOf finds, for each exclave, its outline (a ring) and the line that it
// shares with the state around it, which may be open where the data has a gap.
function ringsOf(year, edges) {
  return EXCLAVES.filter(({ years }) => years.includes(year)).map(({ name, of, within, inside }) => {
    const around = outlines(edges[of]).filter(
      (line) => samePosition(line[0], line.at(-1)) && contains(line, inside) && areaKm2(line) < EXCLAVE_KM2,
    );
    const ring = only(around, `outline of ${name} in ${year}`);
    if (signedArea(ring) < 0) throw new Error(`${name}: the outline is not counter-clockwise`);
    const known = new Set(ring.map(key));
    const lines = sharedLines(edges[of], edges[within]).filter((line) => line.every((p) => known.has(key(p))));
    return { name, ring, line: only(lines, `line of ${name} in ${year}`), of, within };
  });
}

// mainLine is the shared lines from the tripoint with Uzbekistan (the north-east
// end) to the one with China (the easternmost), in order: one line, or several
// where the data leaves a gap.
function mainLine(shared) {
  const open = shared.filter((line) => !samePosition(line[0], line.at(-1)) && lengthKm(line) > RING_KM);
  return open.toSorted((a, b) => b[0][1] - a[0][1]);
}

// cutMain gives every section its own stretch; neighbours share the cut vertex.
function cutMain(main) {
  const sections = [];
  let part = 0;
  let start = 0;
  for (const { name, cut } of MAIN_SECTIONS) {
    const rest = main[part].slice(start);
    const end = cut ? start + nearest(rest, cut.at) : main[part].length - 1;
    sections.push({ name, line: main[part].slice(start, end + 1) });
    if (end === main[part].length - 1) {
      part += 1;
      start = 0;
    } else {
      start = end;
    }
  }
  return sections;
}

function nearest(line, position) {
  const metres = line.map((vertex) => distance(vertex, position));
  return metres.indexOf(Math.min(...metres));
}

// checkWhole: joined again, the sections are the main line, vertex for vertex.
function checkWhole(main, sections) {
  const joined = [];
  for (const { name, line } of sections) {
    if (line.length < 2) throw new Error(`section ${name} is empty: its cut lies before the one ahead of it`);
    joined.push(...(joined.length && samePosition(joined.at(-1), line[0]) ? line.slice(1) : line));
  }
  if (joined.map(key).join() !== main.flat().map(key).join()) {
    throw new Error('the sections do not add up to the main line');
  }
}

function checkLengths(year, shared, main, rings) {
  const sum = (lines) => lines.reduce((km, line) => km + lengthKm(line), 0);
  const found = { total: sum(shared), main: sum(main) };
  for (const { name, line } of rings) found[name] = lengthKm(line);
  for (const [what, km] of Object.entries(EXPECTED_KM[year])) {
    if (!(Math.abs(found[what] - km) <= TOLERANCE_KM)) {
      throw new Error(`${year}, ${what}: ${found[what]?.toFixed(2)} km, expected ${km}`);
    }
  }
  if (Math.abs(found.total / TREATY_KM - 1) > MAX_DEVIATION) {
    throw new Error(`${year}: ${found.total.toFixed(2)} km is too far from the treaty's ${TREATY_KM}`);
  }
}

function only(list, what) {
  if (list.length !== 1) throw new Error(`${what}: ${list.length} found, expected one`);
  return list[0];
}

function feature(id, type, coordinates) {
  return { type: 'Feature', id, properties: { id }, geometry: { type, coordinates } };
}
