// Positions are [longitude, latitude] in degrees with six decimals (0.1 m).
// Every source here is rounded to that, so equal keys mean the same vertex.

export function roundPosition([lon, lat]) {
  return [round6(lon), round6(lat)];
}

export function round6(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}

export function key([lon, lat]) {
  return `${Math.round(lon * 1e6)},${Math.round(lat * 1e6)}`;
}

export function edgeKey(from, to) {
  return `${key(from)}|${key(to)}`;
}

export function samePosition(a, b) {
  return key(a) === key(b);
}
