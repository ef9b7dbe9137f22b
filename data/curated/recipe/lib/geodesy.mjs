// Lengths, areas and offsets on the WGS 84 ellipsoid (Karney's geodesics).

import geodesic from 'geographiclib-geodesic';

const wgs84 = geodesic.Geodesic.WGS84;

// lengthKm is the geodesic length of a line, in kilometres.
export function lengthKm(line) {
  let metres = 0;
  for (let i = 1; i < line.length; i++) metres += distance(line[i - 1], line[i]);
  return metres / 1000;
}

// distance is in metres.
export function distance(a, b) {
  return wgs84.Inverse(a[1], a[0], b[1], b[0]).s12;
}

// destination is the position `metres` away in the direction of `azimuth` degrees.
export function destination([lon, lat], azimuth, metres) {
  const { lon2, lat2 } = wgs84.Direct(lat, lon, azimuth, metres);
  return [lon2, lat2];
}

// areaKm2 is the geodesic area of a ring, in square kilometres, without sign.
export function areaKm2(ring) {
  const polygon = wgs84.Polygon(false);
  for (const [lon, lat] of ring.slice(0, -1)) polygon.AddPoint(lat, lon);
  return Math.abs(polygon.Compute(false, true).area) / 1e6;
}
