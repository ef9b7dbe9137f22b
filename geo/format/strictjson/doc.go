// Package strictjson takes JSON text that can be read in one way only (RFC 8259,
// I-JSON of RFC 7493) and says where a fault stands. Refused are names that an
// object has twice, text that is not UTF-8, lone surrogates, text behind the
// value, and values beyond the limits below. What is taken is given back byte for
// byte: no number and no text is changed.
package strictjson

// The limits keep hostile text from costing more than its length: in bytes,
// names of an object, and levels of nesting.
const (
	MaxDepth = 32
	MaxNames = 10_000
	MaxName  = 4096
)
