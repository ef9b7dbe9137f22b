package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"demarc/data"
	"demarc/data/edit"
	"demarc/data/token"
)

// reading are the methods that every resource takes.
const reading = "GET, HEAD, OPTIONS"

// What a request is refused for because of who sends it. Reading is open; what
// a reader may not see is data.ErrNotFound, as if it were not there.
var (
	errNoToken   = errors.New("an access token is needed")
	errForbidden = errors.New("the access token does not allow this")
)

// roles are the least roles that the actions on the collections need.
func roleFor(collection string) token.Role {
	switch collection {
	case "segments", "areas": // the border is not everybody's to draw
		return token.Editor
	}
	return token.Contributor
}

// uses notes on which day each token was used last, so that the store is told
// once a day.
type uses struct {
	mu   sync.Mutex
	days map[string]string
}

func (u *uses) first(id, day string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.days == nil || len(u.days) > 10_000 {
		u.days = map[string]string{}
	}
	if u.days[id] == day {
		return false
	}
	u.days[id] = day
	return true
}

// writable tells whether the service takes changes from those who may.
func (s *Server) writable() bool { return s.cfg.Tokens != nil }

// holder returns the token that the request comes with, nil where it comes with
// none, or token.ErrInvalid. Tokens come in the Authorization header alone
// (RFC 6750 §2.1): no page of another site can make a browser send one.
func (s *Server) holder(c *gin.Context) (*token.Token, error) {
	header := c.GetHeader("Authorization")
	if header == "" || !s.writable() {
		return nil, nil
	}
	if known := requestOf(c).holder; known != nil {
		return known, nil
	}
	scheme, text, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, token.ErrInvalid
	}
	now := s.cfg.Now()
	t, err := token.Verify(c.Request.Context(), s.cfg.Tokens, strings.TrimSpace(text), now)
	if err != nil {
		return nil, err
	}
	if day := now.UTC(); s.uses.first(t.ID, day.Format("2006-01-02")) {
		if err := s.cfg.Tokens.UseToken(c.Request.Context(), t.ID, day); err != nil {
			s.log.Warn("the use of a token could not be noted", "token", t.ID, "error", err.Error())
		}
	}
	requestOf(c).holder = &t
	return &t, nil
}

// known to the handlers: who sends the request, and must have at least a role.
func (s *Server) holderOf(c *gin.Context, least token.Role) (*token.Token, error) {
	t, err := s.holder(c)
	switch {
	case err != nil:
		return nil, err
	case t == nil:
		return nil, errNoToken
	case !t.Role.May(least):
		return nil, fmt.Errorf("%w: it is for a %s, and this is for a %s", errForbidden, t.Role, least)
	}
	return t, nil
}

// sees tells whether the token's holder sees a draft: their own, or all as an
// editor of its collection.
func sees(t *token.Token, draft *data.Version) bool {
	return t != nil && (draft.Author == t.Name || t.Role.May(token.Editor) && t.Covers(string(draft.Kind)))
}

// methods returns what a resource takes from the holder of a token, nil for
// none: the value of Allow. all is for a browser that asks before it sends a
// token.
func (s *Server) methods(c *gin.Context, t *token.Token, all bool) string {
	takes := []string{reading}
	route := c.FullPath()
	collection, _ := pathParam(c, "collectionId")
	_, editable := edit.KindOf(collection)
	may := func(least token.Role) bool {
		return s.writable() && (all || t != nil && t.Role.May(least) && t.Covers(collection))
	}
	switch route {
	case itemsRoute:
		if editable && may(roleFor(collection)) {
			takes = append(takes, "POST")
		}
	case itemRoute:
		if editable && may(roleFor(collection)) {
			takes = append(takes, "PUT", "PATCH", "DELETE")
		}
	case publishRoute, redactRoute:
		takes = []string{"OPTIONS"}
		if editable && may(token.Editor) {
			takes = append(takes, "POST")
		}
	}
	return strings.Join(takes, ", ")
}

// options answers what a resource takes of who asks (RFC 9110 §9.3.7), and the
// preflight of a browser that asks from another origin (Fetch §3.2.2), which
// comes without a token.
func (s *Server) options(c *gin.Context) error {
	t, err := s.holder(c)
	if err != nil {
		return err
	}
	preflight := c.GetHeader("Access-Control-Request-Method") != ""
	c.Header("Allow", s.methods(c, t, preflight))
	allowed := slices.DeleteFunc(strings.Split(s.methods(c, t, true), ", "), func(m string) bool { return m == "OPTIONS" })
	c.Header("Access-Control-Allow-Methods", strings.Join(allowed, ", "))
	headers := "Accept, If-None-Match"
	if len(allowed) != 2 { // it takes changes
		headers = "Accept, Authorization, Content-Crs, Content-Type, Demarc-Comment, Idempotency-Key, If-Match, If-None-Match, If-Unmodified-Since, Prefer"
	}
	c.Header("Access-Control-Allow-Headers", headers)
	c.Header("Access-Control-Max-Age", "86400")
	if route := c.FullPath(); len(allowed) != 2 {
		switch route {
		case itemsRoute:
			c.Header("Accept-Post", strings.Join(featureTypes, ", "))
		case itemRoute:
			c.Header("Accept-Patch", strings.Join(patchTypes, ", "))
		}
	}
	c.Header("Content-Length", "0")
	c.Status(http.StatusOK) // not 204 (OGC 20-002r1 /req/create-replace-delete/options-response)
	c.Writer.WriteHeaderNow()
	return nil
}
