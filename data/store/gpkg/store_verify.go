package gpkg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/geo"
)

// maxFaults is how many faults Verify gathers before it ends.
const maxFaults = 100

// Verify is store.Store's. It computes every sum, the log's tree and every
// commitment anew.
func (s *Store) Verify(ctx context.Context) error {
	v := &verifier{s: s, tree: ledger.NewTree(0, func(int, int64) ([]byte, error) { return nil, nil }), last: map[string]data.Version{}, leafOf: map[string]int64{}}
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// One transaction, so that all parts are of one moment.
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }() // it has only read
	st, err := s.readState(ctx, conn)
	if err != nil {
		return s.unreadable("demarc_state", err)
	}
	for _, part := range []func(context.Context, querier, state) error{v.versions, v.batches, v.tiles, v.tokens, v.pages} {
		if err := part(ctx, conn, st); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v.add("", "cannot be read: "+err.Error())
		}
	}
	return s.told(v.faults.Err())
}

// verifier gathers what is wrong.
type verifier struct {
	s      *Store
	faults geo.Faults
	tree   *ledger.Tree
	last   map[string]data.Version // by record, and by record and draft: the newest so far, without its body
	leafOf map[string]int64
}

func (v *verifier) add(where, problem string) {
	if len(v.faults) < maxFaults {
		v.faults.Add(where, "", problem, putBack)
	}
}

func (v *verifier) row(table string, row any, problem string) {
	v.add(fmt.Sprintf("table %s, row %v", table, row), problem)
}

// versions reads every version, and builds the log's tree of their leaves.
func (v *verifier) versions(ctx context.Context, q querier, st state) error {
	rows, err := q.QueryContext(ctx, `SELECT `+versionColumns+` FROM demarc_versions ORDER BY sequence`)
	if err != nil {
		return err
	}
	defer rows.Close()
	next := int64(1)
	for rows.Next() {
		var r versionRow
		if err := r.scan(rows); err != nil {
			return err
		}
		if r.sequence != next {
			v.row("demarc_versions", next, "it is missing")
		}
		next = r.sequence + 1
		if err := v.s.check(&r); err != nil {
			v.row("demarc_versions", r.sequence, "its content does not have its sum")
		}
		v.chain(&r)
		v.leaf(&r)
	}
	if next != int64(st.last.Sequence)+1 {
		v.row("demarc_versions", next, fmt.Sprintf("it is missing: the last commit left %d", st.last.Sequence))
	}
	return rows.Err()
}

// chain sees that the versions of a record follow one another, and which stand.
func (v *verifier) chain(r *versionRow) {
	version := r.version()
	version.Body = nil
	key := r.kind + "/" + r.id
	if version.Draft() {
		key += " (draft)"
	}
	before := v.last[key]
	if version.Number != before.Number+1 {
		v.row("demarc_versions", r.sequence, fmt.Sprintf("version %d of %s follows version %d", version.Number, key, before.Number))
	}
	if version.Revision.At.Before(before.Revision.At) || version.Revision.Number < before.Revision.Number {
		v.row("demarc_versions", r.sequence, "it is dated before the version that it follows")
	}
	v.last[key] = version
}

// leaf compares a published version with its leaf in the log.
func (v *verifier) leaf(r *versionRow) {
	if !data.Operation(r.operation).Public() {
		if r.leaf.Valid {
			v.row("demarc_versions", r.sequence, "a draft stands in the log")
		}
		return
	}
	if !r.leaf.Valid || r.leaf.Int64 != v.tree.Size() {
		v.row("demarc_versions", r.sequence, fmt.Sprintf("it is not leaf %d of the log", v.tree.Size()))
	}
	leaf, err := ledger.ParseLeaf(r.entry)
	if err != nil {
		v.row("demarc_versions", r.sequence, err.Error())
	}
	key := r.kind + "/" + r.id
	previous, has := v.leafOf[key]
	if !has {
		previous = -1
	}
	if leaf.Collection != r.kind || leaf.ID != r.id || leaf.Revision != int(r.number) || leaf.Previous != previous || leaf.PublishedAt != ledger.Instant(fromNanos(r.at)) {
		v.row("demarc_versions", r.sequence, "its leaf in the log says otherwise: "+string(r.entry))
	}
	if r.body != nil {
		if sum, err := ledger.Commitment(r.salt, r.body); err != nil || sum != leaf.Commitment {
			v.row("demarc_versions", r.sequence, "its content is not what its leaf in the log commits to")
		}
	}
	v.leafOf[key] = v.tree.Size()
	if err := v.tree.Append(r.entry); err != nil {
		v.row("demarc_versions", r.sequence, err.Error())
	}
}

// batches sees that the batches cover the versions without a gap.
func (v *verifier) batches(ctx context.Context, q querier, st state) error {
	rows, err := q.QueryContext(ctx, `SELECT `+batchColumns+` FROM demarc_batches ORDER BY first`)
	if err != nil {
		return err
	}
	defer rows.Close()
	next := int64(1)
	for rows.Next() {
		r, err := v.s.scanBatch(rows)
		if err != nil {
			var input *geo.InputError
			if errors.As(err, &input) {
				v.faults = append(v.faults, input.Faults...)
				return nil // what follows cannot be placed
			}
			return err
		}
		if r.first != next {
			v.row("demarc_batches", next, "it is missing")
		}
		next = r.last + 1
	}
	if next != int64(st.last.Sequence)+1 {
		v.row("demarc_batches", next, "it is missing")
	}
	return rows.Err()
}

// tiles compares the tiles with the tree of the leaves.
func (v *verifier) tiles(ctx context.Context, q querier, st state) error {
	root, err := v.tree.Root()
	if err != nil {
		return err
	}
	if v.tree.Size() != st.leaves || root != st.root {
		v.add("table demarc_state, row last", fmt.Sprintf("it says that the log has %d leaves and the root %v; the versions make %d and %v", st.leaves, st.root, v.tree.Size(), root))
	}
	kept := v.s.readTile(ctx, q)
	n := 0
	for want := range v.tree.Changed() {
		n++
		got, err := kept(want.Level, want.Number)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, filled(want.Hashes)) {
			v.add("table demarc_tiles, "+ledger.TilePath(want.Level, want.Number, 0), "it does not have the hashes of the leaves")
		}
	}
	var count int
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM demarc_tiles").Scan(&count); err != nil {
		return err
	}
	if count != n {
		v.add("table demarc_tiles", fmt.Sprintf("it has %d tiles where the log has %d", count, n))
	}
	return v.checkpoints(ctx, q)
}

// checkpoints sees that what was signed is the log's past.
func (v *verifier) checkpoints(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, "SELECT size, root FROM demarc_signed ORDER BY size")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var size int64
		var root []byte
		if err := rows.Scan(&size, &root); err != nil {
			return err
		}
		if len(root) != 32 || size < 1 || size > v.tree.Size() || v.tree.Consistent(size, ledger.Hash(root)) != nil {
			v.row("demarc_signed", size, "the checkpoint that was signed is not of this log")
		}
	}
	return rows.Err()
}

func (v *verifier) tokens(ctx context.Context, q querier, _ state) error {
	_, err := v.s.tokens(ctx, q)
	var input *geo.InputError
	if errors.As(err, &input) {
		v.faults = append(v.faults, input.Faults...)
		return nil
	}
	return err
}

// pages lets SQLite look at its own structures.
func (v *verifier) pages(ctx context.Context, q querier, _ state) error {
	rows, err := q.QueryContext(ctx, "PRAGMA integrity_check(20)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			v.add("the file", "SQLite says: "+strings.TrimSpace(line))
		}
	}
	return rows.Err()
}
