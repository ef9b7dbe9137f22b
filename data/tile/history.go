package tile

import (
	"slices"
	"sync"

	"demarc/geo"
)

// history knows how revisions follow on each other, and where each changed
// something. Revisions of which nobody said what they follow on, such as those of
// an earlier day of knowledge, begin a line of their own.
type history struct {
	mu      sync.Mutex
	moments map[string]moment
	known   []string // the revisions, the oldest first
}

// moment is a revision's place in its line. The zero moment is in none.
type moment struct {
	line *line
	n    int
}

// line is a row of revisions. changes[i] leads from the (first+i)-th to the next.
type line struct {
	first   int
	changes []map[string][]geo.BBox
}

// before tells whether m is earlier than o in one line.
func (m moment) before(o moment) bool { return m.line == o.line && m.n < o.n }

// maxRevisions bounds how many revisions are remembered.
const maxRevisions = 1 << 12

// find returns the moment of a revision.
func (h *history) find(revision string) moment {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.moment(revision)
}

func (h *history) moment(revision string) moment {
	m, ok := h.moments[revision]
	if !ok {
		m = moment{line: &line{}}
		h.remember(revision, m)
	}
	return m
}

// remember notes a revision, and forgets the oldest ones when there are too many.
func (h *history) remember(revision string, m moment) {
	if h.moments == nil {
		h.moments = map[string]moment{}
	}
	h.moments[revision] = m
	h.known = append(h.known, revision)
	if len(h.known) <= maxRevisions {
		return
	}
	for _, old := range h.known[:maxRevisions/2] {
		m := h.moments[old]
		delete(h.moments, old)
		if gone := min(m.n+1-m.line.first, len(m.line.changes)); gone > 0 {
			m.line.first += gone
			m.line.changes = slices.Clone(m.line.changes[gone:])
		}
	}
	h.known = slices.Clone(h.known[maxRevisions/2:])
}

// advance notes that one revision followed on another.
func (h *history) advance(from, to string, changed map[string][]geo.BBox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.moments[to]; known {
		return
	}
	m := h.moment(from)
	if m.n != m.line.first+len(m.line.changes) {
		h.remember(to, moment{line: &line{}}) // another has followed on it already
		return
	}
	m.line.changes = append(m.line.changes, changed)
	h.remember(to, moment{m.line, m.n + 1})
}

// untouched tells whether nothing that lies in b changed between two moments.
func (h *history) untouched(collection string, then, now moment, b geo.BBox) bool {
	if then == now {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !then.before(now) || then.n < now.line.first {
		return false
	}
	for _, changed := range now.line.changes[then.n-now.line.first : now.n-now.line.first] {
		if slices.ContainsFunc(changed[collection], b.Intersects) {
			return false
		}
	}
	return true
}
