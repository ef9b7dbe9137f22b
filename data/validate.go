package data

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"demarc/geo"
)

// Finding is a fault of one record. Record names the list and the record's id
// ("incidents/2022-09-14-conflict"); the fault's Where is a JSON Pointer
// (RFC 6901) into the record.
type Finding struct {
	Record string
	geo.Fault
}

// Validate holds every record to the domain's rules and returns all that is
// wrong, in the order of the records; nothing when all is well. Its cost grows
// with the records.
func (r *Records) Validate() []Finding {
	look := r.Lookup()
	c := &checker{look: (*listed)(look)}
	for record := range r.Each() {
		c.check(record)
	}
	c.unique(r)
	return c.found
}

// check holds one record to the rules.
func (c *checker) check(r Record) {
	switch v := r.Value.(type) {
	case *Source:
		c.source(v)
	case *Party:
		c.party(v)
	case *Place:
		c.place(v)
	case *Segment:
		c.segment(v, r.Shape)
	case *Area:
		c.area(v, r.Shape)
	case *Incident:
		c.incident(v)
	}
}

// finder finds what a record may refer to, by id; nil for what is not there.
type finder interface {
	incident(id string) *Incident
	claim(id string) *Claim
	source(id string) *Source
	party(id string) *Party
	place(id string) *Place
	segment(id string) *Segment
}

// listed is a finder that looks into lists.
type listed Lookup

func (l *listed) incident(id string) *Incident { return l.Incidents[id] }
func (l *listed) claim(id string) *Claim       { return l.Claims[id] }
func (l *listed) source(id string) *Source     { return l.Sources[id] }
func (l *listed) party(id string) *Party       { return l.Parties[id] }
func (l *listed) place(id string) *Place       { return l.Places[id] }
func (l *listed) segment(id string) *Segment   { return l.Segments[id] }

// checker gathers findings about the record at hand.
type checker struct {
	look   finder
	record string
	found  []Finding
	// quick says that it is enough to know whether anything is wrong: places are not
	// put together, which costs more than looking.
	quick bool
}

// nth returns the place of element i of a list, or of a member of it.
func (c *checker) nth(list string, i int, member string) string {
	if c.quick {
		return ""
	}
	return list + strconv.Itoa(i) + member
}

func (c *checker) add(where, found, problem, mend string) {
	c.found = append(c.found, Finding{c.record, geo.Fault{Where: where, Found: found, Problem: problem, Mend: mend}})
}

// word checks that id is a word of the vocabulary.
func (c *checker) word(where, id string, terms []geo.Term) {
	if has(terms, id) {
		return
	}
	ids := make([]string, len(terms))
	for i, t := range terms {
		ids[i] = t.ID
	}
	problem := "is not a word of this vocabulary"
	if id == "" {
		problem = "is missing"
	}
	c.add(where, id, problem, "write one of "+strings.Join(ids, ", "))
}

// text checks that a text is there.
func (c *checker) text(where, s string) {
	if strings.TrimSpace(s) == "" {
		c.add(where, s, "is missing", "write it")
	}
}

// dated checks that a date is there.
func (c *checker) dated(where string, d Date) {
	if d.IsZero() {
		c.text(where, "")
	}
}

// refer checks that an id is known; an empty one is not.
func refer[T any](c *checker, where, id string, known func(string) *T, list string) {
	if known(id) == nil {
		c.add(where, id, "no such record in "+list, "add it there or mend the id")
	}
}

// sources checks a list of source ids, of which there must be at least min.
func (c *checker) sourceIDs(where string, ids []string, min int) {
	if len(ids) < min {
		c.add(where, "", "names no source", "every fact rests on a source; add its id")
	}
	for i, id := range ids {
		refer(c, c.nth(where+"/", i, ""), id, c.look.source, "sources")
	}
}

// order checks that a stretch of time does not end before it begins.
func (c *checker) order(where string, from, to Date) {
	if !from.IsZero() && !to.IsZero() && !from.First().Before(to.After()) {
		c.add(where, from.String()+" to "+to.String(), "ends before it begins", "mend one of the two dates")
	}
}

var (
	admiralty      = regexp.MustCompile(`^[A-F][1-6]$`)
	languagePatten = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// idForm is the form of ids: runs of letters and digits with single joining
// characters between them.
type idForm struct {
	lower, upper bool
	joins        string
}

var (
	idPattern     = idForm{lower: true, joins: "-"}
	sourcePattern = idForm{lower: true, upper: true, joins: "_.-"}
	partyPattern  = idForm{upper: true, joins: "-"}
)

// fits does without a regular expression, which takes longer than the rest of what is
// checked of a record.
func (f idForm) fits(id string) bool {
	within := false // a run
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9', f.lower && 'a' <= c && c <= 'z', f.upper && 'A' <= c && c <= 'Z':
			within = true
		case within && strings.IndexByte(f.joins, c) >= 0:
			within = false
		default:
			return false
		}
	}
	return within
}

// id checks the form of a record's own id.
func (c *checker) id(id string, form idForm, mend string) {
	if !form.fits(id) {
		c.add("/id", id, "is not an id of the right form", mend)
	}
}

func (c *checker) source(s *Source) {
	c.record = "sources/" + s.ID
	c.id(s.ID, sourcePattern, "use letters, digits, and single _ . or - between them")
	c.text("/publisher", s.Publisher)
	if s.URL != "" && !strings.HasPrefix(s.URL, "http://") && !strings.HasPrefix(s.URL, "https://") {
		c.add("/url", s.URL, "is not a web address", "write it with http:// or https://, or leave it out")
	}
	if s.Lang != "" && !languagePatten.MatchString(s.Lang) {
		c.add("/lang", s.Lang, "is not a language code", "use ISO 639, such as en or ky")
	}
	if s.Reliability != "" && (len(s.Reliability) != 1 || !strings.Contains("ABCDEF", s.Reliability)) {
		c.add("/reliability", s.Reliability, "is not a grade", "use A to F")
	}
}

func (c *checker) party(p *Party) {
	c.record = "parties/" + p.ID
	c.id(p.ID, partyPattern, "use upper-case letters, digits and single hyphens")
	if p.ID == AllParties {
		c.add("/id", p.ID, "is reserved for claims about more than one party", "choose another id")
	}
	c.text("/name", p.Name)
	c.word("/kind", p.Kind, PartyKinds())
	if p.ParentID != "" {
		refer(c, "/parent_id", p.ParentID, c.look.party, "parties")
	}
	c.order("/from", p.From, p.To)
}

func (c *checker) place(p *Place) {
	c.record = "places/" + p.ID
	c.id(p.ID, idPattern, "use lower-case letters, digits and single hyphens")
	c.text("/label", p.Label)
	c.word("/kind", p.Kind, PlaceKinds())
	c.word("/precision", p.Precision, Precisions())
	for i, n := range p.Names {
		where := c.nth("/names/", i, "")
		c.text(where+"/name", n.Name)
		if !languagePatten.MatchString(n.Lang) {
			c.add(where+"/lang", n.Lang, "is not a language code", "use ISO 639, such as en or ky")
		}
		c.order(where+"/from", n.From, n.To)
	}
	for i, a := range p.Admin {
		where := c.nth("/admin/", i, "")
		if len(a.Country) != 2 || strings.ToUpper(a.Country) != a.Country {
			c.add(where+"/country", a.Country, "is not a country code", "use two letters of ISO 3166, such as KG")
		}
		c.order(where+"/from", a.From, a.To)
	}
	c.sourceIDs("/source_ids", p.SourceIDs, 0)
	c.position("", p.Position, p.PositionSource)
}

// position checks the position that stands in the object at where, and that its
// source is named.
func (c *checker) position(where string, position []float64, source string) {
	switch {
	case len(position) == 0:
		return
	case len(position) != 2:
		c.add(where+"/position", fmt.Sprint(position), "is not a position", "write [lon, lat]")
		return
	case !geo.World().Contains(orb.Point{position[0], position[1]}):
		c.add(where+"/position", fmt.Sprint(position), "lies outside the world", "write [lon, lat] in degrees, longitude first")
	}
	c.text(where+"/position_source", source)
}

// unique checks that no id is used twice in a list.
func (c *checker) unique(r *Records) {
	check := func(list string, ids []string) {
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] {
				c.record = list + "/" + id
				c.add("/id", id, "is used twice in "+list, "give one of the two another id")
			}
			seen[id] = true
		}
	}
	check("sources", ids(r.Sources, func(x *Source) string { return x.ID }))
	check("parties", ids(r.Parties, func(x *Party) string { return x.ID }))
	check("places", ids(r.Places, func(x *Place) string { return x.ID }))
	check("segments", ids(r.Segments, func(x *Segment) string { return x.ID }))
	check("areas", ids(r.Areas, func(x *Area) string { return x.ID }))
	check("incidents", ids(r.Incidents, func(x *Incident) string { return x.ID }))
}

func ids[T any](list []T, id func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = id(&list[i])
	}
	return out
}
