// Package gpkg knows what is in a GeoPackage (OGC 12-128r19): the geometry blob
// of a row, a header and well-known binary (OGC 06-103r4 §8), and the tables of
// the file, as the statements of SQL that make them.
//
// It does not open the file: that is SQL at work, and the room of
// data/store/gpkg.
//
// # What stands for what
//
//	string           TEXT
//	integer, number  INTEGER, DOUBLE
//	boolean          BOOLEAN, 0 or 1
//	day, instant     DATE as 2022-09-16, DATETIME as 2022-09-16T14:00:00.000Z
//	list             TEXT, a JSON array of strings, mime type application/json
//	null             NULL
//
// A table has an integer primary key, as the standard wants (§2.1.6.1.1), the
// feature's own identifier as text, the geometry, and a column for each field,
// with its title, documentation and words in the tables of the schema extension
// (annex F.9). Coordinates stand with east first whatever the CRS's authority
// says (§2.1.3.1.1); CRS84 is called EPSG:4326, which here is the same.
//
// # Version
//
// Files say that they are of version 1.3, which has all that they hold; GDAL 3.6
// and QGIS 3.22 warn of later ones. So the triggers of the spatial index are
// those of 1.3 (12-128r17 annex F.3), which GDAL 3.6 knows to drop. They do not
// allow INSERT ... ON CONFLICT DO UPDATE on the table.
//
// Heights and measures are dropped. Functions are safe for concurrent use; those
// that read allocate no more than what the bytes at hand can hold.
package gpkg
