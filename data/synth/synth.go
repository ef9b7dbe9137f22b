// Package synth makes incidents that never happened, as many as are asked for, to
// measure the service with: in the form of the real ones, and clustered like them
// in space, along the segments, and in time.
//
// Promises: every incident says in its id, its title and its summary that it is
// synthetic; the same seed makes the same incidents, and a shorter run is the
// beginning of a longer one. No real name, figure or source is in them, so nothing
// made here can be taken for a record. Positions are lon, lat in degrees, CRS84.
package synth

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo"
)

const (
	placeCount = 20_000
	hubCount   = 300
	days       = 33 * 365 // from first
)

var first = time.Date(1992, 1, 1, 0, 0, 0, 0, time.UTC)

// bursts are when a large part of the incidents happens: within some days.
var bursts = []int{1996, 6200, 10_700, 11_210}

// Source makes one incident after the other. It is not safe for concurrent use.
type Source struct {
	rnd    *rand.Rand
	which  *rand.Zipf // of the places
	types  []geo.Term
	sure   []geo.Term
	places []place
	made   int
}

type place struct {
	id, name string
	position orb.Point
	located  bool
}

// Incident is one made-up incident. It is only good until the next one is made.
type Incident struct {
	Number           int // counts from 1
	Type, Occurrence string
	First, Last      time.Time // days
	Killed, Wounded  [2]int    // the lowest and the highest claim
	place            *place
	position         *orb.Point // nil for the place's
}

// New returns a source of incidents along the segments of the records, those that
// only give context left out. The records must have one with a line.
func New(r *data.Records, seed uint64) *Source {
	s := &Source{rnd: rand.New(rand.NewPCG(seed, 0x5e7)), types: data.IncidentTypes(), sure: data.Occurrences()}
	var edges [][2]orb.Point
	for i := range r.Segments {
		if r.Segments[i].Role != "context" {
			edges = appendEdges(edges, r.Geometry[r.Segments[i].ID])
		}
	}
	hubs := make([]orb.Point, hubCount)
	for i := range hubs {
		hubs[i] = s.along(edges, 0.03)
	}
	which := rand.NewZipf(s.rnd, 1.3, 8, hubCount-1)
	s.places = make([]place, placeCount)
	for i := range s.places {
		p := &s.places[i]
		number := strconv.Itoa(100_000 + i)[1:]
		p.id, p.name = "synth-place-"+number, "Synthetic place "+number
		p.located = s.rnd.IntN(50) > 0
		p.position = s.scatter(hubs[which.Uint64()], 0.02)
		if s.rnd.IntN(5) == 0 {
			p.position = s.along(edges, 0.05)
		}
	}
	s.which = rand.NewZipf(s.rnd, 1.05, 200, placeCount-1)
	return s
}

func appendEdges(to [][2]orb.Point, g orb.Geometry) [][2]orb.Point {
	switch g := g.(type) {
	case orb.LineString:
		for i := range len(g) - 1 {
			to = append(to, [2]orb.Point{g[i], g[i+1]})
		}
	case orb.MultiLineString:
		for _, l := range g {
			to = appendEdges(to, l)
		}
	}
	return to
}

// along returns a position beside one of the edges.
func (s *Source) along(edges [][2]orb.Point, degrees float64) orb.Point {
	e, t := edges[s.rnd.IntN(len(edges))], s.rnd.Float64()
	return s.scatter(orb.Point{e[0][0] + t*(e[1][0]-e[0][0]), e[0][1] + t*(e[1][1]-e[0][1])}, degrees)
}

// scatter returns a position near p, to a metre.
func (s *Source) scatter(p orb.Point, degrees float64) orb.Point {
	round := func(x float64) float64 { return math.Round(x*1e5) / 1e5 }
	return orb.Point{round(p[0] + degrees*s.rnd.NormFloat64()), round(p[1] + degrees*s.rnd.NormFloat64())}
}

// Next returns the next incident.
func (s *Source) Next() Incident {
	s.made++
	day, length := s.rnd.IntN(days), 0
	if s.rnd.IntN(4) == 0 {
		day = bursts[s.rnd.IntN(len(bursts))] + s.rnd.IntN(5)
	}
	if s.rnd.IntN(4) == 0 {
		length = s.rnd.IntN(20)
	}
	in := Incident{
		Number: s.made, place: &s.places[s.which.Uint64()],
		Type: s.types[s.rnd.IntN(len(s.types))].ID, Occurrence: s.sure[s.rnd.IntN(len(s.sure))].ID,
		First: first.AddDate(0, 0, day), Last: first.AddDate(0, 0, day+length),
	}
	in.Killed, in.Wounded = s.figure(), s.figure()
	if in.place.located && s.rnd.IntN(5) > 0 { // most have a position of their own, some share their place's
		p := s.scatter(in.place.position, 0.03)
		in.position = &p
	}
	return in
}

// figure is 0, 0 for most, and has a long tail.
func (s *Source) figure() [2]int {
	if s.rnd.IntN(3) > 0 {
		return [2]int{}
	}
	low := int(s.rnd.ExpFloat64() * 4)
	return [2]int{low, low + int(s.rnd.ExpFloat64()*3)}
}

// ID returns the incident's id, which begins with "synth-".
func (in *Incident) ID() string { return "synth-" + strconv.Itoa(in.Number) }

// Position returns where the incident was; ok is false where that is not known.
func (in *Incident) Position() (p orb.Point, ok bool) {
	if in.position != nil {
		return *in.position, true
	}
	return in.place.position, in.place.located
}

// title numbers the incident in letters: titles hold no digits but those of dates.
func (in *Incident) title() string {
	letters := []byte(nil)
	for n := in.Number; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return "Synthetic incident " + string(letters)
}

const summary = "Made up by demarc synth to measure the service with. It never happened."

// AppendGeoJSON appends the incident as a GeoJSON feature (RFC 7946) with the
// names of properties that real incidents have, and "synthetic": true.
func (in *Incident) AppendGeoJSON(dst []byte) []byte {
	text := func(name, value string) {
		dst = append(dst, `,"`+name+`":`...)
		dst = geo.AppendJSONString(dst, value)
	}
	count := func(name string, value int) {
		dst = append(dst, `,"`+name+`":`...)
		dst = strconv.AppendInt(dst, int64(value), 10)
	}
	dst = append(dst, `{"type":"Feature","id":"`...)
	dst = append(append(dst, in.ID()...), `","geometry":`...)
	if p, ok := in.Position(); ok {
		dst = append(dst, `{"type":"Point","coordinates":[`...)
		dst = strconv.AppendFloat(dst, p[0], 'f', -1, 64)
		dst = append(dst, ',')
		dst = strconv.AppendFloat(dst, p[1], 'f', -1, 64)
		dst = append(dst, `]}`...)
	} else {
		dst = append(dst, `null`...)
	}
	dst = append(dst, `,"properties":{"synthetic":true`...)
	text("id", in.ID())
	text("title", in.title())
	text("type", in.Type)
	text("start", in.First.Format(time.DateOnly))
	text("end", in.Last.Format(time.DateOnly))
	text("date_precision", "day")
	text("place", in.place.name)
	text("place_id", in.place.id)
	text("occurrence", in.Occurrence)
	count("killed_low", in.Killed[0])
	count("killed_high", in.Killed[1])
	count("wounded_low", in.Wounded[0])
	count("wounded_high", in.Wounded[1])
	text("summary", summary)
	return append(dst, `}}`...)
}
