package gpkg

import (
	"encoding/xml"
	"strings"
	"time"

	"demarc/geo"
	"demarc/geo/crs"
)

// Base returns what makes an empty database a GeoPackage: its marks (§1.1.1.1),
// the tables that all have, and the three systems that all name (§1.1.2.1.2).
func Base() []Statement {
	return []Statement{
		{SQL: "PRAGMA application_id = 0x47504B47"}, // GPKG
		{SQL: "PRAGMA user_version = 10300"},
		{SQL: `CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
			organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)`},
		{SQL: `CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
			description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
			min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
			CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))`},
		{SQL: `CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
			srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
			CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
			CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
			CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))`},
		{SQL: `CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
			scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))`},
		{SQL: `CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
			mime_type TEXT, constraint_name TEXT,
			CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))`},
		{SQL: `CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
			min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
			CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))`},
		{SQL: `CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
			md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '')`},
		{SQL: `CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
			timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
			CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
			CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))`},
		extension("gpkg_data_columns", nil, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema", "read-write"),
		extension("gpkg_data_column_constraints", nil, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema", "read-write"),
		extension("gpkg_metadata", nil, "gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata", "read-write"),
		extension("gpkg_metadata_reference", nil, "gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata", "read-write"),
		{insertSRS, []any{"Undefined cartesian SRS", int64(-1), "NONE", int64(-1), "undefined", "undefined cartesian coordinate reference system"}},
		{insertSRS, []any{"Undefined geographic SRS", int64(0), "NONE", int64(0), "undefined", "undefined geographic coordinate reference system"}},
		systemOf(crs.CRS84),
	}
}

const insertSRS = `INSERT OR IGNORE INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id, definition, description)
	VALUES (?, ?, ?, ?, ?, ?)`

// systemOf returns the statement that adds a CRS, unless it is there.
func systemOf(c crs.CRS) Statement {
	if c == crs.CRS84 {
		c = crs.EPSG4326
	}
	return Statement{insertSRS, []any{c.Name(), int64(c.Code()), "EPSG", int64(c.Code()), c.WKT(), "longitude or easting first"}}
}

// SRSID returns the identifier that a file has for a CRS.
func SRSID(c crs.CRS) int32 {
	if c == crs.CRS84 {
		c = crs.EPSG4326
	}
	return int32(c.Code())
}

// extension returns the statement that registers an extension (§2.3.2.1.2).
func extension(table string, column any, name, definition, scope string) Statement {
	return Statement{`INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES (?, ?, ?, ?, ?)`,
		[]any{table, column, name, definition, scope}}
}

// Define returns what makes the table in a file that has Base, and describes
// it: in gpkg_contents, its geometry, its columns and its metadata. SetExtent and
// SetGeometryType say what is known when its rows are there.
func (t *Table) Define() []Statement {
	kind := "attributes"
	if t.Geometry != "" {
		kind = "features"
	}
	srs := int64(SRSID(t.opts.CRS))
	all := []Statement{
		systemOf(t.opts.CRS),
		{SQL: t.create(anyGeometry)},
		{`INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, ?, ?, ?, ?, ?)`,
			[]any{t.Name, kind, orName(t.opts.Title, t.Name), t.opts.Description, t.changed(), srs}},
	}
	if t.Geometry != "" {
		all = append(all, Statement{`INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES (?, ?, ?, ?, 0, 0)`,
			[]any{t.Name, t.Geometry, anyGeometry, srs}})
	}
	return append(append(all, t.describeColumns()...), t.metadata()...)
}

// changed returns when the data were as they are.
func (t *Table) changed() string {
	if t.opts.Changed.IsZero() {
		return instant(time.Unix(0, 0))
	}
	return instant(t.opts.Changed)
}

func orName(title, name string) string {
	if title == "" {
		return name
	}
	return title
}

// describeColumns returns what tells of the columns (annex F.9). GDAL and QGIS
// show a column's name, where it has one, and the words of a vocabulary, an
// enumeration, as a choice.
func (t *Table) describeColumns() []Statement {
	var all []Statement
	named := map[string]bool{"": true} // names must be unlike
	for i, name := range t.Columns {
		f := &t.schema.Fields[i]
		doc := f.Doc
		if f.Unit != "" {
			doc = strings.TrimSpace(doc + " Unit: " + f.Unit + ".")
		}
		var title, mime, constraint any
		if !named[f.Title] {
			named[f.Title], title = true, f.Title
		}
		if f.Type == geo.StringList {
			mime = "application/json"
		} else if len(f.Enum) > 0 {
			constraint = strings.ToLower(t.Name + "_" + name)
			for _, term := range f.Enum {
				all = append(all, Statement{`INSERT OR IGNORE INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description) VALUES (?, 'enum', ?, ?)`,
					[]any{constraint, term.ID, term.Title}})
			}
		}
		all = append(all, Statement{`INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description, mime_type, constraint_name) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			[]any{t.Name, name, title, orNull(f.Title), orNull(doc), mime, constraint}})
	}
	return all
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// metadata returns what says whose the data are, in the document in which GDAL
// keeps and shows such things.
func (t *Table) metadata() []Statement {
	text := `<GDALMultiDomainMetadata><Metadata>`
	for _, item := range [][2]string{{"LICENCE", t.opts.Licence}, {"ATTRIBUTION", t.opts.Attribution}} {
		if item[1] != "" {
			var escaped strings.Builder
			_ = xml.EscapeText(&escaped, []byte(item[1])) // a builder takes everything
			text += `<MDI key="` + item[0] + `">` + escaped.String() + `</MDI>`
		}
	}
	if t.opts.Licence+t.opts.Attribution == "" {
		return nil
	}
	return []Statement{
		{`INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset', 'http://gdal.org', 'text/xml', ?)`,
			[]any{text + `</Metadata></GDALMultiDomainMetadata>`}},
		{`INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) VALUES ('table', ?, ?, last_insert_rowid())`,
			[]any{t.Name, t.changed()}},
	}
}
