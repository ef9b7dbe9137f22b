package gpkg

import (
	"context"
	"hash/maphash"
	"runtime"
	"sync"

	"demarc/data"
)

// Load is store.Store's. It reads every version, those of the past too, by as
// many connections as there are processors.
func (s *Store) Load(ctx context.Context, yield func(data.Version) error) (data.Revision, error) {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return data.Revision{}, err
	}
	st, err := s.readState(ctx, conn)
	if closeErr := conn.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return data.Revision{}, s.unreadable("demarc_state", err)
	}
	if err := s.checkRoot(ctx, st); err != nil {
		return data.Revision{}, s.unreadable("demarc_tiles", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := make(chan []data.Version, 8)
	var readers sync.WaitGroup
	for _, r := range ranges(int64(st.last.Sequence), min(runtime.GOMAXPROCS(0), 4)) {
		readers.Go(func() {
			if err := s.readRange(ctx, r, out); err != nil {
				cancel(err)
			}
		})
	}
	go func() { readers.Wait(); close(out) }()
	seed, seen := maphash.MakeSeed(), make(map[uint64]struct{}, st.last.Sequence)
	for versions := range out {
		for i := range versions {
			v := &versions[i]
			hash := maphash.Comparable(seed, standing{v.Kind, v.ID, v.Draft()})
			if _, met := seen[hash]; met { // or another one of the same hash
				if err := s.standsOnce(ctx, v); err != nil {
					cancel(err)
				}
			}
			seen[hash] = struct{}{}
			if ctx.Err() == nil {
				if err := yield(*v); err != nil {
					cancel(err)
				}
			}
		}
	}
	if err := context.Cause(ctx); err != nil {
		return data.Revision{}, s.unreadable("demarc_versions", err)
	}
	return st.last, nil
}

// standing names a version that stands: there is one at the most.
type standing struct {
	kind  data.Kind
	id    string
	draft bool
}

// standsOnce returns an error where another version of the record stands beside v.
func (s *Store) standsOnce(ctx context.Context, v *data.Version) error {
	var n int
	err := s.readers.QueryRowContext(ctx, `SELECT count(*) FROM demarc_versions WHERE kind = ? AND id = ? AND stands = 1 AND (operation IN ('draft', 'discard')) = ? AND sequence <> ?`,
		string(v.Kind), v.ID, v.Draft(), int64(v.Revision.Sequence)).Scan(&n)
	if err == nil && n > 0 {
		err = damagedRow("demarc_versions", v.Revision.Sequence, "two versions of "+string(v.Kind)+"/"+v.ID+" stand")
	}
	return err
}

// span is a run of sequence numbers, both ends included.
type span struct{ from, to int64 }

// ranges cuts 1 to n into parts.
func ranges(n int64, parts int) []span {
	var out []span
	size := n/int64(parts) + 1
	for from := int64(1); from <= n; from += size {
		out = append(out, span{from, min(from+size-1, n)})
	}
	return out
}

// readRange checks every version of a range, sees that none is missing, and
// sends those that stand.
func (s *Store) readRange(ctx context.Context, r span, out chan<- []data.Version) error {
	var versions []data.Version
	send := func() {
		select {
		case out <- versions:
		case <-ctx.Done():
		}
		versions = nil
	}
	err := s.eachVersion(ctx, r, func(row *versionRow) error {
		if row.stands == 1 {
			if versions = append(versions, row.version()); len(versions) == 256 {
				send()
			}
		}
		return nil
	})
	if err == nil {
		send()
	}
	return err
}

// eachVersion checks every version of a range, sees that none is missing, and gives it to
// do.
func (s *Store) eachVersion(ctx context.Context, r span, do func(*versionRow) error) error {
	rows, err := s.readers.QueryContext(ctx, `SELECT `+versionColumns+` FROM demarc_versions WHERE sequence BETWEEN ? AND ? ORDER BY sequence`, r.from, r.to)
	if err != nil {
		return err
	}
	defer rows.Close()
	next := r.from
	for rows.Next() {
		var row versionRow
		if err := row.scan(rows); err != nil {
			return err
		}
		if row.sequence != next {
			return damagedRow("demarc_versions", next, "it is missing")
		}
		next++
		if err := s.check(&row); err != nil {
			return err
		}
		if err := do(&row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if next != r.to+1 {
		return damagedRow("demarc_versions", next, "it is missing")
	}
	return nil
}
