package gpkg

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/store"
	"demarc/geo"
)

var villages = geo.Schema{Collection: "villages", Fields: []geo.Field{{Name: "id"}, {Name: "name"}, {Name: "people", Type: geo.Integer},
	{Name: "height", Type: geo.Number}, {Name: "market", Type: geo.Boolean}, {Name: "founded", Type: geo.Date}, {Name: "names", Type: geo.StringList}}}

func village(id string) store.Shown {
	return store.Shown{Collection: "villages", ID: id, Feature: &geo.Feature{ID: id, Geometry: orb.Point{70, 39}, Values: []geo.Value{geo.StringValue(id),
		geo.StringValue("Village " + id), geo.IntValue(9007199254740993), geo.NumberValue(0.1), geo.BoolValue(true), geo.Null(), geo.ListValue([]string{"x"})}}}
}

// edited is a store with the villages a to e in the rows 1 to 5, and a connection
// of another program to its file.
func edited(t *testing.T) (*Store, func(statements ...string)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.gpkg")
	s, err := Open(t.Context(), path, Options{Collections: []Collection{{Schema: &villages, Title: "Villages", HasGeometry: true, GeometryType: "POINT"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	var g store.Group
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		g.Shown = append(g.Shown, village(id))
	}
	if _, err := s.Commit(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	for there := 0; there < len(g.Shown); { // the tables may follow what is committed
		if err := s.readers.QueryRow("SELECT count(*) FROM villages").Scan(&there); err != nil {
			t.Fatal(err)
		}
	}
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	return s, func(statements ...string) {
		t.Helper()
		for _, statement := range statements {
			if _, err := other.Exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
	}
}

// told is an edit as the tests compare it.
type told struct {
	Row     int64
	ID      string
	Feature string
	Faults  []string
}

func editsOf(t *testing.T, s *Store) []told {
	t.Helper()
	edits, err := s.Edits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []told
	for _, e := range edits {
		one := told{Row: e.Row, ID: e.ID}
		if e.Feature != nil {
			var f map[string]any
			if err := json.Unmarshal(e.Feature, &f); err != nil {
				t.Fatal(err)
			}
			delete(f, "type")
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			one.Feature = string(text)
		}
		for _, f := range e.Faults {
			one.Faults = append(one.Faults, f.Where+" "+f.Problem)
		}
		out = append(out, one)
	}
	return out
}

// What others do to rows comes as one edit of each feature: what they changed of it
// alone, whatever rows it went through.
func TestEditsOfOthers(t *testing.T) {
	for name, tt := range map[string]struct {
		do   []string
		want []told
	}{
		"nothing":      {nil, nil},
		"one column":   {[]string{"UPDATE villages SET name = 'New' WHERE id = 'b'"}, []told{{2, "b", `{"properties":{"name":"New"}}`, nil}}},
		"as it was":    {[]string{"UPDATE villages SET name = name, people = people"}, []told{{1, "a", `{"properties":{}}`, nil}, {2, "b", `{"properties":{}}`, nil}, {3, "c", `{"properties":{}}`, nil}, {4, "d", `{"properties":{}}`, nil}, {5, "e", `{"properties":{}}`, nil}}},
		"two steps":    {[]string{"UPDATE villages SET name = 'New' WHERE fid = 2", "UPDATE villages SET market = 0, founded = '1999-01-02' WHERE fid = 2"}, []told{{2, "b", `{"properties":{"founded":"1999-01-02","market":false,"name":"New"}}`, nil}}},
		"to nothing":   {[]string{"UPDATE villages SET name = NULL, geometry = NULL WHERE fid = 1"}, []told{{1, "a", `{"geometry":null,"properties":{"name":null}}`, nil}}},
		"geometry":     {[]string{"UPDATE villages SET geometry = x'47500001E6100000010100000000000000000051400000000000004440' WHERE fid = 1"}, []told{{1, "a", `{"geometry":{"coordinates":[68,40],"type":"Point"},"properties":{}}`, nil}}},
		"a list":       {[]string{`UPDATE villages SET names = '["y","z"]' WHERE fid = 1`, `UPDATE villages SET names = 'y; z' WHERE fid = 2`}, []told{{1, "a", `{"properties":{"names":["y","z"]}}`, nil}, {2, "b", `{"properties":{"names":"y; z"}}`, nil}}},
		"another row":  {[]string{"UPDATE villages SET fid = 77 WHERE fid = 3", "UPDATE villages SET name = 'New' WHERE fid = 77"}, []told{{77, "c", `{"properties":{"name":"New"}}`, nil}}},
		"another id":   {[]string{"UPDATE villages SET id = 'z' WHERE fid = 3"}, []told{{3, "c", `{"properties":{"id":"z"}}`, nil}}},
		"deleted":      {[]string{"UPDATE villages SET name = 'New' WHERE fid = 4", "DELETE FROM villages WHERE fid = 4"}, []told{{4, "d", "", nil}}},
		"made":         {[]string{"INSERT INTO villages (name, people) VALUES ('New', 7)", "UPDATE villages SET height = 2 WHERE name = 'New'"}, []told{{6, "", `{"properties":{"height":2,"name":"New","people":7}}`, nil}}},
		"made with id": {[]string{"INSERT INTO villages (id, name) VALUES ('z', 'New')"}, []told{{6, "", `{"id":"z","properties":{"id":"z","name":"New"}}`, nil}}},
		"made, gone":   {[]string{"INSERT INTO villages (name) VALUES ('New')", "DELETE FROM villages WHERE name = 'New'"}, []told{{6, "", "", nil}}},
		"moved":        {[]string{"DELETE FROM villages WHERE id = 'e'", "INSERT INTO villages (id, name) VALUES ('e', 'New')"}, []told{{6, "e", `{"id":"e","properties":{"id":"e","name":"New"}}`, nil}}},
		"row again":    {[]string{"DELETE FROM villages WHERE fid = 5", "INSERT INTO villages (fid, name) VALUES (5, 'New')"}, []told{{5, "e", "", nil}, {5, "", `{"properties":{"name":"New"}}`, nil}}},
		"no feature": {[]string{"UPDATE villages SET name = x'00', people = 'many', height = 9e999, geometry = x'47500001110F00000101000000000000000000F03F0000000000000040' WHERE fid = 1", "UPDATE villages SET name = CAST(x'ff' AS TEXT) WHERE fid = 2"},
			[]told{{1, "a", `{"geometry":null,"properties":{"height":null,"name":null,"people":"many"}}`, []string{"/geometry names another reference system than the layer's", "/properties/name is a blob", "/properties/height is not finite"}},
				{2, "b", `{"properties":{"name":null}}`, []string{"/properties/name is not UTF-8"}}}},
	} {
		s, do := edited(t)
		do(tt.do...)
		if diff := cmp.Diff(tt.want, editsOf(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A group takes over what it settles, under the key of the row; what it does not
// settle stays, and keeps its feature from being changed.
func TestSettle(t *testing.T) {
	s, do := edited(t)
	do("UPDATE villages SET name = 'New' WHERE id = 'a'", "INSERT INTO villages (fid, name) VALUES (90, 'Made')", "UPDATE villages SET name = 'Wrong' WHERE id = 'b'",
		"DELETE FROM villages WHERE id = 'c'", "UPDATE villages SET id = 'z' WHERE id = 'd'")
	edits, err := s.Edits(t.Context())
	if err != nil || len(edits) != 5 {
		t.Fatalf("%v, %v", edits, err)
	}
	in := func(id string, row int64) store.Shown {
		shown := village(id)
		shown.Row = row
		return shown
	}
	if _, err := s.Commit(t.Context(), store.Group{Shown: []store.Shown{village("b")}}); !errors.Is(err, store.ErrEdited) || !errors.Is(err, data.ErrUnavailable) {
		t.Errorf("a change of what is edited: %v", err)
	}
	if _, err := s.Commit(t.Context(), store.Group{Shown: []store.Shown{village("z")}}); !errors.Is(err, store.ErrEdited) {
		t.Errorf("a feature with the id that another program gave to a row: %v", err)
	}
	if _, err := s.Commit(t.Context(), store.Group{Shown: []store.Shown{village("e"), village("f")}}); err != nil {
		t.Errorf("a change of others: %v", err)
	}
	settled := slices.DeleteFunc(slices.Clone(edits), func(e store.Edit) bool { return e.ID == "b" })
	if _, err := s.Commit(t.Context(), store.Group{Settles: settled, Shown: []store.Shown{in("a", 1), in("made", 90), in("d", 4)}}); err != nil {
		t.Fatal(err)
	}
	if got := editsOf(t, s); len(got) != 1 || got[0].ID != "b" {
		t.Errorf("what waits: %v", got)
	}
	rows := map[string]int64{}
	if err := s.eachRow(t.Context(), s.tables[0], "", nil, func(row []any, id string) error { rows[id] = row[0].(int64); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{"a": 1, "b": 2, "d": 4, "e": 5, "f": rows["f"], "made": 90}, rows); diff != "" {
		t.Errorf("the rows (-want +got):\n%s", diff)
	}
	if _, err := s.Commit(t.Context(), store.Group{Settles: edits[2:3], Shown: []store.Shown{in("b", 2)}}); err != nil {
		t.Fatal(err)
	}
	if err := s.VerifyShown(t.Context(), "villages", 6, func(id string) *geo.Feature { return village(id).Feature }); err != nil {
		t.Error(err)
	}
	if got := editsOf(t, s); got != nil {
		t.Errorf("what waits: %v", got)
	}
}

// An edit that goes on while it is taken over is not taken over by half.
func TestSettleWhatWasEditedAgain(t *testing.T) {
	s, do := edited(t)
	do("UPDATE villages SET name = 'New' WHERE id = 'a'")
	edits, err := s.Edits(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	do("UPDATE villages SET name = 'Newer' WHERE id = 'a'")
	if _, err := s.Commit(t.Context(), store.Group{Settles: edits, Shown: []store.Shown{village("a")}}); !errors.Is(err, data.ErrConflict) {
		t.Errorf("settled: %v", err)
	}
	if got := editsOf(t, s); len(got) != 1 || !strings.Contains(got[0].Feature, "Newer") {
		t.Errorf("what waits: %v", fmt.Sprint(got))
	}
}
