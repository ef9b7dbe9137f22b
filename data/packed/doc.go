// Package packed keeps incidents in few bytes: millions of them, each with its
// claims, in memory without millions of things to look after.
//
// Its nouns: a packed incident is a text that says all that the record does; a
// Dictionary has the words that many of them share. Promises: reading what was
// written gives the same record, down to whether a list is missing or empty; the
// same record has one canonical form. Packed incidents are read by the build of the
// program that wrote them alone, so that their form may change with each release.
package packed
