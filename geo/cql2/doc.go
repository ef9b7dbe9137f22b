// Package cql2 reads, prints and evaluates filters in the Common Query Language
// (CQL2, OGC 21-065r2), in both encodings and all conformance classes.
//
// A filter is an expression: a tree of operators, functions, properties and
// literals that is true, false or unknown for a feature. ParseText and ParseJSON
// read the two encodings into the same tree, typed against a collection's
// geo.Schema; Format and FormatJSON print it. A predicate is an expression with
// a truth value. The three values are those of OGC 21-065r2 §6.2: what is asked
// of a property without a value is unknown, and a feature matches a filter only
// if the filter is true for it.
//
// Eval is the meaning of the language, written to be read. Compile makes the same
// answers fast, and a property test holds it to Eval. Bounds says where and when
// every match must be, so that an index can be asked first.
//
// Promises: positions are lon, lat in degrees, CRS84; spatial relations are those
// of geo/predicate on the plane of degrees, and metres are those of geo/geodesic
// on the ellipsoid. An expression does not change after it was parsed and is safe
// for concurrent use. A filter that is wrong gives a *geo.InputError with every
// fault that could be found, each with its place and what would be right. Input of
// any kind costs memory and time in proportion to its length: see the Max
// constants. A name that is not a queryable of the schema is unknown, whether it
// exists or not.
package cql2
