// Package snapshot holds the dataset at one revision: every collection's
// features, encoded and indexed, immutable and in memory. It answers a Query.
//
// A Snapshot is safe for concurrent use, since nothing changes it. A reader
// that takes one keeps it to the end of its request, so that a page never mixes
// two states.
package snapshot
