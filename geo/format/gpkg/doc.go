// Package gpkg reads the geometries of a GeoPackage (OGC 12-128r19): the blob
// that a row of a feature table has, a header and then well-known binary
// (OGC 06-103r4 §8).
//
// It does not open the file: that is SQL, and the room of data/store/gpkg.
// Heights and measures are dropped. Functions are safe for concurrent use, and
// allocate no more than what the bytes at hand can hold.
package gpkg
