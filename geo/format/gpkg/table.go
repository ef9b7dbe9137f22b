package gpkg

import (
	"fmt"
	"strings"
	"time"

	"demarc/geo"
	"demarc/geo/crs"
)

// MediaType is GeoPackage's media type (OGC 12-128r19 §1.1.1.1.1).
const MediaType = "application/geopackage+sqlite3"

// Statement is one statement of SQL with what stands for its question marks:
// nil, int64, float64, string or []byte.
type Statement struct {
	SQL  string
	Args []any
}

// Options are the choices of a table. The zero value is ready.
type Options struct {
	CRS crs.CRS // of the coordinates; features come in CRS84
	// ID names the column of the feature's ID; "id" where it is empty. A field of
	// that name is taken to be the ID.
	ID string
	// Geometry names the column of the geometry; empty for a table of rows
	// without one.
	Geometry string
	// Title and Description are the table's, for people; empty for none.
	Title, Description string
	// Licence and Attribution go into the metadata, as GDAL has them.
	Licence, Attribution string
	// Changed is when the data were as they are; 1970 where it is zero.
	Changed time.Time
}

// Table is a table of features, or of rows without geometry. Its names are
// unlike each other to SQLite, to which "Name" and "name" are the same.
type Table struct {
	Name     string
	Key      string   // the integer primary key
	ID       string   // the feature's ID; empty where a field is
	Geometry string   // empty for a table without
	Columns  []string // of the schema's fields
	schema   *geo.Schema
	opts     Options
}

// NewTable returns the table of a collection's features.
func NewTable(sc *geo.Schema, o Options) *Table {
	if o.ID == "" {
		o.ID = "id"
	}
	t := &Table{Name: tableName(sc.Collection), schema: sc, opts: o}
	taken := map[string]bool{}
	for i := range sc.Fields {
		t.Columns = append(t.Columns, free(taken, sc.Fields[i].Name))
	}
	if sc.Index(o.ID) < 0 {
		t.ID = free(taken, o.ID)
	}
	if o.Geometry != "" {
		t.Geometry = free(taken, o.Geometry)
	}
	t.Key = free(taken, "fid")
	return t
}

// tableName returns the name of a collection's table. Names that begin like
// SQLite's or the standard's own are theirs.
func tableName(collection string) string {
	lower := strings.ToLower(collection)
	for _, reserved := range []string{"sqlite_", "gpkg_", "rtree_"} {
		if strings.HasPrefix(lower, reserved) {
			return "layer_" + collection
		}
	}
	if collection == "" {
		return "features"
	}
	return collection
}

// free returns a name that no other column has, and takes it.
func free(taken map[string]bool, name string) string {
	if name == "" {
		name = "unnamed"
	}
	// SQLite ends a name at a zero byte.
	name = strings.ReplaceAll(name, "\x00", "\uFFFD")
	unlike := name
	for n := 2; taken[strings.ToLower(unlike)]; n++ {
		unlike = fmt.Sprint(name, "_", n)
	}
	taken[strings.ToLower(unlike)] = true
	return unlike
}

// columnTypes are the types of columns (table 1 of the standard), by geo.Type.
var columnTypes = [...]string{
	geo.String: "TEXT", geo.Integer: "INTEGER", geo.Number: "DOUBLE", geo.Boolean: "BOOLEAN",
	geo.Date: "DATE", geo.DateTime: "DATETIME", geo.StringList: "TEXT",
}

// ColumnType returns the type of a column that holds values of a type.
func ColumnType(t geo.Type) string { return columnTypes[t] }

// create returns the statement that makes the table, with geometries of a type.
func (t *Table) create(geometryType string) string {
	parts := []string{quoted(t.Key) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"}
	if t.Geometry != "" {
		parts = append(parts, quoted(t.Geometry)+" "+geometryType)
	}
	if t.ID != "" {
		parts = append(parts, quoted(t.ID)+" TEXT NOT NULL UNIQUE")
	}
	for i, name := range t.Columns {
		parts = append(parts, quoted(name)+" "+columnTypes[t.schema.Fields[i].Type])
	}
	return "CREATE TABLE " + quoted(t.Name) + " (" + strings.Join(parts, ", ") + ")"
}

// Insert returns the statement that adds a row, for the arguments that Row
// returns.
func (t *Table) Insert() string {
	names := []string{quoted(t.Key)}
	if t.Geometry != "" {
		names = append(names, quoted(t.Geometry))
	}
	if t.ID != "" {
		names = append(names, quoted(t.ID))
	}
	for _, c := range t.Columns {
		names = append(names, quoted(c))
	}
	return "INSERT INTO " + quoted(t.Name) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
}

// Row returns the arguments of Insert for a feature: its key, its geometry as
// AppendGeometry writes it, nil for none, and its values.
func (t *Table) Row(key int64, f *geo.Feature, blob []byte) ([]any, error) {
	row := append(make([]any, 0, 3+len(f.Values)), key)
	switch {
	case t.Geometry != "" && blob != nil:
		row = append(row, blob)
	case t.Geometry != "":
		row = append(row, nil)
	}
	if t.ID != "" {
		row = append(row, f.ID)
	}
	for i, v := range f.Values {
		field := &t.schema.Fields[i]
		c, ok := cell(v, field.Type)
		if !ok {
			return nil, fmt.Errorf("the field %s has %q where a %v belongs", field.Name, v.Text(), field.Type)
		}
		row = append(row, c)
	}
	return row, nil
}

// cell returns a value as it stands in a row; false where it is not of the type.
func cell(v geo.Value, t geo.Type) (any, bool) {
	if v.IsNull() {
		return nil, true
	}
	switch t {
	case geo.Integer:
		n, ok := v.Int()
		return n, ok
	case geo.Number:
		x, ok := v.Float()
		return x, ok
	case geo.Boolean:
		b, ok := v.Bool()
		if b {
			return int64(1), ok
		}
		return int64(0), ok
	case geo.Date:
		_, precision, ok := v.Unix()
		return v.Text(), ok && precision == geo.PrecisionDay
	case geo.DateTime:
		seconds, precision, ok := v.Unix()
		return instant(time.Unix(seconds, 0)), ok && precision != geo.PrecisionDay
	case geo.StringList:
		_, ok := v.List()
		return string(v.AppendJSON(nil)), ok
	}
	s, ok := v.Str()
	return s, ok
}

// instant writes a DATETIME.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// quoted returns a name as SQL takes it (SQLite, "SQLite Keywords").
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
