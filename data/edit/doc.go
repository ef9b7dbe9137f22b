// Package edit turns what a client sends of a feature into changes of records.
//
// A feature has the form in which GET of the single feature gives it: flat
// properties, which attribute tables can hold, and nested members (claims_detail,
// history_detail, ...). A client takes that form, edits it, and sends it back.
// What is worked out from records (figures, counts, names of parties) stands in
// the form too and may come back as it was; a changed one is refused by pointer.
//
// The package knows the records and their form, and neither HTTP nor a store.
package edit
