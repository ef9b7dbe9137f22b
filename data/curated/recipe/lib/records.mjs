// Holds segments.json and areas.json against the geometry: every record has its
// feature, every feature its record, and the cut rules say what was done.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutRule, MAIN_SECTIONS, OPEN_RING_RULE, RING_RULE } from '../sections.mjs';
import { samePosition } from './position.mjs';

const FOLDER = 'data/curated';

// recordFaults returns one line a fault; none if all is well.
export function recordFaults(root, files) {
  const features = new Map();
  for (const [path, text] of files) {
    if (!path.startsWith(`${FOLDER}/`)) continue;
    for (const feature of JSON.parse(text).features) {
      features.set(`${path.slice(FOLDER.length + 1)}#${feature.id}`, feature);
    }
  }
  const segments = read(root, 'segments.json');
  const areas = read(root, 'areas.json');
  const named = new Set([...segments, ...areas].map((r) => `${r.geometry_file}#${r.id}`));
  return [
    ...[...named].filter((name) => !features.has(name)).map((name) => `${name}: no such feature is made`),
    ...[...features.keys()].filter((name) => !named.has(name)).map((name) => `${name}: no record names this feature`),
    ...segments.flatMap((segment) => ruleFault(segment, features.get(`${segment.geometry_file}#${segment.id}`))),
  ];
}

function ruleFault({ id, cut_rule }, feature) {
  if (!feature) return [];
  const expected = ruleOf(id, feature.geometry.coordinates);
  return cut_rule === expected ? [] : [`segments.json, ${id}: cut_rule is not "${expected}"`];
}

function ruleOf(id, line) {
  const name = id.replace(/-\d{4}$/, '');
  if (MAIN_SECTIONS.some((section) => section.name === name)) return cutRule(name);
  return samePosition(line[0], line.at(-1)) ? RING_RULE : OPEN_RING_RULE;
}

function read(root, file) {
  const path = join(root, FOLDER, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}
