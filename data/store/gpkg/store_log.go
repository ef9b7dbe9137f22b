package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/ledger"
)

// tileID is the key of a tile's row.
func tileID(level int, number int64) int64 { return int64(level)<<48 | number }

// fullTile is how long a tile's row is.
const fullTile = ledger.TileWidth * 32

// filled returns the hashes of a tile as its row has them: with zeros in the place of
// those to come.
func filled(hashes []byte) []byte { return fill(make([]byte, fullTile), hashes) }

// fill writes them to room for a tile.
func fill(to, hashes []byte) []byte {
	clear(to[copy(to, hashes):])
	return to
}

// writeTile keeps a tile. One that is there is changed where it lies: SQLite does so for
// a row of the same length at which it has looked, and writes the page alone that differs,
// where replacing the row would free its pages and take others.
func (s *Store) writeTile(ctx context.Context, t ledger.Tile) error {
	if s.tile == nil {
		s.tile = make([]byte, fullTile)
	}
	id, hashes := tileID(t.Level, t.Number), fill(s.tile, t.Hashes)
	changed, err := s.execute(ctx, "UPDATE demarc_tiles SET hashes = ?1 WHERE id = ?2 AND length(hashes) = length(?1)", hashes, id)
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return s.exec(ctx, "INSERT OR REPLACE INTO demarc_tiles (id, hashes) VALUES (?, ?)", id, hashes)
}

// readTile returns what reads tiles by a connection.
func (s *Store) readTile(ctx context.Context, q querier) ledger.Tiles {
	return func(level int, number int64) ([]byte, error) {
		var b []byte
		err := q.QueryRowContext(ctx, "SELECT hashes FROM demarc_tiles WHERE id = ?", tileID(level, number)).Scan(&b)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil
		}
		return b, err
	}
}

// grown returns the tree of the log as it stands, for a commit to add leaves to. s.mu is
// held.
func (s *Store) grown() *ledger.Tree {
	if s.tree == nil || s.tree.Size() != s.state.leaves {
		return ledger.NewTree(s.state.leaves, s.readTile(context.Background(), s.conn))
	}
	return s.tree.Clone()
}

// checkRoot compares the log's tiles with the root that the last commit left.
func (s *Store) checkRoot(ctx context.Context, st state) error {
	root, err := ledger.NewTree(st.leaves, s.readTile(ctx, s.readers)).Root()
	if err != nil {
		return damaged("table demarc_tiles", err.Error(), putBack)
	}
	if root != st.root {
		return damaged("table demarc_tiles", fmt.Sprintf("the log of %d leaves has the root %v, not %v", st.leaves, root, st.root), putBack)
	}
	return nil
}

// signed is the log's key, and the last checkpoint that was signed with it. Both
// stand in a file beside the store: an older copy of the store, put back, must
// not make the key sign another root of a size that it has signed.
type signed struct {
	mu     sync.Mutex
	path   string
	secret string
	public string
	signer *ledger.Signer
	size   int64
	root   ledger.Hash
}

// openLog reads the log's key, or makes one.
func (s *Store) openLog(context.Context) error {
	if s.beside {
		return nil
	}
	l := &signed{path: s.path + "-key"}
	text, err := os.ReadFile(l.path)
	switch {
	case s.sealed && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		return nil // there is a log, and nobody to sign it
	case errors.Is(err, fs.ErrNotExist):
		if l.secret, l.public, err = ledger.NewKey("demarc-" + strings.ToLower(s.id[:8])); err != nil {
			return err
		}
		if err := l.keep(); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		var root string
		if _, err := fmt.Sscanf(string(text), "key %s\npublic %s\nsigned %d %s\n", &l.secret, &l.public, &l.size, &root); err != nil {
			return damaged("", "its key "+filepath.Base(l.path)+" cannot be read: "+err.Error(), "put the key back; or move it away, to begin a log of another name")
		}
		if l.root, err = ledger.ParseHash(root); err != nil {
			return err
		}
	}
	l.signer, err = ledger.NewSigner(l.secret)
	s.log = l
	return err
}

// keep writes the file anew: it is the old one or the new one, never a part.
func (l *signed) keep() error {
	part := l.path + ".part"
	text := fmt.Sprintf("key %s\npublic %s\nsigned %d %v\n", l.secret, l.public, l.size, l.root)
	if err := os.WriteFile(part, []byte(text), 0o600); err != nil {
		return err
	}
	if err := syncPath(part); err != nil {
		return err
	}
	if err := os.Rename(part, l.path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(l.path))
}

// PublicKey is ledger.Log's.
func (s *Store) PublicKey() string {
	if s.log == nil {
		return ""
	}
	return s.log.public
}

// Checkpoint is ledger.Log's.
func (s *Store) Checkpoint(ctx context.Context) ([]byte, error) {
	_, note, err := s.checkpoint(ctx)
	return note, err
}

// checkpoint returns the tree at its newest size, and its signed checkpoint.
func (s *Store) checkpoint(ctx context.Context) (*ledger.Tree, []byte, error) {
	l := s.log
	if l == nil {
		return nil, nil, data.ErrReadOnly
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.mu.Lock()
	st := s.state
	s.mu.Unlock()
	tree := ledger.NewTree(st.leaves, s.readTile(ctx, s.readers))
	if l.size == st.leaves && l.root == st.root {
		note, err := l.signer.Sign(st.leaves, st.root)
		return tree, note, err
	}
	if l.size > st.leaves || l.size > 0 && tree.Consistent(l.size, l.root) != nil {
		return nil, nil, fmt.Errorf("%w: the log that the key %s has signed, of %d leaves, is not the past of this store, of %d: it is an older copy. Move the key away to begin a log of another name",
			data.ErrUnavailable, filepath.Base(l.path), l.size, st.leaves)
	}
	note, err := l.signer.Sign(st.leaves, st.root)
	if err != nil {
		return nil, nil, err
	}
	size, root := l.size, l.root
	l.size, l.root = st.leaves, st.root
	if err := l.keep(); err != nil {
		l.size, l.root = size, root
		return nil, nil, fmt.Errorf("keep what is signed: %w", withRoom(err))
	}
	if st.leaves > 0 && !s.sealed {
		err = s.write(ctx, func() error {
			return s.exec(ctx, "INSERT OR IGNORE INTO demarc_signed (size, root, note) VALUES (?, ?, ?)", st.leaves, st.root[:], note)
		})
	}
	return tree, note, err
}

// Tile is ledger.Log's.
func (s *Store) Tile(ctx context.Context, level int, number int64, width int) ([]byte, error) {
	s.mu.Lock()
	leaves := s.state.leaves
	s.mu.Unlock()
	if level < -1 || level > 6 || number < 0 || width < 1 || width > ledger.TileWidth {
		return nil, data.ErrNotFound
	}
	in := leaves >> (8 * max(0, level)) // hashes in the level
	if number*ledger.TileWidth+int64(width) > in {
		return nil, data.ErrNotFound
	}
	if level < 0 {
		return s.bundle(ctx, number*ledger.TileWidth, width)
	}
	b, err := s.readTile(ctx, s.readers)(level, number)
	if err == nil && len(b) < width*32 {
		err = damaged("table demarc_tiles, "+ledger.TilePath(level, number, width), "it is cut short", putBack)
	}
	if err != nil {
		return nil, s.unreadable("demarc_tiles", err)
	}
	return b[:width*32], nil
}

// bundle returns leaves.
func (s *Store) bundle(ctx context.Context, first int64, n int) ([]byte, error) {
	rows, err := s.readers.QueryContext(ctx, "SELECT leaf, entry FROM demarc_versions WHERE leaf >= ? AND leaf < ? ORDER BY leaf", first, first+int64(n))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []byte
	next := first
	for rows.Next() {
		var leaf int64
		var entry []byte
		if err := rows.Scan(&leaf, &entry); err != nil {
			return nil, s.unreadable("demarc_versions", err)
		}
		if leaf != next {
			break
		}
		next++
		if out, err = ledger.AppendEntry(out, entry); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, s.unreadable("demarc_versions", err)
	}
	if next != first+int64(n) {
		return nil, s.unreadable("demarc_versions", fmt.Errorf("leaf %d is missing", next))
	}
	return out, nil
}

// versionInLog finds a published version by its record and number.
const versionInLog = `SELECT leaf, entry, salt, body FROM demarc_versions WHERE kind = ?1 AND id = ?2 AND stands = 1 AND number = ?3 AND leaf IS NOT NULL
	UNION ALL SELECT leaf, entry, salt, body FROM demarc_versions WHERE kind = ?1 AND id = ?2 AND stands = 0 AND number = ?3 AND leaf IS NOT NULL`

// Evidence is ledger.Log's.
func (s *Store) Evidence(ctx context.Context, collection, id string, number int) (ledger.Evidence, error) {
	var leaf sql.NullInt64
	var e ledger.Evidence
	err := s.readers.QueryRowContext(ctx, versionInLog, collection, id, number).
		Scan(&leaf, &e.Entry, &e.Salt, &e.Record)
	if errors.Is(err, sql.ErrNoRows) {
		return e, data.ErrNotFound
	}
	if err != nil {
		return e, s.unreadable("demarc_versions", err)
	}
	if e.Record != nil {
		if e.Record, err = ledger.Canonical(e.Record); err != nil {
			return e, damaged("table demarc_versions, "+id, err.Error(), putBack)
		}
	}
	tree, note, err := s.checkpoint(ctx)
	if err != nil {
		return e, err
	}
	e.Checkpoint = bytes.Clone(note)
	e.Proof, err = tree.Prove(leaf.Int64)
	return e, err
}

var _ ledger.Log = (*Store)(nil)
