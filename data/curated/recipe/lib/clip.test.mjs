import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clipLine } from './clip.mjs';

const BOX = [0, 0, 10, 10];

test('a line inside stays whole', () => {
  const line = [[1, 1], [5, 9], [9, 1]];
  assert.deepEqual(clipLine(line, BOX), [line]);
});

test('a line that leaves and comes back is two', () => {
  assert.deepEqual(clipLine([[5, 5], [15, 5], [15, 8], [5, 8]], BOX), [
    [[5, 5], [10, 5]],
    [[10, 8], [5, 8]],
  ]);
});

test('a line that crosses the box between two vertices is cut at both sides', () => {
  assert.deepEqual(clipLine([[-5, 5], [15, 5]], BOX), [[[0, 5], [10, 5]]]);
});

test('a line outside leaves nothing', () => {
  assert.deepEqual(clipLine([[-5, -5], [-1, 20], [-3, 5]], BOX), []);
});
