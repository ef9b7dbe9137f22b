// Package flatgeobuf writes and reads geo.Feature as FlatGeobuf 3
// (flatgeobuf.org), a binary format with a spatial index in front, so that a
// client can fetch the features of a box out of a large file by HTTP ranges.
//
// # Contract of the encoder
//
// The index stands before the features and is sorted along a Hilbert curve, so
// that the order of the features is known only when all have come: Encode puts
// each aside, and Close writes the file. What is put aside are up to 4 MiB in
// memory and the rest in one temporary file, which has no name where the system
// allows that and is gone after Close. Besides, memory holds about 150 bytes a
// feature. With Options.Stream there is no index: the header is written by the
// first Encode, each feature as it comes, and memory does not grow.
//
// Close must be called once at the end, also after an error, to free the
// temporary file; it does not close the writer. After an error of the writer or
// of the temporary file every call returns that error. A feature that cannot be
// expressed is a *geo.InputError (the CRS) or a plain error (a value that is not
// of its field's type) and leaves no trace; the next can be encoded. An Encoder
// is for one goroutine.
//
// # Reading
//
// Open and File.Each read a file whose bytes are all at hand, whoever wrote it.
// Bytes can lie: every size and offset is checked or leads to an error, tables
// that use the same bytes many times over are refused, and nothing is allocated
// beyond what the bytes can hold. The index is passed over.
//
// # What stands for what
//
//	string           String
//	integer, number  Long, Double
//	boolean          Bool
//	day, instant     DateTime, as 2022-09-16 and 2022-09-16T14:00:00Z
//	list             Json, an array of strings
//	null             the property is left out, as the format wants
//
// GDAL shows a day as its first second, since the format has no type for days;
// the column's metadata, {"type":"date"}, keeps the difference. The feature's ID
// is the first column, unless the schema has a field of that name, which is then
// taken to be the ID. Columns carry the fields' titles and documentation.
//
// Coordinates stand with east first whatever the CRS's authority says, as the
// format wants. CRS84 is called EPSG:4326, which in FlatGeobuf is the same and
// which every reader knows. A feature without a geometry, or with an empty one,
// is there, after the others, with an empty box in the index: a search by box
// never finds it. GDAL reads it as null; npm flatgeobuf 4.5.0 fails when it
// comes to one while it reads a whole file, but not while it searches by box.
//
// # Method
//
// The module gogama/flatgeobuf writes header, index and tables. Its IndexData is
// not used: in v1.0.0 its offsets leave out the four bytes of each feature's
// size, so that readers find nothing. Here the features are sorted, and the
// offsets counted, by ourselves.
package flatgeobuf
