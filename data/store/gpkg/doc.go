// Package gpkg opens GeoPackages (OGC 12-128r19): SQLite files with tables of
// features. It reads one table as a data.Layer; it does not write.
//
// It is one of the two packages that may import a database driver
// (modernc.org/sqlite, docs/adr/0006-sqlite-driver.md). The geometry blob is
// read by geo/format/gpkg.
package gpkg
