// What outlines share: the line between two countries, and rings from edges.

import { edgeKey, key, samePosition } from './position.mjs';

// ringEdges turns closed rings into directed edges.
export function ringEdges(rings) {
  return rings.flatMap((ring) => ring.slice(1).map((to, i) => [ring[i], to]));
}

// sharedLines chains the edges of `ours` that `theirs` has too, in either
// direction, into lines. A line whose ends meet is a ring.
export function sharedLines(ours, theirs) {
  const known = new Set(theirs.flatMap(([a, b]) => [edgeKey(a, b), edgeKey(b, a)]));
  return chain(ours.filter(([a, b]) => known.has(edgeKey(a, b))));
}

// outlines turns the directed edges of a country's zones into its rings, without
// the lines between two zones of the same country.
export function outlines(edges) {
  const known = new Set(edges.map(([a, b]) => edgeKey(a, b)));
  return chain(edges.filter(([a, b]) => !known.has(edgeKey(b, a))));
}

// chain joins directed edges end to start. Lines with an open start come first;
// what is left are rings, each started at its westernmost vertex so that the
// result does not depend on the order of the edges.
export function chain(edges) {
  const next = new Map();
  const arrivals = new Map();
  for (const [from, to] of edges) {
    const k = key(from);
    if (!next.has(k)) next.set(k, []);
    if (next.get(k).some((other) => samePosition(other.to, to))) continue; // the same edge twice
    next.get(k).push({ from, to });
    arrivals.set(key(to), (arrivals.get(key(to)) ?? 0) + 1);
  }
  const starts = [...next.values()].flat().map((edge) => edge.from).toSorted(west);
  const open = starts.filter((p) => (arrivals.get(key(p)) ?? 0) < next.get(key(p)).length);
  return [...open, ...starts].map((start) => follow(start, next)).filter((line) => line.length > 1);
}

function follow(start, next) {
  const line = [start];
  for (let here = start; ; ) {
    const onward = next.get(key(here));
    if (!onward?.length) return line;
    if (onward.length > 1 && line.length > 1) {
      throw new Error(`the outline branches at ${here}: not handled`);
    }
    here = onward.pop().to;
    line.push(here);
    if (samePosition(here, start)) return line;
  }
}

function west(a, b) {
  return a[0] - b[0] || a[1] - b[1];
}
