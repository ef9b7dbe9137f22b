package gpkg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"demarc/data"
	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/geojson"
	"demarc/geo/format/gpkg"
)

// trigger is one that notes what other programs do to a table.
type trigger struct{ name, sql string }

// noting returns the triggers of the table. What the store itself writes they
// leave, by demarc_writing.
func (t *shownTable) noting() []trigger {
	var differ []string
	for _, c := range t.changeable() {
		differ = append(differ, fmt.Sprintf("CASE WHEN OLD.%[1]s IS NOT NEW.%[1]s THEN '%[2]s' || char(10) ELSE '' END", quoted(c), c))
	}
	var all []trigger
	for _, of := range []struct{ verb, row, before, after, was, changed string }{
		{"insert", "NEW", "NULL", "NEW.id", "NULL", "NULL"},
		{"update", "NEW", "OLD.id", "NEW.id", "OLD." + quoted(t.Key), strings.Join(differ, " || ")},
		{"delete", "OLD", "OLD.id", "NULL", "OLD." + quoted(t.Key), "NULL"},
	} {
		name := "demarc_edit_" + t.Name + "_" + of.verb
		all = append(all, trigger{name, fmt.Sprintf(`CREATE TRIGGER %s AFTER %s ON %s WHEN (SELECT yes FROM demarc_writing) = 0
			BEGIN INSERT INTO demarc_edits (collection, fid, before, after, was, changed) VALUES ('%s', %s.%s, %s, %s, %s, %s); END`,
			quoted(name), of.verb, quoted(t.Name), t.Name, of.row, quoted(t.Key), of.before, of.after, of.was, of.changed)})
	}
	return all
}

// changeable returns the columns but the key, the geometry's first.
func (t *shownTable) changeable() []string {
	if t.Geometry == "" {
		return t.Columns
	}
	return append([]string{t.Geometry}, t.Columns...)
}

func (t *shownTable) allColumns() string { return strings.Join(t.changeable(), "\n") + "\n" }

// touched is a row that other programs changed.
type touched struct {
	table   *shownTable
	key     int64
	id      string // of the feature that it showed; empty for a new row
	gone    bool
	changed map[string]bool // columns; nil for a new row
	numbers []int64
}

// touchedRow names a row.
type touchedRow struct {
	table *shownTable
	key   int64
}

// note is what a trigger noted: was is NULL for a row that was made, changed for one
// that was made or deleted.
type note struct {
	n, key                 int64
	collection             string
	before, after, changed sql.NullString
	was                    sql.NullInt64
}

// add adds what was noted next of the row.
func (e *touched) add(x *note) {
	if x.was.Valid && len(e.numbers) == 0 {
		e.changed = map[string]bool{} // it was there before
	}
	e.key, e.gone = x.key, x.was.Valid && !x.changed.Valid
	e.numbers = append(e.numbers, x.n)
	for c := range strings.Lines(x.changed.String) {
		if e.changed != nil {
			e.changed[strings.TrimSpace(c)] = true
		}
	}
}

// touched returns the rows that wait, and every feature that they show or showed.
func (s *Store) touched(ctx context.Context, q querier) ([]*touched, map[store.FeatureID]bool, error) {
	rows, err := q.QueryContext(ctx, "SELECT n, collection, fid, before, after, was, changed FROM demarc_edits ORDER BY n")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var all []*touched
	at := map[touchedRow]*touched{} // those that are not gone
	ids := map[store.FeatureID]bool{}
	for rows.Next() {
		var x note
		if err := rows.Scan(&x.n, &x.collection, &x.key, &x.before, &x.after, &x.was, &x.changed); err != nil {
			return nil, nil, err
		}
		for _, id := range []sql.NullString{x.before, x.after} {
			if id.String != "" {
				ids[store.FeatureID{Collection: x.collection, ID: id.String}] = true
			}
		}
		t := s.tableOf(x.collection)
		if t == nil {
			continue // the program shows no such collection any more
		}
		e := at[touchedRow{t, x.was.Int64}]
		if e == nil || !x.was.Valid {
			e = &touched{table: t, id: x.before.String}
			all = append(all, e)
		} else {
			delete(at, touchedRow{t, x.was.Int64})
		}
		if e.add(&x); !e.gone {
			at[touchedRow{t, e.key}] = e
		}
	}
	return all, ids, rows.Err()
}

// Edits is store.Outside's.
func (s *Store) Edits(ctx context.Context) ([]store.Edit, error) {
	clean, err := s.untouched(ctx)
	if clean || err != nil {
		return nil, err
	}
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // the notes and the rows, of one moment
	if err != nil {
		return nil, s.unreadable("demarc_edits", err)
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	all, _, err := s.touched(ctx, tx)
	if err != nil {
		return nil, s.unreadable("demarc_edits", err)
	}
	var out []store.Edit
	for _, e := range all {
		edit := store.Edit{Collection: e.table.collection.Schema.Collection, Row: e.key, ID: e.id, Numbers: e.numbers}
		if !e.gone {
			if err := e.read(ctx, tx, &edit); err != nil {
				return nil, s.unreadable(e.table.Name, err)
			}
		}
		out = append(out, edit)
	}
	return joined(out), nil
}

// untouched tells whether no other program has written since there was nothing to
// settle. SQLite counts the commits of others for each connection
// (PRAGMA data_version).
func (s *Store) untouched(ctx context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		return false, fmt.Errorf("%w: %w", data.ErrUnavailable, s.failed)
	}
	var version int64
	var waits bool
	if err := s.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return false, s.unreadable("demarc_edits", err)
	}
	if version == s.seen {
		return true, nil
	}
	if err := s.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM demarc_edits)").Scan(&waits); err != nil {
		return false, s.unreadable("demarc_edits", err)
	}
	if !waits {
		s.seen = version
	}
	return !waits, nil
}

// joined makes one edit of a row that was deleted and one that was made with the
// feature's id: the feature has moved into another row.
func joined(edits []store.Edit) []store.Edit {
	deleted := map[store.FeatureID]int{}
	for i, e := range edits {
		if e.ID != "" && e.Feature == nil {
			deleted[store.FeatureID{Collection: e.Collection, ID: e.ID}] = i
		}
	}
	for i := range edits {
		e := &edits[i]
		if e.ID != "" || e.Feature == nil {
			continue
		}
		if at, ok := deleted[store.FeatureID{Collection: e.Collection, ID: idOf(e.Feature)}]; ok {
			e.ID, e.Numbers = edits[at].ID, append(slices.Clone(edits[at].Numbers), e.Numbers...)
			edits[at].Numbers = nil
		}
	}
	return slices.DeleteFunc(edits, func(e store.Edit) bool { return e.Numbers == nil })
}

func idOf(feature json.RawMessage) string {
	var f struct{ ID string }
	_ = json.Unmarshal(feature, &f) // of our own making
	return f.ID
}

// read reads what the row says now.
func (e *touched) read(ctx context.Context, q querier, into *store.Edit) error {
	t := e.table
	names := make([]string, 0, len(t.Columns)+1)
	for _, c := range t.changeable() {
		names = append(names, "+"+quoted(c)) // the driver makes times of what is declared as DATE
	}
	cells, pointers := make([]any, len(names)), make([]any, len(names))
	for i := range cells {
		pointers[i] = &cells[i]
	}
	err := q.QueryRowContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+quoted(t.Name)+" WHERE "+quoted(t.Key)+" = ?", e.key).Scan(pointers...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // REPLACE deletes without a trigger
	}
	if err != nil {
		return err
	}
	feature := map[string]any{"type": "Feature"}
	properties := map[string]any{}
	for i, c := range t.changeable() {
		v := cells[i]
		if e.changed != nil && !e.changed[c] || e.changed == nil && v == nil {
			continue
		}
		if c == t.Geometry {
			feature["geometry"] = geometryCell(v, &into.Faults)
			continue
		}
		field := &t.collection.Schema.Fields[i+len(t.Columns)-len(cells)]
		properties[field.Name] = cellJSON(v, field, &into.Faults)
		if field.Name == "id" && v != nil && e.changed == nil {
			feature["id"] = properties["id"]
		}
	}
	feature["properties"] = properties
	into.Feature, err = json.Marshal(feature)
	return err
}

// geometryCell returns a geometry as GeoJSON, nil for none.
func geometryCell(v any, faults *geo.Faults) any {
	if v == nil {
		return nil
	}
	blob, _ := v.([]byte)
	g, srs, err := gpkg.DecodeGeometry(blob)
	switch {
	case err != nil:
		faults.Add("/geometry", "", err.Error(), "write a GeoPackage geometry (OGC 12-128r19 §2.1.3)")
	case srs != 4326:
		faults.Add("/geometry", fmt.Sprint(srs), "names another reference system than the layer's", "write it in EPSG:4326")
	case g != nil:
		return json.RawMessage(geojson.AppendGeometry(nil, g))
	}
	return nil
}

// cellJSON returns a cell as JSON has it.
func cellJSON(v any, field *geo.Field, faults *geo.Faults) any {
	refuse := func(problem string) any {
		faults.Add("/properties/"+field.Name, "", problem, "write "+field.Type.String())
		return nil
	}
	switch v := v.(type) {
	case []byte:
		return refuse("is a blob")
	case float64:
		if math.IsInf(v, 0) {
			return refuse("is not finite")
		}
	case int64:
		if field.Type == geo.Boolean && (v == 0 || v == 1) {
			return v == 1
		}
	case string:
		if !utf8.ValidString(v) {
			return refuse("is not UTF-8")
		}
		var list []string
		if field.Type == geo.StringList && json.Unmarshal([]byte(v), &list) == nil {
			return list
		}
	}
	return v
}

// settleEdits takes the rows out that the group settles, and refuses what would
// change the row of an edit that stays. It is within a transaction.
func (s *Store) settleEdits(ctx context.Context, g *store.Group) error {
	st, err := s.stmt(ctx, "SELECT EXISTS (SELECT 1 FROM demarc_edits)")
	if err != nil {
		return err
	}
	var any bool
	if err := st.QueryRowContext(ctx).Scan(&any); err != nil || !any && len(g.Settles) == 0 {
		return err
	}
	all, ids, err := s.touched(ctx, s.conn)
	if err != nil || len(ids) == 0 && len(all) == 0 && len(g.Settles) == 0 {
		return err
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 1"); err != nil {
		return err
	}
	if err := s.takeOut(ctx, all, g.Settles); err != nil {
		return err
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 0"); err != nil {
		return err
	}
	if _, ids, err = s.touched(ctx, s.conn); err != nil {
		return err
	}
	touches := slices.Clone(g.Later)
	for i := range g.Shown {
		touches = append(touches, g.Shown[i].Of())
	}
	for _, f := range touches {
		if ids[f] {
			return fmt.Errorf("%s/%s: %w", f.Collection, f.ID, store.ErrEdited)
		}
	}
	return nil
}

// takeOut takes out the rows that are settled, and what was noted of them.
func (s *Store) takeOut(ctx context.Context, all []*touched, settles []store.Edit) error {
	settled := map[int64]bool{}
	for _, e := range settles {
		for _, n := range e.Numbers {
			settled[n] = true
			if err := s.exec(ctx, "DELETE FROM demarc_edits WHERE n = ?", n); err != nil {
				return err
			}
		}
	}
	for _, e := range all {
		if !settled[e.numbers[0]] {
			continue
		}
		if !settled[e.numbers[len(e.numbers)-1]] {
			return fmt.Errorf("%s, row %d, was changed again: %w", e.table.Name, e.key, data.ErrConflict)
		}
		if !e.gone {
			if err := s.exec(ctx, "DELETE FROM "+quoted(e.table.Name)+" WHERE "+quoted(e.table.Key)+" = ?", e.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// showAgain shows a feature in the row that other programs know it by, unless
// that is taken by now.
func (s *Store) showAgain(ctx context.Context, t *shownTable, shown *store.Shown) error {
	if shown.Feature == nil {
		return nil // the row was taken out
	}
	var taken bool
	if err := s.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+quoted(t.Name)+" WHERE "+quoted(t.Key)+" = ? OR id = ?)", shown.Row, shown.ID).Scan(&taken); err != nil {
		return err
	}
	if taken {
		anywhere := *shown
		anywhere.Row = 0
		return s.showSome(ctx, t, []*store.Shown{&anywhere})
	}
	row, err := t.row(shown.Row, shown.Feature)
	if err != nil {
		return err
	}
	return s.exec(ctx, t.insert, row...)
}

var _ store.Outside = (*Store)(nil)
