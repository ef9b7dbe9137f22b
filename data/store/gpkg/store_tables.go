package gpkg

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// shownTable is the table of a collection's features.
type shownTable struct {
	*gpkg.Table
	collection Collection
	id         int // which of the columns has the id, negative for none
	insert     string
	update     string // of all but the id, by which the row is found: its index stays as it is
	// updateValues leaves the geometry as it is, too.
	updateValues string
}

// setting returns what sets columns of a row but for the id, by its key.
func (t *shownTable) setting(columns []string) string {
	var set []string
	for _, c := range columns {
		if t.id < 0 || c != t.Columns[t.id] {
			set = append(set, quoted(c)+" = ?")
		}
	}
	return "UPDATE " + quoted(t.Name) + " SET " + strings.Join(set, ", ") + " WHERE " + quoted(t.Key) + " = ?"
}

// width returns how many values a row has.
func (t *shownTable) width() int {
	if t.Geometry == "" {
		return 1 + len(t.Columns)
	}
	return 2 + len(t.Columns)
}

func newTables(collections []Collection) []*shownTable {
	var out []*shownTable
	for _, c := range collections {
		o := gpkg.Options{Title: c.Title, Description: c.Description, Licence: c.Licence, Attribution: c.Attribution}
		if c.HasGeometry {
			o.Geometry = "geometry"
		}
		t := &shownTable{Table: gpkg.NewTable(c.Schema, o), collection: c, id: c.Schema.Index("id")}
		t.insert = t.Insert()
		t.update = t.setting(t.changeable())
		t.updateValues = t.setting(t.Columns)
		out = append(out, t)
	}
	return out
}

// define returns what makes the table, its index and the triggers that note what
// other programs do to it.
func (t *shownTable) define() []gpkg.Statement {
	all := t.Define()
	if t.Geometry != "" {
		all = append(append(append(all, t.SetGeometryType(t.collection.GeometryType)...), t.Index()...), t.Triggers()...)
	}
	all = append(all, gpkg.Statement{SQL: fmt.Sprintf("CREATE UNIQUE INDEX %s ON %s (id)", quoted("demarc_id_"+t.Name), quoted(t.Name))})
	for _, trigger := range t.noting() {
		all = append(all, gpkg.Statement{SQL: trigger.sql})
	}
	return all
}

// show brings the tables of features up to date; what is said of a feature last
// counts. It is within a transaction.
func (s *Store) show(ctx context.Context, shown []store.Shown) error {
	if len(shown) == 0 {
		return nil
	}
	last := make(map[store.FeatureID]int, len(shown))
	for i := range shown {
		last[shown[i].Of()] = i
	}
	of := map[*shownTable][]*store.Shown{}
	for i := range shown {
		if t := s.tableOf(shown[i].Collection); t != nil && last[shown[i].Of()] == i {
			of[t] = append(of[t], &shown[i])
		}
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 1"); err != nil {
		return err
	}
	for t, features := range of {
		if err := s.showIn(ctx, t, features); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return s.exec(ctx, "UPDATE demarc_writing SET yes = 0")
}

// showIn brings one table up to date. A row that there is keeps its key; new ones are
// written some at a time.
func (s *Store) showIn(ctx context.Context, t *shownTable, features []*store.Shown) error {
	grown := geo.EmptyBBox()
	var drawn []*store.Shown // whose keys SQLite draws
	for _, f := range features {
		if f.Feature != nil {
			grown = grown.Extend(geo.BBoxOf(f.Feature.Geometry))
		}
		if f.Row == 0 {
			drawn = append(drawn, f)
		} else if err := s.showAgain(ctx, t, f); err != nil {
			return fmt.Errorf("feature %s: %w", f.ID, err)
		}
	}
	for part := range slices.Chunk(drawn, followPiece) {
		if err := s.showSome(ctx, t, part); err != nil {
			return err
		}
	}
	return s.touch(ctx, t, grown)
}

func (s *Store) showSome(ctx context.Context, t *shownTable, features []*store.Shown) error {
	there, err := s.rowsOf(ctx, t, features)
	if err != nil {
		return err
	}
	insert, _, _ := strings.Cut(t.insert, " VALUES")
	added := bulk{s: s, inserting: inserting{insert, t.width()}}
	for _, f := range features {
		was, is := there[f.ID]
		var row []any
		if f.Feature != nil {
			if row, err = t.row(was.key, f.Feature); err != nil {
				return fmt.Errorf("feature %s: %w", f.ID, err)
			}
		}
		switch {
		case row == nil && is:
			err = s.exec(ctx, "DELETE FROM "+quoted(t.Name)+" WHERE "+quoted(t.Key)+" = ?", was.key)
		case row == nil:
		case !is:
			row[0] = nil // SQLite draws the key
			err = added.add(ctx, row...)
		default:
			err = s.update(ctx, t, row, was)
		}
		if err != nil {
			return fmt.Errorf("feature %s: %w", f.ID, err)
		}
	}
	return added.flush(ctx)
}

// update writes what a feature's row says now. Where its place is the same, the spatial
// index stays as it is.
func (s *Store) update(ctx context.Context, t *shownTable, row []any, was shownRow) error {
	if t.id >= 0 {
		at := len(row) - len(t.Columns) + t.id
		row = slices.Delete(row, at, at+1)
	}
	if t.Geometry != "" && reflect.DeepEqual(row[1], was.geometry) {
		return s.exec(ctx, t.updateValues, append(row[2:], was.key)...)
	}
	return s.exec(ctx, t.update, append(row[1:], was.key)...)
}

// shownRow is a row that shows a feature.
type shownRow struct {
	key      int64
	geometry any // a blob or nil
}

// rowsOf returns the rows that show features, by their ids.
func (s *Store) rowsOf(ctx context.Context, t *shownTable, features []*store.Shown) (map[string]shownRow, error) {
	ids := make([]string, len(features))
	for i, f := range features {
		ids[i] = f.ID
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	geometry := "NULL"
	if t.Geometry != "" {
		geometry = quoted(t.Geometry)
	}
	st, err := s.stmt(ctx, "SELECT id, "+quoted(t.Key)+", "+geometry+" FROM "+quoted(t.Name)+" WHERE id IN (SELECT value FROM json_each(?))")
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[string]shownRow, len(features))
	for rows.Next() {
		var id string
		var row shownRow
		if err := rows.Scan(&id, &row.key, &row.geometry); err != nil {
			return nil, err
		}
		out[id] = row
	}
	return out, rows.Err()
}

// touch notes in gpkg_contents when and where the table was changed.
func (s *Store) touch(ctx context.Context, t *shownTable, box geo.BBox) error {
	if err := s.exec(ctx, `UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?`, t.Name); err != nil || box.IsEmpty() {
		return err
	}
	return s.exec(ctx, `UPDATE gpkg_contents SET min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2),
		max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5`, box.West, box.South, box.East, box.North, t.Name)
}
