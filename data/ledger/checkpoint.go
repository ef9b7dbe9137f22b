package ledger

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Signer signs checkpoints with an Ed25519 key (c2sp.org/signed-note).
type Signer struct{ signer note.Signer }

// NewKey makes a key for a log. The secret is for NewSigner, public for who
// verifies. The origin names the log: a host and path, without a scheme.
func NewKey(origin string) (secret, public string, err error) {
	return note.GenerateKey(rand.Reader, origin)
}

// NewSigner reads a secret key.
func NewSigner(secret string) (*Signer, error) {
	s, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("read the log's key: %w", err)
	}
	return &Signer{s}, nil
}

// Origin returns the name of the log that the key is for.
func (s *Signer) Origin() string { return s.signer.Name() }

// Checkpoint says that a log of the origin had a size and a root.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// Sign returns the checkpoint as a signed note (c2sp.org/tlog-checkpoint). The
// same one has the same bytes every time. Two roots of one size must never be
// signed: that is the caller's to see to.
func (s *Signer) Sign(size int64, root Hash) ([]byte, error) {
	text := s.Origin() + "\n" + strconv.FormatInt(size, 10) + "\n" + base64.StdEncoding.EncodeToString(root[:]) + "\n"
	return note.Sign(&note.Note{Text: text}, s.signer)
}

// ReadCheckpoint reads a signed checkpoint and checks that the public key's
// holder signed it.
func ReadCheckpoint(signed []byte, public string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the log's public key: %w", err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %w", err)
	}
	lines := strings.SplitN(n.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: it is not one of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %q is no size", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %w", err)
	}
	return Checkpoint{lines[0], size, root}, nil
}
