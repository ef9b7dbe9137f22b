package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"demarc/data"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// Encoder writes features as a GeoPackage of one table, with a spatial index.
// Rows go into a temporary file as they come, in one transaction, so that memory
// does not grow with their number; Close writes the file to the writer. The
// temporary file has no name where the system allows that, and is gone after
// Close.
//
// Close must be called once at the end, also after an error, to free the
// temporary file; it does not close the writer. After an error of the writer or
// of the temporary file every call returns that error; it is data.ErrFull where
// there is no room for the temporary file. A feature that cannot be expressed is
// a *geo.InputError (the CRS) or a plain error (a value that is not of its
// field's type) and leaves no trace; the next can be encoded. An Encoder is for
// one goroutine.
type Encoder struct {
	w      io.Writer
	opts   gpkg.Options
	table  *gpkg.Table
	fields int
	draft  *draft // nil before the first feature
	closed bool
	err    error

	rows, boxes *sql.Stmt // boxes is nil for a table without geometry
	key         int64
	kind        string // of the geometries so far
	extent      geo.BBox
	blob        []byte
}

// NewEncoder returns an encoder of features of the schema to w.
func NewEncoder(w io.Writer, sc *geo.Schema, o gpkg.Options) *Encoder {
	return &Encoder{w: w, opts: o, table: gpkg.NewTable(sc, o), fields: len(sc.Fields), extent: geo.EmptyBBox()}
}

// Encode takes one feature, whose geometry is in CRS84.
func (e *Encoder) Encode(f *geo.Feature) error {
	switch {
	case e.err != nil:
		return e.err
	case e.closed:
		return fmt.Errorf("encode GeoPackage: the encoder is closed")
	case len(f.Values) != e.fields:
		return fmt.Errorf("encode GeoPackage: feature %s has %d values for %d fields", f.ID, len(f.Values), e.fields)
	}
	g, err := e.opts.CRS.FromCRS84(f.Geometry)
	if err != nil {
		return fmt.Errorf("encode GeoPackage: feature %s: %w", f.ID, err)
	}
	var blob []byte
	if g = e.opts.CRS.EastFirst(g); g != nil && e.table.Geometry != "" {
		if e.blob, err = gpkg.AppendGeometry(e.blob[:0], g, gpkg.SRSID(e.opts.CRS)); err != nil {
			return fmt.Errorf("encode GeoPackage: feature %s: %w", f.ID, err)
		}
		blob = e.blob
	}
	row, err := e.table.Row(e.key+1, f, blob)
	if err != nil {
		return fmt.Errorf("encode GeoPackage: feature %s: %w", f.ID, err)
	}
	e.kind = gpkg.CommonType(e.kind, gpkg.TypeOf(g))
	e.err = e.insert(row, geo.BBoxOf(g))
	return e.err
}

// insert adds a row and, where it has one, its box.
func (e *Encoder) insert(row []any, box geo.BBox) error {
	if err := e.begin(); err != nil {
		return err
	}
	e.key++
	if _, err := e.rows.Exec(row...); err != nil {
		return e.draft.failed(err)
	}
	if e.boxes == nil || box.IsEmpty() {
		return nil
	}
	e.extent = e.extent.Extend(box)
	_, err := e.boxes.Exec(e.key, box.West, box.East, box.South, box.North)
	return e.draft.failed(err)
}

// begin makes the file and its tables, once.
func (e *Encoder) begin() (err error) {
	if e.draft != nil {
		return nil
	}
	if e.draft, err = newDraft(); err != nil {
		return err
	}
	statements := append(gpkg.Base(), e.table.Define()...)
	if e.table.Geometry != "" {
		statements = append(statements, e.table.Index()...)
	}
	if err := e.draft.run(statements); err != nil {
		return err
	}
	if e.rows, err = e.draft.tx.Prepare(e.table.Insert()); err == nil && e.table.Geometry != "" {
		e.boxes, err = e.draft.tx.Prepare(e.table.InsertBox())
	}
	return e.draft.failed(err)
}

// Close writes the file and frees what was put aside. It does not close the
// writer.
func (e *Encoder) Close() error {
	if e.closed {
		return e.err
	}
	e.closed = true
	if e.err == nil {
		e.err = e.begin()
	}
	if e.err == nil {
		e.err = e.finish()
	}
	if e.draft != nil {
		e.draft.free()
	}
	return e.err
}

// finish says of the table what is known now, and copies the file.
func (e *Encoder) finish() error {
	var last []gpkg.Statement
	if e.table.Geometry != "" {
		last = append(e.table.SetExtent(e.extent), e.table.Triggers()...)
		last = append(last, e.table.SetGeometryType(e.kind)...)
	}
	if err := e.draft.run(last); err != nil {
		return err
	}
	return e.draft.copyTo(e.w)
}

// draft is a temporary file with a database in it.
type draft struct {
	file *os.File // of the same bytes, to read them when they are there
	db   *sql.DB
	tx   *sql.Tx
}

// newDraft makes one, with a transaction begun. Without a journal and without
// waiting for the disk: after an error it is thrown away.
func newDraft() (*draft, error) {
	file, err := os.CreateTemp("", "demarc-*.gpkg-part")
	if err != nil {
		return nil, withRoom(fmt.Errorf("put features aside: %w", err))
	}
	d := &draft{file: file}
	d.db, err = sql.Open("sqlite", address(file.Name())+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=locking_mode(exclusive)&_pragma=cache_size(-8192)")
	if err == nil {
		d.db.SetMaxOpenConns(1)
		d.tx, err = d.db.BeginTx(context.Background(), nil)
	}
	// Unix keeps a file without a name until it is closed, so that nothing is
	// left behind by a crash. Elsewhere this fails, and free removes it.
	_ = os.Remove(file.Name())
	if err != nil {
		d.free()
		return nil, d.failed(err)
	}
	return d, nil
}

// address returns a file's name as SQLite takes it with options behind it.
func address(path string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
}

// run carries out statements.
func (d *draft) run(statements []gpkg.Statement) error {
	for _, s := range statements {
		if _, err := d.tx.Exec(s.SQL, s.Args...); err != nil {
			return d.failed(fmt.Errorf("%w (%.60s)", err, s.SQL))
		}
	}
	return nil
}

// failed says what an error of the database was about.
func (d *draft) failed(err error) error {
	if err == nil {
		return nil
	}
	return withRoom(fmt.Errorf("put features aside as a GeoPackage: %w", err))
}

// withRoom makes data.ErrFull of errors that say so.
func withRoom(err error) error {
	var lite *sqlite.Error
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.As(err, &lite) && lite.Code()&0xFF == sqlitelib.SQLITE_FULL {
		return fmt.Errorf("%w: %w", data.ErrFull, err)
	}
	return err
}

// copyTo ends the transaction and writes the file to w.
func (d *draft) copyTo(w io.Writer) error {
	if err := errors.Join(d.tx.Commit(), d.db.Close()); err != nil {
		return d.failed(err)
	}
	if _, err := d.file.Seek(0, io.SeekStart); err != nil {
		return d.failed(err)
	}
	_, err := io.Copy(w, d.file)
	return err
}

// free ends the transaction, if it is still there, and removes the file.
func (d *draft) free() {
	// Nobody reads what could not be written.
	if d.tx != nil {
		_ = d.tx.Rollback()
	}
	if d.db != nil {
		_ = d.db.Close()
	}
	name := d.file.Name()
	_ = d.file.Close()
	_ = os.Remove(name) // gone already on Unix
}
