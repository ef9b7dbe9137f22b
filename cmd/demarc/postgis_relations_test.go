package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"

	"demarc/geo"
	"demarc/geo/predicate"
)

// relations are ours with the functions of PostGIS that must agree with them.
// Intersects is asked of three functions of ours.
var relations = []struct {
	name    string
	postgis string
	ours    func(a, b orb.Geometry) (bool, error)
}{
	{"intersects", "ST_Intersects", predicate.Intersects},
	{"intersects, prepared", "ST_Intersects", func(a, b orb.Geometry) (bool, error) {
		p, err := predicate.Prepare(a)
		if err != nil {
			return false, err
		}
		return p.Intersects(b)
	}},
	{"intersects a box", "ST_Intersects", nil}, // asked of boxes alone
	{"equals", "ST_Equals", relate(predicate.Equals)},
	{"touches", "ST_Touches", relate(predicate.Touches)},
	{"within", "ST_Within", relate(predicate.Within)},
	{"contains", "ST_Contains", relate(predicate.Contains)},
	{"overlaps", "ST_Overlaps", relate(predicate.Overlaps)},
	{"crosses", "ST_Crosses", relate(predicate.Crosses)},
}

func relate(r predicate.Relation) func(a, b orb.Geometry) (bool, error) {
	return func(a, b orb.Geometry) (bool, error) { return predicate.Relate(r, a, b) }
}

// relationCase is one question of the differential test, with both answers.
type relationCase struct {
	relation string
	a, b     orb.Geometry
	ours     bool
	theirs   bool
}

func (c relationCase) String() string {
	return fmt.Sprintf("%s %s %s: %v, PostGIS %v", wkt.MarshalString(c.a), c.relation, wkt.MarshalString(c.b), c.ours, c.theirs)
}

// explained are the differences that are known, with the reason. Where rounding
// can be it, the arbiter in exact numbers (exact_relate_test.go) has said who is
// right: each entry holds only where ours is. An entry that explains nothing any
// more is an error, and so is one that explains more than it did.
var explained = []*explanation{
	{reason: "OGC 06-103r4 does not say what the inside of a collection is whose members overlap; ours is that of their union, GEOS 3.11 counts ends of lines inside a polygon as boundary",
		atMost: 100,
		holds: func(c relationCase) bool {
			return (isCollection(c.a) || isCollection(c.b)) && exactRelation(c.relation, c.a, c.b) == c.ours
		}},
	{reason: "PostGIS rounds: its point-in-polygon takes a position a hair off an edge for one on it, and GEOS 3.11 computes the nodes of edges that cross in float64; ours is right",
		atMost: 200,
		holds:  func(c relationCase) bool { return exactRelation(c.relation, c.a, c.b) == c.ours }},
}

type explanation struct {
	reason string
	atMost int // so many with the default seed
	holds  func(c relationCase) bool
	used   int
}

func isCollection(g orb.Geometry) bool { _, ok := g.(orb.Collection); return ok }

// randomPairs is how many pairs are drawn beside the literals.
const randomPairs = 4000

// TestPostGISRelations compares every relation on the plane with PostGIS, both
// ways round, on all pairs of literals and on random shapes that touch.
func TestPostGISRelations(t *testing.T) {
	db := startPostGIS(t)
	seed := testSeed()
	literals := literalShapes(t)
	all := slices.Clone(literals)
	var pairs [][2]int
	for i := range literals {
		for j := range literals {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	boxes := map[int]geo.BBox{}
	r := shapes{rand.New(rand.NewPCG(seed, 2))}
	for n := range randomPairs {
		a := r.valid()
		b := r.valid()
		switch n % 4 {
		case 0:
			b = r.related(a)
		case 1:
			p, q := r.position(), r.position()
			box := geo.BBox{West: min(p[0], q[0]), South: min(p[1], q[1]), East: max(p[0], q[0]), North: max(p[1], q[1])}
			boxes[len(all)+1] = box
			b = boxShape(box)
		}
		all = append(all, a, b)
		i := len(all) - 2
		pairs = append(pairs, [2]int{i, i + 1}, [2]int{i + 1, i})
	}

	theirs := askRelations(t, db, all, pairs)
	cases, differences := 0, 0
	kinds := map[string]int{} // how often each relation holds
	for _, c := range answerRelations(t, all, pairs, boxes, theirs) {
		cases++
		if c.ours {
			kinds[c.relation]++
		}
		if c.ours == c.theirs {
			continue
		}
		if !explain(c) {
			differences++
			if differences <= 20 {
				t.Errorf("%v, in exact numbers %v", c, exactRelation(c.relation, c.a, c.b))
			}
		}
	}
	known := 0
	for _, e := range explained {
		t.Logf("%6d explained: %s", e.used, e.reason)
		known += e.used
		if seed == defaultSeed && (e.used == 0 || e.used > e.atMost) {
			t.Errorf("this explains %d differences, want 1 to %d: %s", e.used, e.atMost, e.reason)
		}
	}
	for _, rel := range relations {
		t.Logf("%6d times %s", kinds[rel.name], rel.name)
		if kinds[rel.name] < 100 {
			t.Errorf("only %d pairs of which %s is true: too few to tell", kinds[rel.name], rel.name)
		}
	}
	t.Logf("%d literals pairwise and %d random pairs both ways (seed %d)", len(literals), randomPairs, seed)
	t.Logf("PostGIS relations: %d cases, %d differences that are not explained (%d where PostGIS is not the judge)", cases, differences, known)
}

func explain(c relationCase) bool {
	for _, e := range explained {
		if e.holds(c) {
			e.used++
			return true
		}
	}
	return false
}

// boxShape is a box as a geometry: a position, a line or a polygon.
func boxShape(b geo.BBox) orb.Geometry {
	switch {
	case b.West == b.East && b.South == b.North:
		return orb.Point{b.West, b.South}
	case b.West == b.East || b.South == b.North:
		return orb.LineString{{b.West, b.South}, {b.East, b.North}}
	}
	return b.Bound().ToPolygon()
}

// askRelations returns what PostGIS says of each pair: a digit for
// intersects, and one for each other relation.
func askRelations(t *testing.T, db *postgis, all []orb.Geometry, pairs [][2]int) [][2]string {
	t.Helper()
	var digits []string
	for _, rel := range relations[3:] {
		digits = append(digits, rel.postgis+"(s.g, o.g)::int")
	}
	db.run(t, `CREATE EXTENSION postgis;
		CREATE TABLE shape (n int, g geometry); CREATE TABLE pair (n int, a int, b int);`)
	loadShapes(t, db, "shape", all)
	rows := make([][]string, len(pairs))
	for i, p := range pairs {
		rows[i] = []string{strconv.Itoa(i), strconv.Itoa(p[0]), strconv.Itoa(p[1])}
	}
	db.load(t, "pair", rows)
	db.run(t, "CREATE UNIQUE INDEX ON shape (n); ANALYZE shape; ANALYZE pair;")
	answers := make([][2]string, len(pairs))
	for _, row := range db.query(t, `SELECT p.n, ST_Intersects(s.g, o.g)::int, concat(`+strings.Join(digits, ", ")+`)
		FROM pair p JOIN shape s ON s.n = p.a JOIN shape o ON o.n = p.b`) {
		n, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		answers[n] = [2]string{row[1], row[2]}
	}
	return answers
}

// loadShapes fills a table of a number and a geometry, exactly.
func loadShapes(t *testing.T, db *postgis, table string, all []orb.Geometry) {
	t.Helper()
	rows := make([][]string, len(all))
	for i, g := range all {
		hex, err := wkb.MarshalToHex(g)
		if err != nil {
			t.Fatalf("%v: %v", g, err)
		}
		rows[i] = []string{strconv.Itoa(i), hex}
	}
	db.load(t, table, rows)
}

// answerRelations asks our own functions, on all processors, and pairs the answers
// with those of PostGIS.
func answerRelations(t *testing.T, all []orb.Geometry, pairs [][2]int, boxes map[int]geo.BBox, theirs [][2]string) []relationCase {
	t.Helper()
	perPair := make([][]relationCase, len(pairs))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(pairs); i += workers {
				a, b := all[pairs[i][0]], all[pairs[i][1]]
				for k, rel := range relations {
					ours := rel.ours
					if ours == nil {
						box, isBox := boxes[pairs[i][1]]
						if !isBox {
							continue
						}
						ours = func(a, _ orb.Geometry) (bool, error) { return predicate.IntersectsBBox(a, box), nil }
					}
					yes, err := ours(a, b)
					if err != nil {
						t.Errorf("%s %s %s: %v", wkt.MarshalString(a), rel.name, wkt.MarshalString(b), err)
						continue
					}
					c := relationCase{relation: rel.name, a: a, b: b, ours: yes, theirs: theirs[i][0] == "1"}
					if k >= 3 {
						c.theirs = theirs[i][1][k-3] == '1'
					}
					perPair[i] = append(perPair[i], c)
				}
			}
		})
	}
	wg.Wait()
	return slices.Concat(perPair...)
}
