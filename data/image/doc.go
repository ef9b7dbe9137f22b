// Package image keeps arrays in a file, so that what took long to work out is read
// again as quickly as the disk and the memory allow.
//
// Its nouns: a section is an array of numbers or of texts, by its name; a piece is a
// part of a section, as much as is read at a time. Promises: a file is there whole
// or not at all, whenever the program or the machine ends; what is read is what was
// written, since each piece has its checksum (CRC-32C) in the index, and the index
// its own (SHA-256). What a file holds can always be worked out anew, so that its
// form may change with each release: one of another form is refused.
package image
