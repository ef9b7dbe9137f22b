// Package jsonfg writes geo.Feature as JSON-FG 1.0 (OGC 21-045r1, Features and
// Geometries JSON): GeoJSON with the time of a feature, its type, and its
// geometry in any CRS. Conformance classes Core and Feature Types and Schemas.
//
// # Contract of the encoder
//
// NewEncoder writes nothing; the first Encode writes the members of the
// collection, and Close does where there was no feature, so that a reader knows
// the CRS before the first coordinate. Each Encode takes one feature, keeps
// nothing of it and writes about every 32 KiB: memory does not grow with the
// number of features. Close writes what is left, must be called once at the end
// and does not close the writer. After an error of the writer every call
// returns that error. A feature that cannot be expressed in the CRS is a
// *geo.InputError and leaves no trace; the next can be encoded. An Encoder is
// for one goroutine.
//
// # Members
//
// time is taken from fields named in the Options: a date or timestamp, or an
// interval, whose ends JSON-FG counts in (§7.2); ".." where one end is null,
// null where both are. A day beside an instant becomes that day's first or last
// second, because an interval may not mix the two (/req/core/interval).
//
// geometry has a geometry that GeoJSON can say: in CRS84; place is null then.
// For another CRS place has it, in the authority's axis order, and geometry is
// null or, with Options.Fallback, the same in CRS84 for readers of plain GeoJSON
// (§7.3, profile jsonfg-plus). Both are null for a feature without geometry.
//
// All four members time, place, geometry and properties are always there.
// Properties keep their types as in GeoJSON: dates and instants are strings,
// lists are arrays of strings, null is null.
package jsonfg
