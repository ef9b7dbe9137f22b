package gpkg

import (
	"strings"

	"demarc/geo"
)

// Index returns what makes the table's spatial index (annex F.3): empty, and
// without the triggers that keep it, so that InsertBox can fill it.
func (t *Table) Index() []Statement {
	return []Statement{
		extension(t.Name, t.Geometry, "gpkg_rtree_index", "http://www.geopackage.org/spec120/#extension_rtree", "write-only"),
		{SQL: "CREATE VIRTUAL TABLE " + t.index() + " USING rtree(id, minx, maxx, miny, maxy)"},
	}
}

// index returns the quoted name of the spatial index.
func (t *Table) index() string { return quoted("rtree_" + t.Name + "_" + t.Geometry) }

// InsertBox returns the statement that adds a row's box to the index: its key,
// min x, max x, min y, max y. An empty geometry has none.
func (t *Table) InsertBox() string { return "INSERT INTO " + t.index() + " VALUES (?, ?, ?, ?, ?)" }

// Triggers returns what keeps the index when the table is changed. They call
// functions, ST_MinX and its like, that the program which changes it must have.
func (t *Table) Triggers() []Statement {
	fill := strings.NewReplacer("{t}", quoted(t.Name), "{c}", quoted(t.Geometry), "{i}", quoted(t.Key), "{r}", t.index())
	var all []Statement
	for _, trigger := range [][2]string{
		{"insert", `AFTER INSERT ON {t} WHEN (new.{c} NOT NULL AND NOT ST_IsEmpty(NEW.{c})) BEGIN ` + putBox + ` END`},
		{"update1", `AFTER UPDATE OF {c} ON {t} WHEN OLD.{i} = NEW.{i} AND (NEW.{c} NOTNULL AND NOT ST_IsEmpty(NEW.{c})) BEGIN ` + putBox + ` END`},
		{"update2", `AFTER UPDATE OF {c} ON {t} WHEN OLD.{i} = NEW.{i} AND (NEW.{c} ISNULL OR ST_IsEmpty(NEW.{c})) BEGIN DELETE FROM {r} WHERE id = OLD.{i}; END`},
		{"update3", `AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND (NEW.{c} NOTNULL AND NOT ST_IsEmpty(NEW.{c})) BEGIN DELETE FROM {r} WHERE id = OLD.{i}; ` + putBox + ` END`},
		{"update4", `AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND (NEW.{c} ISNULL OR ST_IsEmpty(NEW.{c})) BEGIN DELETE FROM {r} WHERE id IN (OLD.{i}, NEW.{i}); END`},
		{"delete", `AFTER DELETE ON {t} WHEN old.{c} NOT NULL BEGIN DELETE FROM {r} WHERE id = OLD.{i}; END`},
	} {
		name := quoted("rtree_" + t.Name + "_" + t.Geometry + "_" + trigger[0])
		all = append(all, Statement{SQL: "CREATE TRIGGER " + name + " " + fill.Replace(trigger[1])})
	}
	return all
}

const putBox = `INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c}));`

// SetGeometryType returns what says of the table that its geometries are of a
// type that CommonType returned. The column was declared when no row was there
// yet; SQLite changes a declaration by its schema table, which is safe where the
// rows stay as they are (SQLite, "ALTER TABLE" §8).
func (t *Table) SetGeometryType(typ string) []Statement {
	if typ == "" || typ == anyGeometry {
		return nil
	}
	return []Statement{
		{`UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ?`, []any{typ, t.Name}},
		{SQL: "PRAGMA writable_schema = ON"},
		{`UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?`,
			[]any{t.create(typ), t.Name}},
		{SQL: "PRAGMA writable_schema = RESET"},
	}
}

// SetExtent returns what says of the table where its geometries are (§1.1.3.1.1),
// in its CRS with east first; nothing for an empty box.
func (t *Table) SetExtent(b geo.BBox) []Statement {
	if b.IsEmpty() {
		return nil
	}
	return []Statement{{`UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?`,
		[]any{b.West, b.South, b.East, b.North, t.Name}}}
}
