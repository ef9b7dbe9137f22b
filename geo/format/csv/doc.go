// Package csv writes geo.Feature as comma-separated values (RFC 4180, UTF-8)
// that a spreadsheet opens without running what is in them, and that GDAL,
// QGIS and databases read back without loss.
//
// # Contract of the encoder
//
// NewEncoder writes nothing; the first Encode writes the header, and Close does
// where there was no feature. Each Encode takes one feature, keeps nothing of it
// and writes about every 32 KiB: memory does not grow with the number of
// features. Close writes what is left, must be called once at the end and does
// not close the writer. After an error of the writer every call returns that
// error. A feature that cannot be expressed in the CRS is a *geo.InputError and
// leaves no trace; the next can be encoded. An Encoder is for one goroutine.
//
// # Columns
//
// One column a field, in the schema's order and named like it. Before them
// stands the feature's ID, unless the schema has a field of that name, which is
// then taken to be the ID. After them stand the position of a point, as lon and
// lat (x and y in metres in a projected CRS), and the geometry as WKT (OGC
// 06-103r4 §7), both with east first whatever the CRS's authority says, since
// that is what readers of tables expect. A name that is taken gets "_" behind.
//
// # Cells
//
//	null           an empty cell
//	""             an empty cell in quotes, as PostgreSQL's COPY writes it
//	boolean        true, false
//	number         its shortest exact decimal form, no exponent
//	day, instant   2022-09-16, 2022-09-16T14:00:00Z
//	list           a JSON array of strings, as GDAL's JSonStringList
//
// Types are not part of CSV.
//
// # Formulas
//
// A spreadsheet runs a cell that begins with = + - @, their full-width forms, a
// tab or a line end (OWASP, CSV injection). A text cell or column name that
// does, or would without leading blanks and apostrophes, gets an apostrophe in
// front; numbers stay numbers. Unguard takes it away again and restores every
// text exactly. A spreadsheet that is told to split at another character than
// the comma can still be fooled; no writer can prevent that.
package csv
