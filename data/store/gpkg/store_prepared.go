package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// prepared are the statements of the writer, prepared once. Those that write are the
// driver's own: database/sql would take each argument by itself, and a group of changes
// has hundreds.
type prepared struct {
	read  map[string]*sql.Stmt
	write map[string]driver.StmtExecContext
}

// close ends the statements of a connection, which may be nil.
func (p *prepared) close(conn *sql.Conn) error {
	var errs []error
	for _, st := range p.read {
		errs = append(errs, st.Close())
	}
	if len(p.write) > 0 {
		errs = append(errs, conn.Raw(func(any) error {
			var errs []error
			for _, st := range p.write {
				errs = append(errs, st.(driver.Stmt).Close())
			}
			return errors.Join(errs...)
		}))
	}
	*p = prepared{}
	return errors.Join(errs...)
}

// stmt returns a statement of the writer that reads. s.mu is held.
func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.prepared.read[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.prepared.read == nil {
		s.prepared.read = map[string]*sql.Stmt{}
	}
	s.prepared.read[query] = st
	return st, nil
}

// exec carries out one statement of the writer. s.mu is held.
func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	_, err := s.execute(ctx, query, args...)
	return err
}

// execute carries out one statement of the writer, and tells what it did. s.mu is held.
func (s *Store) execute(ctx context.Context, query string, args ...any) (driver.Result, error) {
	values, err := appendValues(make([]driver.NamedValue, 0, len(args)), args...)
	if err != nil {
		return nil, err
	}
	return s.executeValues(ctx, query, values)
}

// appendValues appends arguments as the driver takes them.
func appendValues(to []driver.NamedValue, args ...any) ([]driver.NamedValue, error) {
	for _, arg := range args {
		switch arg.(type) {
		case nil, int64, string, []byte:
		default:
			value, err := driver.DefaultParameterConverter.ConvertValue(arg)
			if err != nil {
				return nil, err
			}
			arg = value
		}
		to = append(to, driver.NamedValue{Value: arg})
	}
	return to, nil
}

// executeValues carries out one statement of the writer with values as the driver takes
// them, in their order. s.mu is held.
func (s *Store) executeValues(ctx context.Context, query string, values []driver.NamedValue) (result driver.Result, err error) {
	for i := range values {
		values[i].Ordinal = i + 1
	}
	err = s.conn.Raw(func(conn any) (err error) {
		st, ok := s.prepared.write[query]
		if !ok {
			if st, err = prepare(ctx, conn, query); err != nil {
				return err
			}
			if s.prepared.write == nil {
				s.prepared.write = map[string]driver.StmtExecContext{}
			}
			s.prepared.write[query] = st
		}
		result, err = st.ExecContext(ctx, values)
		return err
	})
	return result, err
}

func prepare(ctx context.Context, conn any, query string) (driver.StmtExecContext, error) {
	st, err := conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.(driver.StmtExecContext), nil
}
