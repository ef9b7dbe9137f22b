package cql2

// NumberOf is number, for tests that make trees.
func NumberOf(f float64) Number { return number(f) }

// WholeOf is whole, for tests that make trees.
func WholeOf(i int64) Number { return whole(i) }

// DistanceOf is distanceOf, which no filter can ask to the last digit.
var DistanceOf = distanceOf

// Children is children.
var Children = children

// Matches tells whether s has the form of a LIKE pattern.
func Matches(pattern, s string) bool { return newPattern(pattern).matches(s) }

// Reachable is reachable round a zone.
var (
	Zone      = zone
	Reachable = reachable
)
