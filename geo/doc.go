// Package geo holds the neutral vocabulary that every other package speaks:
// bounding boxes, features, schemas, typed values, time intervals and the one
// kind of error that a caller's input can cause.
//
// It holds types and no algorithms. Coordinates are longitude, latitude in
// degrees on CRS84 (OGC 17-069r4 §6.2.1), positions are orb.Point{lon, lat}.
// Nothing in it knows what an incident is.
package geo
