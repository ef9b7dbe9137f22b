package cql2

import (
	"time"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// Expr is an expression. The types of this file and no others implement it, so a
// type switch over them is exhaustive. Equal filters in text and JSON have equal
// trees (reflect.DeepEqual).
type Expr interface{ expr() }

// And is true if all of Args are (rule booleanTerm). It has two or more, none of
// them an And.
type And struct{ Args []Expr }

// Or is true if one of Args is (rule booleanExpression). It has two or more, none
// of them an Or.
type Or struct{ Args []Expr }

// Not is true if Arg is false (rule booleanFactor).
type Not struct{ Arg Expr }

// Compare compares two scalars (rule binaryComparisonPredicate).
type Compare struct {
	Op          CompareOp
	Left, Right Expr
}

// CompareOp is a comparison operator as both encodings write it.
type CompareOp string

// The comparison operators (rule comparisonOperator).
const (
	Equal          CompareOp = "="
	NotEqual       CompareOp = "<>"
	Less           CompareOp = "<"
	Greater        CompareOp = ">"
	LessOrEqual    CompareOp = "<="
	GreaterOrEqual CompareOp = ">="
)

// Like tells whether a string has the form of a pattern (rule isLikePredicate). In
// the pattern % stands for any characters, _ for one, and \ takes the meaning
// from the character after it. Pattern is a String, or CaseI or AccentI of one.
type Like struct{ Arg, Pattern Expr }

// Between tells whether Low <= Arg <= High (rule isBetweenPredicate).
type Between struct{ Arg, Low, High Expr }

// In tells whether Arg equals a member of List (rule isInListPredicate).
type In struct {
	Arg  Expr
	List []Expr
}

// IsNull tells whether Arg has no value (rule isNullPredicate). It is never
// unknown.
type IsNull struct{ Arg Expr }

// Spatial tells whether two geometries are related (rule spatialPredicate).
type Spatial struct {
	Op          SpatialOp
	Left, Right Expr
}

// SpatialOp is a spatial comparison function as JSON writes it.
type SpatialOp string

// The spatial comparison functions (OGC 21-065r2 §7.7).
const (
	SIntersects SpatialOp = "s_intersects"
	SEquals     SpatialOp = "s_equals"
	SDisjoint   SpatialOp = "s_disjoint"
	STouches    SpatialOp = "s_touches"
	SWithin     SpatialOp = "s_within"
	SOverlaps   SpatialOp = "s_overlaps"
	SCrosses    SpatialOp = "s_crosses"
	SContains   SpatialOp = "s_contains"
)

// Temporal tells whether two instants or intervals are related (rule
// temporalPredicate).
type Temporal struct {
	Op          TemporalOp
	Left, Right Expr
}

// TemporalOp is a temporal comparison function as JSON writes it.
type TemporalOp string

// The temporal comparison functions (OGC 21-065r2 §7.8).
const (
	TAfter        TemporalOp = "t_after"
	TBefore       TemporalOp = "t_before"
	TContains     TemporalOp = "t_contains"
	TDisjoint     TemporalOp = "t_disjoint"
	TDuring       TemporalOp = "t_during"
	TEquals       TemporalOp = "t_equals"
	TFinishedBy   TemporalOp = "t_finishedBy"
	TFinishes     TemporalOp = "t_finishes"
	TIntersects   TemporalOp = "t_intersects"
	TMeets        TemporalOp = "t_meets"
	TMetBy        TemporalOp = "t_metBy"
	TOverlappedBy TemporalOp = "t_overlappedBy"
	TOverlaps     TemporalOp = "t_overlaps"
	TStartedBy    TemporalOp = "t_startedBy"
	TStarts       TemporalOp = "t_starts"
)

// ArrayCompare compares two arrays as sets (rule arrayPredicate).
type ArrayCompare struct {
	Op          ArrayOp
	Left, Right Expr
}

// ArrayOp is an array comparison function as JSON writes it.
type ArrayOp string

// The array comparison functions (OGC 21-065r2 §7.9).
const (
	AEquals      ArrayOp = "a_equals"
	AContains    ArrayOp = "a_contains"
	AContainedBy ArrayOp = "a_containedBy"
	AOverlaps    ArrayOp = "a_overlaps"
)

// Arith computes with numbers (rule arithmeticExpression). -x is -1 * x.
type Arith struct {
	Op          ArithOp
	Left, Right Expr
}

// ArithOp is an arithmetic operator as both encodings write it.
type ArithOp string

// The arithmetic operators. Div is division without the remainder, rounded toward
// zero; Mod is that remainder, and has the sign of the left operand.
const (
	Add      ArithOp = "+"
	Subtract ArithOp = "-"
	Multiply ArithOp = "*"
	Divide   ArithOp = "/"
	Mod      ArithOp = "%"
	Div      ArithOp = "div"
	Power    ArithOp = "^"
)

// CaseI is the string Arg in a form that is the same for all its spellings in
// upper and lower case (OGC 21-065r2 §7.4).
type CaseI struct{ Arg Expr }

// AccentI is the string Arg without its accents (OGC 21-065r2 §7.5); see
// StripAccents.
type AccentI struct{ Arg Expr }

// Call calls a function (rule function). Name is one of Functions, as it is
// written there; with WithAnyProperty it may be any.
type Call struct {
	Name string
	Args []Expr
}

// FeatureOf is the geometry of another feature: feature('segments', 'vorukh').
// It is looked up when the filter is parsed. Shape is nil where the feature has no
// geometry.
type FeatureOf struct {
	Collection, ID string
	Shape          orb.Geometry
}

// Property is the value of a property, or the geometry, of the feature.
type Property struct {
	Name string
	Type Type
	// Field is its place in the schema's Fields and in a feature's Values. It is
	// -1 for the geometry, and for a name that WithAnyProperty let pass, which has
	// no value.
	Field int
}

// Bool is the literal TRUE or FALSE.
type Bool bool

// String is a character literal.
type String string

// Number is a numeric literal. A whole number that an int64 can hold is exact,
// however it was written: 1, 1.0 and 1E0 are the same.
type Number struct {
	Float float64
	Int   int64 // when Whole
	Whole bool
}

// Instant is a DATE or TIMESTAMP literal, in UTC.
type Instant struct {
	Seconds int64 // since 1970
	Nanos   int32
	Day     bool // a DATE: Seconds is the day's first second
}

// Time returns the instant, for a day its first second.
func (i Instant) Time() time.Time { return time.Unix(i.Seconds, int64(i.Nanos)).UTC() }

// Interval is an INTERVAL (rule intervalInstance), both ends included. An end is
// an Instant, a Property or a Call, and nil for '..', which is open.
type Interval struct{ From, To Expr }

// Geometry is a geometry literal: lon, lat in degrees, CRS84; what was written of
// heights is dropped. What is EMPTY has no elements; POINT EMPTY is an empty
// MultiPoint.
type Geometry struct{ Shape orb.Geometry }

// Box is a BBOX literal (rule bboxTaggedText). West > East crosses the
// antimeridian.
type Box struct{ geo.BBox }

// Array is an array (rule arrayExpression). Compared, it is a set.
type Array struct{ Elems []Expr }

func (And) expr()          {}
func (Or) expr()           {}
func (Not) expr()          {}
func (Compare) expr()      {}
func (Like) expr()         {}
func (Between) expr()      {}
func (In) expr()           {}
func (IsNull) expr()       {}
func (Spatial) expr()      {}
func (Temporal) expr()     {}
func (ArrayCompare) expr() {}
func (Arith) expr()        {}
func (CaseI) expr()        {}
func (AccentI) expr()      {}
func (Call) expr()         {}
func (FeatureOf) expr()    {}
func (Property) expr()     {}
func (Bool) expr()         {}
func (String) expr()       {}
func (Number) expr()       {}
func (Instant) expr()      {}
func (Interval) expr()     {}
func (Geometry) expr()     {}
func (Box) expr()          {}
func (Array) expr()        {}
