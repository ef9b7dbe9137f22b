// Package geoparquet writes geo.Feature as GeoParquet 1.1.0 (geoparquet.org):
// Apache Parquet with geometries as WKB, which DuckDB, pandas, QGIS and the
// cloud warehouses read by column.
//
// # Contract of the encoder
//
// NewEncoder writes nothing but Parquet's four magic bytes, with the first row
// group. Each Encode takes one feature and keeps its values until the row group
// is full, after 65 536 features or 16 MiB of values; memory holds one row group
// and does not grow with the number of features. Close writes the last row group
// and the footer, which tells where everything is: a file without it cannot be
// read. Close must be called once at the end and does not close the writer.
// After an error of the writer every call returns that error. A feature that
// cannot be expressed is a *geo.InputError (the CRS) or a plain error (a value
// that is not of its field's type) and leaves no trace; the next can be encoded.
// An Encoder is for one goroutine.
//
// # Columns
//
// The feature's ID is the first, unless the schema has a field of that name,
// which is then taken to be the ID; then one column a field, in the schema's
// order; then geometry, and bbox, the struct of xmin, ymin, xmax and ymax by
// which a reader skips row groups (GeoParquet 1.1 "covering"). A name that is
// taken gets "_" behind. All may be null but the ID.
//
//	string           BYTE_ARRAY, UTF8
//	integer, number  INT64, DOUBLE
//	boolean          BOOLEAN
//	day              INT32, DATE
//	instant          INT64, TIMESTAMP in milliseconds, UTC
//	list             LIST of UTF8
//
// Pages are compressed by zstd. Coordinates stand with east first whatever the
// CRS's authority says, as GeoParquet demands; the CRS is told as PROJJSON, and
// left out for CRS84, which is the default.
package geoparquet
