package importer

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
)

// sink takes what a reader finds: records, rows that are left out, and faults.
type sink struct {
	ctx     context.Context
	o       Options
	yield   func(Item) error
	err     error // of yield or of the reader: the end
	faults  geo.Faults
	untold  int
	summary Summary
	lines   map[string]int // by incident
	dataset string
}

func newSink(ctx context.Context, o Options, yield func(Item) error) *sink {
	o.MaxFaults = cmp.Or(o.MaxFaults, 100)
	return &sink{ctx: ctx, o: o, yield: yield, summary: Summary{LeftOut: map[string]int{}}, lines: map[string]int{}}
}

func (s *sink) stopped() bool {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}

func (s *sink) end() (Summary, error) {
	if s.err != nil {
		return s.summary, s.err
	}
	if s.untold > 0 {
		s.faults.Add(s.o.File, "", fmt.Sprintf("has %d more faults", s.untold), "mend those named first")
	}
	return s.summary, s.faults.Err()
}

// fault notes what is wrong on a line, 0 for all of the file, in a field.
func (s *sink) fault(line int, field, found, problem, mend string) {
	if len(s.faults) == s.o.MaxFaults {
		s.untold++
		return
	}
	where := s.o.File
	if line > 0 {
		where += ":" + strconv.Itoa(line)
	}
	if field != "" {
		where += ":" + field
	}
	s.faults.Add(where, found, problem, mend)
}

// row is one row of a table or one feature, its values by the names of columns.
type row struct {
	line     int
	id       string
	geometry orb.Geometry
	values   map[string]string
	bad      bool // a fault was noted
}

// rowFault notes a fault of a row, which is passed over then.
func (s *sink) rowFault(r *row, field, problem, mend string) {
	r.bad = true
	s.fault(r.line, field, r.values[field], problem, mend)
}

// add yields an incident with all that it refers to, once it keeps the rules.
func (s *sink) add(r *row, records data.Records) {
	if r.bad {
		return
	}
	if found := records.Validate(); len(found) > 0 {
		for _, f := range found {
			s.fault(r.line, "", f.Found, f.Record+" "+strings.TrimPrefix(f.Where, "/")+" "+f.Problem, f.Mend)
		}
		return
	}
	s.give(r, records)
}

// give yields an incident that was not in the file before.
func (s *sink) give(r *row, records data.Records) {
	id := records.Incidents[0].ID
	if first, twice := s.lines[id]; twice {
		s.fault(r.line, "", id, "is the incident of line "+strconv.Itoa(first)+" once more", "give each row an id of its own, or leave one of the two out")
		return
	}
	s.lines[id] = r.line
	if err := s.yield(Item{Line: r.line, Dataset: s.dataset, Records: records}); err != nil {
		s.err = err
	}
}

// leaveOut counts a row that no type of ours fits.
func (s *sink) leaveOut(what string) { s.summary.LeftOut[what]++ }

// theatre returns the theatre of the records, or notes that none is given.
func (s *sink) theatre() string {
	var ids []string
	for _, t := range data.Theatres() {
		if t.ID == s.o.Theatre {
			return t.ID
		}
		ids = append(ids, t.ID)
	}
	s.fault(0, "", s.o.Theatre, "is told no theatre that the records belong to", "name one with --theatre, or in the mapping: "+strings.Join(ids, ", "))
	return ""
}
