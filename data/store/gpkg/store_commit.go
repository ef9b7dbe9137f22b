package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/data/store"
)

// Commit is store.Store's.
func (s *Store) Commit(ctx context.Context, g store.Group) ([]data.Receipt, error) {
	blinded, err := blindAll(&g)
	if err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	s.follower.waiting.Add(1)
	defer s.follower.waiting.Add(-1)
	s.follower.commits.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.beside || s.sealed {
		return nil, data.ErrReadOnly
	}
	if s.failed != nil {
		return nil, fmt.Errorf("%w: %w", data.ErrUnavailable, s.failed)
	}
	c := newCommit(s, blinded)
	receipts, err := c.carryOut(ctx, &g)
	if c.supposed && refuses(err) {
		c = newCommit(s, blinded)
		c.looks = true
		receipts, err = c.carryOut(ctx, &g)
	}
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	s.room = [2][]driver.NamedValue{c.versions.args, c.batches.args}
	s.state, s.tree = c.state, c.tree
	s.follower.supersede(c.shown)
	s.follower.shown(nil, c.whole, s.state.last.Sequence)
	s.follower.later(nil, min(len(g.Later), 1))
	if c.redacted {
		// The content must not stay in the journal; the rows are overwritten already
		// (secure_delete). A reader can hold this up: the next checkpoint does it.
		_ = s.emptyLog(ctx)
	}
	return receipts, nil
}

// refused says what an error in a transaction means, and stops the writing after
// one of which it is not known what it left on the disk.
func (s *Store) refused(_ context.Context, err error) error {
	if errors.Is(err, data.ErrConflict) || errors.Is(err, data.ErrNotFound) || errors.Is(err, store.ErrEdited) {
		return err
	}
	var lite *sqlite.Error
	code := 0
	if errors.As(err, &lite) {
		code = lite.Code() & 0xFF
	}
	var atCommit *commitError
	switch {
	case code == sqlitelib.SQLITE_FULL:
		return fmt.Errorf("commit: %w: %w", data.ErrFull, err)
	case code == sqlitelib.SQLITE_BUSY || code == sqlitelib.SQLITE_LOCKED:
		return fmt.Errorf("commit: another program holds the store's file: %w: %w", data.ErrUnavailable, err)
	case code == sqlitelib.SQLITE_READONLY || code == sqlitelib.SQLITE_PERM:
		return fmt.Errorf("commit: the store's file cannot be written: %w: %w", data.ErrUnavailable, err)
	case code == sqlitelib.SQLITE_IOERR || code == sqlitelib.SQLITE_CORRUPT || errors.As(err, &atCommit):
		// Said again of the next change, since this may be about the tables of features
		// alone, which nobody waits for.
		s.failed = fmt.Errorf("%w: %w", store.ErrUnknown, err)
		return fmt.Errorf("commit: %w", s.failed)
	}
	return fmt.Errorf("commit: %w", err)
}

// commit is one transaction on its way. The store's state stays as it is until
// it is through.
type commit struct {
	s        *Store
	state    state
	tree     *ledger.Tree
	redacted bool
	blinded  map[*data.Change]*blinded // of what was not made ready
	// Rows that are not inserted yet; records of which versions are among them, and
	// those of which nothing stood before.
	versions, batches bulk
	unwritten, absent map[record]bool
	keys              map[[2]string]bool // of the batches so far
	shown             []store.Shown      // by the tables of features, with the commit
	whole             bool               // they then show all that is committed
	// supposed says that it was taken for granted of some record that nothing stands, and
	// looks that nothing is.
	supposed, looks bool
}

// record names a record.
type record struct {
	kind data.Kind
	id   string
}

func newCommit(s *Store, blinded map[*data.Change]*blinded) *commit {
	return &commit{s: s, state: s.state, tree: s.grown(), blinded: blinded,
		versions:  bulk{s: s, inserting: inserting{insertVersions, 16}, args: s.room[0], draws: true, drawn: int64(s.state.last.Sequence)},
		batches:   bulk{s: s, inserting: inserting{insertBatches, 8}, args: s.room[1]},
		unwritten: map[record]bool{}, absent: map[record]bool{}, keys: map[[2]string]bool{}}
}

// A row that breaks a constraint ends the whole commit, so that SQLite need not keep
// what a statement has done before it: it does not where keys are drawn, and failing is
// all that is asked for.
const (
	insertVersions = "INSERT OR FAIL INTO demarc_versions (" + drawnColumns + ")"
	insertBatches  = "INSERT OR FAIL INTO demarc_batches (" + batchColumns + ")"
)

// carryOut carries out a group in a transaction.
func (c *commit) carryOut(ctx context.Context, g *store.Group) (receipts []data.Receipt, err error) {
	err = c.s.within(ctx, func() (err error) {
		receipts, err = c.run(ctx, g)
		return err
	})
	return receipts, err
}

func (c *commit) run(ctx context.Context, g *store.Group) ([]data.Receipt, error) {
	if err := c.findAbsent(ctx, g); err != nil {
		return nil, err
	}
	receipts := make([]data.Receipt, len(g.Batches))
	for i := range g.Batches {
		var err error
		if receipts[i], err = c.batch(ctx, &g.Batches[i]); err != nil {
			return nil, err
		}
	}
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	if err := c.s.settleEdits(ctx, g); err != nil {
		return nil, err
	}
	if err := c.s.empty(ctx, g.Fills); err != nil {
		return nil, err
	}
	if err := c.showAtOnce(ctx, g); err != nil {
		return nil, err
	}
	for tile := range c.tree.Changed() {
		if err := c.s.writeTile(ctx, tile); err != nil {
			return nil, err
		}
	}
	var err error
	c.state.leaves = c.tree.Size()
	if c.state.root, err = c.tree.Root(); err != nil {
		return nil, err
	}
	return receipts, c.s.writeState(ctx, c.state)
}

// batch carries out one batch.
func (c *commit) batch(ctx context.Context, b *data.Batch) (data.Receipt, error) {
	if b.Key != "" {
		key := [2]string{b.Author, b.Key}
		if c.keys[key] {
			if err := c.flush(ctx); err != nil {
				return data.Receipt{}, err
			}
		}
		c.keys[key] = true
		st, err := c.s.stmt(ctx, batchOfKey)
		if err != nil {
			return data.Receipt{}, err
		}
		receipt, err := c.s.committed(ctx, c.s.conn, st.QueryRowContext(ctx, b.Author, b.Key))
		if !errors.Is(err, data.ErrNotFound) {
			return receipt, err
		}
	}
	first := c.state.last.Sequence + 1
	if b.At.After(c.state.last.At) {
		c.state.last.At = b.At.UTC()
	}
	if slices.ContainsFunc(b.Changes, func(ch data.Change) bool { return ch.Operation.Public() }) {
		c.state.last.Number++
	}
	receipt := data.Receipt{Digest: b.Digest, Changes: make([]data.Done, len(b.Changes))}
	for i := range b.Changes {
		done, err := c.change(ctx, b, &b.Changes[i])
		if err != nil {
			return data.Receipt{}, err
		}
		receipt.Changes[i] = done
	}
	receipt.Revision = c.state.last
	if len(b.Changes) == 0 {
		return receipt, nil
	}
	r := batchRow{first: int64(first), last: int64(c.state.last.Sequence), revision: int64(c.state.last.Number), at: toNanos(c.state.last.At),
		author: b.Author, key: sql.NullString{String: b.Key, Valid: b.Key != ""}, digest: b.Digest}
	return receipt, c.s.addBatch(ctx, &c.batches, &r)
}

// change adds the version that a change makes.
func (c *commit) change(ctx context.Context, b *data.Batch, ch *data.Change) (data.Done, error) {
	published, draft, drafts, err := c.standing(ctx, ch)
	if err != nil {
		return data.Done{}, err
	}
	v, err := ch.Next(asVersion(published), asVersion(draft), drafts)
	if err != nil {
		return data.Done{}, err
	}
	c.state.last.Sequence++
	row := versionRow{
		sequence: int64(c.state.last.Sequence), kind: string(v.Kind), id: v.ID, number: int64(v.Number), operation: string(v.Operation), stands: 1,
		revision: int64(c.state.last.Number), at: toNanos(c.state.last.At), author: b.Author, comment: b.Comment, origin: b.Origin,
		reach: appendReach(v.Reach), body: v.Body,
	}
	if ch.Operation == data.Discard {
		row.stands = 0
	}
	if err := c.settle(ctx, ch, published, draft); err != nil {
		return data.Done{}, err
	}
	if ch.Operation.Public() {
		if err := c.publish(&row, published, ch); err != nil {
			return data.Done{}, err
		}
	}
	r := record{ch.Kind, ch.ID}
	c.unwritten[r] = true
	delete(c.absent, r)
	err = c.s.addVersion(ctx, &c.versions, &row)
	return data.Done{Kind: ch.Kind, ID: ch.ID, Operation: ch.Operation, Number: v.Number, Sequence: c.state.last.Sequence}, err
}

func asVersion(r *versionRow) *data.Version {
	if r == nil {
		return nil
	}
	v := r.version()
	return &v
}

// settle ends the versions that a change takes the place of, and removes content
// where the change is to do so.
func (c *commit) settle(ctx context.Context, ch *data.Change, published, draft *versionRow) error {
	var end []*versionRow
	switch ch.Operation {
	case data.Put, data.Retract:
		end = append(end, published)
	case data.Publish:
		end = append(end, published, draft)
	case data.Sketch:
		end = append(end, draft)
	case data.Redact, data.Discard:
		which := allOfRecord
		if ch.Operation == data.Discard {
			which = draftsOfRecord
		}
		all, err := c.rows(ctx, which, string(ch.Kind), ch.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			r.body, r.salt = nil, nil
		}
		end, c.redacted = all, true
	}
	for _, r := range end {
		if r == nil {
			continue
		}
		r.stands = 0
		if err := c.s.exec(ctx, `UPDATE demarc_versions SET stands = 0, salt = ?, body = ?, sum = ? WHERE sequence = ?`, orNull(r.salt), orNull(r.body), c.s.sumOf(r), r.sequence); err != nil {
			return err
		}
	}
	return nil
}

// publish adds a leaf to the log.
func (c *commit) publish(row *versionRow, before *versionRow, ch *data.Change) error {
	leaf := ledger.Leaf{Collection: row.kind, ID: row.id, Revision: int(row.number), Previous: -1, PublishedAt: ledger.Instant(fromNanos(row.at)), Kind: ledger.Publish}
	if before != nil {
		leaf.Kind, leaf.Previous = ledger.Correct, before.leaf.Int64
	}
	switch data.Operation(row.operation) {
	case data.Retract:
		leaf.Kind = ledger.Retract
	case data.Redact:
		leaf.Kind = ledger.Redact
	}
	if row.body != nil {
		made, err := c.blinding(ch, row.body)
		if err != nil {
			return err
		}
		row.salt, leaf.Commitment = made.salt, made.commitment
	}
	var err error
	if row.entry, err = leaf.Encode(); err != nil {
		return err
	}
	row.leaf = sql.NullInt64{Int64: c.tree.Size(), Valid: true}
	return c.tree.Append(row.entry)
}
