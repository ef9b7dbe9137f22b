package snapshot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"demarc/data"
	"demarc/data/packed"
)

// Incidents are incidents on their way into a snapshot, packed, in no order. They
// are gathered by several goroutines at once.
type Incidents struct {
	dict *packed.Dictionary

	mu      sync.Mutex
	all     []packedIncident
	sum     sum
	places  map[string]int64 // of each place how many incidents it has
	sources map[string]int64 // of each source how many claims rest on it
	parties map[string]partyUses
}

// packedIncident is an incident with the day that it is sorted by.
type packedIncident struct {
	day int
	id  string
	src string
}

// NewIncidents returns no incidents yet.
func NewIncidents() *Incidents {
	return &Incidents{dict: packed.NewDictionary(), places: map[string]int64{}, sources: map[string]int64{}, parties: map[string]partyUses{}}
}

// Gatherer gathers incidents for one goroutine. What it has comes to Incidents with
// Flush.
type Gatherer struct {
	to              *Incidents
	writer          *packed.Writer
	buffer          []byte
	scratch         []byte
	ends            []int
	all             []packedIncident
	sum             sum
	places, sources map[string]int64
	parties         map[string]partyUses
}

// Gatherer returns what gathers for one goroutine.
func (x *Incidents) Gatherer() *Gatherer {
	return &Gatherer{to: x, writer: packed.NewWriter(x.dict), places: map[string]int64{}, sources: map[string]int64{}, parties: map[string]partyUses{}}
}

// pieceSize is about how large the pieces of memory are in which packed incidents
// stand.
const pieceSize = 1 << 20

// Add adds an incident, which it does not keep.
func (g *Gatherer) Add(in *data.Incident) {
	g.buffer = g.writer.Append(g.buffer, in)
	g.ends = append(g.ends, len(g.buffer))
	g.all = append(g.all, packedIncident{day: dayNumber(in.Start)})
	g.scratch = appendIncidentDigest(g.scratch[:0], in)
	g.sum = g.sum.plus(sumOf(g.scratch))
	tally(g.places, in.PlaceID)
	eachCitation(in, func(source string) { tally(g.sources, source) })
	countParties(in, 1, g.parties)
	if len(g.buffer) > pieceSize {
		g.cut()
	}
}

// tally counts a name; it keeps a copy of it.
func tally(counts map[string]int64, name string) {
	n, ok := counts[name]
	if !ok {
		name = strings.Clone(name)
	}
	counts[name] = n + 1
}

// cut makes a piece of the buffer.
func (g *Gatherer) cut() {
	piece, start := string(g.buffer), 0
	for i, at := range g.ends {
		p := &g.all[len(g.all)-len(g.ends)+i]
		p.src = piece[start:at]
		p.id = packed.ID(p.src)
		start = at
	}
	g.buffer, g.ends = g.buffer[:0], g.ends[:0]
}

// Flush hands over what was added.
func (g *Gatherer) Flush() {
	g.cut()
	g.to.mu.Lock()
	defer g.to.mu.Unlock()
	g.to.all = append(g.to.all, g.all...)
	g.to.sum = g.to.sum.plus(g.sum)
	for id, n := range g.places {
		g.to.places[id] += n
	}
	for id, n := range g.sources {
		g.to.sources[id] += n
	}
	for id, uses := range g.parties {
		g.to.parties[id] = g.to.parties[id].plus(uses)
	}
	*g = *g.to.Gatherer()
}

// gathered packs the incidents of a list.
func gathered(list []data.Incident) *Incidents {
	x := NewIncidents()
	x.all = make([]packedIncident, 0, len(list))
	everyone().do((len(list)+chunkUnits-1)/chunkUnits, func(i int) {
		g := x.Gatherer()
		for j := i * chunkUnits; j < min((i+1)*chunkUnits, len(list)); j++ {
			g.Add(&list[j])
		}
		g.Flush()
	})
	return x
}

// Each yields every incident until yield returns false.
func (x *Incidents) Each(yield func(*data.Incident) bool) {
	for _, p := range x.all {
		if !yield(x.dict.Read(p.src)) {
			return
		}
	}
}

// sort brings the incidents into the order of their first days, then of their ids.
func (x *Incidents) sort() {
	days := map[int]int{} // where those of a day begin
	for i := range x.all {
		days[x.all[i].day]++
	}
	order := slices.Sorted(maps.Keys(days))
	start := 0
	starts := make([]int, 0, len(order)+1)
	for _, day := range order {
		starts = append(starts, start)
		days[day], start = start, start+days[day]
	}
	starts = append(starts, start)
	sorted := make([]packedIncident, len(x.all))
	for _, p := range x.all {
		sorted[days[p.day]] = p
		days[p.day]++
	}
	everyone().do(len(order), func(i int) {
		slices.SortFunc(sorted[starts[i]:starts[i+1]], func(a, b packedIncident) int { return cmp.Compare(a.id, b.id) })
	})
	x.all = sorted
}

// standIn lets the incidents, which are sorted, stand in other memory, and forgets
// where they stood.
func (x *Incidents) standIn(records *texts) {
	for i := range x.all {
		p := &x.all[i]
		p.src = records.at(uint32(i))
		p.id = "" // it was for sorting
	}
}

// dayNumber grows with the first day of a date.
func dayNumber(d data.Date) int { return (max(d.Year, 1)*16+max(d.Month, 1))*32 + max(d.Day, 1) }
