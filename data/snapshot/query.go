package snapshot

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// Query is one question to a collection, all of it typed. Conditions are
// joined by AND; the zero Query asks for everything.
type Query struct {
	// BBox keeps features that share a position with it, and those without
	// geometry (OGC 17-069r4 /req/core/fc-bbox-response C).
	BBox *geo.BBox
	// When keeps features whose time meets it, and those without a time
	// (/req/core/fc-time-response C). A feature with several versions answers
	// with the one in force at the end of When.
	When *geo.Interval
	// Equal keeps features that have each of these values.
	Equal []Condition
	// Near keeps features within a distance and orders them by it.
	Near *Near
	// Limit is the greatest number of features of a page; at least 1.
	Limit int
	// At is where the page begins; nil at the start.
	At *Cursor
}

// Condition asks for a value in one of the schema's fields.
type Condition struct {
	Field int // its position in the schema
	Value geo.Value
}

// Near asks for what lies within Within metres of Geometry, on the WGS 84
// ellipsoid. Within 0 asks for any distance. Features without geometry are not near.
type Near struct {
	Geometry orb.Geometry
	Within   float64
}

// Page is one page of an answer.
type Page struct {
	// Matched counts the features that the query selects on all pages.
	Matched int
	Hits    []Hit
	// Next and Prev are where the neighbouring pages begin, nil at the ends.
	Next, Prev *Cursor
}

// Cursor is a place between two features of an answer. It names the feature
// beside it, so that it stays right when others come or go.
type Cursor struct {
	// Back says that the page ends before the feature, not that it begins after.
	Back bool
	// Metres orders answers to Near, Key the others and ties.
	Metres float64
	Key    string
}

// errCursor says that a cursor's text is not one that Encode made.
var errCursor = errors.New("is not a cursor of this query")

// Encode returns the cursor as text for a URL. query is the text of the query
// it belongs to: a cursor cannot be used with another one.
func (c *Cursor) Encode(query string) string {
	b := make([]byte, 0, 17+len(c.Key))
	b = binary.BigEndian.AppendUint64(b, checksum(query))
	back := byte(0)
	if c.Back {
		back = 1
	}
	b = append(b, back)
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(c.Metres))
	return base64.RawURLEncoding.EncodeToString(append(b, c.Key...))
}

// DecodeCursor reads what Encode made, for the same query.
func DecodeCursor(text, query string) (*Cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < 17 || binary.BigEndian.Uint64(b) != checksum(query) || b[8] > 1 {
		return nil, errCursor
	}
	metres := math.Float64frombits(binary.BigEndian.Uint64(b[9:]))
	if math.IsNaN(metres) {
		return nil, errCursor
	}
	return &Cursor{Back: b[8] == 1, Metres: metres, Key: string(b[17:])}, nil
}

func checksum(query string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(query))
	return h.Sum64()
}
