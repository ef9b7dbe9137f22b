// Reads country outlines from geo-tz's data: OpenStreetMap of mid-2026, by
// timezone-boundary-builder.
//
// The zones are cut into the tiles of a quadtree. A leaf is either a list of the
// zones that cover the whole tile, or the place of a geobuf FeatureCollection
// with the pieces of the zones in that tile. To get the outlines back we drop
// every edge that runs along the side of its tile (the cutting made it) and join
// what is left. No polygon union is needed, and no vertex moves.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as geobuf from 'geobuf';
import Pbf from 'pbf';
import { key, round6, roundPosition } from './position.mjs';
import { orient } from './ring.mjs';

const WORLD = [-179.9999, -89.9999, 179.9999, 89.9999];

// geotzEdges returns {country: [from, to][]}: directed edges with the country on
// their left, without those made by the cutting.
export function geotzEdges(folder, countryOfZone, window) {
  const index = JSON.parse(readFileSync(join(folder, 'data/timezones.geojson.index.json')));
  const data = readFileSync(join(folder, 'data/timezones.geojson.geo.dat'));
  const edges = {};
  for (const { leaf, box } of leaves(index.lookup, WORLD, window)) {
    const pieces = geobuf.decode(new Pbf(data.subarray(leaf.pos, leaf.pos + leaf.len)));
    for (const { properties, geometry } of pieces.features) {
      const country = countryOfZone[properties.tzid];
      if (!country || !geometry) continue;
      (edges[country] ??= []).push(...realEdges(geometry, box));
    }
  }
  return edges;
}

// leaves yields the leaves with pieces, and their boxes, that touch the window.
function* leaves(node, box, window) {
  const [west, south, east, north] = box;
  if (east < window[0] || west > window[2] || north < window[1] || south > window[3]) return;
  if (typeof node === 'number' || Array.isArray(node)) return; // one zone or several, whole tile
  if (node.pos >= 0 && node.len) {
    yield { leaf: node, box };
    return;
  }
  const [midLon, midLat] = [(west + east) / 2, (south + north) / 2];
  const quarters = {
    a: [midLon, midLat, east, north],
    b: [west, midLat, midLon, north],
    c: [west, south, midLon, midLat],
    d: [midLon, south, east, midLat],
  };
  for (const [name, quarter] of Object.entries(quarters)) {
    if (node[name] !== undefined) yield* leaves(node[name], quarter, window);
  }
}

function realEdges(geometry, box) {
  const [west, south, east, north] = box.map(round6);
  const onSide = ([x1, y1], [x2, y2]) =>
    (x1 === x2 && (x1 === west || x1 === east)) || (y1 === y2 && (y1 === south || y1 === north));
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const edges = [];
  for (const rings of polygons) {
    rings.forEach((raw, i) => {
      const ring = orient(raw.map(roundPosition), i === 0);
      for (let j = 1; j < ring.length; j++) {
        if (key(ring[j - 1]) === key(ring[j]) || onSide(ring[j - 1], ring[j])) continue;
        edges.push([ring[j - 1], ring[j]]);
      }
    });
  }
  return edges;
}
