package gpkg_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"demarc/data/store/gpkg"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/formattest"
	format "demarc/geo/format/gpkg"
)

// rules are requirements of OGC 12-128r17/r19 and of its test suite that SQL
// can check. Each asks how many things break the rule.
var rules = map[string]string{
	"1.1.1.1.1 application id":         `SELECT count(*) FROM pragma_application_id WHERE application_id <> 1196444487`,
	"1.1.1.1.1 version":                `SELECT count(*) FROM pragma_user_version WHERE user_version <> 10300`,
	"1.1.1.1.2 integrity":              `SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
	"1.1.1.1.2 foreign keys":           `SELECT count(*) FROM pragma_foreign_key_check`,
	"1.1.1.1.3 types of columns":       `SELECT count(*) FROM gpkg_contents c, pragma_table_info(c.table_name) i WHERE i.type NOT IN ('BOOLEAN','INTEGER','DOUBLE','TEXT','DATE','DATETIME') AND NOT EXISTS (SELECT 1 FROM gpkg_geometry_columns g WHERE g.column_name = i.name)`,
	"1.1.2.1.2 three systems":          `SELECT 3 - count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)`,
	"1.1.2.1.2 what they are":          `SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id = 4326 AND (organization <> 'EPSG' OR organization_coordsys_id <> 4326) OR srs_id < 1 AND definition <> 'undefined'`,
	"1.1.3.1.1 tables are there":       `SELECT count(*) FROM gpkg_contents WHERE table_name NOT IN (SELECT name FROM sqlite_schema)`,
	"1.1.3.1.1 last change":            `SELECT count(*) FROM gpkg_contents WHERE last_change <> strftime('%Y-%m-%dT%H:%M:%fZ', last_change)`,
	"1.1.3.1.2 systems are there":      `SELECT count(*) FROM gpkg_contents WHERE srs_id NOT IN (SELECT srs_id FROM gpkg_spatial_ref_sys)`,
	"2.1.2 features have a geometry":   `SELECT count(*) FROM gpkg_contents WHERE (data_type = 'features') <> (table_name IN (SELECT table_name FROM gpkg_geometry_columns))`,
	"2.1.5.1.2 one system":             `SELECT count(*) FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name) WHERE c.srs_id <> g.srs_id`,
	"2.1.5.1.2 type of the column":     `SELECT count(*) FROM gpkg_geometry_columns g LEFT JOIN pragma_table_info(g.table_name) i ON i.name = g.column_name WHERE g.geometry_type_name IS NOT i.type`,
	"2.1.6.1.1 integer primary key":    `SELECT count(*) FROM gpkg_contents WHERE 1 <> (SELECT count(*) FROM pragma_table_info(table_name) WHERE pk = 1 AND type = 'INTEGER')`,
	"2.3.2.1.2 extensions' tables":     `SELECT count(*) FROM gpkg_extensions WHERE table_name NOT IN (SELECT name FROM sqlite_schema)`,
	"2.3.2.1.2 scopes":                 `SELECT count(*) FROM gpkg_extensions WHERE scope NOT IN ('read-write', 'write-only')`,
	"F.3 index is registered":          `SELECT count(*) FROM gpkg_geometry_columns g WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions e WHERE e.table_name = g.table_name AND e.column_name = g.column_name AND extension_name = 'gpkg_rtree_index')`,
	"F.3 triggers":                     `SELECT 6 * (SELECT count(*) FROM gpkg_geometry_columns) - count(*) FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'rtree_*_*'`,
	"F.8 metadata is referred to":      `SELECT count(*) FROM gpkg_metadata WHERE id NOT IN (SELECT md_file_id FROM gpkg_metadata_reference)`,
	"F.9 described columns are there":  `SELECT count(*) FROM gpkg_data_columns d WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info(d.table_name) i WHERE i.name = d.column_name)`,
	"F.9 constraints are there":        `SELECT count(*) FROM gpkg_data_columns WHERE constraint_name IS NOT NULL AND constraint_name NOT IN (SELECT constraint_name FROM gpkg_data_column_constraints)`,
	"F.9 enumerations have no borders": `SELECT count(*) FROM gpkg_data_column_constraints WHERE constraint_type <> 'enum' OR value IS NULL OR coalesce(min, max, min_is_inclusive, max_is_inclusive) IS NOT NULL`,
}

// checkRules holds a file to the rules, and each blob and box of its table to
// the features.
func checkRules(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for rule, query := range rules {
		var broken int
		if err := db.QueryRow(query).Scan(&broken); err != nil || broken != 0 {
			t.Errorf("%s: %s: broken %d times (%v)", file, rule, broken, err)
		}
	}
	var table, column string
	var srs int32
	err = db.QueryRow(`SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns`).Scan(&table, &column, &srs)
	if errors.Is(err, sql.ErrNoRows) {
		return
	}
	var stray int
	if err := db.QueryRow(fmt.Sprintf(`SELECT count(*) FROM "rtree_%s_%s" WHERE id NOT IN (SELECT fid FROM %q)`, table, column, table)).Scan(&stray); err != nil || stray > 0 {
		t.Errorf("the index has %d boxes of no row (%v)", stray, err)
	}
	rows, err := db.Query(fmt.Sprintf(`SELECT t.fid, t.%q, r.minx, r.maxx, r.miny, r.maxy FROM %q t LEFT JOIN "rtree_%s_%s" r ON r.id = t.fid`, column, table, table, column))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var fid int
		var blob []byte
		var box [4]sql.NullFloat64
		if err := rows.Scan(&fid, &blob, &box[0], &box[1], &box[2], &box[3]); err != nil {
			t.Fatal(err)
		}
		if blob == nil {
			if box[0].Valid {
				t.Errorf("row %d: a box without a geometry", fid)
			}
			continue
		}
		g, of, err := format.DecodeGeometry(blob)
		if err != nil || of != srs || blob[2] != 0 {
			t.Errorf("row %d: srs %d, version %d, %v", fid, of, blob[2], err)
		}
		if empty := blob[3]&0x10 != 0; empty != (g == nil) || empty == box[0].Valid {
			t.Errorf("row %d: %v, empty %v, box %v", fid, g, empty, box)
		}
		if b := geo.BBoxOf(g); g != nil && !(box[0].Float64 <= b.West && b.East <= box[1].Float64 && box[2].Float64 <= b.South && b.North <= box[3].Float64) {
			t.Errorf("row %d: %v is not within %v", fid, b, box)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// scattered returns points, lines and null geometries.
func scattered(n int) []geo.Feature {
	random := rand.New(rand.NewPCG(3, 4))
	features := make([]geo.Feature, n)
	for i := range features {
		p := orb.Point{67 + 8*random.Float64(), 36 + 7*random.Float64()}
		features[i] = geo.Feature{ID: fmt.Sprint("f", i), Geometry: p}
		switch i % 10 {
		case 0:
			features[i].Geometry = nil
		case 1:
			features[i].Geometry = orb.LineString{p, {p[0] + random.Float64()/10, p[1] + random.Float64()/10}}
		case 2:
			features[i].Geometry = p.Bound().Pad(random.Float64() / 10).ToPolygon()
		case 3:
			features[i].Geometry = orb.MultiLineString{}
		}
	}
	return features
}

func TestFilesKeepTheRules(t *testing.T) {
	sc := formattest.Schema()
	sc.Fields[0].Enum = []geo.Term{{ID: "AS", Title: "Ак-Сай"}, {ID: "V", Title: "Ворух"}}
	checkRules(t, write(t, sc, format.Options{Geometry: "geometry", Licence: "CC-BY-4.0", Changed: noon}, everyType()...))
	checkRules(t, write(t, sc, format.Options{Attribution: "x"}, everyType()...))
	checkRules(t, write(t, sc, format.Options{Geometry: "geometry", CRS: crs.EPSG28412}))
	checkRules(t, write(t, &geo.Schema{Collection: "data"}, format.Options{Geometry: "geometry", CRS: crs.EPSG3857}, scattered(3000)...))
}

// quiet runs a program of GDAL, which must have nothing to warn of.
func quiet(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(formattest.Program(t, name, "gdal-bin"), args...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Errorf("%s %v: %v\n%s", name, args, err, complaints.String())
	}
	return out.String()
}

// GDAL finds the index and by it what lies in a box; it has nothing to warn of.
func TestGDALUsesTheIndex(t *testing.T) {
	features := scattered(3000)
	file := write(t, &geo.Schema{Collection: "data"}, format.Options{Geometry: "geometry"}, features...)
	if out := quiet(t, "ogrinfo", "-ro", "-q", file, "-sql", "SELECT HasSpatialIndex('data', 'geometry')"); !strings.Contains(out, "HasSpatialIndex (Integer) = 1") {
		t.Errorf("HasSpatialIndex: %s", out)
	}
	for _, b := range []geo.BBox{{West: 70, South: 39, East: 71, North: 40}, {West: 60, South: 30, East: 80, North: 50}, {West: 0, South: 0, East: 1, North: 1}} {
		want := 0
		for i := range features {
			if geo.BBoxOf(features[i].Geometry).Intersects(b) && !isLine(features[i].Geometry) {
				want++
			}
		}
		out := quiet(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", file, "-where", "ST_GeometryType(geometry) <> 'LINESTRING'",
			"-spat", fmt.Sprint(b.West), fmt.Sprint(b.South), fmt.Sprint(b.East), fmt.Sprint(b.North))
		if got := strings.Count(out, "\nf"); got != want {
			t.Errorf("%v: GDAL finds %d, want %d", b, got, want)
		}
	}
}

func isLine(g orb.Geometry) bool { _, is := g.(orb.LineString); return is }

// The triggers keep the index while GDAL changes the table, by SQL and as QGIS
// does.
func TestGDALChangesTheFile(t *testing.T) {
	file := write(t, &geo.Schema{Collection: "data", Fields: []geo.Field{{Name: "n", Type: geo.Integer}}}, format.Options{Geometry: "geometry"},
		geo.Feature{ID: "a", Geometry: orb.Point{70, 40}, Values: make([]geo.Value, 1)}, geo.Feature{ID: "b", Geometry: orb.Point{71, 41}, Values: make([]geo.Value, 1)},
		geo.Feature{ID: "c", Values: make([]geo.Value, 1)}, geo.Feature{ID: "d", Geometry: orb.Point{73, 43}, Values: make([]geo.Value, 1)})
	for _, change := range []string{
		"UPDATE data SET geometry = NULL WHERE id = 'a'",
		"UPDATE data SET geometry = (SELECT geometry FROM data WHERE id = 'd') WHERE id = 'c'",
		"UPDATE data SET fid = 77, n = 5 WHERE id = 'b'",
		"DELETE FROM data WHERE id = 'd'",
		"INSERT INTO data (id, geometry) SELECT 'e', geometry FROM data WHERE id = 'c'",
	} {
		quiet(t, "ogrinfo", file, "-sql", change)
		checkRules(t, file)
	}
	out := quiet(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", file, "-spat", "72", "42", "74", "44")
	if out != "id,n\nc,\ne,\n" {
		t.Errorf("in the box are %q", out)
	}
	quiet(t, "ogrinfo", file, "-sql", "SELECT DisableSpatialIndex('data', 'geometry')")
	quiet(t, "ogrinfo", file, "-sql", "UPDATE data SET geometry = NULL")
}

// Nothing is left behind, whatever happens, nor while it happens.
func TestTemporaryFileIsRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	left := func(when string) {
		t.Helper()
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: %v %v", when, entries, err)
		}
	}
	sc := formattest.Schema()
	for _, fail := range []bool{false, true} {
		w := &refusing{fail: fail}
		e := gpkg.NewEncoder(w, sc, format.Options{Geometry: "geometry"})
		for _, f := range everyType() {
			if err := e.Encode(&f); err != nil {
				t.Fatal(err)
			}
		}
		left("while it is written")
		if err := e.Close(); errors.Is(err, errRefused) != fail || !fail && err != nil {
			t.Errorf("Close: %v", err)
		}
		left("after Close")
	}
	e := gpkg.NewEncoder(&refusing{}, sc, format.Options{})
	bad := everyType()[0]
	if err := e.Encode(&bad); err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(&bad); err == nil || e.Close() == nil {
		t.Error("an id that is there twice is taken")
	}
	left("after an error of the database")

	t.Setenv("TMPDIR", filepath.Join(dir, "nowhere"))
	e = gpkg.NewEncoder(&refusing{}, sc, format.Options{})
	if err := e.Encode(&bad); !errors.Is(err, os.ErrNotExist) || !errors.Is(e.Close(), os.ErrNotExist) {
		t.Errorf("without a folder for it: %v", err)
	}
}

// A feature that does not fit leaves no trace.
func TestEncodeRefuses(t *testing.T) {
	var b bytes.Buffer
	e := gpkg.NewEncoder(&b, &geo.Schema{Fields: []geo.Field{{Name: "n", Type: geo.Integer}}}, format.Options{})
	for _, values := range [][]geo.Value{{}, {geo.StringValue("x")}, {geo.NumberValue(1.5)}} {
		if err := e.Encode(&geo.Feature{ID: "a", Values: values}); err == nil {
			t.Errorf("%v is taken", values)
		}
	}
	if err := errors.Join(e.Encode(&geo.Feature{ID: "a", Values: []geo.Value{geo.IntValue(1)}}), e.Close()); err != nil || b.Len() == 0 {
		t.Errorf("then: %v, %d bytes", err, b.Len())
	}
	if e.Encode(&geo.Feature{ID: "b", Values: make([]geo.Value, 1)}) == nil {
		t.Error("a feature is taken after Close")
	}
}

type refusing struct{ fail bool }

var errRefused = errors.New("refused")

func (w *refusing) Write(b []byte) (int, error) {
	if w.fail {
		return 0, errRefused
	}
	return len(b), nil
}
