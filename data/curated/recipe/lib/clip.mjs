// Clips a line to a box (Liang-Barsky, segment by segment).

// clipLine returns the parts of the line inside [west, south, east, north].
export function clipLine(line, box) {
  const parts = [];
  let part = [];
  for (let i = 1; i < line.length; i++) {
    const inside = clipSegment(line[i - 1], line[i], box);
    if (!inside) continue;
    const { from, to, cutStart, cutEnd } = inside;
    if (cutStart || part.length === 0) {
      if (part.length) parts.push(part);
      part = [from];
    }
    part.push(to);
    if (cutEnd) {
      parts.push(part);
      part = [];
    }
  }
  if (part.length) parts.push(part);
  return parts;
}

function clipSegment([x1, y1], [x2, y2], [west, south, east, north]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  let [t0, t1] = [0, 1];
  for (const [p, q] of [[-dx, x1 - west], [dx, east - x1], [-dy, y1 - south], [dy, north - y1]]) {
    if (p === 0) {
      if (q < 0) return null;
    } else if (p < 0) {
      t0 = Math.max(t0, q / p);
    } else {
      t1 = Math.min(t1, q / p);
    }
  }
  if (t0 > t1) return null;
  return {
    from: [x1 + t0 * dx, y1 + t0 * dy],
    to: [x1 + t1 * dx, y1 + t1 * dy],
    cutStart: t0 > 0,
    cutEnd: t1 < 1,
  };
}
