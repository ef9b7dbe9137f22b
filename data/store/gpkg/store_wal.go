package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"

	"demarc/data/background"
	"demarc/data/store"
)

// The write-ahead log is copied into the file beside the commits: who fills it last does
// not wait for the pages of all before. SQLite writes over the log from its start as soon
// as all of it is copied and nobody reads it, so that it stays small. All may be copied
// only while nobody writes: what is left then, after most was copied beside, is little.

const (
	walPages  = 1000 // written, after which the log is copied
	walMost   = 8000 // written, after which who writes waits for that
	walRounds = 3    // of copying beside those who write, at the most
)

// copier copies the write-ahead log into the file.
type copier struct {
	mu   sync.Mutex // held while it copies; taken after s.mu
	db   *sql.DB
	conn *sql.Conn

	written atomic.Int64 // pages, to the log, since the store was opened
	due     int64        // from how many written pages on it is to copy; s.mu is held

	wake  chan struct{}
	stop  chan struct{}
	ended sync.WaitGroup
}

// startCopying lets the log be copied beside the commits from now on.
func (s *Store) startCopying(ctx context.Context, options string) error {
	if !s.leads() {
		return nil
	}
	c := &s.copier
	var err error
	if c.db, err = sql.Open("sqlite", address(s.path)+options); err != nil {
		return err
	}
	if c.conn, err = c.db.Conn(ctx); err != nil {
		return err
	}
	if err := s.exec(ctx, "PRAGMA wal_autocheckpoint = 0"); err != nil {
		return err
	}
	c.wake, c.stop, c.due = make(chan struct{}, 1), make(chan struct{}), walPages
	c.ended.Go(s.copying)
	return nil
}

// stopCopying ends it. What is not copied yet is so when the last connection is closed.
func (s *Store) stopCopying() error {
	c := &s.copier
	if c.stop != nil {
		close(c.stop)
		c.ended.Wait()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.stop = nil
	var errs []error
	if c.conn != nil {
		errs = append(errs, c.conn.Close())
	}
	if c.db != nil {
		errs = append(errs, c.db.Close())
	}
	c.conn, c.db = nil, nil
	return errors.Join(errs...)
}

// wrote sees, after a transaction, whether the log is to be copied. s.mu is held.
func (s *Store) wrote() {
	c := &s.copier
	if c.stop == nil {
		return
	}
	var pages int
	if err := s.conn.Raw(func(driver any) (err error) {
		pages, _, err = driver.(sqlite.DBStatus).Status(sqlite.DBStatusCacheWrite, true)
		return err
	}); err != nil {
		return // there is always such a number
	}
	switch written := c.written.Add(int64(pages)); {
	case written >= c.due+walMost-walPages:
		s.copyLog(context.Background())
	case written >= c.due:
		select {
		case c.wake <- struct{}{}:
		default: // it is awake
		}
	}
}

func (s *Store) copying() {
	c := &s.copier
	for {
		select {
		case <-c.stop:
			return
		case <-c.wake:
		}
		ctx := context.Background()
		var err error
		for round := 0; round < walRounds && err == nil; round++ {
			before := c.written.Load()
			background.Do(func() { err = c.copy(ctx) })
			if c.written.Load() == before {
				break // and what was copied is on the disk
			}
		}
		s.mu.Lock()
		if err != nil {
			s.notCopied(err)
		} else {
			s.copyLog(ctx)
		}
		select {
		case <-c.wake: // by who wrote meanwhile
		default:
		}
		s.mu.Unlock()
	}
}

// copyLog copies what is not yet copied. s.mu is held.
func (s *Store) copyLog(ctx context.Context) {
	if err := s.copier.copy(ctx); err != nil {
		s.notCopied(err)
	}
	s.copier.due = s.copier.written.Load() + walPages
}

// notCopied takes note of why the log could not be copied. What was acknowledged stands in
// the log, so that a full disk, or another program that copies, is waited for. After an
// error of the disk the copy may be less than SQLite takes it for, now or the next
// time, and the log must not be written over: nothing is written any more. s.mu is held.
func (s *Store) notCopied(err error) {
	s.copier.due = s.copier.written.Load() + walPages
	var lite *sqlite.Error
	if !errors.As(err, &lite) || s.failed != nil {
		return
	}
	if code := lite.Code() & 0xFF; code == sqlitelib.SQLITE_IOERR || code == sqlitelib.SQLITE_CORRUPT {
		s.failed = fmt.Errorf("%w: copy the write-ahead log into the file: %w", store.ErrUnknown, err)
	}
}

// copy copies what stands in the log and nobody reads otherwise.
func (c *copier) copy(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

// emptyLog copies the log, and leaves nothing in it; who reads can hold this up. s.mu is
// held.
func (s *Store) emptyLog(ctx context.Context) error {
	s.copier.mu.Lock() // SQLite does not wait for another one who copies
	defer s.copier.mu.Unlock()
	_, err := s.conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}
