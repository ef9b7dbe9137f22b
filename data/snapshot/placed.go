package snapshot

import (
	"cmp"
	"slices"
	"sort"
	"sync"
)

// placed are the times of a part's rows once more, as a search for places needs them:
// it is worked out when it is first asked for.
type placed struct {
	once  sync.Once
	spans []daySpan // in the order of the postings of the sites; nil where times are no days, or rows few
	// The rows that lie nowhere, which every box has: those that last no longer than
	// shortDays in the order in which they begin, and the others.
	short, long []uint32
}

// shortDays is how long most incidents last at most.
const shortDays = 31

// inPlace returns them, nil where a search has to look at the rows.
func (p *part) inPlace() *placed {
	x := &p.placed
	x.once.Do(func() {
		if of := p.times.days.of; len(of) > 0 && p.next == nil && p.n > fewRows {
			x.spans = make([]daySpan, p.n)
			for i, row := range p.sites.rows.rows {
				x.spans[i] = of[row]
			}
			for _, site := range p.sites.unlocated {
				x.addNowhere(of, p.sites.rows.of(site))
			}
			slices.SortFunc(x.short, func(a, b uint32) int { return cmp.Or(cmp.Compare(of[a].from, of[b].from), cmp.Compare(a, b)) })
		}
	})
	if x.spans == nil {
		return nil
	}
	return x
}

// addNowhere adds rows that lie nowhere.
func (x *placed) addNowhere(of []daySpan, rows []uint32) {
	for _, row := range rows {
		if of[row].to-of[row].from <= shortDays {
			x.short = append(x.short, row)
		} else {
			x.long = append(x.long, row)
		}
	}
}

// nowhere returns the rows that lie nowhere of which some meet what is asked: all that
// do, and few others.
func (x *placed) nowhere(d *days, a asked) (some, others []uint32) {
	begin, end := int(d.floor(a.begin)), int(min(d.ceil(a.end), d.ceil(a.instant)))
	first := sort.Search(len(x.short), func(i int) bool { return int(d.of[x.short[i]].from) >= end-shortDays })
	behind := sort.Search(len(x.short), func(i int) bool { return int(d.of[x.short[i]].from) > begin })
	return x.short[first:max(first, behind)], x.long
}

// keep appends those rows of a stretch that meet what is asked, as days.keep has it.
func (x *placed) keep(dst, rows []uint32, of stretch, a dayBounds) []uint32 {
	n, spans := len(dst), x.spans[of.first:of.end]
	found := slices.Grow(dst, len(spans))[:n+len(spans)]
	for i, s := range spans {
		found[n] = of.first + uint32(i)
		n += a.meets(s)
	}
	for i := len(dst); i < n; i++ { // few: the others are not fetched from memory
		found[i] = rows[found[i]]
	}
	return found[:n]
}
