// Reads country outlines from tzf-rel's combined-with-oceans.pb, that is, from
// timezone-boundary-builder 2023d, itself cut from OpenStreetMap.
//
// The message, read by hand with the generic protobuf reader:
//   Timezones { 1: Timezone[] }     Timezone { 1: Polygon[], 2: name }
//   Polygon   { 1: Point[], 2: hole, a Polygon[] }    Point { 1: lng, 2: lat }, 32-bit floats
// Other files of the module (.reduce, .compress) are simplified: not used.

import { readFileSync } from 'node:fs';
import Pbf from 'pbf';
import { roundPosition } from './position.mjs';
import { orient } from './ring.mjs';
import { ringEdges } from './topology.mjs';

// tzfEdges returns {country: [from, to][]}: directed edges with the country on
// their left.
export function tzfEdges(file, countryOfZone) {
  const edges = {};
  new Pbf(readFileSync(file)).readFields((tag, _, pbf) => {
    if (tag !== 1) return;
    const zone = pbf.readMessage(readZone, { name: '', polygons: [] });
    const country = countryOfZone[zone.name];
    if (!country) return;
    const rings = zone.polygons.flatMap(({ outer, holes }) => [
      orient(outer, true),
      ...holes.map((hole) => orient(hole, false)),
    ]);
    edges[country] = [...(edges[country] ?? []), ...ringEdges(rings)];
  }, null);
  return edges;
}

function readZone(tag, zone, pbf) {
  if (tag === 1) zone.polygons.push(readPolygon(pbf));
  else if (tag === 2) zone.name = pbf.readString();
}

function readPolygon(pbf) {
  const polygon = { outer: [], holes: [] };
  pbf.readMessage((tag, p, inner) => {
    if (tag === 1) p.outer.push(roundPosition(inner.readMessage(readPoint, [0, 0])));
    else if (tag === 2) p.holes.push(readPolygon(inner).outer);
  }, polygon);
  polygon.outer = close(polygon.outer);
  return polygon;
}

function readPoint(tag, position, pbf) {
  if (tag === 1) position[0] = pbf.readFloat();
  else if (tag === 2) position[1] = pbf.readFloat();
}

function close(ring) {
  const [first, last] = [ring[0], ring.at(-1)];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}
