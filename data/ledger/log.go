package ledger

import "context"

// Log is a log that is published. It is safe for concurrent use.
type Log interface {
	// PublicKey is what checkpoints are verified with.
	PublicKey() string
	// Checkpoint returns the newest checkpoint, signed. Before it is returned, its
	// size and root are kept for good, so that no other root of that size is ever
	// signed.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Tile returns a tile of hashes, or, for level -1, a bundle of leaves, of that
	// width; or data.ErrNotFound.
	Tile(ctx context.Context, level int, number int64, width int) ([]byte, error)
	// Evidence returns what shows that a version of a record was published; or
	// data.ErrNotFound.
	Evidence(ctx context.Context, collection, id string, number int) (Evidence, error)
}

// Evidence shows that a version was published: its leaf is in the tree of the
// checkpoint, and, with the salt, its content is the leaf's.
type Evidence struct {
	Proof
	Entry      []byte // the leaf
	Salt       []byte // nil where the content was removed
	Record     []byte // the content as Canonical has it; nil where it was removed
	Checkpoint []byte
}
