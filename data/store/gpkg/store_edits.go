package gpkg

import (
	"context"
	"database/sql"

	"demarc/data/store"
)

// Edits is store.Outside's.
func (s *Store) Edits(ctx context.Context) ([]store.Edit, error) {
	var out []store.Edit
	err := s.eachEdit(ctx, s.readers, func(_ int64, e store.Edit) { out = append(out, e) })
	if err != nil {
		return nil, s.unreadable("demarc_edits", err)
	}
	return out, nil
}

func (s *Store) eachEdit(ctx context.Context, q querier, visit func(key int64, e store.Edit)) error {
	rows, err := q.QueryContext(ctx, "SELECT collection, fid, before, after FROM demarc_edits ORDER BY n")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e store.Edit
		var key int64
		var before, after sql.NullString
		if err := rows.Scan(&e.Collection, &key, &before, &after); err != nil {
			return err
		}
		e.Before, e.After = before.String, after.String
		visit(key, e)
	}
	return rows.Err()
}

// clearEdits takes the rows out that other programs edited, and forgets the
// edits. It is within a transaction.
func (s *Store) clearEdits(ctx context.Context) error {
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 1"); err != nil {
		return err
	}
	type row struct {
		table *shownTable
		key   int64
	}
	var edited []row
	if err := s.eachEdit(ctx, s.conn, func(key int64, e store.Edit) {
		if t := s.tableOf(e.Collection); t != nil {
			edited = append(edited, row{t, key})
		}
	}); err != nil {
		return err
	}
	for _, r := range edited {
		if err := s.exec(ctx, "DELETE FROM "+quoted(r.table.Name)+" WHERE "+quoted(r.table.Key)+" = ?", r.key); err != nil {
			return err
		}
	}
	if err := s.exec(ctx, "DELETE FROM demarc_edits"); err != nil {
		return err
	}
	return s.exec(ctx, "UPDATE demarc_writing SET yes = 0")
}

var _ store.Outside = (*Store)(nil)
