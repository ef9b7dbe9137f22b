// Package kml writes geo.Feature as KML 2.2 (OGC 07-147r2): placemarks with
// their time, so that Google Earth and other viewers show a time slider, and
// with typed extended data.
//
// # Contract of the encoder
//
// NewEncoder writes nothing; the first Encode writes the document's name and
// schema, and Close does where there was no feature. Each Encode takes one
// feature, keeps nothing of it and writes about every 32 KiB: memory does not
// grow with the number of features. Close writes what is left, must be called
// once at the end and does not close the writer. After an error of the writer
// every call returns that error. A feature with the wrong number of values is
// an error and leaves no trace; the next can be encoded. An Encoder is for one
// goroutine.
//
// # What stands for what
//
// Fields are SimpleData of a Schema, named like the field; the feature's ID is
// the first, unless the schema has a field of that name, which is then taken to
// be the ID. KML's types are few:
//
//	string         string
//	integer        double, written as an integer: KML's int has 32 bits, and
//	               readers cut larger ones without a word
//	number         double
//	boolean        bool, as 1 and 0, since GDAL reads true as 0
//	day, instant   string, as 2022-09-16 and 2022-09-16T14:00:00Z
//	list           string, as a JSON array of strings
//	null           the SimpleData is left out; an empty string is there, empty
//
// GDAL merges fields called name, description, begin, end or timestamp with the
// elements of KML that it calls so.
//
// The time is taken from the fields that the Options name: a TimeStamp where
// there is one day or instant, a TimeSpan where there are two, with one end left
// out where its field is null (§12).
//
// Positions are longitude, latitude on WGS 84 (§6.2.1); KML knows no other CRS.
// Many of one kind, and collections, are a MultiGeometry; a reader cannot tell a
// collection of points from a multi-point. A feature without a geometry is a
// placemark without one.
//
// XML 1.0 cannot carry most control characters; they become U+FFFD.
package kml
