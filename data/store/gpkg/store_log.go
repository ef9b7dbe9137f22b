package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"demarc/data/ledger"
)

// tileID is the key of a tile's row.
func tileID(level int, number int64) int64 { return int64(level)<<48 | number }

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

// signed is the log's key, and what was signed last.
type signed struct{}

func (s *Store) openLog(context.Context) error { return nil }
