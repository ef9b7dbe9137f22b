package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/layer"
	"demarc/geo"
	"demarc/geo/crs"
	"demarc/geo/format/gpkg"
)

// ReadLayer makes a layer called name of a table of a GeoPackage; tableName may
// be empty where the file has one table only. A feature's id is its primary
// key; coordinates are transformed to CRS84 from those that geo/crs knows;
// columns of binary data are left out. The error, a *geo.InputError, names
// every fault as file:table:row. All features are in memory.
func ReadLayer(ctx context.Context, name, file, tableName string) (*data.Layer, error) {
	db, err := open(ctx, file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	defer db.Close()
	all, err := tables(ctx, db)
	if err != nil {
		return nil, unreadable(file, err)
	}
	t, err := choose(all, file, tableName)
	if err != nil {
		return nil, err
	}
	r := &layerReader{db: db, table: t, b: layer.NewBuilder(name, file+":"+t.name)}
	if err := r.read(ctx); err != nil {
		return nil, unreadable(file+":"+t.name, err)
	}
	return r.b.Build()
}

// unreadable returns what SQLite says as a fault, and a fault as it is.
func unreadable(where string, err error) error {
	var input *geo.InputError
	if errors.As(err, &input) {
		return err
	}
	var faults geo.Faults
	faults.Add(where, "", "cannot be read as a GeoPackage: "+err.Error(), "name a GeoPackage that ogrinfo can read")
	return faults.Err()
}

// layerReader reads one table.
type layerReader struct {
	db    *sql.DB
	table *table
	b     *layer.Builder
	// key is the primary key's column, geometry that of the geometry, empty
	// without one.
	key, geometry string
	columns       []column
	crs           crs.CRS
}

func (r *layerReader) read(ctx context.Context) error {
	l := &r.b.Layer
	l.Title, l.Description = r.table.title, r.table.description
	if err := r.readGeometryColumn(ctx); err != nil {
		return err
	}
	if err := r.readColumns(ctx); err != nil {
		return err
	}
	if err := r.readMetadata(ctx); err != nil {
		return err
	}
	l.GeometryName = r.geometry
	for _, c := range r.columns {
		r.b.AddField(c.name, c.title, c.typ)
	}
	if err := r.readRows(ctx); err != nil {
		return err
	}
	for i := range r.columns {
		if r.columns[i].json && r.columns[i].typ == geo.String {
			r.b.AsLists(i)
		}
	}
	return nil
}

// readGeometryColumn finds the column of the geometry and its CRS (§2.1.5).
func (r *layerReader) readGeometryColumn(ctx context.Context) error {
	if r.table.kind != "features" {
		return nil
	}
	var organization, name string
	var code int
	err := r.db.QueryRowContext(ctx, `SELECT g.column_name, s.organization, s.organization_coordsys_id, s.srs_name
		FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id) WHERE g.table_name = ?`, r.table.name).
		Scan(&r.geometry, &organization, &code, &name)
	if err != nil {
		return fmt.Errorf("the geometry column: %w", err)
	}
	r.crs, err = crs.Parse(organization + ":" + strconv.Itoa(code))
	if organization == "OGC" && name == "WGS 84 (CRS84)" { // as GDAL writes it
		r.crs, err = crs.CRS84, nil
	}
	if err != nil {
		r.b.Fault("", fmt.Sprintf("%s:%d, %s", organization, code, name), "is in a coordinate reference system that is not known here",
			"convert it with ogr2ogr -t_srs EPSG:4326, or use one of "+fmt.Sprint(crs.All()))
	}
	return nil
}

// readRows reads the features in the order of their keys.
func (r *layerReader) readRows(ctx context.Context) error {
	// A plus before a column hides its declared type, by which the driver
	// would make times of texts.
	query := "SELECT +" + quoted(r.key)
	if r.geometry != "" {
		query += ", +" + quoted(r.geometry)
	}
	for _, c := range r.columns {
		query += ", +" + quoted(c.name)
	}
	rows, err := r.db.QueryContext(ctx, query+" FROM "+quoted(r.table.name)+" ORDER BY "+quoted(r.key))
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(names))
	into := make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		r.add(cells)
	}
	return rows.Err()
}

// add adds the feature of one row.
func (r *layerReader) add(cells []any) {
	f := geo.Feature{ID: fmt.Sprint(cells[0]), Values: make([]geo.Value, len(r.columns))}
	place, values := "row "+f.ID, cells[1:]
	if r.geometry != "" {
		g, err := r.position(values[0])
		if err != nil {
			r.b.Fault(place, "", "the geometry cannot be read: "+err.Error(), "mend the row, or make it null")
		}
		f.Geometry, values = g, values[1:]
	}
	for i, c := range r.columns {
		v, err := c.value(values[i])
		if err != nil {
			r.b.Fault(place, fmt.Sprint(values[i]), "the value of "+c.name+" is not of its type", "it is declared as "+c.declared+": "+err.Error())
		}
		f.Values[i] = v
	}
	r.b.Add(place, f)
}

// position reads a geometry and takes it to CRS84.
func (r *layerReader) position(cell any) (orb.Geometry, error) {
	if cell == nil {
		return nil, nil
	}
	blob, ok := cell.([]byte)
	if !ok {
		return nil, fmt.Errorf("%T stands where a blob belongs", cell)
	}
	g, _, err := gpkg.DecodeGeometry(blob)
	if err != nil || g == nil || r.crs == crs.CRS84 || r.crs == crs.EPSG4326 {
		return g, err
	}
	return r.crs.ToCRS84(r.crs.EastFirst(g))
}
