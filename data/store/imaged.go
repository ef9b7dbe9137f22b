package store

import (
	"context"

	"demarc/data"
)

// Imaged is a Store beside which an image may lie: a file with what is made of the
// records, so that they need not be read one by one when the program starts. The store
// tells where it lies, and whether it is of this store; it neither reads nor writes
// it.
type Imaged interface {
	Store
	// ImagePath returns where the image lies, and whether this process may write and
	// remove it.
	ImagePath() (path string, mayWrite bool)
	// Mark returns what tells the store as the commit left it that ended with the
	// sequence number from any other, and from this one at other times.
	Mark(ctx context.Context, sequence uint64) (Mark, error)
	// Holds returns nil where the store goes on from the mark: all that was committed by
	// then is still committed, in the same order. It returns the newest revision.
	Holds(ctx context.Context, m Mark) (data.Revision, error)
	// Rows yields the versions from one sequence number to another, both included, and
	// whether each stands; checked as by Load, and none may be missing. Bodies that were
	// removed since are nil.
	Rows(ctx context.Context, from, to uint64, yield func(v data.Version, stands bool) error) error
	// Named is Rows for some sequence numbers, which rise.
	Named(ctx context.Context, sequences []uint64, yield func(v data.Version, stands bool) error) error
}

// Mark is a state of a store.
type Mark struct {
	Store    string // its id
	Sequence uint64 // of the last change
	Leaves   int64  // of the log
	Root     []byte // of the log, SHA-256
	Batch    []byte // SHA-256 of the commit's batch, drafts too
}
