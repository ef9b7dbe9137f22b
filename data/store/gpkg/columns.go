package gpkg

import (
	"context"
	"fmt"
	"strings"
	"time"

	"demarc/geo"
)

// column is one column that becomes a field.
type column struct {
	name, title string
	declared    string
	typ         geo.Type
	json        bool // its texts are said to be JSON
}

// readColumns reads the table's columns: the primary key, and what becomes a
// field.
func (r *layerReader) readColumns(ctx context.Context) error {
	rows, err := r.db.QueryContext(ctx, `SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid`, r.table.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		var pk int
		if err := rows.Scan(&c.name, &c.declared, &pk); err != nil {
			return err
		}
		typ, isField := fieldType(c.declared)
		switch {
		case pk == 1:
			r.key = c.name
		case c.name == r.geometry:
		case isField:
			c.typ = typ
			r.columns = append(r.columns, c)
		}
	}
	if r.key == "" {
		r.key = "rowid" // a view, or a table that is not as §2.1.6 says
	}
	return rows.Err()
}

// fieldType returns the type of a field for a declared column type (§1.1.1.1.3,
// table 1), and false for binary data. Types that the standard does not have
// are taken as text.
func fieldType(declared string) (geo.Type, bool) {
	plain, _, _ := strings.Cut(strings.ToUpper(declared), "(")
	switch strings.TrimSpace(plain) {
	case "BOOLEAN":
		return geo.Boolean, true
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER":
		return geo.Integer, true
	case "FLOAT", "DOUBLE", "REAL":
		return geo.Number, true
	case "DATE":
		return geo.Date, true
	case "DATETIME":
		return geo.DateTime, true
	case "BLOB", "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION":
		return geo.String, false
	}
	return geo.String, true
}

// value returns a cell as a value of the column's type. SQLite keeps in a
// column what was put there, whatever its type.
func (c *column) value(cell any) (geo.Value, error) {
	switch cell := cell.(type) {
	case nil:
		return geo.Null(), nil
	case int64:
		return c.integer(cell)
	case float64:
		return c.number(cell)
	case string:
		return c.text(cell)
	}
	return geo.Null(), fmt.Errorf("found binary data")
}

func (c *column) integer(i int64) (geo.Value, error) {
	switch {
	case c.typ == geo.Integer:
		return geo.IntValue(i), nil
	case c.typ == geo.Number:
		return geo.NumberValue(float64(i)), nil
	case c.typ == geo.Boolean && (i == 0 || i == 1):
		return geo.BoolValue(i == 1), nil
	case c.typ == geo.String:
		return geo.StringValue(fmt.Sprint(i)), nil
	}
	return geo.Null(), fmt.Errorf("found the whole number %d", i)
}

func (c *column) number(x float64) (geo.Value, error) {
	switch c.typ {
	case geo.Number:
		return geo.NumberValue(x), nil
	case geo.String:
		return geo.StringValue(geo.NumberValue(x).Text()), nil
	}
	return geo.Null(), fmt.Errorf("found the number %v", x)
}

func (c *column) text(s string) (geo.Value, error) {
	switch c.typ {
	case geo.String:
		return geo.StringValue(s), nil
	case geo.Date:
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return geo.Null(), fmt.Errorf("write a day as YYYY-MM-DD")
		}
		return geo.DateValue(t), nil
	case geo.DateTime:
		// The standard's form ends in Z; files without it mean UTC too.
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
			if t, err := time.Parse(layout, s); err == nil {
				return geo.DateTimeValue(t), nil
			}
		}
		return geo.Null(), fmt.Errorf("write an instant as YYYY-MM-DDThh:mm:ss.sssZ")
	}
	return geo.Null(), fmt.Errorf("found a text")
}
