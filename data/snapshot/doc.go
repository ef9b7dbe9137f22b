// Package snapshot holds the dataset at one revision: every collection's
// features, in columns and indexed, immutable and in memory. It answers a Query.
//
// A Snapshot is safe for concurrent use, since nothing changes it. A reader
// that takes one keeps it to the end of its request, so that a page never mixes
// two states. With makes the next one, which shares what did not change.
//
// A collection is made of parts: a big one, and smaller ones of what came later.
// A part is a run of rows, each a version of a feature, in the order of their keys;
// a column holds the values of one field, a site is a geometry that rows share. A
// view is a part without the rows that are dead, changed or gone since. A search
// asks each view for a list of rows in the order of the answer, chooses for that
// the driver with the fewest rows to look at, and a page is where the lists are
// merged.
package snapshot
