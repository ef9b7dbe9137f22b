// Package store says what a store of the dataset promises. An engine is a
// package below it; storetest is the suite that each has to pass.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"demarc/data"
	"demarc/geo"
)

// ErrUnknown says that a commit failed in a way that leaves open whether it was
// kept. It is a data.ErrUnavailable.
var ErrUnknown = fmt.Errorf("it is not known whether the change was kept: %w", data.ErrUnavailable)

// Group is what is committed together.
type Group struct {
	Batches []data.Batch
	// Shown is how the features of the collections differ after the batches, for a
	// store that other programs read. Receipts do not depend on it.
	Shown []Shown
	// Later names the features that may look otherwise after the batches, and that
	// such a store shows a little later: Show tells how.
	Later []FeatureID
	// Settles are edits of other programs that the group takes over, or puts back:
	// see Outside.
	Settles []Edit
	// Fills names the tables of features that are written anew: see Outside.
	Fills []string
}

// FeatureID names a feature of a collection.
type FeatureID struct{ Collection, ID string }

// Shown is a feature as its collection shows it; nil for one that it shows no
// longer. Its values belong to the fields of the collection's schema.
type Shown struct {
	Collection, ID string
	Feature        *geo.Feature
	// Row is the key of the row that is to show it, where other programs know it by
	// that: a row that a group settles. 0 leaves it to the store.
	Row int64
}

// Of returns which feature it is.
func (s *Shown) Of() FeatureID { return FeatureID{s.Collection, s.ID} }

// Store keeps records and their whole history. Its methods are safe for
// concurrent use; commits are carried out one after the other, in the order in
// which they return.
type Store interface {
	// Load yields the version of every record that stands, published, retracted
	// and redacted ones, and every draft, in any order but one at a time, as of the
	// revision that it returns. Every row is checked against its sum; a damaged one
	// is named in the error, a *geo.InputError, and what was yielded must not be
	// used then. Bodies are the caller's.
	Load(ctx context.Context, yield func(data.Version) error) (data.Revision, error)

	// Commit carries out the group's batches in their order, all or none, and
	// returns what became of each only when they survive a loss of power. The
	// error is data.ErrConflict, data.ErrNotFound, data.ErrFull or
	// data.ErrUnavailable, and the store is as it was; with ErrUnknown it may hold
	// them or not, and takes no more until it is opened again. A batch whose Author
	// and Key were committed before is not carried out again: its receipt is
	// returned. Times never go back: a batch dated before the last one gets that
	// one's time.
	Commit(ctx context.Context, g Group) ([]data.Receipt, error)
	// Committed returns the receipt of the batch that had the author and the key,
	// or data.ErrNotFound. Keys are kept for at least a day.
	Committed(ctx context.Context, author, key string) (data.Receipt, error)
	// At returns the newest revision of that time or before: the zero Revision
	// where there is none. Its time and sequence are those of the batch that made
	// it, and tell nothing of drafts behind it.
	At(ctx context.Context, at time.Time) (data.Revision, error)
	// History yields the versions of a record with its drafts, the newest first.
	History(ctx context.Context, kind data.Kind, id string) iter.Seq2[data.Version, error]

	// Changes yields what was committed after the sequence number, in order, with
	// drafts; it ends at the newest.
	Changes(ctx context.Context, after uint64) iter.Seq2[data.Version, error]

	// Verify reads everything and returns a *geo.InputError that names what is
	// damaged or does not fit together.
	Verify(ctx context.Context) error

	Close() error
}

// Readier is a Store that can make ready a part of what it does with a body. It costs less
// there than in Commit, which others wait for.
type Readier interface {
	// Ready returns what is to be the Ready of a change that puts the body, for one
	// Commit; nil for nothing. A commit needs none, and takes none of another body.
	// Other goroutines call it, also while one commits.
	Ready(body []byte) any
}

// Outside is a Store with tables of features, which other programs can read and
// change.
type Outside interface {
	Store
	// VerifyShown compares the table of a collection with the features that it is
	// to show, of which want returns each. The error is a *geo.InputError, or
	// ErrBehind.
	VerifyShown(ctx context.Context, collection string, count int, want func(id string) *geo.Feature) error
	// Look gives the store what tells how a feature looks at the newest revision that is
	// shown, nil for one that its collection does not show: before the first group with
	// Later. Other goroutines call it.
	Look(look func(FeatureID) *geo.Feature)
	// Show lets the tables show the features that the last group named as Later, when
	// they look so; it is called once for each such group that was committed.
	Show(features []FeatureID)
	// Edits returns the rows that other programs changed and nobody has settled, in
	// the order of their last change. A group that Settles some takes their rows out,
	// so that its Shown say anew what they are to show; where one was changed again
	// since, nothing of the group is carried out (data.ErrConflict). Until an edit is
	// settled, Commit refuses what would change the row of its feature (ErrEdited).
	Edits(ctx context.Context) ([]Edit, error)
	// Unfilled names the tables of features that a store of an older form did not
	// have, or not as they are now, until a Group that Fills them shows all of them.
	Unfilled(ctx context.Context) ([]string, error)

	// Behind tells whether the tables miss something for good, after a loss of power
	// before they had followed the records: they have to be rechecked, while nothing is
	// committed. RecheckRows brings some rows of a collection up to date, those after a
	// key, and returns the key of the last of them, negative at the end;
	// RecheckMissing adds rows for features that have none. Rechecked says that all
	// collections have been gone through both ways.
	Behind() bool
	RecheckRows(ctx context.Context, collection string, after int64, want func(id string) *geo.Feature) (next int64, err error)
	RecheckMissing(ctx context.Context, features []FeatureID) error
	Rechecked()
}

// ErrBehind says that the tables of features do not yet show what was committed
// last.
var ErrBehind = errors.New("the tables of features are behind the records; the service brings them up to date")

// ErrEdited says that another program changed the row of a feature that a commit
// would change, and that its edit is not settled. It is a data.ErrUnavailable.
var ErrEdited = fmt.Errorf("another program has changed a feature, and the change is not taken over: %w", data.ErrUnavailable)

// Edit is a row of a table of features that another program made, changed or
// deleted.
type Edit struct {
	Collection string
	Row        int64  // its key
	ID         string // of the feature that it showed; empty for a new row
	// Feature is a GeoJSON Feature of what the other program wrote: of a row that was
	// there, the columns that it changed alone; of a new one those with a value. It is
	// nil for a row that was deleted.
	Feature json.RawMessage
	// Faults are those of columns that hold what no feature can; their place is a JSON
	// Pointer into the feature.
	Faults geo.Faults
	// Numbers are those of the changes that it is made of, which rise.
	Numbers []int64
}
