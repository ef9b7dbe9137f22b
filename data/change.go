package data

import (
	"encoding/json"
	"time"

	"demarc/geo"
)

// Kind is a list of records, by the name that findings and files use for it.
type Kind string

// The kinds of records.
const (
	Incidents Kind = "incidents"
	Sources   Kind = "sources"
	Parties   Kind = "parties"
	Places    Kind = "places"
	Segments  Kind = "segments"
	Areas     Kind = "areas"
)

// Kinds returns every kind, what others refer to first.
func Kinds() []Kind { return []Kind{Sources, Parties, Places, Segments, Areas, Incidents} }

// Operation is what a change does to a record.
//
// A record has at most one published version that stands and, beside it, at
// most one draft. Readers without a role see nothing of drafts, not even that
// there are any.
type Operation string

// The operations.
const (
	// Put publishes Body: a new record, or a new version of one.
	Put Operation = "put"
	// Retract takes the published record back. Its content stays readable at its
	// own address with the mark, but is in no answer of its collection.
	Retract Operation = "retract"
	// Redact removes the content of every version of the record for good, drafts
	// too. What stays is that there was one, and the sums that prove which.
	Redact Operation = "redact"
	// Sketch makes Body the record's draft, new or in place of an older draft.
	Sketch Operation = "draft"
	// Publish makes the record's draft its published version, and ends the draft.
	Publish Operation = "publish"
	// Discard ends the record's draft without publishing it, and removes the
	// content of its versions.
	Discard Operation = "discard"
)

// Public tells whether the operation changes what readers without a role see.
func (o Operation) Public() bool { return o != Sketch && o != Discard }

// Change is one change of one record.
type Change struct {
	Kind      Kind
	ID        string
	Operation Operation
	// Body is the record as JSON, in the form of the types of this package; for
	// segments and areas with one member more, "geometry" (RFC 7946 §3.1, lon, lat).
	// Only Put and Sketch have one.
	Body json.RawMessage
	// Record is what Body would say, in its place, by who has it already: it is looked
	// at only where there is no Body, and does not change afterwards.
	Record Record
	// Expect is the number of the version that the change was made from: 0 for
	// none, a negative number for any. Put, Retract and Redact are made from a
	// published version, Sketch, Publish and Discard from a draft. Where another
	// one stands, nothing of the batch is carried out (ErrConflict).
	Expect int
	// Reach is where the change is seen, for those that follow the changes; the
	// dataset says it.
	Reach *Reach
	// Ready is what the store made ready of Body (store.Readier), nil for nothing.
	Ready any
}

// Reach is where a change is seen: the box of all that looked otherwise before,
// and of what does after it, lon, lat; empty for nothing.
type Reach struct{ Before, After geo.BBox }

// Batch is what is committed together: all of it or nothing.
type Batch struct {
	Author  string    // who answers for it: the name of a token, "import", "external"
	Comment string    // why, in the author's words
	At      time.Time // when it is recorded, UTC
	Origin  string    // the way it came: "curated", "api", "import", "external"
	Key     string    // the client's Idempotency-Key, empty for none
	Digest  string    // of the request that the key came with; kept with the key
	Changes []Change
}

// Revision is what a commit made of the dataset.
type Revision struct {
	// Number counts the commits that changed what everyone sees; drafts leave it
	// as it is, so that it tells nothing of them.
	Number uint64
	// Sequence counts all changes, drafts too: that of a batch is its last one's.
	Sequence uint64
	At       time.Time
}

// Receipt says what became of a batch.
type Receipt struct {
	Revision Revision
	Digest   string
	// Snapshot is the revision of the snapshot that the batch leads to; "" where it is not
	// known, as of a batch that was carried out before.
	Snapshot string
	Changes  []Done // as many as the batch had, in its order
}

// Done is one change that was carried out.
type Done struct {
	Kind      Kind
	ID        string
	Operation Operation
	Number    int    // of the version that the change made
	Sequence  uint64 // of the change
}

// Version is a record as one change left it.
type Version struct {
	Kind Kind
	ID   string
	// Number counts the versions of this record from 1; drafts are counted by
	// themselves.
	Number    int
	Operation Operation
	Revision  Revision
	Author    string
	Comment   string
	Origin    string
	// Body is what the record said; a retracted version says what was taken back.
	// It is nil for a discarded draft, and where the content has been redacted.
	Body json.RawMessage
	// Reach is where the change was seen; nil for a draft, and where it is not known.
	Reach *Reach
}

// Draft tells whether the version is one of the record's drafts.
func (v *Version) Draft() bool { return !v.Operation.Public() }
