import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlines, ringEdges, sharedLines } from './topology.mjs';

// Two squares side by side; the left one has a hole that a third ring fills.
const left = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
const right = [[4, 0], [8, 0], [8, 4], [4, 4], [4, 0]];
const hole = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]];

test('neighbours share the side between them', () => {
  assert.deepEqual(sharedLines(ringEdges([left]), ringEdges([right])), [[[4, 0], [4, 4]]]);
});

test('a hole that is filled is a ring from its westernmost vertex', () => {
  const filled = hole.toReversed();
  assert.deepEqual(sharedLines(ringEdges([left, hole]), ringEdges([right, filled])), [
    [[4, 0], [4, 4]],
    [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]],
  ]);
});

test('two zones of one country are one outline', () => {
  const [outline, ...rest] = outlines(ringEdges([left, right]));
  assert.equal(rest.length, 0);
  assert.deepEqual(outline, [[0, 0], [4, 0], [8, 0], [8, 4], [4, 4], [0, 4], [0, 0]]);
});

test('an outline that branches is refused', () => {
  const fork = [[[0, 0], [1, 0]], [[1, 0], [2, 0]], [[1, 0], [1, 1]], [[5, 5], [1, 0]]];
  assert.throws(() => outlines(fork), /branches/);
});
