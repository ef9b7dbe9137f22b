package gpkg

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"strconv"

	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// tableOf returns the table of a collection, or nil.
func (s *Store) tableOf(collection string) *shownTable {
	for _, t := range s.tables {
		if t.collection.Schema.Collection == collection {
			return t
		}
	}
	return nil
}

// VerifyShown is store.Outside's.
func (s *Store) VerifyShown(ctx context.Context, collection string, count int, want func(id string) *geo.Feature) error {
	t := s.tableOf(collection)
	if t == nil {
		return nil
	}
	if err := s.stands(ctx); err != nil {
		return err
	}
	var faults geo.Faults
	fault := func(id, problem string) {
		if len(faults) < maxFaults {
			faults.Add("table "+t.Name+", feature "+id, "", problem, putBack)
		}
	}
	n := 0
	err := s.eachRow(ctx, t, "", nil, func(row []any, id string) error {
		n++
		f := want(id)
		if f == nil {
			fault(id, "there is no such feature")
			return nil
		}
		expected, err := t.row(row[0].(int64), f)
		if err != nil {
			return err
		}
		for i := range row {
			if !reflect.DeepEqual(row[i], expected[i]) {
				fault(id, fmt.Sprintf("column %d says %.80v where the record says %.80v", i, row[i], expected[i]))
			}
		}
		return nil
	})
	if err != nil {
		return s.unreadable(t.Name, err)
	}
	if n != count {
		faults.Add("table "+t.Name, fmt.Sprint(n), fmt.Sprintf("does not have %d features", count), putBack)
	}
	return s.told(faults.Err())
}

// stands sees that the tables show what was committed last: with an error that is
// store.ErrBehind where they do not.
func (s *Store) stands(ctx context.Context) error {
	if s.leads() {
		if err := s.followAll(ctx); err != nil {
			return err
		}
	}
	value, err := s.getState(ctx, s.readers, shownState)
	if err != nil {
		return s.unreadable("demarc_state", err)
	}
	st, err := s.readState(ctx, s.readers)
	if err != nil {
		return s.unreadable("demarc_state", err)
	}
	if value != "" && value != strconv.FormatUint(st.last.Sequence, 10) {
		return fmt.Errorf("%s: %w", filepath.Base(s.path), store.ErrBehind)
	}
	return nil
}

// row returns a feature as a row of its table: key, geometry, values.
func (t *shownTable) row(key int64, f *geo.Feature) ([]any, error) {
	var blob []byte
	if f.Geometry != nil && t.Geometry != "" {
		var err error
		if blob, err = gpkg.AppendGeometry(nil, f.Geometry, 4326); err != nil {
			return nil, err
		}
	}
	return t.Row(key, f, blob)
}

// eachRow visits the rows of a table as they stand: key, geometry, values; and
// the feature's id.
func (s *Store) eachRow(ctx context.Context, t *shownTable, where string, args []any, visit func(row []any, id string) error) error {
	names := quoted(t.Key)
	if t.Geometry != "" {
		names += ", " + quoted(t.Geometry)
	}
	at := -1
	for i, c := range t.Columns {
		if t.collection.Schema.Fields[i].Name == "id" {
			at = i
		}
		// The driver makes times of what is declared as DATE; a plain expression
		// comes as it stands.
		names += ", +" + quoted(c)
	}
	rows, err := s.readers.QueryContext(ctx, "SELECT "+names+" FROM "+quoted(t.Name)+" "+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	first := 1
	if t.Geometry != "" {
		first = 2
	}
	for rows.Next() {
		row := make([]any, first+len(t.Columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		id, _ := row[first+at].(string)
		if err := visit(row, id); err != nil {
			return err
		}
	}
	return rows.Err()
}
