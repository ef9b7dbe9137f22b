package snapshot

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash/fnv"
	"math"

	"demarc/geo"
)

// errCursor says that a cursor's text is not one that Encode made.
var errCursor = errors.New("is not a cursor of this query")

// cursorText is a cursor as it stands, in base64, in a URL. Sum is the checksum
// of the query that it belongs to.
type cursorText struct {
	Sum    uint64    `json:"q"`
	Back   bool      `json:"b,omitempty"`
	Metres float64   `json:"m,omitempty"`
	Key    string    `json:"k"`
	Sorted []*string `json:"s,omitempty"` // null for null
}

// Encode returns the cursor as text for a URL. query is the text of the query
// it belongs to: a cursor cannot be used with another one.
func (c *Cursor) Encode(query string) string {
	t := cursorText{Sum: checksum(query), Back: c.Back, Metres: c.Metres, Key: c.Key}
	for _, v := range c.Sorted {
		var text *string
		if !v.IsNull() {
			written := string(v.AppendJSON(nil))
			text = &written
		}
		t.Sorted = append(t.Sorted, text)
	}
	b, _ := json.Marshal(t) // numbers and strings never fail
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads what Encode made, for the same query with the same sort
// keys on the same collection.
func (c *Collection) DecodeCursor(text, query string, sort []SortKey) (*Cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errCursor
	}
	var t cursorText
	if err := json.Unmarshal(b, &t); err != nil || t.Sum != checksum(query) || len(t.Sorted) != len(sort) || math.IsNaN(t.Metres) {
		return nil, errCursor
	}
	at := &Cursor{Back: t.Back, Metres: t.Metres, Key: t.Key}
	for i, written := range t.Sorted {
		v := geo.Null()
		if written != nil {
			if v, err = geo.ParseJSONValue([]byte(*written), &c.Schema.Fields[sort[i].Field]); err != nil {
				return nil, errCursor
			}
		}
		at.Sorted = append(at.Sorted, v)
	}
	return at, nil
}

func checksum(query string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(query))
	return h.Sum64()
}
