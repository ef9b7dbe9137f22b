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
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/gowebpki/jcs"
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
	b, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	if !bytes.ContainsFunc(b, func(r rune) bool { return r == '\\' || r > '~' }) {
		return b, nil // the forms differ only in how they write such characters
	}
	return jcs.Transform(b)
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

// Canonical returns a body in the form of RFC 8785, which commitments are made
// of. The error is for a body that is not JSON.
func Canonical(body []byte) ([]byte, error) {
	canonical, err := jcs.Transform(body)
	if err != nil {
		return nil, fmt.Errorf("bring a record into canonical form: %w", err)
	}
	return canonical, nil
}

// Commitment returns SHA-256(salt || body in the form of RFC 8785), in
// hexadecimal: it binds to the body without telling anything of it. The error is
// for a body that is not JSON.
func Commitment(salt, body []byte) (string, error) {
	canonical, err := Canonical(body)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	sum.Write(salt)
	sum.Write(canonical)
	return hex.EncodeToString(sum.Sum(nil)), nil
}
