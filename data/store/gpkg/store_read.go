package gpkg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"demarc/data"
	"demarc/geo"
)

// batchRow is a row of demarc_batches.
type batchRow struct {
	first, last, revision, at int64
	author                    string
	key                       sql.NullString
	digest                    string
	sum                       []byte
}

const batchColumns = `first, last, revision, at, author, key, digest, sum`

func (s *Store) batchSum(r *batchRow) []byte {
	summed := sums.Get().(*[]byte)
	defer sums.Put(summed)
	b := appendNumber(appendText((*summed)[:0], s.id), r.first, r.last, r.revision, r.at)
	b = appendText(b, r.author)
	if r.key.Valid {
		b = appendText(b, r.key.String)
	} else {
		b = appendBytes(b, nil)
	}
	b = appendText(b, r.digest)
	*summed = b
	sum := sha256.Sum256(b)
	return sum[:]
}

// addBatch adds the row to an INSERT of batchColumns, with its sum.
func (s *Store) addBatch(ctx context.Context, to *bulk, r *batchRow) error {
	var key any
	if r.key.Valid {
		key = r.key.String
	}
	return to.add(ctx, r.first, r.last, r.revision, r.at, r.author, key, r.digest, s.batchSum(r))
}

func (s *Store) scanBatch(row interface{ Scan(...any) error }) (*batchRow, error) {
	var r batchRow
	if err := row.Scan(&r.first, &r.last, &r.revision, &r.at, &r.author, &r.key, &r.digest, &r.sum); err != nil {
		return nil, err
	}
	if string(r.sum) != string(s.batchSum(&r)) {
		return nil, damagedRow("demarc_batches", r.first, "its content does not have its sum")
	}
	return &r, nil
}

func (r *batchRow) asRevision() data.Revision {
	return data.Revision{Number: uint64(r.revision), Sequence: uint64(r.last), At: fromNanos(r.at)}
}

// Committed is store.Store's. Keys are kept for good.
func (s *Store) Committed(ctx context.Context, author, key string) (data.Receipt, error) {
	return s.committed(ctx, s.readers, s.readers.QueryRowContext(ctx, batchOfKey, author, key))
}

const batchOfKey = `SELECT ` + batchColumns + ` FROM demarc_batches WHERE author = ? AND key = ?`

// committed returns the receipt of the batch that batchOfKey finds.
func (s *Store) committed(ctx context.Context, q querier, row *sql.Row) (data.Receipt, error) {
	r, err := s.scanBatch(row)
	if errors.Is(err, sql.ErrNoRows) {
		return data.Receipt{}, data.ErrNotFound
	}
	if err != nil {
		return data.Receipt{}, s.unreadable("demarc_batches", err)
	}
	receipt := data.Receipt{Revision: r.asRevision(), Digest: r.digest}
	for v, err := range s.versions(ctx, q, `sequence BETWEEN ? AND ? ORDER BY sequence`, r.first, r.last) {
		if err != nil {
			return data.Receipt{}, err
		}
		receipt.Changes = append(receipt.Changes, data.Done{Kind: v.Kind, ID: v.ID, Operation: v.Operation, Number: v.Number, Sequence: v.Revision.Sequence})
	}
	return receipt, nil
}

// At is store.Store's.
func (s *Store) At(ctx context.Context, at time.Time) (data.Revision, error) {
	r, err := s.batchAt(ctx, toNanos(at))
	if err != nil {
		return data.Revision{}, s.unreadable("demarc_batches", err)
	}
	if r == nil || r.revision == 0 {
		return data.Revision{}, nil // drafts, before anything was published
	}
	// The batches behind the one that made the revision are drafts', whose time is
	// not for everyone.
	r, err = s.scanBatch(s.readers.QueryRowContext(ctx, `SELECT `+batchColumns+` FROM demarc_batches
		WHERE first > COALESCE((SELECT first FROM demarc_batches WHERE first < ?1 AND revision < ?2 ORDER BY first DESC LIMIT 1), -1) ORDER BY first LIMIT 1`, r.first, r.revision))
	if err != nil {
		return data.Revision{}, s.unreadable("demarc_batches", err)
	}
	return r.asRevision(), nil
}

// batchAt returns the last batch of that time or before, nil for none. Times never go
// back, so that the batches are halved until one is left.
func (s *Store) batchAt(ctx context.Context, at int64) (found *batchRow, err error) {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	before, err := conn.PrepareContext(ctx, `SELECT `+batchColumns+` FROM demarc_batches WHERE first <= ? ORDER BY first DESC LIMIT 1`)
	if err != nil {
		return nil, err
	}
	defer before.Close()
	var low, high int64 // a change that is early enough, or none; and one that is too late
	if err := conn.QueryRowContext(ctx, `SELECT last + 1 FROM demarc_batches ORDER BY first DESC LIMIT 1`).Scan(&high); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		r, err := s.scanBatch(before.QueryRowContext(ctx, middle))
		switch {
		case err != nil:
			return nil, err
		case r.at <= at:
			found, low = r, max(middle, r.last)
		default:
			high = min(middle, r.first)
		}
	}
	return found, nil
}

// ofRecord selects the versions of a record, the newest first: what stands, the draft that
// does, and the others. Each part comes in its order by an index, so that one who has seen
// enough does not pay for the rest.
const ofRecord = `kind = ?1 AND id = ?2 AND (operation = 'draft') = 0 AND stands = 1
	UNION ALL SELECT ` + versionColumns + ` FROM demarc_versions WHERE kind = ?1 AND id = ?2 AND (operation = 'draft') = 1 AND stands = 1
	UNION ALL SELECT ` + versionColumns + ` FROM demarc_versions WHERE kind = ?1 AND id = ?2 AND stands = 0 ORDER BY sequence DESC`

// History is store.Store's. A gap in the numbers is an error: a row is missing.
func (s *Store) History(ctx context.Context, kind data.Kind, id string) iter.Seq2[data.Version, error] {
	return func(yield func(data.Version, error) bool) {
		next := map[bool]int{} // the number that comes next, of published versions and of drafts
		for v, err := range s.versions(ctx, s.readers, ofRecord, string(kind), id) {
			if err == nil {
				if want, seen := next[v.Draft()]; seen && v.Number != want {
					err = damaged(fmt.Sprintf("table demarc_versions, %s/%s", kind, id), fmt.Sprintf("version %d is missing", want), putBack)
				}
				next[v.Draft()] = v.Number - 1
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		for _, want := range next {
			if want != 0 {
				yield(data.Version{}, damaged(fmt.Sprintf("table demarc_versions, %s/%s", kind, id), fmt.Sprintf("version %d is missing", want), putBack))
				return
			}
		}
	}
}

// Changes is store.Store's.
func (s *Store) Changes(ctx context.Context, after uint64) iter.Seq2[data.Version, error] {
	return s.versions(ctx, s.readers, `sequence > ? ORDER BY sequence`, int64(after))
}

// versions yields checked versions.
func (s *Store) versions(ctx context.Context, q querier, where string, args ...any) iter.Seq2[data.Version, error] {
	return func(yield func(data.Version, error) bool) {
		rows, err := q.QueryContext(ctx, `SELECT `+versionColumns+` FROM demarc_versions WHERE `+where, args...)
		if err != nil {
			yield(data.Version{}, s.unreadable("demarc_versions", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var r versionRow
			err := r.scan(rows)
			if err == nil {
				err = s.check(&r)
			}
			if err != nil {
				yield(data.Version{}, s.unreadable("demarc_versions", err))
				return
			}
			if !yield(r.version(), nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(data.Version{}, s.unreadable("demarc_versions", err))
		}
	}
}

// unreadable says which table an error of reading is about: what cannot be read
// is damaged, unless it was the reader who ended it.
func (s *Store) unreadable(table string, err error) error {
	var input *geo.InputError
	if !errors.As(err, &input) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, sql.ErrConnDone) {
			return err
		}
		err = damaged("table "+table, "it cannot be read: "+err.Error(), putBack)
	}
	return s.told(err)
}

// putBack is how damage is mended.
const putBack = "stop here: put back the newest backup that demarc verify passes (docs/store.md)"
