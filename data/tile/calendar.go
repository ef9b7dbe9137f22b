package tile

import (
	"context"
	"math"
	"slices"
	"sync"

	"demarc/data/snapshot"
	"demarc/geo"
)

// How points are parted by time: into at most mostSeasons seasons, of which each has
// about fewInSeason points or more, and what lasts longer than lasting seasons. What
// begins in a season is over some seasons later then, so of a question about a time all
// but a few seasons are wholly in it or wholly out of it.
const (
	mostSeasons = 128
	fewInSeason = 4096
	lasting     = 8
	sampled     = 1 << 14 // points of which the seasons' bounds are taken
)

// calendar is the points of an order in seasons, by when what they stand for began: each
// is a view with a pyramid of its own. A question about a time takes most of them as they
// are, whatever the time.
type calendar struct {
	*order
	all     *view    // of all points; for what is gone of them
	starts  []int64  // of each season but the first, in seconds since 1970
	limits  []int64  // of each season the end beyond which something lasts long
	seasons []season // one more than limits: the last one is of what lasts long
	deep    int      // the depth of cells that the pyramids of most points have

	mu   sync.Mutex
	gone []uint32   // places that were parted last
	by   [][]uint32 // into seasons
}

// season is the view of a season; nil where it has no points.
type season struct {
	*view
	zone snapshot.Zone
}

// mayPart tells whether the questions of a part of so many points are answered out of
// seasons: fewer are looked at one by one.
func (o *order) mayPart() bool { return o.spans != nil && len(o.keys) > mostLocal }

// newCalendar parts the points of an order that are not gone, into seasons of about so many
// or more. It costs a look at each, on all cores, and is done once for an order.
func newCalendar(ctx context.Context, o *order, points int, gone snapshot.Gone) (*calendar, error) {
	c := &calendar{order: o, all: &view{order: o, born: gone}}
	c.bound(points)
	n := len(o.keys)
	of := make([]uint8, n) // the season of each place
	counts := make([][mostSeasons + 1]int, maxRuns)
	used := inRuns(n, func(run, from, to int) {
		for place := from; place < to; place++ {
			of[place] = c.seasonOf(uint32(place))
			if !gone.Has(o.slots[place]) {
				counts[run][of[place]]++
			}
		}
	})
	c.seasons = make([]season, len(c.limits)+1)
	places, at := make([]uint32, n), 0
	for i := range c.seasons {
		first := at
		for run := range used {
			at, counts[run][i] = at+counts[run][i], at
		}
		if first < at {
			c.seasons[i].view = &view{order: o, born: gone, places: places[first:at:at]}
		}
	}
	inRuns(n, func(run, from, to int) {
		for place := from; place < to; place++ {
			if !gone.Has(o.slots[place]) {
				next := &counts[run][of[place]]
				places[*next] = uint32(place)
				*next++
			}
		}
	})
	inTurns(len(c.seasons), func(i int) {
		if s := &c.seasons[i]; s.view != nil && ctx.Err() == nil {
			for _, place := range s.places {
				s.zone.Add(o.spans.At(place))
			}
			s.build()
		}
	})
	c.measure()
	return c, ctx.Err()
}

// measure finds how deep the pyramids of most points are.
func (c *calendar) measure() {
	var points [depth + 2]int // of the seasons with so many levels
	for i := range c.seasons {
		if s := &c.seasons[i]; s.view != nil {
			points[len(s.levels)] += len(s.places)
		}
	}
	n := 0
	for levels := depth + 1; levels > 0; levels-- {
		if n += points[levels]; n > len(c.keys)/2 {
			c.deep = levels - 1
			return
		}
	}
}

// bound finds where seasons begin, so that about as many points begin in each, and not
// many fewer than those.
func (c *calendar) bound(points int) {
	n := len(c.keys)
	var begun []int64
	for place := 0; place < n; place += 1 + n/sampled {
		from, _ := c.spans.At(uint32(place))
		begun = append(begun, from)
	}
	slices.Sort(begun)
	seasons := max(1, min(mostSeasons, n/points))
	for i := 1; i < seasons; i++ {
		start := begun[len(begun)*i/seasons]
		if start > begun[0] && (len(c.starts) == 0 || start > c.starts[len(c.starts)-1]) {
			c.starts = append(c.starts, start)
		}
	}
	last := len(c.starts) - 1
	for i := range seasons {
		switch at := i + lasting; {
		case i > last+1:
			return
		case last < 0:
			c.limits = append(c.limits, math.MaxInt64)
		case at <= last:
			c.limits = append(c.limits, c.starts[at])
		default: // as if the seasons went on
			c.limits = append(c.limits, c.starts[last]+lasting*(c.starts[last]-c.starts[0])/int64(len(c.starts)))
		}
	}
}

// seasonOf returns the season of a place.
func (c *calendar) seasonOf(place uint32) uint8 {
	from, to := c.spans.At(place)
	at, begun := slices.BinarySearch(c.starts, from)
	if begun {
		at++
	}
	if to > c.limits[at] {
		return uint8(len(c.limits))
	}
	return uint8(at)
}

// dated is what a question about a time selects of a calendar.
type dated struct {
	*calendar
	whole []int   // seasons of which it selects all
	views []*view // what it selects of the others, one by one
}

// ask asks which points that are not gone meet a time: those of the seasons one by one
// that are neither wholly in it nor out of it.
func (c *calendar) ask(when *geo.Interval, gone snapshot.Gone) *dated {
	d := dated{calendar: c}
	for i := range c.seasons {
		s := &c.seasons[i]
		switch some, all := s.zone.Meets(when); {
		case all:
			d.whole = append(d.whole, i)
		case some:
			if places := c.living(c.meeting(slices.Clone(s.places), when), gone); len(places) > 0 {
				v := &view{order: c.order, born: gone, places: places}
				v.build()
				d.views = append(d.views, v)
			}
		}
	}
	return &d
}

// meeting keeps those of the places whose times meet when, in their order and memory, on
// all cores.
func (o *order) meeting(places []uint32, when *geo.Interval) []uint32 {
	runs := make([][]uint32, maxRuns)
	used := inRuns(len(places), func(run, from, to int) { runs[run] = o.spans.Keep(places[from:to], when) })
	n := 0
	for _, kept := range runs[:used] {
		n += copy(places[n:], kept)
	}
	return places[:n]
}

// living keeps those of the places that are not gone, in their order and memory.
func (o *order) living(places []uint32, gone snapshot.Gone) []uint32 {
	if gone.Count() == 0 {
		return places
	}
	return slices.DeleteFunc(places, func(place uint32) bool { return gone.Has(o.slots[place]) })
}

// cost is about how many bytes the views take beside the order.
func (d *dated) cost() (bytes int64) {
	for _, v := range d.views {
		bytes += v.cost()
	}
	return bytes + 512
}

// cost is about how many bytes the calendar takes beside its order.
func (c *calendar) cost() (bytes int64) {
	for i := range c.seasons {
		if c.seasons[i].view != nil {
			bytes += c.seasons[i].cost()
		}
	}
	return bytes + 4096
}

// sheets returns what was asked as sheets of a part; ok is false where the part is older
// than the calendar or the question.
func (d *dated) sheets(part snapshot.Part) (sheets []sheet, ok bool) {
	gone := part.Gone()
	by, ok := d.goneSince(gone)
	if !ok {
		return nil, false
	}
	for _, i := range d.whole {
		sheets = append(sheets, sheet{d.seasons[i].view, part.First, by[i]})
	}
	for _, v := range d.views {
		places, ok := v.goneSince(gone)
		if !ok {
			return nil, false
		}
		sheets = append(sheets, sheet{v, part.First, places})
	}
	return sheets, true
}

// goneSince returns the places of each season that are gone but were not when the calendar
// was made, in their order; ok is false for a state of the part before that.
func (c *calendar) goneSince(now snapshot.Gone) (by [][]uint32, ok bool) {
	gone, ok := c.all.goneSince(now)
	if !ok {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if same := len(gone) == len(c.gone) && (len(gone) == 0 || &gone[0] == &c.gone[0]); !same || c.by == nil {
		c.gone, c.by = gone, make([][]uint32, len(c.seasons))
		for _, place := range gone {
			i := c.seasonOf(place)
			c.by[i] = append(c.by[i], place)
		}
	}
	return c.by, true
}
