package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/data/store"
)

// ImagePath is store.Imaged's.
func (s *Store) ImagePath() (path string, mayWrite bool) { return s.path + "-image", s.leads() }

// Mark is store.Imaged's.
func (s *Store) Mark(ctx context.Context, sequence uint64) (store.Mark, error) {
	m := store.Mark{Store: s.id, Sequence: sequence}
	r, err := s.scanBatch(s.readers.QueryRowContext(ctx, `SELECT `+batchColumns+` FROM demarc_batches WHERE first <= ? ORDER BY first DESC LIMIT 1`, int64(sequence)))
	if err != nil {
		return m, s.unreadable("demarc_batches", err)
	}
	if uint64(r.last) != sequence {
		return m, s.unreadable("demarc_batches", damagedRow("demarc_batches", r.first, fmt.Sprintf("no commit ends with change %d", sequence)))
	}
	m.Batch = r.sum
	var leaf int64
	err = s.readers.QueryRowContext(ctx, `SELECT leaf FROM demarc_versions WHERE sequence <= ? AND leaf IS NOT NULL ORDER BY sequence DESC LIMIT 1`, int64(sequence)).Scan(&leaf)
	if errors.Is(err, sql.ErrNoRows) {
		leaf, err = -1, nil
	}
	if err != nil {
		return m, s.unreadable("demarc_versions", err)
	}
	m.Leaves = leaf + 1
	root, err := ledger.NewTree(m.Leaves, s.readTile(ctx, s.readers)).Root()
	m.Root = root[:]
	return m, err
}

// Holds is store.Imaged's.
func (s *Store) Holds(ctx context.Context, m store.Mark) (data.Revision, error) {
	st, err := s.readState(ctx, s.readers)
	if err != nil {
		return data.Revision{}, s.unreadable("demarc_state", err)
	}
	if err := s.checkRoot(ctx, st); err != nil {
		return data.Revision{}, s.unreadable("demarc_tiles", err)
	}
	if m.Store != s.id || m.Sequence > st.last.Sequence {
		return data.Revision{}, errors.New("it is another store's, or a later one's")
	}
	now, err := s.Mark(ctx, m.Sequence)
	if err != nil {
		return data.Revision{}, err
	}
	if now.Leaves != m.Leaves || !bytes.Equal(now.Root, m.Root) || !bytes.Equal(now.Batch, m.Batch) {
		return data.Revision{}, errors.New("other changes were committed than it knows of")
	}
	return st.last, nil
}

// Rows is store.Imaged's.
func (s *Store) Rows(ctx context.Context, from, to uint64, yield func(v data.Version, stands bool) error) error {
	err := s.eachVersion(ctx, span{int64(from), int64(to)}, func(r *versionRow) error { return yield(r.version(), r.stands == 1) })
	if err != nil {
		return s.unreadable("demarc_versions", err)
	}
	return nil
}

// Named is store.Imaged's.
func (s *Store) Named(ctx context.Context, sequences []uint64, yield func(v data.Version, stands bool) error) error {
	for len(sequences) > 0 { // a run of numbers that follow one another is read as one
		n := 1
		for n < len(sequences) && sequences[n] == sequences[n-1]+1 {
			n++
		}
		if err := s.Rows(ctx, sequences[0], sequences[n-1], yield); err != nil {
			return err
		}
		sequences = sequences[n:]
	}
	return nil
}

var _ store.Imaged = (*Store)(nil)
