package gpkg

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// schemaVersion is the form of the store's own tables that this program writes.
const schemaVersion = 5

// ownTables make the store's own tables. Sums are SHA-256 over all else that the
// row says, so that a row that is damaged is known.
var ownTables = []gpkg.Statement{
	{SQL: `CREATE TABLE demarc_state (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, sum BLOB NOT NULL)`},
	// Every version of every record, drafts too: the truth. stands is 1 for what
	// is published and for the draft, if any, of a record now.
	{SQL: `CREATE TABLE demarc_versions (sequence INTEGER PRIMARY KEY NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL,
		operation TEXT NOT NULL, stands INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, comment TEXT NOT NULL,
		origin TEXT NOT NULL, reach BLOB, leaf INTEGER, entry BLOB, salt BLOB, body BLOB, sum BLOB NOT NULL)`},
	// The only ones in no order of their own: a page for each row, which is in one of
	// them. Of a record one version and one draft stand at the most; that SQLite sees to
	// it saves a look at the index for each new record.
	{SQL: standingIndex},
	{SQL: endedIndex},
	{SQL: `CREATE UNIQUE INDEX demarc_versions_leaf ON demarc_versions (leaf) WHERE leaf IS NOT NULL`},
	{SQL: `CREATE TABLE demarc_batches (first INTEGER PRIMARY KEY NOT NULL, last INTEGER NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL,
		author TEXT NOT NULL, key TEXT, digest TEXT NOT NULL, sum BLOB NOT NULL)`},
	{SQL: `CREATE UNIQUE INDEX demarc_batches_key ON demarc_batches (author, key) WHERE key IS NOT NULL`},
	// The log's tiles; id is level << 48 | number. One that is not full has zeros in the
	// place of hashes to come: a row that keeps its length is changed where it lies.
	{SQL: `CREATE TABLE demarc_tiles (id INTEGER PRIMARY KEY NOT NULL, hashes BLOB NOT NULL)`},
	{SQL: `CREATE TABLE demarc_signed (size INTEGER PRIMARY KEY NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL)`},
	{SQL: `CREATE TABLE demarc_tokens (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, scope TEXT NOT NULL, created INTEGER NOT NULL,
		expires INTEGER NOT NULL, revoked INTEGER, used INTEGER, hash BLOB NOT NULL, sum BLOB NOT NULL)`},
	// What other programs did to the tables of features, until it is taken over: the
	// row and the feature's id before and after, and the columns that differ, a line
	// each.
	{SQL: `CREATE TABLE demarc_edits (n INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, collection TEXT NOT NULL, fid INTEGER NOT NULL, before TEXT, after TEXT,
		was INTEGER, changed TEXT)`},
	// 1 within our own transactions, so that the triggers leave what we write.
	{SQL: `CREATE TABLE demarc_writing (yes INTEGER NOT NULL)`},
	{SQL: `INSERT INTO demarc_writing VALUES (0)`},
}

// The id comes first: it alone tells most records apart, and SQLite compares the first
// column of an index faster than the rest.
const (
	standingIndex = `CREATE UNIQUE INDEX demarc_versions_standing ON demarc_versions (id, kind, operation = 'draft') WHERE stands = 1`
	endedIndex    = `CREATE INDEX demarc_versions_ended ON demarc_versions (id, kind) WHERE stands = 0`
)

// ownNames are the names of those tables.
var ownNames = []string{"demarc_state", "demarc_versions", "demarc_batches", "demarc_tiles", "demarc_signed", "demarc_tokens", "demarc_edits", "demarc_writing"}

// prepareFile makes the tables of a new file, and brings an old one up to date.
func (s *Store) prepareFile(ctx context.Context) error {
	var tables, application int
	if err := s.conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return notOurs(err)
	}
	if err := s.conn.QueryRowContext(ctx, "PRAGMA application_id").Scan(&application); err != nil {
		return notOurs(err)
	}
	if tables == 0 && s.sealed {
		return damaged("", "it is empty, and is opened without writing", "make a store with demarc serve first")
	}
	if tables == 0 {
		return s.create(ctx)
	}
	var ours int
	if err := s.conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'demarc_state'").Scan(&ours); err != nil {
		return notOurs(err)
	}
	if application != 0x47504B47 || ours == 0 {
		return damaged("", "it is a database of another program, not a store of demarc", "name another file; a GeoPackage is imported by demarc import, or served by --layer")
	}
	// The id is part of its own sum, so it is read before it can be checked.
	if err := s.conn.QueryRowContext(ctx, "SELECT value FROM demarc_state WHERE name = 'store'").Scan(&s.id); err != nil {
		return damagedRow("demarc_state", "store", "it is missing or cannot be read: "+err.Error())
	}
	if _, err := s.getState(ctx, s.conn, "store"); err != nil {
		return err
	}
	return s.migrate(ctx)
}

func notOurs(err error) error {
	return damaged("", "it cannot be read as a store: "+err.Error(), "name another file, or put back a backup")
}

// damaged returns what is wrong with the file as a fault.
func damaged(where, problem, mend string) error {
	var faults geo.Faults
	faults.Add(where, "", problem, mend)
	return faults.Err()
}

// create makes every table in one transaction: a file that is cut off on the way
// is an empty one. There is no WAL yet, so that the file itself, which GDAL looks
// at without SQLite, is a GeoPackage from the beginning.
func (s *Store) create(ctx context.Context) error {
	statements := append(gpkg.Base(), ownTables...)
	for _, name := range ownNames {
		// Said of each table, so that GDAL does not warn of the file as a whole.
		statements = append(statements, gpkg.Statement{SQL: `INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES (?, NULL, 'demarc_store', 'https://github.com/demarc/demarc/blob/main/docs/store.md', 'write-only')`, Args: []any{name}})
	}
	for _, t := range s.tables {
		statements = append(statements, t.define()...)
	}
	return s.within(ctx, func() error {
		if err := run(ctx, s.conn, statements); err != nil {
			return err
		}
		s.id = rand.Text()
		if err := s.setState(ctx, "store", s.id); err != nil {
			return err
		}
		if err := s.setState(ctx, "schema", fmt.Sprint(schemaVersion)); err != nil {
			return err
		}
		root, err := ledger.NewTree(0, nil).Root()
		if err != nil {
			return err
		}
		return s.writeState(ctx, state{root: root})
	})
}

// within carries out do in a transaction of the writer; while Together is at work,
// in a part of its transaction that can be taken back by itself.
func (s *Store) within(ctx context.Context, do func() error) error {
	if s.together {
		return s.withinTogether(ctx, do)
	}
	if err := s.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := do(); err != nil {
		_, _ = s.conn.ExecContext(ctx, "ROLLBACK") // SQLite may have done so already
		return err
	}
	if err := s.exec(ctx, "COMMIT"); err != nil {
		_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
		return &commitError{err}
	}
	s.wrote()
	return nil
}

// commitError is an error of COMMIT itself, after which it is not known what is
// on the disk.
type commitError struct{ error }

func (e *commitError) Unwrap() error { return e.error }

// stateRow is how the state stands in its row.
type stateRow struct {
	Revision uint64 `json:"revision"`
	Sequence uint64 `json:"sequence"`
	At       int64  `json:"at"`
	Leaves   int64  `json:"leaves"`
	Root     string `json:"root"`
}

func (s *Store) writeState(ctx context.Context, st state) error {
	at := int64(0)
	if !st.last.At.IsZero() {
		at = toNanos(st.last.At)
	}
	b := strconv.AppendUint([]byte(`{"revision":`), st.last.Number, 10)
	b = strconv.AppendUint(append(b, `,"sequence":`...), st.last.Sequence, 10)
	b = strconv.AppendInt(append(b, `,"at":`...), at, 10)
	b = strconv.AppendInt(append(b, `,"leaves":`...), st.leaves, 10)
	b = append(append(b, `,"root":"`...), st.root.String()...)
	return s.setState(ctx, "last", string(append(b, `"}`...)))
}

func (s *Store) setState(ctx context.Context, name, value string) error {
	sum := s.sum(name, value)
	changed, err := s.execute(ctx, "UPDATE demarc_state SET value = ?, sum = ? WHERE name = ?", value, sum, name)
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); n > 0 || err != nil {
		return err
	}
	return s.exec(ctx, "INSERT INTO demarc_state (name, value, sum) VALUES (?, ?, ?)", name, value, sum)
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// getState returns a named value, empty for none.
func (s *Store) getState(ctx context.Context, q querier, name string) (string, error) {
	var value string
	var sum []byte
	err := q.QueryRowContext(ctx, "SELECT value, sum FROM demarc_state WHERE name = ?", name).Scan(&value, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err == nil && string(sum) != string(s.sum(name, value)) {
		err = damagedRow("demarc_state", name, "its content does not have its sum")
	}
	return value, err
}

func damagedRow(table string, row any, problem string) error {
	return damaged(fmt.Sprintf("table %s, row %v", table, row), problem, putBack)
}

func (s *Store) readState(ctx context.Context, q querier) (state, error) {
	value, err := s.getState(ctx, q, "last")
	if err != nil {
		return state{}, err
	}
	var row stateRow
	if err := json.Unmarshal([]byte(value), &row); err != nil {
		return state{}, damagedRow("demarc_state", "last", "it is missing or cannot be read")
	}
	st := state{last: data.Revision{Number: row.Revision, Sequence: row.Sequence}, leaves: row.Leaves}
	if row.At != 0 {
		st.last.At = fromNanos(row.At)
	}
	st.root, err = ledger.ParseHash(row.Root)
	return st, err
}
