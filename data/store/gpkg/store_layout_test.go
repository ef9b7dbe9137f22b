package gpkg

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data/store"
	"demarc/geo"
)

// A table of features that is not as this program writes it is made anew, and the
// file as it was stays beside the store; one with a column more is left as it is.
func TestTablesAreMendedWhenOpened(t *testing.T) {
	for name, tt := range map[string]struct {
		field  bool // the collection has a property more
		do     []string
		mended bool
	}{
		"as they were":        {false, nil, false},
		"a property more":     {true, nil, true},
		"a column of QGIS":    {false, []string{"ALTER TABLE villages ADD COLUMN checked TEXT", "UPDATE villages SET checked = 'yes'"}, false},
		"no notes":            {false, []string{`DROP TRIGGER demarc_edit_villages_delete`, "DELETE FROM villages"}, true},
		"no index":            {false, []string{"DROP TRIGGER rtree_villages_geometry_insert", "DROP TABLE rtree_villages_geometry"}, true},
		"a table of others":   {false, []string{"DROP TABLE villages", "CREATE TABLE villages (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT)"}, true},
		"no table":            {false, []string{"DROP TABLE villages"}, true},
		"edits, and mended":   {true, []string{"UPDATE villages SET name = 'Edited' WHERE id = 'a'"}, true},
		"notes of another":    {false, []string{"DROP TRIGGER demarc_edit_villages_insert", "CREATE TRIGGER demarc_edit_villages_insert AFTER INSERT ON villages BEGIN SELECT 1; END"}, true},
		"a column less":       {false, []string{"DROP TRIGGER demarc_edit_villages_update", "ALTER TABLE villages DROP COLUMN height"}, true},
		"another declaration": {false, []string{"ALTER TABLE villages DROP COLUMN founded", "ALTER TABLE villages ADD COLUMN founded INTEGER"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, do := edited(t)
			if name == "another declaration" {
				do("DROP TRIGGER demarc_edit_villages_update")
			}
			do(tt.do...)
			path := s.path
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			schema := villages
			if tt.field {
				schema.Fields = append(slices.Clone(villages.Fields), geo.Field{Name: "river"})
			}
			open := func() *Store {
				s, err := Open(t.Context(), path, Options{Collections: []Collection{{Schema: &schema, Title: "Villages", HasGeometry: true, GeometryType: "POINT"}}})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Close() })
				return s
			}
			s = open()
			unfilled, err := s.Unfilled(t.Context())
			if err != nil || slices.Contains(unfilled, "villages") != tt.mended {
				t.Fatalf("Unfilled() = %v, %v", unfilled, err)
			}
			copies, err := filepath.Glob(path + ".before-tables-*")
			if err != nil || (len(copies) == 1) != tt.mended {
				t.Fatalf("beside it are %v", copies)
			}
			if !tt.mended {
				return
			}
			if about, err := os.Stat(copies[0]); err != nil || about.Mode().Perm() != 0o600 {
				t.Errorf("the copy may be read by others: %v", about.Mode())
			}
			shown := village("a")
			shown.Feature.Geometry = orb.Point{71, 38}
			if tt.field {
				shown.Feature.Values = append(shown.Feature.Values, geo.StringValue("Ak-Suu"))
			}
			// The process ends before they are filled: then they are, the next time.
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
			if unfilled, err = s.Unfilled(t.Context()); err != nil || !slices.Contains(unfilled, "villages") {
				t.Fatalf("again, Unfilled() = %v, %v", unfilled, err)
			}
			if _, err := s.Commit(t.Context(), store.Group{Fills: unfilled, Shown: []store.Shown{shown}}); err != nil {
				t.Fatal(err)
			}
			if err := s.VerifyShown(t.Context(), "villages", 1, func(string) *geo.Feature { return shown.Feature }); err != nil {
				t.Error(err)
			}
			if edits := editsOf(t, s); edits != nil {
				t.Errorf("edits of what is no more: %v", edits)
			}
			if err := s.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			var boxes int
			if err := s.readers.QueryRow("SELECT count(*) FROM rtree_villages_geometry").Scan(&boxes); err != nil || boxes != 1 {
				t.Errorf("%d boxes in the index, %v", boxes, err)
			}
			var about string
			if err := s.readers.QueryRow(`SELECT group_concat(n, ' ') FROM (SELECT count(*) AS n FROM gpkg_contents UNION ALL SELECT count(*) FROM gpkg_geometry_columns
				UNION ALL SELECT count(*) FROM gpkg_extensions WHERE table_name = 'villages')`).Scan(&about); err != nil || !strings.HasPrefix(about, "1 1 ") {
				t.Errorf("what is said of the table: %q, %v", about, err)
			}
		})
	}
}
