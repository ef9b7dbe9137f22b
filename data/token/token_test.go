package token_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"demarc/data"
	"demarc/data/token"
)

type kept map[string]token.Token

func (k kept) AddToken(_ context.Context, t token.Token) error { k[t.ID] = t; return nil }
func (k kept) Token(_ context.Context, id string) (token.Token, error) {
	if t, ok := k[id]; ok {
		return t, nil
	}
	return token.Token{}, data.ErrNotFound
}
func (k kept) Tokens(context.Context) ([]token.Token, error)             { return nil, nil }
func (k kept) RevokeToken(context.Context, string, time.Time) error      { return nil }
func (k kept) UseToken(_ context.Context, id string, at time.Time) error { return nil }

func TestVerify(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	tok, text, err := token.New("ann", token.Editor, nil, now, 0)
	if err != nil {
		t.Fatal(err)
	}
	revoked, revokedText, _ := token.New("bob", token.Editor, nil, now, 0)
	revoked.Revoked = now
	k := kept{tok.ID: tok, revoked.ID: revoked}
	if strings.Contains(string(tok.Sum[:]), text) || len(text) != len("demarc__")+8+43 {
		t.Errorf("the text %q", text)
	}
	last := byte('A')
	if text[len(text)-2] == 'A' {
		last = 'B'
	}
	for name, tt := range map[string]struct {
		text string
		at   time.Time
		good bool
	}{
		"good":           {text, now, true},
		"last moment":    {text, now.Add(token.Lifetime - time.Second), true},
		"expired":        {text, now.Add(token.Lifetime), false},
		"revoked":        {revokedText, now, false},
		"another secret": {text[:len(text)-2] + string(last) + text[len(text)-1:], now, false},
		"another id":     {"demarc_aaaaaaaa" + text[15:], now, false},
		"cut short":      {text[:len(text)-1], now, false},
		"longer":         {text + "A", now, false},
		"no token":       {"Bearer", now, false},
		"empty":          {"", now, false},
		"id in capitals": {"demarc_" + strings.ToUpper(tok.ID) + text[15:], now, false},
		"not of base64":  {text[:20] + "." + text[21:], now, false},
		"not of ASCII":   {text[:20] + "é" + text[22:], now, false},
	} {
		got, err := token.Verify(t.Context(), k, tt.text, tt.at)
		if tt.good && (err != nil || got.Name != "ann") || !tt.good && !errors.Is(err, token.ErrInvalid) {
			t.Errorf("%s: %v, %v", name, got.Name, err)
		}
	}
}

func TestRoles(t *testing.T) {
	if token.Contributor.May(token.Editor) || !token.Admin.May(token.Editor) || !token.Editor.May(token.Editor) || token.Admin.May("owner") || token.Role("").May(token.Contributor) {
		t.Error("roles include the wrong ones")
	}
	limited := token.Token{Scope: []string{"incidents"}}
	if limited.Covers("places") || !limited.Covers("incidents") || !(&token.Token{}).Covers("places") {
		t.Error("the scope does not limit")
	}
	for _, err := range []error{
		third(token.New("", token.Editor, nil, time.Now(), 0)), third(token.New("a", "owner", nil, time.Now(), 0)), third(token.New("a", token.Editor, nil, time.Now(), -1)),
	} {
		if err == nil {
			t.Error("a token that makes no sense was made")
		}
	}
}

func third(_ token.Token, _ string, err error) error { return err }
