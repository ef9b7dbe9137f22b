package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"demarc/data"
	"demarc/data/token"
)

const tokenColumns = `id, name, role, scope, created, expires, revoked, used, hash, sum`

// AddToken is token.Keeper's.
func (s *Store) AddToken(ctx context.Context, t token.Token) error {
	defer s.known.forget()
	return s.write(ctx, func() error { return s.putToken(ctx, "INSERT", &t) })
}

// putToken writes a token's row with its sum.
func (s *Store) putToken(ctx context.Context, verb string, t *token.Token) error {
	return s.exec(ctx, verb+` INTO demarc_tokens (`+tokenColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.Name, string(t.Role), strings.Join(t.Scope, " "), t.Created.Unix(), t.Expires.Unix(), orNever(t.Revoked), orNever(t.Used), t.Sum[:], s.tokenSum(t))
}

func (s *Store) tokenSum(t *token.Token) []byte {
	return s.sum(t.ID, t.Name, string(t.Role), strings.Join(t.Scope, " "), t.Created.Unix(), t.Expires.Unix(), t.Revoked.Unix(), t.Used.Unix(), t.Sum[:])
}

// write carries out a small change beside the records.
func (s *Store) write(ctx context.Context, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealed {
		return data.ErrReadOnly
	}
	if s.failed != nil {
		return fmt.Errorf("%w: %w", data.ErrUnavailable, s.failed)
	}
	if err := s.within(ctx, do); err != nil {
		return s.refused(ctx, err)
	}
	return nil
}

func orNever(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// Token is token.Keeper's.
func (s *Store) Token(_ context.Context, id string) (token.Token, error) {
	t, err := s.known.token(s, id)
	if errors.Is(err, sql.ErrNoRows) {
		return token.Token{}, data.ErrNotFound
	}
	if err != nil {
		return token.Token{}, s.unreadable("demarc_tokens", err)
	}
	return t, nil
}

// knownTokens are the tokens that were asked for since anybody last wrote into the
// file: each change comes with one, which would cost more to read than the change
// does. Its statements belong to one connection, whose data_version tells of all
// that others have committed. It is asked for anew when it was asked tokenLook ago:
// who revokes a token, in this process or another, waits for that (RevokeToken).
type knownTokens struct {
	mu      sync.Mutex // guards what follows
	conn    *sql.Conn
	version *sql.Stmt // what the file says of its version
	find    *sql.Stmt // a token by its id
	at      int64
	looked  time.Time // when at was asked for; zero for not since a token was changed here
	tokens  map[string]token.Token
}

// tokenLook is for how long what is known of a token is not asked for again: to ask
// takes longer than all else that is done to see who sends a change.
const tokenLook = 5 * time.Millisecond

// forget has the next who asks look into the file.
func (k *knownTokens) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.looked = time.Time{}
}

// token returns a token, or sql.ErrNoRows.
func (k *knownTokens) token(s *Store, id string) (t token.Token, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	if t, ok := k.tokens[id]; ok && now.Sub(k.looked) < tokenLook {
		return t, nil
	}
	ctx := context.Background() // one that can end costs a goroutine for each statement
	if k.find == nil {
		if err := k.open(ctx, s.readers); err != nil {
			return t, err
		}
	}
	var at int64
	if err := k.version.QueryRowContext(ctx).Scan(&at); err != nil {
		return t, err
	}
	if k.looked = now; at != k.at {
		k.at = at
		clear(k.tokens)
	}
	t, ok := k.tokens[id]
	if ok {
		return t, nil
	}
	if t, err = s.scanToken(k.find.QueryRowContext(ctx, id)); err == nil {
		k.tokens[id] = t
	}
	return t, err
}

func (k *knownTokens) open(ctx context.Context, readers *sql.DB) (err error) {
	if k.conn == nil {
		if k.conn, err = readers.Conn(ctx); err != nil {
			return err
		}
	}
	if k.version == nil {
		if k.version, err = k.conn.PrepareContext(ctx, "PRAGMA data_version"); err != nil {
			return err
		}
	}
	k.tokens = map[string]token.Token{}
	k.find, err = k.conn.PrepareContext(ctx, "SELECT "+tokenColumns+" FROM demarc_tokens WHERE id = ?")
	return err
}

func (k *knownTokens) close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	var errs []error
	for _, st := range []*sql.Stmt{k.version, k.find} {
		if st != nil {
			errs = append(errs, st.Close())
		}
	}
	if k.conn != nil {
		errs = append(errs, k.conn.Close())
	}
	k.conn, k.version, k.find, k.looked = nil, nil, nil, time.Time{}
	return errors.Join(errs...)
}

func (s *Store) scanToken(row interface{ Scan(...any) error }) (token.Token, error) {
	var t token.Token
	var role, scope string
	var created, expires int64
	var revoked, used sql.NullInt64
	var hash, sum []byte
	if err := row.Scan(&t.ID, &t.Name, &role, &scope, &created, &expires, &revoked, &used, &hash, &sum); err != nil {
		return t, err
	}
	if len(hash) != len(t.Sum) {
		return t, damagedRow("demarc_tokens", t.ID, "it cannot be read")
	}
	t.Role, t.Scope, t.Sum = token.Role(role), strings.Fields(scope), [32]byte(hash)
	t.Created, t.Expires = time.Unix(created, 0).UTC(), time.Unix(expires, 0).UTC()
	if revoked.Valid {
		t.Revoked = time.Unix(revoked.Int64, 0).UTC()
	}
	if used.Valid {
		t.Used = time.Unix(used.Int64, 0).UTC()
	}
	if string(sum) != string(s.tokenSum(&t)) {
		return t, damagedRow("demarc_tokens", t.ID, "its content does not have its sum")
	}
	return t, nil
}

// Tokens is token.Keeper's.
func (s *Store) Tokens(ctx context.Context) ([]token.Token, error) { return s.tokens(ctx, s.readers) }

func (s *Store) tokens(ctx context.Context, q querier) ([]token.Token, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+tokenColumns+` FROM demarc_tokens ORDER BY created DESC, id`)
	if err != nil {
		return nil, s.unreadable("demarc_tokens", err)
	}
	defer rows.Close()
	var out []token.Token
	for rows.Next() {
		t, err := s.scanToken(rows)
		if err != nil {
			return nil, s.unreadable("demarc_tokens", err)
		}
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, s.unreadable("demarc_tokens", err)
	}
	return out, nil
}

// RevokeToken is token.Keeper's. When it returns, every process refuses the token: it
// waits until none takes it by what it saw before.
func (s *Store) RevokeToken(ctx context.Context, id string, at time.Time) error {
	err := s.changeToken(ctx, id, func(t *token.Token) bool {
		was := t.Revoked.IsZero()
		t.Revoked = at.UTC().Truncate(time.Second)
		return was
	})
	if err == nil {
		time.Sleep(2 * tokenLook)
	}
	return err
}

// UseToken is token.Keeper's. It writes once a day.
func (s *Store) UseToken(ctx context.Context, id string, day time.Time) error {
	day = day.UTC().Truncate(24 * time.Hour)
	return s.changeToken(ctx, id, func(t *token.Token) bool {
		was := t.Used.Before(day)
		t.Used = day
		return was
	})
}

// changeToken changes a token's row, where change says so.
func (s *Store) changeToken(ctx context.Context, id string, change func(*token.Token) bool) error {
	t, err := s.Token(ctx, id)
	if err != nil || !change(&t) {
		return err
	}
	defer s.known.forget()
	return s.write(ctx, func() error { // it may have changed since
		t, err := s.scanToken(s.conn.QueryRowContext(ctx, `SELECT `+tokenColumns+` FROM demarc_tokens WHERE id = ?`, id))
		if err != nil || !change(&t) {
			return err
		}
		return s.putToken(ctx, "INSERT OR REPLACE", &t)
	})
}

var _ token.Keeper = (*Store)(nil)
