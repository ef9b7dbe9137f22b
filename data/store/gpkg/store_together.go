package gpkg

import (
	"context"
	"errors"
	"fmt"

	"demarc/data"
)

// errTakenBack says that what stands above the store knows of commits that were not
// kept.
var errTakenBack = errors.New("what was committed together was not kept: open the store again")

// Together carries out everything that do commits in one transaction: it survives a
// loss of power when Together returns nil, and with an error, do's or its own, none of
// it is kept, and the store takes no more until it is opened again. Others do not see
// it before. What do commits may be more than fits into memory. Only one who has the
// store for himself may do so.
func (s *Store) Together(ctx context.Context, do func() error) error {
	s.mu.Lock()
	err := s.begin(ctx)
	before := s.state
	s.mu.Unlock()
	if err != nil {
		return err
	}
	err = do()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.together = false
	if err == nil && s.failed == nil {
		if _, err = s.conn.ExecContext(ctx, "COMMIT"); err == nil {
			s.wrote()
			s.follower.later(nil, 0)
			return nil
		}
		err = s.refused(ctx, &commitError{err})
	}
	_, _ = s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // SQLite may have done so already
	s.state, s.tree = before, nil
	s.follower.forget()
	if s.failed == nil {
		s.failed = errTakenBack
	}
	return err
}

// begin begins the transaction of Together. s.mu is held.
func (s *Store) begin(ctx context.Context) error {
	switch {
	case !s.leads():
		return data.ErrReadOnly
	case s.failed != nil:
		return fmt.Errorf("%w: %w", data.ErrUnavailable, s.failed)
	case s.together:
		return errors.New("commit together: it is within another such commit")
	}
	if _, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return s.refused(ctx, err)
	}
	s.together = true
	return nil
}

func (s *Store) withinTogether(ctx context.Context, do func() error) error {
	if _, err := s.conn.ExecContext(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	err := do()
	if err != nil {
		_, _ = s.conn.ExecContext(ctx, "ROLLBACK TO part") // SQLite may have ended it all
	}
	if _, released := s.conn.ExecContext(ctx, "RELEASE part"); err == nil {
		err = released
	}
	return err
}
