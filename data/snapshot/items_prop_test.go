package snapshot_test

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/geodesic"
	"demarc/geo/predicate"
)

// drawBBox draws a box of any size, that may cross the antimeridian.
func drawBBox(t *rapid.T) *geo.BBox {
	a, b := drawPosition(t), drawPosition(t)
	return &geo.BBox{West: a[0], South: min(a[1], b[1]), East: b[0], North: max(a[1], b[1])}
}

// drawQuery draws a query with any conditions that the collection knows.
func drawQuery(t *rapid.T, c *snapshot.Collection, all []snapshot.Hit) snapshot.Query {
	var q snapshot.Query
	if rapid.Bool().Draw(t, "by box") {
		q.BBox = drawBBox(t)
	}
	if rapid.Bool().Draw(t, "by time") {
		q.When = drawInterval(t)
	}
	if rapid.IntRange(0, 2).Draw(t, "near") == 0 {
		var g orb.Geometry = drawPosition(t)
		if rapid.Bool().Draw(t, "near a line") {
			p := drawPosition(t)
			g = orb.LineString{p, {max(-180, p[0]-0.1), p[1]}}
		}
		q.Near = &snapshot.Near{Geometry: g, Within: rapid.SampledFrom([]float64{0, 1, 20_000, 1e6}).Draw(t, "within")}
	}
	for range rapid.IntRange(0, 2).Draw(t, "equal") {
		if len(all) == 0 {
			break
		}
		field := rapid.IntRange(0, len(c.Schema.Fields)-1).Draw(t, "field")
		value := rapid.SampledFrom(all).Draw(t, "like").Values[field]
		if text := value.Text(); !value.IsNull() && c.Schema.Fields[field].Queryable {
			text = strings.Split(text, "; ")[0] // one of a list
			v, err := geo.ParseValue(text, &c.Schema.Fields[field])
			if err != nil {
				t.Fatalf("%s=%q: %v", c.Schema.Fields[field].Name, text, err)
			}
			q.Equal = append(q.Equal, snapshot.Condition{Field: field, Value: v})
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "sort keys") {
		q.Sort = append(q.Sort, snapshot.SortKey{
			Field: rapid.IntRange(0, len(c.Schema.Fields)-1).Draw(t, "sorted by"), Descending: rapid.Bool().Draw(t, "descending"),
		})
	}
	return q
}

// inOrder compares two features by the sort keys, as their JSON has them: null
// last, whichever way.
func inOrder(t *rapid.T, c *snapshot.Collection, keys []snapshot.SortKey, a, b snapshot.Hit) int {
	pa, pb := properties(t, a), properties(t, b)
	for _, k := range keys {
		f := c.Schema.Fields[k.Field]
		x, y := pa[f.Name], pb[f.Name]
		if list, ok := asList(f, x); ok {
			x = list
		}
		if list, ok := asList(f, y); ok {
			y = list
		}
		o := 0
		switch {
		case x == nil && y == nil:
		case x == nil:
			return 1
		case y == nil:
			return -1
		default:
			o = compareJSON(x, y)
		}
		if k.Descending {
			o = -o
		}
		if o != 0 {
			return o
		}
	}
	return 0
}

func compareJSON(x, y any) int {
	switch x := x.(type) {
	case float64:
		return cmp.Compare(x, y.(float64))
	case []any:
		for i := range min(len(x), len(y.([]any))) {
			if o := compareJSON(x[i], y.([]any)[i]); o != 0 {
				return o
			}
		}
		return cmp.Compare(len(x), len(y.([]any)))
	}
	return cmp.Compare(x.(string), y.(string))
}

// candidate is a version of a feature, for the twin to decide on.
type candidate struct {
	hit      snapshot.Hit
	from, to data.Date
	key      string
}

// answer is the slow and obvious twin of Items, for incidents and places.
func answer(t *rapid.T, c *snapshot.Collection, q *snapshot.Query, all []candidate) []string {
	type found struct {
		hit    snapshot.Hit
		key    string
		metres float64
	}
	var out []found
	for _, f := range all {
		g := f.hit.Geometry
		if q.BBox != nil && g != nil && !predicate.IntersectsBBox(g, *q.BBox) {
			continue
		}
		if q.When != nil && !meets(f.from, f.to, *q.When) {
			continue
		}
		if !equalProperties(t, c, q, f.hit) {
			continue
		}
		metres := 0.0
		if q.Near != nil {
			p, located := g.(orb.Point)
			if !located {
				continue
			}
			if metres, _ = geodesic.NewTarget(q.Near.Geometry).Probe().Distance(p); q.Near.Within > 0 && metres > q.Near.Within {
				continue
			}
		}
		out = append(out, found{f.hit, f.key, metres})
	}
	slices.SortFunc(out, func(a, b found) int {
		return cmp.Or(inOrder(t, c, q.Sort, a.hit, b.hit), cmp.Compare(a.metres, b.metres), cmp.Compare(a.key, b.key))
	})
	ids := []string{}
	for _, f := range out {
		ids = append(ids, f.hit.ID)
	}
	return ids
}

// equalProperties compares the feature's own JSON with the values asked for.
func equalProperties(t *rapid.T, c *snapshot.Collection, q *snapshot.Query, h snapshot.Hit) bool {
	props := properties(t, h)
	for _, e := range q.Equal {
		var want any
		if err := json.Unmarshal(e.Value.AppendJSON(nil), &want); err != nil {
			t.Fatalf("%v", err)
		}
		got := props[c.Schema.Fields[e.Field].Name]
		if list, ok := asList(c.Schema.Fields[e.Field], got); ok {
			if !slices.Contains(list, want) {
				return false
			}
		} else if got != want {
			return false
		}
	}
	return true
}

// asList takes the text that a list has in GeoJSON apart; ok tells whether the
// property is one and has a value.
func asList(f geo.Field, property any) (list []any, ok bool) {
	text, ok := property.(string)
	if f.Type != geo.StringList || !ok {
		return nil, false
	}
	for _, member := range strings.Split(text, "; ") {
		list = append(list, member)
	}
	return list, true
}

// candidatesOf returns the features of the collection as the records say them,
// in the order of keys.
func candidatesOf(t *rapid.T, c *snapshot.Collection, r *data.Records) []candidate {
	var out []candidate
	add := func(id, key string, from, to data.Date) {
		h, err := c.Feature(id)
		if err != nil {
			t.Fatalf("Feature(%s): %v", id, err)
		}
		out = append(out, candidate{hit: h, from: from, to: to, key: key})
	}
	switch c.ID {
	case "incidents":
		for _, in := range r.Incidents {
			add(in.ID, in.Start.First().Format("2006-01-02 ")+in.ID, in.Start, in.End)
		}
	case "claims":
		for _, in := range r.Incidents {
			for _, cl := range in.Claims {
				add(cl.ID, in.Start.First().Format("2006-01-02 ")+cl.ID, in.Start, in.End)
			}
		}
	case "places":
		for _, p := range r.Places {
			add(p.ID, p.ID, data.Date{}, data.Date{})
		}
	case "sources":
		for _, s := range r.Sources {
			add(s.ID, s.ID, s.Date, s.Date)
		}
	case "parties":
		for _, p := range r.Parties {
			add(p.ID, p.ID, p.From, p.To)
		}
	}
	return out
}

func TestItemsAgreesWithLookingAtAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		c := collection(t, r, rapid.SampledFrom([]string{"incidents", "claims", "places", "sources", "parties"}).Draw(t, "collection"))
		all := candidatesOf(t, c, r)
		if c.Len() != len(all) {
			t.Fatalf("Len() = %d, want %d", c.Len(), len(all))
		}
		q := drawQuery(t, c, items(t, c, snapshot.Query{}).Hits)
		page := items(t, c, q)
		want := answer(t, c, &q, all)
		if diff := gocmp.Diff(want, idsOf(page.Hits)); diff != "" {
			t.Fatalf("%s of %+v (-want +got):\n%s", c.ID, q, diff)
		}
		if page.Matched != len(want) || page.Next != nil || page.Prev != nil {
			t.Fatalf("matched %d of %d, next %v, prev %v", page.Matched, len(want), page.Next, page.Prev)
		}
		for _, h := range page.Hits {
			if q.Near == nil {
				if h.Metres != 0 {
					t.Fatalf("%s is %v m from nothing", h.ID, h.Metres)
				}
			} else if want, _ := geodesic.DistanceTo(h.Geometry.(orb.Point), q.Near.Geometry); math.Abs(h.Metres-want) > 2e-6 {
				t.Fatalf("%s is %v m off, want %v", h.ID, h.Metres, want)
			}
		}
	})
}

// Following next from the first page reads the whole answer once and in order,
// whatever the limits; following prev from the last page reads it backwards.
func TestPagesMakeUpTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecords(t)
		c := collection(t, r, rapid.SampledFrom([]string{"incidents", "claims", "segments", "places"}).Draw(t, "collection"))
		q := drawQuery(t, c, items(t, c, snapshot.Query{}).Hits)
		whole := idsOf(items(t, c, q).Hits)
		const text = "collections/x?y=z"
		turn := func(at *snapshot.Cursor) *snapshot.Page {
			q.Limit = rapid.IntRange(1, 4).Draw(t, "limit")
			q.At = nil
			if at != nil {
				decoded, err := c.DecodeCursor(at.Encode(text), text, q.Sort)
				if err != nil || !sameCursor(decoded, at) {
					t.Fatalf("cursor %+v read back as %+v, %v", at, decoded, err)
				}
				q.At = decoded
			}
			page := items(t, c, q)
			if page.Matched != len(whole) {
				t.Fatalf("matched %d on a page, %d in all", page.Matched, len(whole))
			}
			if len(page.Hits) > q.Limit {
				t.Fatalf("%d hits with limit %d", len(page.Hits), q.Limit)
			}
			return page
		}
		page := turn(nil)
		if page.Prev != nil {
			t.Fatalf("the first page has a page before it")
		}
		got := idsOf(page.Hits)
		for page.Next != nil {
			page = turn(page.Next)
			if len(page.Hits) == 0 || page.Prev == nil {
				t.Fatalf("a later page has %d hits and prev %v", len(page.Hits), page.Prev)
			}
			got = append(got, idsOf(page.Hits)...)
		}
		if diff := gocmp.Diff(whole, got); diff != "" {
			t.Fatalf("forward (-want +got):\n%s", diff)
		}
		back := idsOf(page.Hits)
		for page.Prev != nil {
			page = turn(page.Prev)
			if len(page.Hits) == 0 || page.Next == nil {
				t.Fatalf("an earlier page has %d hits and next %v", len(page.Hits), page.Next)
			}
			back = append(idsOf(page.Hits), back...)
		}
		if diff := gocmp.Diff(whole, back); diff != "" {
			t.Fatalf("backward (-want +got):\n%s", diff)
		}
	})
}

// Nearest finds the nearest that is accepted, as sorting all by distance does.
func TestNearestAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := collection(t, drawRecords(t), "places")
		p := drawPosition(t)
		accept := func(h snapshot.Hit) bool { return h.Values[8].Text() == "village" }
		var want snapshot.Hit
		found := false
		for _, h := range items(t, c, snapshot.Query{Near: &snapshot.Near{Geometry: p}}).Hits {
			if accept(h) {
				want, found = h, true
				break
			}
		}
		got, ok := c.Nearest(p, accept)
		if ok != found || got.Metres != want.Metres {
			t.Fatalf("nearest to %v: %s at %v m, %v; want %s at %v m, %v", p, got.ID, got.Metres, ok, want.ID, want.Metres, found)
		}
	})
}
