package gpkg

import (
	"errors"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlitelib "modernc.org/sqlite/lib"
)

// SQLite writes each page of a commit into the write-ahead log by two calls of the
// system, and then asks for all of it to reach the disk. The calls take as long as the
// disk does. This VFS (https://www.sqlite.org/vfs.html) is the system's own, but that
// what is written into a log is kept until it has to be there, and written by one call.
//
// What others can see stays the same: a commit tells them of pages in the log only when
// the log was synchronised, which synchronous=FULL does with each commit. With another
// setting nothing says when pages have to be there, and the VFS must not be used.

// journalVFS is its name.
const journalVFS = "demarc-journal"

// mostPending is how many bytes of a log are kept at the most: so many the engine's file
// system writes at once (seekAndWriteFd).
const mostPending = 1<<17 - 1

// The methods of the engine, as it calls them (sqlite3.h): a file, a buffer or a place
// for a result, an amount, an offset in bytes. They return a result code.
type (
	openMethod  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	closeMethod = func(tls *libc.TLS, file uintptr) int32
	moveMethod  = func(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32
	cutMethod   = func(tls *libc.TLS, file uintptr, size int64) int32
	syncMethod  = func(tls *libc.TLS, file uintptr, flags int32) int32
	sizeMethod  = func(tls *libc.TLS, file, size uintptr) int32
)

// journal knows the VFS and the logs that are open by it.
var journal struct {
	system *sqlitelib.Tsqlite3_vfs // which does the work

	mu      sync.Mutex          // guards what follows
	methods map[uintptr]uintptr // those that take the place of a file's
	logs    map[uintptr]*pendingLog
}

// pendingLog is what is to be written into a log at an offset. The engine asks for one
// thing of a file at a time.
type pendingLog struct {
	system *sqlitelib.Tsqlite3_io_methods
	buffer uintptr // of mostPending bytes
	n      int     // of them are pending
	offset int64
}

// registerJournal lets connections be opened with journalVFS.
var registerJournal = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	system := sqlitelib.Xsqlite3_vfs_find(tls, 0)
	if system == 0 {
		return errors.New("SQLite has no file system")
	}
	j := &journal
	j.methods, j.logs = map[uintptr]uintptr{}, map[uintptr]*pendingLog{}
	j.system = in[sqlitelib.Tsqlite3_vfs](system)
	name, err := libc.CString(journalVFS)
	if err != nil {
		return err
	}
	vfs := copied(tls, j.system)
	if vfs == 0 {
		return errNoMemory
	}
	ours := in[sqlitelib.Tsqlite3_vfs](vfs)
	ours.FpNext, ours.FzName, ours.FxOpen = 0, name, code(openMethod(openFile))
	if rc := sqlitelib.Xsqlite3_vfs_register(tls, vfs, 0); rc != sqlitelib.SQLITE_OK {
		return errors.New("SQLite does not take a file system")
	}
	return nil
})

var errNoMemory = errors.New("SQLite has no memory for a file system")

// copied returns a copy of what the engine has, for good, or 0.
func copied[T any](tls *libc.TLS, of *T) uintptr {
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(*of)))
	if p != 0 {
		*in[T](p) = *of
	}
	return p
}

// in returns what the engine has at an address.
func in[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// code returns a function as the engine keeps it, and call one that it keeps.
func code[F any](f F) uintptr         { return *(*uintptr)(unsafe.Pointer(&f)) }
func call[F any](address uintptr) F   { return *(*F)(unsafe.Pointer(&address)) }
func bytesAt(p uintptr, n int) []byte { return unsafe.Slice(in[byte](p), n) }

func openFile(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	j := &journal
	rc := call[openMethod](j.system.FxOpen)(tls, vfs, name, file, flags, outFlags)
	if rc != sqlitelib.SQLITE_OK || flags&sqlitelib.SQLITE_OPEN_WAL == 0 {
		return rc
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	opened := in[sqlitelib.Tsqlite3_file](file)
	l := &pendingLog{system: in[sqlitelib.Tsqlite3_io_methods](opened.FpMethods), buffer: libc.Xmalloc(tls, mostPending)}
	ours := j.methods[opened.FpMethods]
	if ours == 0 {
		ours = copied(tls, l.system)
	}
	if l.buffer == 0 || ours == 0 {
		call[closeMethod](l.system.FxClose)(tls, file)
		return sqlitelib.SQLITE_NOMEM
	}
	m := in[sqlitelib.Tsqlite3_io_methods](ours)
	m.FxClose, m.FxRead, m.FxWrite = code(closeMethod(closeLog)), code(moveMethod(readLog)), code(moveMethod(writeLog))
	m.FxTruncate, m.FxSync, m.FxFileSize = code(cutMethod(cutLog)), code(syncMethod(syncLog)), code(sizeMethod(sizeOfLog))
	j.methods[opened.FpMethods] = ours
	j.logs[file], opened.FpMethods = l, ours
	return rc
}

func logOf(file uintptr) *pendingLog {
	journal.mu.Lock()
	defer journal.mu.Unlock()
	return journal.logs[file]
}

// flush writes what is pending. What could not be written is dropped: the engine takes
// nothing of it for granted after an error.
func (l *pendingLog) flush(tls *libc.TLS, file uintptr) int32 {
	n := l.n
	if l.n = 0; n == 0 {
		return sqlitelib.SQLITE_OK
	}
	return call[moveMethod](l.system.FxWrite)(tls, file, l.buffer, int32(n), l.offset)
}

func writeLog(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if offset != l.offset+int64(l.n) || l.n+int(n) > mostPending {
		if rc := l.flush(tls, file); rc != sqlitelib.SQLITE_OK {
			return rc
		}
		l.offset = offset
	}
	if n > mostPending {
		return call[moveMethod](l.system.FxWrite)(tls, file, buffer, n, offset)
	}
	copy(bytesAt(l.buffer, mostPending)[l.n:], bytesAt(buffer, int(n)))
	l.n += int(n)
	return sqlitelib.SQLITE_OK
}

func readLog(tls *libc.TLS, file, buffer uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlitelib.SQLITE_OK {
		return rc
	}
	return call[moveMethod](l.system.FxRead)(tls, file, buffer, n, offset)
}

func syncLog(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlitelib.SQLITE_OK {
		return rc
	}
	return call[syncMethod](l.system.FxSync)(tls, file, flags)
}

func cutLog(tls *libc.TLS, file uintptr, size int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlitelib.SQLITE_OK {
		return rc
	}
	return call[cutMethod](l.system.FxTruncate)(tls, file, size)
}

func sizeOfLog(tls *libc.TLS, file, size uintptr) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlitelib.SQLITE_OK {
		return rc
	}
	return call[sizeMethod](l.system.FxFileSize)(tls, file, size)
}

func closeLog(tls *libc.TLS, file uintptr) int32 {
	l := logOf(file)
	rc := l.flush(tls, file)
	journal.mu.Lock()
	delete(journal.logs, file)
	journal.mu.Unlock()
	libc.Xfree(tls, l.buffer)
	return max(rc, call[closeMethod](l.system.FxClose)(tls, file))
}
