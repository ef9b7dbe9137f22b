// Rings on the plane of longitude and latitude: direction and containment.

// signedArea is positive for a counter-clockwise ring (square degrees).
export function signedArea(ring) {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  }
  return sum / 2;
}

// contains says whether the position lies inside the ring (ray casting).
export function contains(ring, [lon, lat]) {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [x1, y1] = ring[i - 1];
    const [x2, y2] = ring[i];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

// orient turns outer rings counter-clockwise and holes clockwise (RFC 7946, 3.1.6).
export function orient(ring, outer) {
  return signedArea(ring) > 0 === outer ? ring : ring.toReversed();
}
