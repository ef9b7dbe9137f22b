// Areas that we draw ourselves, by a rule.

import { destination } from './geodesy.mjs';
import { roundPosition } from './position.mjs';

const STEP = 5; // degrees between the vertices of a disc's edge

// hullOfDiscs is the convex hull of geodesic discs round the points, as a
// counter-clockwise ring.
export function hullOfDiscs({ points, eastOf, eastKm, radiusKm }) {
  const centres = [...points, ...eastKm.map((km) => destination(eastOf, 90, km * 1000))];
  const edge = centres.flatMap((centre) =>
    Array.from({ length: 360 / STEP }, (_, i) => destination(centre, i * STEP, radiusKm * 1000)),
  );
  return convexHull(edge.map(round4));
}

// Four decimals (10 m) are already finer than such an outline means.
function round4(position) {
  return roundPosition(position.map((degrees) => Math.round(degrees * 1e4) / 1e4));
}

// convexHull is Andrew's monotone chain, closed.
function convexHull(positions) {
  const sorted = positions.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list) => {
    const chain = [];
    for (const p of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  const ring = [...half(sorted), ...half(sorted.toReversed())];
  return [...ring, ring[0]];
}

function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
