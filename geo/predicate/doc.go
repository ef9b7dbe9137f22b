// Package predicate tells how geometries lie to one another on the plane of
// longitude and latitude, and whether a geometry is valid.
//
// A predicate is a question with a yes or no about two geometries, as OGC
// 06-103r4 §6.1.15 names them: intersects is having a position in common,
// boundaries included. A prepared geometry answers about many others quickly.
//
// The plane: positions are lon, lat in degrees, CRS84, and an edge is a
// straight line of degrees, so an edge from 170 to -170 runs the long way round
// and a geometry that crosses the antimeridian must be cut there (RFC 7946
// §3.1.9). A geo.BBox needs no cutting. How many metres apart things are is
// geo/geodesic's to tell.
//
// Promises: no floating-point answer decides on which side of an edge a
// position lies; where rounding could, exact arithmetic does. A geometry that
// has no position meets nothing. Everything is safe for concurrent use and
// leaves its arguments as they are.
//
// The topology is that of github.com/peterstace/simplefeatures, a translation
// of JTS, which no other package imports.
package predicate
