package gpkg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"math"
	"sync"

	"demarc/data"
	"demarc/geo"
)

// versionRow is a row of demarc_versions.
type versionRow struct {
	sequence  int64
	kind, id  string
	number    int64
	operation string
	stands    int64
	revision  int64
	at        int64
	author    string
	comment   string
	origin    string
	reach     []byte
	leaf      sql.NullInt64
	entry     []byte
	salt      []byte
	body      []byte
	sum       []byte
}

// versionColumns are all columns, and drawnColumns those but for the key, which SQLite
// draws: one more than the last.
const versionColumns = `sequence, ` + drawnColumns

const drawnColumns = `kind, id, number, operation, stands, revision, at, author, comment, origin, reach, leaf, entry, salt, body, sum`

// scan reads a row of versionColumns.
func (r *versionRow) scan(rows interface{ Scan(...any) error }) error {
	return rows.Scan(&r.sequence, &r.kind, &r.id, &r.number, &r.operation, &r.stands, &r.revision, &r.at, &r.author, &r.comment, &r.origin,
		&r.reach, &r.leaf, &r.entry, &r.salt, &r.body, &r.sum)
}

// addVersion adds the row to an INSERT of drawnColumns, with its sum.
func (s *Store) addVersion(ctx context.Context, to *bulk, r *versionRow) error {
	r.sum = s.sumOf(r)
	var leaf any
	if r.leaf.Valid {
		leaf = r.leaf.Int64
	}
	return to.add(ctx, r.kind, r.id, r.number, r.operation, r.stands, r.revision, r.at, r.author, r.comment, r.origin,
		orNull(r.reach), leaf, orNull(r.entry), orNull(r.salt), orNull(r.body), r.sum)
}

// orNull makes NULL of nil, which the driver would write as an empty blob.
func orNull(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

func (s *Store) sumOf(r *versionRow) []byte {
	leaf := int64(-1)
	if r.leaf.Valid {
		leaf = r.leaf.Int64
	}
	summed := sums.Get().(*[]byte)
	defer sums.Put(summed)
	b := appendText((*summed)[:0], s.id)
	b = appendNumber(b, r.sequence, r.number, r.stands, r.revision, r.at, leaf)
	b = appendText(b, r.kind, r.id, r.operation, r.author, r.comment, r.origin)
	for _, part := range [][]byte{r.reach, r.entry, r.salt, r.body} {
		b = appendBytes(b, part)
	}
	*summed = b
	sum := sha256.Sum256(b)
	return sum[:]
}

// sums are what was summed, to be written over.
var sums = sync.Pool{New: func() any { return new([]byte) }}

// sum returns the sum of what a row of another table says.
func (s *Store) sum(parts ...any) []byte {
	b := appendText(nil, s.id)
	for _, p := range parts {
		switch p := p.(type) {
		case int64:
			b = appendNumber(b, p)
		case string:
			b = appendText(b, p)
		case []byte:
			b = appendBytes(b, p)
		default:
			panic("a part of a row of a type that rows do not have")
		}
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// Each part of a sum has its length before it, so that no two rows are written
// the same; NULL is unlike an empty one.

func appendNumber(b []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return b
}

func appendText(b []byte, texts ...string) []byte {
	for _, t := range texts {
		b = append(appendNumber(b, int64(len(t))), t...)
	}
	return b
}

func appendBytes(b, part []byte) []byte {
	if part == nil {
		return appendNumber(b, -1)
	}
	return append(appendNumber(b, int64(len(part))), part...)
}

// check returns what is wrong with the row, or nil.
func (s *Store) check(r *versionRow) error {
	if string(r.sum) != string(s.sumOf(r)) {
		return damagedRow("demarc_versions", r.sequence, "its content does not have its sum")
	}
	return nil
}

// version returns what the row says.
func (r *versionRow) version() data.Version {
	return data.Version{
		Kind: data.Kind(r.kind), ID: r.id, Number: int(r.number), Operation: data.Operation(r.operation),
		Revision: data.Revision{Number: uint64(r.revision), Sequence: uint64(r.sequence), At: fromNanos(r.at)},
		Author:   r.author, Comment: r.comment, Origin: r.origin, Body: r.body, Reach: readReach(r.reach),
	}
}

// appendReach writes a reach as eight numbers: before and after, each west,
// south, east, north.
func appendReach(r *data.Reach) []byte {
	if r == nil {
		return nil
	}
	b := make([]byte, 0, 64)
	for _, box := range []geo.BBox{r.Before, r.After} {
		for _, x := range []float64{box.West, box.South, box.East, box.North} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
	}
	return b
}

func readReach(b []byte) *data.Reach {
	if len(b) != 64 {
		return nil
	}
	at := func(i int) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:])) }
	return &data.Reach{Before: geo.BBox{West: at(0), South: at(1), East: at(2), North: at(3)}, After: geo.BBox{West: at(4), South: at(5), East: at(6), North: at(7)}}
}
