package gpkg

import (
	"context"
	"fmt"
	"strings"

	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// shownTable is the table of a collection's features.
type shownTable struct {
	*gpkg.Table
	collection Collection
	insert     string
	update     string
}

func newTables(collections []Collection) []*shownTable {
	var out []*shownTable
	for _, c := range collections {
		o := gpkg.Options{Title: c.Title, Description: c.Description, Licence: c.Licence, Attribution: c.Attribution}
		if c.HasGeometry {
			o.Geometry = "geometry"
		}
		t := &shownTable{Table: gpkg.NewTable(c.Schema, o), collection: c}
		t.insert = t.Insert()
		names := append([]string{}, t.Columns...)
		if t.Geometry != "" {
			names = append([]string{t.Geometry}, names...)
		}
		for i, n := range names {
			names[i] = quoted(n) + " = ?"
		}
		t.update = "UPDATE " + quoted(t.Name) + " SET " + strings.Join(names, ", ") + " WHERE " + quoted(t.Key) + " = ?"
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

// show brings the tables of features up to date. It is within a transaction.
func (s *Store) show(ctx context.Context, shown []store.Shown) error {
	if len(shown) == 0 {
		return nil
	}
	if err := s.exec(ctx, "UPDATE demarc_writing SET yes = 1"); err != nil {
		return err
	}
	grown := map[*shownTable]geo.BBox{}
	for i := range shown {
		t := s.tableOf(shown[i].Collection)
		if t == nil {
			continue
		}
		if err := s.showOne(ctx, t, &shown[i]); err != nil {
			return fmt.Errorf("table %s, feature %s: %w", t.Name, shown[i].ID, err)
		}
		box, ok := grown[t]
		if !ok {
			box = geo.EmptyBBox()
		}
		if f := shown[i].Feature; f != nil {
			box = box.Extend(geo.BBoxOf(f.Geometry))
		}
		grown[t] = box
	}
	for t, box := range grown {
		if err := s.touch(ctx, t, box); err != nil {
			return err
		}
	}
	return s.exec(ctx, "UPDATE demarc_writing SET yes = 0")
}

// showOne changes the row of one feature; the row keeps its key.
func (s *Store) showOne(ctx context.Context, t *shownTable, shown *store.Shown) error {
	if shown.Row != 0 {
		return s.showAgain(ctx, t, shown)
	}
	if shown.Feature == nil {
		return s.exec(ctx, "DELETE FROM "+quoted(t.Name)+" WHERE id = ?", shown.ID)
	}
	st, err := s.stmt(ctx, "SELECT "+quoted(t.Key)+" FROM "+quoted(t.Name)+" WHERE id = ?")
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, shown.ID)
	if err != nil {
		return err
	}
	var key int64
	there := rows.Next()
	if there {
		err = rows.Scan(&key)
	}
	if closeErr := rows.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	row, err := t.row(key, shown.Feature)
	if err != nil {
		return err
	}
	if there {
		return s.exec(ctx, t.update, append(row[1:], key)...)
	}
	row[0] = nil // SQLite draws the key
	return s.exec(ctx, t.insert, row...)
}

// touch notes in gpkg_contents when and where the table was changed.
func (s *Store) touch(ctx context.Context, t *shownTable, box geo.BBox) error {
	if err := s.exec(ctx, `UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?`, t.Name); err != nil || box.IsEmpty() {
		return err
	}
	return s.exec(ctx, `UPDATE gpkg_contents SET min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2),
		max_x = max(coalesce(max_x, ?3), ?3), max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5`, box.West, box.South, box.East, box.North, t.Name)
}
