package snapshot

import (
	"slices"

	"demarc/geo"
	"demarc/geo/cql2"
)

// candidates are rows among which all are that a condition selects. Each of them is
// asked the whole query again.
type candidates struct {
	name string
	rows int // how many, one that is named twice counted twice
	each func(yield func(row uint32))
}

// joined returns the candidates of the filter's parts that are joined by OR, also
// below NOT, where every operand has an index of its own; ok is false where they
// are more than most rows, and where choose finds as much without them.
func (s *searcher) joined(most int) (best candidates, ok bool) {
	best.rows = most + 1
	for _, e := range conjuncts(s.q.Filter) {
		narrow := s.narrow
		switch e.(type) {
		case cql2.Or, cql2.Not:
		default: // choose has the other indexes
			narrow = func(e cql2.Expr, _ bool, most int) (candidates, bool) { return s.identified(e, most) }
		}
		if c, ok := narrow(e, true, best.rows-1); ok {
			best = c
		}
	}
	return best, best.each != nil
}

// lookAtAll looks at the candidates.
func (s *searcher) lookAtAll(c *candidates) {
	from := len(s.rows)
	c.each(func(row uint32) { s.rows = append(s.rows, row) })
	slices.Sort(s.rows[from:])
	s.rows = slices.Compact(s.rows)
	all := slices.Clone(s.rows)
	s.rows = s.rows[:from]
	s.pick(all)
}

// narrow returns the fewest candidates for e to have the truth; ok is false where no
// index leaves at most so many.
func (s *searcher) narrow(e cql2.Expr, truth bool, most int) (best candidates, ok bool) {
	if most < 0 {
		return best, false
	}
	var args []cql2.Expr
	every := truth // must all have the truth, or one of them
	switch e := e.(type) {
	case cql2.Not:
		return s.narrow(e.Arg, !truth, most)
	case cql2.And:
		args = e.Args
	case cql2.Or:
		args, every = e.Args, !truth
	default:
		return s.single(e, truth, most)
	}
	if !every {
		return s.united(args, truth, most)
	}
	best, ok = s.bounded(e, truth, most)
	for _, arg := range args {
		if ok {
			most = best.rows - 1
		}
		if c, found := s.narrow(arg, truth, most); found {
			best, ok = c, true
		}
	}
	return best, ok
}

// united returns the candidates of all operands together.
func (s *searcher) united(args []cql2.Expr, truth bool, most int) (all candidates, ok bool) {
	var parts []candidates
	for _, arg := range args {
		c, ok := s.narrow(arg, truth, most-all.rows)
		if !ok {
			return all, false
		}
		all.rows += c.rows
		parts = append(parts, c)
		if all.name != "" && c.name != "" {
			all.name += " or "
		}
		all.name += c.name
	}
	all.each = func(yield func(row uint32)) {
		for _, c := range parts {
			c.each(yield)
		}
	}
	return all, true
}

// single returns the candidates of a condition without AND, OR and NOT.
func (s *searcher) single(e cql2.Expr, truth bool, most int) (candidates, bool) {
	if !truth {
		e = cql2.Not{Arg: e}
	}
	if set := s.v.setOf(e); set != nil {
		return set.candidates(most)
	}
	if c, ok := s.identified(e, most); ok {
		return c, true
	}
	return s.bounded(e, true, most)
}

// bounded returns the candidates that the hint of e names.
func (s *searcher) bounded(e cql2.Expr, truth bool, most int) (best candidates, ok bool) {
	if !truth {
		e = cql2.Not{Arg: e}
	}
	hint := cql2.Bounds(e, s.v.sites.longest)
	if hint.Never {
		return candidates{each: func(func(uint32)) {}}, true
	}
	take := func(c candidates, found bool) {
		if found {
			best, ok, most = c, true, c.rows-1
		}
	}
	for name, iv := range hint.Times {
		if set := s.v.column(s.v.schema.Index(name)).during(iv); set != nil {
			take(set.candidates(most))
		}
	}
	for name, values := range hint.Equal {
		if set := s.v.column(s.v.schema.Index(name)).matchingAny(values); set != nil {
			take(set.candidates(most))
		}
	}
	if hint.Boxes != nil {
		take(s.placed(hint.Boxes, most))
	}
	return best, ok
}

// candidates returns the rows of the set, unless they are more than most.
func (set *codeSet) candidates(most int) (candidates, bool) {
	n := set.count()
	if n > most {
		return candidates{}, false
	}
	return candidates{"index of " + set.column.field.Name, n, func(yield func(row uint32)) {
		p := set.column.postings()
		for _, r := range set.ranges {
			for _, row := range p.rows[p.starts[r.low]:p.starts[r.high]] {
				yield(row)
			}
		}
	}}, true
}

// placed returns the rows whose places meet one of the boxes.
func (s *searcher) placed(boxes []geo.BBox, most int) (candidates, bool) {
	of := searcher{v: s.v}
	found, rows := of.inBoxes(boxes, most)
	if rows > most {
		return candidates{}, false
	}
	return candidates{"index of places", rows, func(yield func(row uint32)) {
		p := s.v.sites.rows
		for _, f := range found {
			for _, row := range p.rows[f.first:f.end] {
				yield(row)
			}
		}
	}}, true
}

// identified returns the rows that a condition on the property id names, where that
// property is the features' identifier.
func (s *searcher) identified(e cql2.Expr, most int) (candidates, bool) {
	p := s.v.part
	arg, names := e, []cql2.Expr(nil)
	switch e := e.(type) {
	case cql2.Compare:
		if e.Op == cql2.Equal {
			arg, names = e.Left, []cql2.Expr{e.Right}
		}
	case cql2.In:
		arg, names = e.Arg, e.List
	}
	prop, ok := arg.(cql2.Property)
	if !ok || len(names) == 0 || len(names) > most || p.next != nil || prop.Field < 0 || !p.identifies(prop.Field) {
		return candidates{}, false
	}
	var rows []uint32
	for _, name := range names {
		id, ok := name.(cql2.String)
		if !ok {
			return candidates{}, false
		}
		if row, ok := p.find(string(id)); ok {
			rows = append(rows, row)
		}
	}
	return candidates{"index of " + prop.Name, len(rows), func(yield func(row uint32)) {
		for _, row := range rows {
			yield(row)
		}
	}}, true
}

// identifies tells whether the field holds the identifier of every feature.
func (p *part) identifies(field int) bool { return p.identified && p.schema.Fields[field].Name == "id" }

// hasIDs tells whether the property id, if there is one, holds the identifier of
// every feature.
func (p *part) hasIDs() bool {
	field := p.schema.Index("id")
	if field < 0 {
		return false
	}
	for row := range p.n {
		if text, ok := p.value(field, row).Str(); !ok || text != p.ids.at(row) {
			return false
		}
	}
	return true
}
