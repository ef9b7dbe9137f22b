import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaKm2, destination, distance, lengthKm } from './geodesy.mjs';
import { hullOfDiscs } from './drawn.mjs';
import { signedArea } from './ring.mjs';

test('lengths are geodesics on WGS 84', () => {
  // One degree of latitude from 40 to 41 N, by GeographicLib's GeodSolve.
  assert.equal(lengthKm([[70, 40], [70, 41]]).toFixed(3), '111.044');
});

test('destination and distance are inverse', () => {
  const from = [69, 38.5];
  assert.equal(distance(from, destination(from, 63, 12345)).toFixed(3), '12345.000');
});

test('the hull of one disc is that disc', () => {
  const ring = hullOfDiscs({ points: [[69, 38.5]], eastOf: [69, 38.5], eastKm: [], radiusKm: 10 });
  assert.deepEqual(ring[0], ring.at(-1));
  assert.ok(signedArea(ring) > 0);
  assert.ok(Math.abs(areaKm2(ring) / (Math.PI * 100) - 1) < 0.005);
});
