package snapshot

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"

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
func (c *Cursor) Encode(query string) string { return string(c.AppendText(nil, []byte(query))) }

// AppendText appends what Encode returns.
func (c *Cursor) AppendText(dst, query []byte) []byte {
	var room [256]byte
	b := strconv.AppendUint(append(room[:0], `{"q":`...), checksum(query), 10)
	if c.Back {
		b = append(b, `,"b":true`...)
	}
	if c.Metres != 0 {
		b = strconv.AppendFloat(append(b, `,"m":`...), c.Metres, 'g', -1, 64)
	}
	b = geo.AppendJSONString(append(b, `,"k":`...), c.Key)
	for i, v := range c.Sorted {
		if b = append(b, ','); i == 0 {
			b = append(b, `"s":[`...)
		}
		if v.IsNull() {
			b = append(b, "null"...)
		} else {
			b = geo.AppendJSONString(b, string(v.AppendJSON(nil)))
		}
	}
	if len(c.Sorted) > 0 {
		b = append(b, ']')
	}
	return base64.RawURLEncoding.AppendEncode(dst, append(b, '}'))
}

// DecodeCursor reads what Encode made, for the same query with the same sort
// keys on the same collection.
func (c *Collection) DecodeCursor(text, query string, sort []SortKey) (*Cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errCursor
	}
	var t cursorText
	if err := json.Unmarshal(b, &t); err != nil || t.Sum != checksum([]byte(query)) || len(t.Sorted) != len(sort) || math.IsNaN(t.Metres) {
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

// checksum is FNV-1a.
func checksum(query []byte) uint64 {
	sum := uint64(14695981039346656037)
	for _, c := range query {
		sum = (sum ^ uint64(c)) * 1099511628211
	}
	return sum
}
