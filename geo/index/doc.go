// Package index finds, among many boxes, those that meet a box.
//
// An Index holds slots, numbers that the caller gives to what it keeps, each
// with the geo.BBox of its geometry. An Index never changes: an Editor makes
// the next one out of it and copies only the nodes that it touches, so a
// snapshot can keep its Index while the next is made.
//
// Promises: Search yields every slot whose box meets the query, once. Boxes are
// kept in float32, rounded outward, 1 m at most, so Search may also yield a
// slot that only nearly meets it: the caller tests the geometry itself.
// Boxes with West > East cross the antimeridian (RFC 7946 §5.2), and are found
// on both sides of it. Empty boxes, as null geometries have, are never found.
// Degrees, CRS84.
//
// The tree is an R-tree (Guttman 1984), github.com/tidwall/rtree, which no
// other package imports.
package index
