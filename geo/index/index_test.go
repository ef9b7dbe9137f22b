package index_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/index"
)

func search(x *index.Index, b geo.BBox) []uint32 {
	var slots []uint32
	x.Search(b, func(slot uint32) bool { slots = append(slots, slot); return true })
	slices.Sort(slots)
	return slots
}

func TestSearchAtTheAntimeridianAndPoles(t *testing.T) {
	nan := math.NaN()
	boxes := []geo.BBox{
		0: {West: 170, South: -5, East: -170, North: 5},       // across
		1: {West: 179, South: 0, East: 180, North: 1},         // up to it from the west
		2: {West: -180, South: 0, East: -179, North: 1},       // up to it from the east
		3: {West: 10, South: 0, East: 5, North: 1},            // nearly all round
		4: {West: -180, South: 90, East: 180, North: 90},      // the north pole
		5: {West: 7, South: 0.5, East: 7, North: 0.5},         // a place
		6: {West: 170, South: -5, East: -180, North: 5},       // across by nothing
		7: {West: 7, South: 1, East: 8, North: 0},             // empty
		8: {West: 7, South: nan, East: 8, North: 0},           // empty
		9: {West: 0.1, South: -80.1, East: 0.1, North: -80.1}, // not a float32
	}
	e := index.New().Edit()
	for slot, b := range boxes {
		e.Insert(uint32(slot), b)
	}
	x := e.Index()
	if x.Len() != 8 {
		t.Errorf("Len() = %d, want 8", x.Len())
	}
	for _, c := range []struct {
		name string
		b    geo.BBox
		want []uint32
	}{
		{"across", geo.BBox{West: 175, South: 0, East: -175, North: 1}, []uint32{0, 1, 2, 3, 6}},
		{"west of it", geo.BBox{West: 171, South: 0, East: 172, North: 1}, []uint32{0, 3, 6}},
		{"east of it", geo.BBox{West: -172, South: 0, East: -171, North: 1}, []uint32{0, 3}},
		{"the antimeridian as 180", geo.BBox{West: 180, South: 0, East: 180, North: 1}, []uint32{0, 1, 3, 6}},
		{"the antimeridian as -180", geo.BBox{West: -180, South: 0, East: -180, North: 1}, []uint32{0, 2, 3, 6}},
		{"in the gap", geo.BBox{West: 6, South: 0, East: 8, North: 1}, []uint32{5}},
		{"the north pole", geo.BBox{West: 33, South: 90, East: 33, North: 90}, []uint32{4}},
		{"a place that is no float32", boxes[9], []uint32{9}},
		{"the world", geo.World(), []uint32{0, 1, 2, 3, 4, 5, 6, 9}},
		{"nothing", geo.EmptyBBox(), nil},
		{"NaN", geo.BBox{West: nan, East: 1, North: 1}, nil},
	} {
		if got := search(x, c.b); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for slot, b := range boxes {
		if got := e.Delete(uint32(slot), b); got == b.IsEmpty() {
			t.Errorf("Delete(%d) = %v", slot, got)
		}
	}
	if n := e.Index().Len(); n != 0 {
		t.Errorf("%d left", n)
	}
}

func TestSearchStops(t *testing.T) {
	x := places(1000, 1)
	for _, b := range []geo.BBox{geo.World(), {West: 1, South: -90, East: 0, North: 90}} {
		n := 0
		x.Search(b, func(uint32) bool { n++; return n < 7 })
		if n != 7 {
			t.Errorf("yielded %d after it was told to stop at 7", n)
		}
	}
}

// What is kept of a box holds the box, though rounded to float32: every corner of
// it is found, on both sides of the antimeridian.
func TestBoxesAreRoundedOutward(t *testing.T) {
	for _, b := range []geo.BBox{
		geo.BBoxOf(orb.Point{0.1, -80.1}), geo.BBoxOf(orb.Point{-0.1, 80.1}), geo.BBoxOf(orb.Point{179.9, 0.3}),
		{West: 70.1, South: 39.3, East: 70.7, North: 39.9}, {West: 179.9, South: 0.1, East: -179.9, North: 0.7},
		{West: -180, South: -90, East: 180, North: 90},
	} {
		e := index.New().Edit()
		e.Insert(7, b)
		x := e.Index()
		for _, part := range b.Parts() {
			for _, corner := range []orb.Point{{part.West, part.South}, {part.East, part.North}} {
				if got := search(x, geo.BBoxOf(corner)); !slices.Equal(got, []uint32{7}) {
					t.Errorf("%+v: %v finds %v", b, corner, got)
				}
			}
		}
	}
}

// Readers of an index go on while a writer makes the next ones of it: go test
// -race tells if they meet.
func TestReadersWhileWriting(t *testing.T) {
	points := clustered(5000, 4)
	x := indexOf(points)
	start := search(x, geo.World())
	published := make(chan *index.Index, 64)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for y := range published {
				if got := search(x, geo.World()); !slices.Equal(got, start) {
					t.Errorf("the first index has changed: %d slots", len(got))
				}
				n := 0
				y.Search(geo.World(), func(uint32) bool { n++; return n < 50 })
				if n != 50 || y.Len() != len(points) {
					t.Errorf("%d found of %d", n, y.Len())
				}
			}
		})
	}
	next := x
	for i := range 300 {
		e := next.Edit()
		old, moved := geo.BBoxOf(points[i]), geo.BBoxOf(orb.Point{points[i][1], points[i][0] / 2})
		if !e.Delete(uint32(i), old) {
			t.Errorf("Delete(%d) finds nothing", i)
		}
		e.Insert(uint32(i), moved)
		next = e.Index()
		x.Edit().Insert(99_999, geo.World()) // of the index that all are reading
		published <- next
	}
	close(published)
	readers.Wait()
}

// clustered makes places round a few centres, as incidents are.
func clustered(n int, seed uint64) []orb.Point {
	r := rand.New(rand.NewPCG(seed, seed))
	points := make([]orb.Point, n)
	var centre orb.Point
	for i := range points {
		if i%500 == 0 {
			centre = orb.Point{r.Float64()*300 - 150, r.Float64()*120 - 60}
		}
		points[i] = orb.Point{centre[0] + r.NormFloat64(), centre[1] + r.NormFloat64()}
	}
	return points
}

func indexOf(points []orb.Point) *index.Index {
	e := index.New().Edit()
	for slot, p := range points {
		e.Insert(uint32(slot), geo.BBoxOf(p))
	}
	return e.Index()
}

func places(n int, seed uint64) *index.Index { return indexOf(clustered(n, seed)) }

func BenchmarkSearch(b *testing.B) {
	points := clustered(1_000_000, 5)
	x := indexOf(points)
	found := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := points[i*7919%len(points)]
		x.Search(geo.BBox{West: p[0] - 0.5, South: p[1] - 0.5, East: p[0] + 0.5, North: p[1] + 0.5},
			func(uint32) bool { found++; return true })
	}
	b.ReportMetric(float64(found)/float64(b.N), "slots/op")
}

func BenchmarkEdit(b *testing.B) {
	points := clustered(1_000_000, 5)
	x := indexOf(points)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		slot := i * 7919 % len(points)
		e := x.Edit()
		e.Delete(uint32(slot), geo.BBoxOf(points[slot]))
		e.Insert(uint32(slot), geo.BBoxOf(points[slot]))
		x = e.Index()
	}
}

func BenchmarkInsert(b *testing.B) {
	points := clustered(1_000_000, 5)
	for b.Loop() {
		indexOf(points)
	}
}
