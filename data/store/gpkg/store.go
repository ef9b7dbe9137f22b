package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"demarc/data"
	"demarc/data/ledger"
	"demarc/data/store"
	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// Collection is a collection whose features the store shows to other programs,
// as a table.
type Collection struct {
	Schema             *geo.Schema
	Title, Description string
	HasGeometry        bool
	// GeometryType is what all geometries are (POINT, LINESTRING ...); empty where
	// they are of several types.
	GeometryType string
	// Licence and Attribution go into the file's metadata.
	Licence, Attribution string
}

// Options are how a store is opened.
type Options struct {
	// Collections get their tables when the file is made.
	Collections []Collection
	// Beside opens a store that another process may have open: for reading, copying
	// and tokens. It takes no records.
	Beside bool
	// ReadOnly opens a store that is there without writing into its file: for a
	// service that takes no changes. Several processes may have it so. A store that
	// is opened Beside where it cannot be written is opened so by itself.
	ReadOnly bool
	// Synchronous is for tests that show what is lost with less than FULL.
	Synchronous string
}

// Store keeps records in a GeoPackage: a table of versions that is the truth,
// and beside it a table of features for each collection, which QGIS and GDAL
// read while the service runs. It is a store.Store and a token.Keeper.
//
// One connection writes, another one copies the write-ahead log into the file. Others
// read.
type Store struct {
	path   string
	id     string // drawn when the file was made; part of every sum
	tables []*shownTable
	owner  *os.File // holds the file for this process alone

	writer  *sql.DB
	readers *sql.DB
	beside  bool
	sealed  bool // opened ReadOnly

	mu       sync.Mutex // held while writing
	conn     *sql.Conn  // the only one of writer
	prepared prepared
	texts    map[insertText]string
	room     [2][]driver.NamedValue // for the rows of the next commit, empty
	tile     []byte                 // room for a tile
	state    state
	tree     *ledger.Tree // of the log in that state, nil before it is needed
	seen     int64        // the data_version at which there were no edits of other programs
	failed   error        // why nothing is written any more
	together bool         // commits are parts of one transaction
	log      *signed

	follower follower
	copier   copier
	known    knownTokens
}

// oldestEngine is the first SQLite without the WAL-reset bug, which corrupts a
// file that two connections write or checkpoint at once.
const oldestEngine = "3.51.3"

// Open opens a store, or makes one where there is no file. A file that is no
// store, or one of a newer program, is refused; one of an older program is
// brought up to date, after a copy of it was put beside it. The file belongs to
// one process at a time.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, texts: map[insertText]string{}, tables: newTables(o.Collections)}
	s.beside, s.sealed = o.Beside, o.ReadOnly || o.Beside && !mayWrite(path)
	if !o.Beside {
		if s.owner, err = own(path+"-owner", s.sealed); err != nil {
			return nil, fmt.Errorf("open store %s: %w", path, err)
		}
	}
	if err := s.open(ctx, o); err != nil {
		_ = s.Close() // the first error tells more
		return nil, s.told(fmt.Errorf("open store %s: %w", path, err))
	}
	return s, nil
}

// told returns faults with the file's name before each place, and another error
// as it is.
func (s *Store) told(err error) error {
	var input *geo.InputError
	if !errors.As(err, &input) {
		return err
	}
	faults := make(geo.Faults, len(input.Faults))
	for i, f := range input.Faults {
		if name := filepath.Base(s.path); !strings.HasPrefix(f.Where, name) {
			f.Where = strings.TrimSuffix(name+": "+f.Where, ": ")
		}
		faults[i] = f
	}
	return faults.Err()
}

func (s *Store) open(ctx context.Context, o Options) error {
	if err := registerFunctions(); err != nil {
		return err
	}
	synchronous := o.Synchronous
	if synchronous == "" {
		synchronous = "FULL"
	}
	writing, reading := "?_txlock=immediate&_pragma=secure_delete(ON)&_pragma=trusted_schema(ON)&_pragma=cache_size(-65536)&_pragma=synchronous("+synchronous+")",
		"?mode=ro&_pragma=query_only(ON)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(0)"
	if s.sealed {
		still, err := s.still()
		if err != nil {
			return err
		}
		reading += still
		writing = reading
	} else if err := s.makeFile(); err != nil {
		return err
	}
	if synchronous == "FULL" && !s.sealed {
		if err := registerJournal(); err != nil {
			return err
		}
		writing += "&vfs=" + journalVFS
	}
	const patience = "&_pragma=busy_timeout(5000)"
	var err error
	if s.writer, err = sql.Open("sqlite", address(s.path)+writing+patience); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if s.conn, err = s.writer.Conn(ctx); err != nil {
		return notOurs(err)
	}
	if err := s.prepareFile(ctx); err != nil {
		return err
	}
	if err := s.checkEngine(ctx, synchronous); err != nil {
		return err
	}
	if err := s.mendTables(ctx); err != nil {
		return err
	}
	if err := s.holdStatements(ctx); err != nil {
		return err
	}
	if s.readers, err = sql.Open("sqlite", address(s.path)+reading+patience); err != nil {
		return err
	}
	s.readers.SetMaxOpenConns(9) // one is for tokens
	if s.state, err = s.readState(ctx, s.conn); err != nil {
		return err
	}
	if err := s.openLog(ctx); err != nil {
		return err
	}
	if err := s.startCopying(ctx, writing); err != nil {
		return err
	}
	return s.startFollowing(ctx)
}

// makeFile makes a file where there is none. A new one is for its owner alone:
// drafts and tokens stand in it. SQLite gives the files beside it the same rights.
// One that is there must not be opened and closed here: that would drop the locks
// that this process has on it.
func (s *Store) makeFile() error {
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// checkEngine refuses an engine or a setting that can lose what was acknowledged.
func (s *Store) checkEngine(ctx context.Context, synchronous string) error {
	var version, journal string
	var sync int
	if err := s.conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if olderThan(version, oldestEngine) {
		return fmt.Errorf("SQLite %s can corrupt a file that is written (fixed in %s): build demarc with a newer one", version, oldestEngine)
	}
	if s.sealed {
		return nil // nothing is written
	}
	if err := s.conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&journal); err != nil {
		return err
	}
	if err := s.conn.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return err
	}
	if journal != "wal" {
		return fmt.Errorf("the journal is %q and cannot be made wal: put the file on a local disk", journal)
	}
	if want := map[string]int{"FULL": 2, "NORMAL": 1, "OFF": 0}[synchronous]; sync != want {
		return fmt.Errorf("synchronous is %d, not %d: what is acknowledged could be lost", sync, want)
	}
	return nil
}

func olderThan(version, least string) bool {
	a, b := strings.Split(version, "."), strings.Split(least, ".")
	for i := range min(len(a), len(b)) {
		x, _ := strconv.Atoi(a[i])
		y, _ := strconv.Atoi(b[i])
		if x != y {
			return x < y
		}
	}
	return len(a) < len(b)
}

// holdStatements lets SQLite keep in memory what the pages that a statement changes were
// before it, so that the statement alone can be undone: else, beyond 64 kB in a transaction,
// it writes them into a file. Statements that go through whole tables are to be over.
func (s *Store) holdStatements(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, "PRAGMA temp_store = MEMORY")
	return err
}

// Close ends the store. What was committed stays.
func (s *Store) Close() error {
	errs := []error{s.stopFollowing(context.Background()), s.stopCopying(), s.known.close()}
	s.mu.Lock()
	defer s.mu.Unlock()
	errs = append(errs, s.prepared.close(s.conn))
	if s.readers != nil { // first, so that the writer is the last one and tidies up the WAL
		errs = append(errs, s.readers.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.Close())
	}
	if s.owner != nil {
		errs = append(errs, s.owner.Close())
	}
	s.failed = errors.New("the store is closed")
	s.conn, s.writer, s.readers, s.owner = nil, nil, nil, nil
	return errors.Join(errs...)
}

// state is what the last commit left.
type state struct {
	last   data.Revision
	leaves int64       // in the log
	root   ledger.Hash // of the log
}

// run carries out statements.
func run(ctx context.Context, conn *sql.Conn, statements []gpkg.Statement) error {
	for _, st := range statements {
		if _, err := conn.ExecContext(ctx, st.SQL, st.Args...); err != nil {
			return fmt.Errorf("%w (%.60s)", err, st.SQL)
		}
	}
	return nil
}

func toNanos(t time.Time) int64 { return t.UnixNano() }

func fromNanos(n int64) time.Time { return time.Unix(0, n).UTC() }

var _ store.Store = (*Store)(nil)
