// Package ledger is the transparency log of what was published: a Merkle tree
// (RFC 6962 §2.1) with a leaf for each published version of a record. Who has
// kept a checkpoint can show that a version stood in the log, and that nothing
// in it was changed or taken out since.
//
// The tree is that of golang.org/x/mod/sumdb/tlog; it is laid out in tiles of
// 256 hashes as c2sp.org/tlog-tiles says, with checkpoints as c2sp.org/tlog-checkpoint
// says, so that other programs can read and watch it. Where tiles and leaves are
// kept is the store's matter.
package ledger

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// What happened to a record, as a leaf says it.
const (
	Publish = "publish" // its first version
	Correct = "correct" // another version in the place of one before
	Retract = "retract" // taken back; the content stays readable
	Redact  = "redact"  // the content of every version was removed
)

// Leaf is what the log says of one published version. It names no author, and
// its commitment tells nothing of the content to who does not have it.
type Leaf struct {
	// Members in alphabetical order: the JSON of a leaf is in the form of RFC 8785.
	Collection  string `json:"collection"`
	Commitment  string `json:"commitment"` // hexadecimal; empty for a redaction
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	Previous    int64  `json:"prev_leaf"` // of the same record; -1 for none
	PublishedAt string `json:"published_at"`
	Revision    int    `json:"revision"` // of the record, from 1
	V           int    `json:"v"`        // of this form: 1
}

// Encode returns the leaf as it stands in the log.
func (l Leaf) Encode() ([]byte, error) {
	l.V = 1
	if b := l.plain(); b != nil {
		return b, nil
	}
	b, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return Canonical(b)
}

// plain is Encode of a leaf of which no text has a character that is escaped; nil for
// another.
func (l *Leaf) plain() []byte {
	b := make([]byte, 0, 256)
	for _, text := range [...]string{l.Collection, l.Commitment, l.ID, l.Kind, l.PublishedAt} {
		for i := range len(text) {
			if c := text[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
				return nil
			}
		}
	}
	b = append(append(b, `{"collection":"`...), l.Collection...)
	b = append(append(b, `","commitment":"`...), l.Commitment...)
	b = append(append(b, `","id":"`...), l.ID...)
	b = append(append(b, `","kind":"`...), l.Kind...)
	b = strconv.AppendInt(append(b, `","prev_leaf":`...), l.Previous, 10)
	b = append(append(b, `,"published_at":"`...), l.PublishedAt...)
	b = strconv.AppendInt(append(b, `","revision":`...), int64(l.Revision), 10)
	b = strconv.AppendInt(append(b, `,"v":`...), int64(l.V), 10)
	return append(b, '}')
}

// ParseLeaf reads what Encode returned.
func ParseLeaf(b []byte) (Leaf, error) {
	var l Leaf
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return l, fmt.Errorf("read a leaf of the log: %w", err)
	}
	if l.V != 1 {
		return l, fmt.Errorf("read a leaf of the log: form %d is not known", l.V)
	}
	return l, nil
}

// Instant writes a time as leaves have it: UTC, to the second (RFC 3339).
func Instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// NewSalt returns 32 random bytes for a commitment.
func NewSalt() []byte {
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // which never fails (crypto/rand)
	return salt
}
