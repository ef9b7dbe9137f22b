// Package token says who may change the data: access tokens, their roles, and
// how they are kept. A token is shown once, when it is made; what is kept of it
// is a sum, from which it cannot be found again.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"demarc/data"
	"demarc/geo"
)

// Role is what a token's holder may do; each may do what the ones before may.
type Role string

// The roles.
const (
	Contributor Role = "contributor" // write drafts, and see their own
	Editor      Role = "editor"      // see every draft; publish, correct, retract, redact
	Admin       Role = "admin"       // make and revoke tokens
)

// Roles returns the roles, the least first.
func Roles() []Role { return []Role{Contributor, Editor, Admin} }

// May tells whether the role includes another one.
func (r Role) May(other Role) bool {
	return slices.Index(Roles(), other) >= 0 && slices.Index(Roles(), r) >= slices.Index(Roles(), other)
}

// Lifetime is how long a token is good for where nothing else is said.
const Lifetime = 90 * 24 * time.Hour

// Token is what is kept of a token.
type Token struct {
	ID      string // 8 characters: names it in lists and in logs
	Name    string // whose it is: the author of what is changed with it
	Role    Role
	Scope   []string // the collections that it may change; empty for all
	Created time.Time
	Expires time.Time
	Revoked time.Time // zero while it is good
	Used    time.Time // the day on which it was last used, UTC; zero for never
	Sum     [sha256.Size]byte
}

// Covers tells whether the token may change a collection.
func (t *Token) Covers(collection string) bool {
	return len(t.Scope) == 0 || slices.Contains(t.Scope, collection)
}

// ErrInvalid says that a token is not good: not known, expired, revoked or not
// of the form. It does not tell which.
var ErrInvalid = errors.New("the access token is not valid")

// Keeper keeps tokens. It is safe for concurrent use.
type Keeper interface {
	// AddToken keeps a new token.
	AddToken(ctx context.Context, t Token) error
	// Token returns the token of an id, or data.ErrNotFound.
	Token(ctx context.Context, id string) (Token, error)
	// Tokens returns all, the newest first.
	Tokens(ctx context.Context) ([]Token, error)
	// RevokeToken makes a token invalid, or returns data.ErrNotFound.
	RevokeToken(ctx context.Context, id string, at time.Time) error
	// UseToken notes the day on which a token was used.
	UseToken(ctx context.Context, id string, day time.Time) error
}

// idOf returns the id in a token's text, which is demarc_, 8 characters of base32 in
// lower case, _ and 43 of base64url (RFC 4648).
func idOf(text string) (id string, ok bool) {
	const head, end = len("demarc_"), len("demarc_") + 8
	if len(text) != end+1+43 || text[:head] != "demarc_" || text[end] != '_' {
		return "", false
	}
	for i := head; i < end; i++ {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return "", false
		}
	}
	for i := end + 1; i < len(text); i++ {
		if c := text[i] | 0x20; (c < 'a' || c > 'z') && (text[i] < '0' || text[i] > '9') && text[i] != '_' && text[i] != '-' {
			return "", false
		}
	}
	return text[head:end], true
}

// New makes a token and its text, demarc_<id>_<secret>, which holds 256 random
// bits. A lifetime of zero is Lifetime. The error is a *geo.InputError.
func New(name string, role Role, scope []string, now time.Time, lifetime time.Duration) (Token, string, error) {
	var faults geo.Faults
	if name == "" {
		faults.Add("name", "", "is missing", "say whose token it is; changes made with it are signed so")
	}
	if !slices.Contains(Roles(), role) {
		faults.Add("role", string(role), "is no role", "use contributor, editor or admin")
	}
	if lifetime < 0 {
		faults.Add("expires", lifetime.String(), "has passed", "choose a time to come")
	}
	if err := faults.Err(); err != nil {
		return Token{}, "", err
	}
	if lifetime == 0 {
		lifetime = Lifetime
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // which never fails (crypto/rand)
	id := idFrom(rand.Text())
	text := "demarc_" + id + "_" + base64.RawURLEncoding.EncodeToString(secret[:])
	now = now.UTC().Truncate(time.Second)
	return Token{ID: id, Name: name, Role: role, Scope: scope, Created: now, Expires: now.Add(lifetime), Sum: sha256.Sum256([]byte(text))}, text, nil
}

// idFrom makes an id of random base32 text.
func idFrom(text string) string {
	id := []byte(text[:8])
	for i, c := range id {
		if c >= 'A' && c <= 'Z' {
			id[i] = c + 'a' - 'A'
		}
	}
	return string(id)
}

// Verify returns the token of a text, or ErrInvalid; another error is the
// keeper's. What is not a token costs as much time as one that is.
func Verify(ctx context.Context, k Keeper, text string, now time.Time) (Token, error) {
	id, ok := idOf(text)
	if !ok {
		return Token{}, ErrInvalid
	}
	sum := sha256.Sum256([]byte(text))
	t, err := k.Token(ctx, id)
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return Token{}, err
	}
	same := subtle.ConstantTimeCompare(sum[:], t.Sum[:]) == 1
	if err != nil || !same || !t.Revoked.IsZero() || !now.Before(t.Expires) {
		return Token{}, ErrInvalid
	}
	return t, nil
}
