// Package store says what a store of the dataset promises. An engine is a
// package below it; storetest is the suite that each has to pass.
package store

import (
	"context"
	"iter"

	"demarc/data"
)

// Store keeps records and their whole history. Its methods are safe for
// concurrent use; commits are carried out one after the other, in the order in
// which they return.
type Store interface {
	// Load yields the version of every record that stands, published, retracted
	// and redacted ones, and every draft, each kind in the order of
	// data.Kinds and of the ids, as of the revision that it returns. Every row is
	// checked against its sum; a damaged one is named in the error and nothing
	// after it is yielded. Bodies are good until the next Load or Close.
	Load(ctx context.Context, yield func(data.Version) error) (data.Revision, error)

	// Commit carries out every change of the batches that it gets, or none of
	// it, and returns nil only when they survive a loss of power. The error is
	// data.ErrConflict, data.ErrFull, or data.ErrUnavailable: after that one it is
	// not known whether the batch was kept, and the store takes no more until it
	// is opened again. A batch whose Key was committed before is not carried out
	// again: its revision is returned.
	Commit(ctx context.Context, b data.Batch) (data.Revision, error)

	// History yields the versions of a record, the newest first.
	History(ctx context.Context, kind data.Kind, id string) iter.Seq2[data.Version, error]

	// Changes yields what was committed after the sequence number, in order, with
	// drafts; it ends at the newest.
	Changes(ctx context.Context, after uint64) iter.Seq2[data.Version, error]

	// Verify reads everything and returns a *geo.InputError that names what is
	// damaged or does not fit together.
	Verify(ctx context.Context) error

	Close() error
}
