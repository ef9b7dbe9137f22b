package snapshot_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/format/geojson"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// The fast way to an answer is held to the slow one: looking at every feature, with
// cql2.Eval, predicate and geodesic, sorting all that match and cutting the page.
// DEMARC_PLAIN_N is how many questions are asked.

// oddLayer has n features with values of every type, few and many alike, missing
// ones too, and geometries of every type, or positions alone, many at the same place.
func oddLayer(rnd *rand.Rand, n int) *data.Layer {
	l := &data.Layer{Name: "odd", HasGeometry: true, Start: 4, End: 5, Schema: geo.Schema{Collection: "odd", Fields: []geo.Field{
		{Name: "name", Sortable: true, Queryable: true}, {Name: "note", Sortable: true, Queryable: true},
		{Name: "count", Type: geo.Integer, Queryable: true}, {Name: "size", Type: geo.Number, Queryable: true},
		{Name: "first", Type: geo.Date, Queryable: true}, {Name: "last", Type: geo.Date, Queryable: true},
		{Name: "seen", Type: geo.DateTime, Queryable: true}, {Name: "sure", Type: geo.Boolean, Queryable: true},
		{Name: "tags", Type: geo.StringList, Queryable: true}, {Name: "big", Type: geo.Integer, Queryable: true},
	}}}
	positions := rnd.IntN(2) == 0
	for i := range n {
		first := epoch.AddDate(0, 0, i/3+rnd.IntN(40))
		values := []geo.Value{
			geo.StringValue(oddWords[rnd.IntN(len(oddWords))]), geo.StringValue(fmt.Sprint("Note ", rnd.IntN(1<<30))),
			geo.IntValue(int64(rnd.IntN(12) - 3)), geo.NumberValue(rnd.NormFloat64()),
			geo.DateValue(first), geo.DateValue(first.AddDate(0, 0, rnd.IntN(20))),
			geo.DateTimeValue(first.Add(time.Duration(rnd.IntN(86400)) * time.Second)), geo.BoolValue(rnd.IntN(2) == 0),
			geo.ListValue(oddWords[1:3][:rnd.IntN(3)]), geo.IntValue(1<<53 + int64(rnd.IntN(3))),
		}
		for j := range values {
			if rnd.IntN(6) == 0 {
				values[j] = geo.Null()
			}
		}
		g := oddGeometry(rnd)
		if positions && g != nil {
			g = oddPosition(rnd)
		}
		l.Features = append(l.Features, geo.Feature{ID: fmt.Sprint("f", i), Geometry: g, Values: values})
	}
	return l
}

var oddWords = []string{"", "Ворух", "ВОРУХ", "a_b", "Ab", "straße", "x%y"}

// oddPosition lies on a coarse grid more often than not.
func oddPosition(rnd *rand.Rand) orb.Point {
	if rnd.IntN(3) > 0 {
		return orb.Point{70 + float64(rnd.IntN(9))/8, 39 + float64(rnd.IntN(9))/8}
	}
	return orb.Point{70 + rnd.Float64(), 39 + rnd.Float64()}
}

func oddGeometry(rnd *rand.Rand) orb.Geometry {
	p, q := oddPosition(rnd), oddPosition(rnd)
	switch rnd.IntN(24) {
	case 0:
		return nil
	case 1:
		return orb.MultiPoint{}
	case 2:
		if p != q {
			return orb.LineString{p, q}
		}
	case 3:
		if p[0] != q[0] && p[1] != q[1] {
			return orb.MultiPoint{p, q}.Bound().ToPolygon()
		}
	case 4:
		return orb.MultiPoint{p, q}
	case 5:
		return orb.Point{179.9, 0}
	}
	return p
}

// oddFilter writes a filter in CQL2 text.
func oddFilter(rnd *rand.Rand, depth int) string {
	pick := func(words ...string) string { return words[rnd.IntN(len(words))] }
	if depth > 0 && rnd.IntN(2) == 0 {
		a, b := oddFilter(rnd, depth-1), oddFilter(rnd, depth-1)
		return pick("("+a+" AND "+b+")", "("+a+" OR "+b+")", "NOT ("+a+")", "("+a+" AND "+b+")")
	}
	op := pick("=", "<>", "<", ">", "<=", ">=")
	word := "'" + oddWords[rnd.IntN(len(oddWords))] + "'"
	day := "DATE('" + epoch.AddDate(0, 0, rnd.IntN(900)).Format(time.DateOnly) + "')"
	instant := "TIMESTAMP('" + epoch.AddDate(0, 0, rnd.IntN(900)).Add(time.Duration(rnd.IntN(86400))*time.Second).Format(time.RFC3339) + "')"
	number := strconv.Itoa(rnd.IntN(12) - 3)
	p, q := oddPosition(rnd), oddPosition(rnd)
	point := fmt.Sprintf("POINT(%v %v)", p[0], p[1])
	triangle := fmt.Sprintf("POLYGON((%v %v,%v %v,%v %v,%v %v))", p[0], p[1], p[0]+0.3, p[1], p[0], p[1]+0.4, p[0], p[1])
	box := fmt.Sprintf("BBOX(%v,%v,%v,%v)", min(p[0], q[0]), min(p[1], q[1]), max(p[0], q[0]), max(p[1], q[1]))
	switch rnd.IntN(21) {
	case 0:
		return "name " + op + " " + word
	case 1:
		return "count " + op + " " + number
	case 2:
		return "size " + op + " " + fmt.Sprintf("%.2f", rnd.NormFloat64())
	case 3:
		return pick("first", "last", "seen") + " " + op + " " + pick(day, instant)
	case 4:
		return "name " + pick("IN", "NOT IN") + " (" + word + ",'Ab'," + pick(word, "'Ab'") + ")"
	case 5:
		return "count IN (" + number + ",1,2," + number + ".0)"
	case 6:
		return pick("name", "note") + " LIKE '" + pick("%a%", "Note 1%", "%", "a\\_b", "в%", "x\\%_") + "'"
	case 7:
		return "CASEI(name) = CASEI(" + word + ")"
	case 8:
		return pick("name", "note", "count", "first", "tags", "sure", "geometry") + pick(" IS NULL", " IS NOT NULL")
	case 9:
		return "count BETWEEN " + number + " AND " + strconv.Itoa(rnd.IntN(9))
	case 10:
		return "T_" + pick("INTERSECTS", "DURING", "DISJOINT", "AFTER", "BEFORE", "CONTAINS", "MEETS") + "(INTERVAL(first,last),INTERVAL('2000-" +
			fmt.Sprintf("%02d-05','2001-%02d-06'))", 1+rnd.IntN(12), 1+rnd.IntN(12))
	case 11:
		return "T_" + pick("AFTER", "BEFORE", "EQUALS", "DISJOINT") + "(" + pick("first", "seen") + "," + pick(day, instant) + ")"
	case 12:
		return pick("A_CONTAINS", "A_OVERLAPS", "A_EQUALS", "A_CONTAINEDBY") + "(tags,(" + word + ",'Ворух'))"
	case 13:
		return "S_" + pick("INTERSECTS", "WITHIN", "DISJOINT", "TOUCHES", "EQUALS") + "(geometry," + pick(triangle, point, box) + ")"
	case 14:
		line := fmt.Sprintf("LINESTRING(%v %v,%v %v,%v %v)", p[0], p[1], p[0]+0.1, p[1]+0.05, p[0]+0.1, p[1]+0.2)
		return "dwithin(geometry," + pick(point, line) + "," + strconv.Itoa(rnd.IntN(40000)) + ")"
	case 15:
		return "distance_m(geometry," + point + ") " + pick("<", ">=") + " 20000"
	case 16:
		return pick("sure", "sure = FALSE", "NOT sure")
	case 17:
		return "count " + op + " size * 2"
	case 18:
		return "tags = " + word
	case 19:
		return "big " + op + " 900719925474099" + strconv.Itoa(1+rnd.IntN(4))
	}
	return "first " + pick("IN ("+day+","+instant+")", "BETWEEN "+day+" AND "+instant)
}

// oddQuestion makes a question.
func oddQuestion(rnd *rand.Rand, l *data.Layer, parse func(string) cql2.Expr) *snapshot.Query {
	q := &snapshot.Query{Limit: 1 + rnd.IntN(20)}
	if rnd.IntN(3) == 0 {
		p, r := oddPosition(rnd), oddPosition(rnd)
		q.BBox = &geo.BBox{West: p[0], South: min(p[1], r[1]), East: r[0], North: max(p[1], r[1])}
	}
	if rnd.IntN(3) == 0 {
		from := epoch.AddDate(0, 0, rnd.IntN(900)).Add(time.Duration(rnd.IntN(3)) * time.Millisecond)
		q.When = &geo.Interval{From: from, To: from.AddDate(0, 0, rnd.IntN(3)*rnd.IntN(60))}
		if !q.When.IsInstant() && rnd.IntN(4) == 0 {
			q.When.From = time.Time{}
		}
	}
	if rnd.IntN(4) == 0 {
		f := rnd.IntN(len(l.Schema.Fields))
		if v := l.Features[rnd.IntN(len(l.Features))].Values[f]; !v.IsNull() {
			if list, ok := v.List(); ok {
				v = geo.StringValue(list[0])
			}
			q.Equal = append(q.Equal, snapshot.Condition{Field: f, Value: v})
		}
	}
	if rnd.IntN(2) == 0 {
		q.Filter = parse(oddFilter(rnd, 3))
	}
	if rnd.IntN(6) == 0 {
		q.Near = &snapshot.Near{Geometry: oddPosition(rnd), Within: float64(rnd.IntN(3) * rnd.IntN(40000))}
		if p := oddPosition(rnd); rnd.IntN(3) == 0 {
			q.Near.Geometry = orb.LineString{q.Near.Geometry.(orb.Point), p, {p[0], p[1] + 0.1}}
		}
	}
	for range rnd.IntN(3) {
		q.Sort = append(q.Sort, snapshot.SortKey{Field: rnd.IntN(len(l.Schema.Fields)), Descending: rnd.IntN(2) == 0})
	}
	if rnd.IntN(3) == 0 {
		q.Offset = rnd.IntN(50)
	}
	return q
}

// plainMatch is a feature that a question selects.
type plainMatch struct {
	f      *geo.Feature
	metres float64
}

// plainAnswer looks at every feature of the layer.
func plainAnswer(l *data.Layer, q *snapshot.Query) []plainMatch {
	var out []plainMatch
	for i := range l.Features {
		f := &l.Features[i]
		box := geo.BBoxOf(f.Geometry)
		switch {
		case q.BBox != nil && !box.IsEmpty() && !predicate.IntersectsBBox(f.Geometry, *q.BBox),
			q.When != nil && !l.When(f).Intersects(*q.When),
			slices.ContainsFunc(q.Equal, func(e snapshot.Condition) bool { return !f.Values[e.Field].Matches(e.Value) }),
			q.Filter != nil && cql2.Eval(q.Filter, f) != cql2.True:
			continue
		}
		m := plainMatch{f: f}
		if q.Near != nil {
			if box.IsEmpty() || q.BBox != nil && !predicate.IntersectsBBox(f.Geometry, *q.BBox) {
				continue
			}
			if m.metres = plainDistance(q.Near.Geometry, f.Geometry); q.Near.Within > 0 && m.metres > q.Near.Within {
				continue
			}
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b plainMatch) int {
		for _, k := range q.Sort {
			x, y := a.f.Values[k.Field], b.f.Values[k.Field]
			o := x.Compare(y)
			if k.Descending && !x.IsNull() && !y.IsNull() {
				o = -o
			}
			if o != 0 {
				return o
			}
		}
		return cmp.Compare(a.metres, b.metres) // else in the order of the layer
	})
	return out
}

// plainDistance measures from a point, or else from every vertex of either to the
// other.
func plainDistance(near, g orb.Geometry) float64 {
	target := geodesic.NewTarget(near).Probe()
	if p, ok := g.(orb.Point); ok {
		metres, _ := target.Distance(p)
		return metres
	}
	if p, ok := near.(orb.Point); ok {
		metres, _ := geodesic.DistanceTo(p, g)
		return metres
	}
	if met, err := predicate.Intersects(near, g); err == nil && met {
		return 0
	}
	least := math.Inf(1)
	for _, p := range vertices(g) {
		if m, ok := target.Distance(p); ok {
			least = min(least, m)
		}
	}
	for _, p := range vertices(near) {
		if m, ok := geodesic.DistanceTo(p, g); ok {
			least = min(least, m)
		}
	}
	return least
}

func vertices(g orb.Geometry) []orb.Point {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.MultiPoint:
		return g
	case orb.LineString:
		return g
	}
	return g.(orb.Polygon)[0]
}

func TestFastAnswersArePlainAnswers(t *testing.T) {
	asked := 1500
	if n, err := strconv.Atoi(os.Getenv("DEMARC_PLAIN_N")); err == nil {
		asked = n
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("DEMARC_PLAIN_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("DEMARC_PLAIN_SEED=%d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	matched, filtered := 0, 0
	defer snapshot.KeepEncoded(snapshot.KeptEncoded)
	for round := 0; asked > 0; round++ {
		n := []int{40, 3000, 2100}[round%3]
		l := oddLayer(rnd, n)
		snapshot.KeepEncoded(int64(round%2) * snapshot.KeptEncoded) // with room for encoded features, and without
		s, err := snapshot.New(&data.Records{}, *l)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := s.Collection("odd")
		for range min(asked, 500) {
			asked--
			text := ""
			q := oddQuestion(rnd, l, func(filter string) cql2.Expr {
				text = filter
				e, err := cql2.ParseText(filter, &l.Schema)
				if err != nil {
					t.Fatalf("%s: %v", filter, err)
				}
				return e
			})
			want := plainAnswer(l, q)
			if fault := comparePage(c, l, q, want); fault != "" {
				t.Fatalf("%+v, filter %s: %s", q, text, fault)
			}
			if len(want) > 0 {
				matched++
				if text != "" {
					filtered++
				}
			}
		}
	}
	if matched == 0 || filtered == 0 {
		t.Error("no question had an answer: the test cannot fail")
	}
}

// comparePage asks for the first page and the one after it, and says what is wrong.
func comparePage(c *snapshot.Collection, l *data.Layer, q *snapshot.Query, want []plainMatch) string {
	from := min(q.Offset, len(want))
	for range 2 {
		page, err := c.Items(context.Background(), q)
		if err != nil {
			return err.Error()
		}
		to := min(from+q.Limit, len(want))
		if page.Matched != len(want) || len(page.Hits) != to-from {
			return fmt.Sprintf("matched %d, on the page %d; want %d and %d", page.Matched, len(page.Hits), len(want), to-from)
		}
		for i, h := range page.Hits {
			f, metres := want[from+i].f, want[from+i].metres
			if json, end := geojson.AppendFeature(nil, &l.Schema, f); h.ID != f.ID || string(h.JSON) != string(json) || h.PropertiesEnd != end {
				return fmt.Sprintf("%d is %s, want %s", i, h.JSON, json)
			}
			if !slices.EqualFunc(h.Values, f.Values, geo.Value.Equal) || !near(h.Metres, metres) {
				return fmt.Sprintf("%s has %v at %v, want %v at %v", h.ID, h.Values, h.Metres, f.Values, metres)
			}
		}
		if (page.Next != nil) != (to > from && to < len(want)) || (page.Prev != nil) != (to > from && from > 0) {
			return fmt.Sprintf("next %v, prev %v of %d to %d of %d", page.Next, page.Prev, from, to, len(want))
		}
		if page.Next == nil {
			return ""
		}
		from, q.At, q.Offset = to, page.Next, 0
	}
	return ""
}

func near(a, b float64) bool { return a-b < 1e-3 && b-a < 1e-3 }
