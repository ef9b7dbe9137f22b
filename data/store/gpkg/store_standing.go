package gpkg

import (
	"context"
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"demarc/data"
	"demarc/data/store"
)

// Statements that select versions of a record by kind and id, those that stand and those
// that do not.
const (
	whatStands = ` FROM demarc_versions INDEXED BY demarc_versions_standing WHERE kind = ?1 AND id = ?2 AND stands = 1`
	whatEnded  = ` FROM demarc_versions INDEXED BY demarc_versions_ended WHERE kind = ?1 AND id = ?2 AND stands = 0`
	ofDrafts   = ` AND operation IN ('draft', 'discard')`

	allOfRecord    = `SELECT ` + versionColumns + whatStands + ` UNION ALL SELECT ` + versionColumns + whatEnded
	draftsOfRecord = `SELECT ` + versionColumns + whatStands + ofDrafts + ` UNION ALL SELECT ` + versionColumns + whatEnded + ofDrafts
	lastDraft      = `SELECT coalesce(max(number), 0) FROM (SELECT number` + whatStands + ofDrafts + ` UNION ALL SELECT number` + whatEnded + ofDrafts + `)`
)

// supposes tells whether it is taken for granted that nothing stands of a record that a
// change puts, since the change expects nothing: where something does, SQLite does not
// take a second row that stands, and the group is carried out once more, looking.
func (c *commit) supposes(ch *data.Change) bool {
	return ch.Operation == data.Put && ch.Expect == 0 && !c.looks
}

// refuses tells whether an error says that the group cannot be carried out on what stands.
// It may be another one when it is looked what does.
func refuses(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xFF == sqlitelib.SQLITE_CONSTRAINT || errors.Is(err, data.ErrConflict) || errors.Is(err, data.ErrNotFound)
}

// standing returns the rows of a record that stand, and the number of its last
// draft, which is asked for only where a draft is changed.
func (c *commit) standing(ctx context.Context, ch *data.Change) (published, draft *versionRow, drafts int, err error) {
	r := record{ch.Kind, ch.ID}
	if c.unwritten[r] {
		if err := c.flush(ctx); err != nil {
			return nil, nil, 0, err
		}
	} else if c.supposes(ch) {
		c.supposed = true
		return nil, nil, 0, nil
	} else if c.absent[r] && ch.Operation == data.Put {
		return nil, nil, 0, nil
	}
	rows, err := c.rows(ctx, `SELECT `+versionColumns+whatStands, string(ch.Kind), ch.ID)
	if err != nil {
		return nil, nil, 0, err
	}
	for _, r := range rows {
		if data.Operation(r.operation).Public() {
			published = r
		} else {
			draft = r
		}
	}
	if ch.Operation == data.Sketch || ch.Operation == data.Discard {
		st, err := c.s.stmt(ctx, lastDraft)
		if err != nil {
			return nil, nil, 0, err
		}
		if err := st.QueryRowContext(ctx, string(ch.Kind), ch.ID).Scan(&drafts); err != nil {
			return nil, nil, 0, err
		}
	}
	return published, draft, drafts, nil
}

// rows reads and checks rows of versions.
func (c *commit) rows(ctx context.Context, query string, args ...any) ([]*versionRow, error) {
	st, err := c.s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*versionRow
	for rows.Next() {
		r := &versionRow{}
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		if err := c.s.check(r); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// findAbsent finds the records that are put and of which nothing stands, many at a time:
// those of which it is not said, or not taken for granted, that nothing does.
func (c *commit) findAbsent(ctx context.Context, g *store.Group) error {
	var put []any
	for i := range g.Batches {
		for j := range g.Batches[i].Changes {
			if ch := &g.Batches[i].Changes[j]; ch.Operation == data.Put && ch.Expect <= 0 && !c.supposes(ch) {
				put = append(put, string(ch.Kind), ch.ID)
			}
		}
	}
	for some := range slices.Chunk(put, 2*bulkRows) {
		if err := c.findAbsentOf(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// standingOf are the statements that tell which of so many records stand.
var standingOf = func() (texts [bulkRows + 1]string) {
	for n := 1; n <= bulkRows; n++ {
		texts[n] = `WITH put (kind, id) AS (VALUES ` + times(n, "(?, ?)") + `)
			SELECT put.kind, put.id FROM put JOIN demarc_versions v INDEXED BY demarc_versions_standing ON v.kind = put.kind AND v.id = put.id AND v.stands = 1`
	}
	return texts
}()

// findAbsentOf looks for some records, given by kind and id.
func (c *commit) findAbsentOf(ctx context.Context, put []any) error {
	for i := 0; i < len(put); i += 2 {
		c.absent[record{data.Kind(put[i].(string)), put[i+1].(string)}] = true
	}
	st, err := c.s.stmt(ctx, standingOf[len(put)/2])
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, put...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, id string
		if err := rows.Scan(&kind, &id); err != nil {
			return err
		}
		delete(c.absent, record{data.Kind(kind), id})
	}
	return rows.Err()
}
