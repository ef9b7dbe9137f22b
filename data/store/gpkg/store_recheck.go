package gpkg

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"demarc/data/store"
	"demarc/geo"
)

// recheckRows is how many rows are looked at in one go.
const recheckRows = 500

// Behind is store.Outside's.
func (s *Store) Behind() bool {
	s.follower.mu.Lock()
	defer s.follower.mu.Unlock()
	return s.follower.behind && s.leads()
}

// RecheckRows is store.Outside's.
func (s *Store) RecheckRows(ctx context.Context, collection string, after int64, want func(id string) *geo.Feature) (next int64, err error) {
	t := s.tableOf(collection)
	if t == nil {
		return -1, nil
	}
	var differ []store.FeatureID
	n, next := 0, int64(-1)
	err = s.eachRow(ctx, t, fmt.Sprintf("WHERE %[1]s > ? ORDER BY %[1]s LIMIT ?", quoted(t.Key)), []any{after, recheckRows}, func(row []any, id string) error {
		if n++; n == recheckRows {
			next = row[0].(int64)
		}
		f := want(id)
		if f != nil {
			expected, err := t.row(row[0].(int64), f)
			if err != nil || reflect.DeepEqual(row, expected) {
				return err
			}
		}
		differ = append(differ, store.FeatureID{Collection: collection, ID: id})
		return nil
	})
	if err != nil {
		return -1, s.unreadable(t.Name, err)
	}
	s.follower.later(differ, 0)
	return next, nil
}

// RecheckMissing is store.Outside's.
func (s *Store) RecheckMissing(ctx context.Context, features []store.FeatureID) error {
	for len(features) > 0 {
		n := 1
		for n < len(features) && features[n].Collection == features[0].Collection {
			n++
		}
		t := s.tableOf(features[0].Collection)
		if t != nil {
			missing, err := s.missing(ctx, t, features[:n])
			if err != nil {
				return s.unreadable(t.Name, err)
			}
			s.follower.later(missing, 0)
		}
		features = features[n:]
	}
	return nil
}

// missing returns the features that have no row.
func (s *Store) missing(ctx context.Context, t *shownTable, features []store.FeatureID) ([]store.FeatureID, error) {
	ids := make([]string, len(features))
	for i := range features {
		ids[i] = features[i].ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.readers.QueryContext(ctx, "SELECT key FROM json_each(?) WHERE value NOT IN (SELECT id FROM "+quoted(t.Name)+" WHERE id = value)", string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []store.FeatureID
	for rows.Next() {
		var at int
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		out = append(out, features[at])
	}
	return out, rows.Err()
}

// Rechecked is store.Outside's.
func (s *Store) Rechecked() {
	f := &s.follower
	f.mu.Lock()
	f.behind = false
	f.mu.Unlock()
	f.later(nil, 0)
}
