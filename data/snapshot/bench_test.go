package snapshot

import (
	"context"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/data/curated"
	"demarc/geo"
	"demarc/geo/cql2"
)

// What each kind of question costs on synthetic incidents: DEMARC_BENCH_N of them,
// 100,000 without it; docs/bench/queries.md has the answers for a million. Beside
// the time each tells how many bytes the page's features have, how many features
// matched, and which share of the rows the index spared.

// benchSize is of how many incidents the benchmarks ask.
func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("DEMARC_BENCH_N")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// benchmarked is the collection of incidents, built once.
var benchmarked = sync.OnceValues(func() (*Collection, error) {
	r, err := synthetic()
	if err != nil {
		return nil, err
	}
	all := gathered(r.Incidents)
	all.sort()
	known := newRecords(r, all.dict)
	return incidents(&builder{list: r, gathered: all, records: &known})
})

// benchSegment is the shape that the questions about a distance ask for.
func benchSegment(b *testing.B) orb.Geometry {
	b.Helper()
	real, err := curated.Load(curated.Files())
	if err != nil {
		b.Fatal(err)
	}
	i := slices.IndexFunc(real.Segments, func(s data.Segment) bool { return s.Role != "context" })
	return real.Geometry[real.Segments[i].ID]
}

// rowsAsked is how many rows a search looks at.
func rowsAsked(c *Collection, q *Query) int {
	a, err := c.search(context.Background(), q)
	if err != nil {
		panic(err)
	}
	visited := 0
	for _, step := range a.steps {
		visited += step.Visited
	}
	return visited
}

func BenchmarkItems(b *testing.B) {
	c, err := benchmarked()
	if err != nil {
		b.Fatal(err)
	}
	segment := benchSegment(b)
	field := func(name string) int { return c.Schema.Index(name) }
	filter := func(text string) *Query {
		e, err := cql2.ParseText(text, &c.Schema, cql2.WithFeatures(func(string, string) (orb.Geometry, error) { return segment, nil }))
		if err != nil {
			b.Fatal(err)
		}
		return &Query{Filter: e}
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	sorted := []SortKey{{Field: field("killed_high"), Descending: true}, {Field: field("start")}}
	questions := []struct {
		name string
		q    *Query
	}{
		{"everything", &Query{}},
		{"bbox of a district", &Query{BBox: &geo.BBox{West: 70.4, South: 39.8, East: 70.9, North: 40.1}}},
		{"bbox of a village", &Query{BBox: &geo.BBox{West: 70.60, South: 39.86, East: 70.63, North: 39.88}}},
		{"datetime", &Query{When: &geo.Interval{From: day(2022, 9, 14), To: day(2022, 9, 18)}}},
		{"equality", &Query{Equal: []Condition{{Field: field("type"), Value: geo.StringValue("shelling")}}}},
		{"filter comparison", filter("killed_high > 10 AND wounded_low <= 2")},
		{"filter LIKE", filter("title LIKE '%QQ_'")},
		{"filter IN", filter("type IN ('shelling', 'armed_clash', 'abduction')")},
		{"filter CASEI", filter("CASEI(title) = CASEI('SYNTHETIC INCIDENT ACW')")},
		{"filter S_INTERSECTS", filter("S_INTERSECTS(geometry, POLYGON((70.4 39.8, 70.9 39.8, 70.6 40.1, 70.4 39.8)))")},
		{"filter T_INTERSECTS", filter("T_INTERSECTS(INTERVAL(start, end), INTERVAL('2022-09-14', '2022-09-17'))")},
		{"filter dwithin of a feature", filter("dwithin(geometry, feature('segments', 'x'), 10000)")},
		{"filter dwithin AND T_INTERSECTS AND comparison",
			filter("dwithin(geometry, feature('segments', 'x'), 10000) AND T_INTERSECTS(INTERVAL(start, end), INTERVAL('2022-09-14', '2022-09-17')) AND killed_high > 0")},
		{"near a position, 25 km", &Query{Near: &Near{Geometry: orb.Point{70.6, 39.87}, Within: 25_000}}},
		{"the nearest to a position", &Query{Near: &Near{Geometry: orb.Point{70.6, 39.87}}}},
		{"near a segment, 10 km", &Query{Near: &Near{Geometry: segment, Within: 10_000}}},
		{"sort by two keys", &Query{Sort: sorted}},
	}
	for _, question := range questions {
		b.Run(question.name, func(b *testing.B) { ask(b, c, question.q) })
	}
	for _, paged := range []struct {
		name string
		q    Query
	}{{"next page", Query{}}, {"next page, sorted", Query{Sort: sorted}}} {
		q := paged.q
		q.Limit, q.Offset = 100, c.Len()/2
		page, err := c.Items(context.Background(), &q)
		if err != nil {
			b.Fatal(err)
		}
		q.Offset, q.At = 0, page.Next
		b.Run(paged.name, func(b *testing.B) { ask(b, c, &q) })
	}
}

// ask measures a question's first page of a hundred.
func ask(b *testing.B, c *Collection, question *Query) {
	b.Helper()
	q := *question
	q.Limit, q.NoValues = 100, true
	var page *Page
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if page, err = c.Items(context.Background(), &q); err != nil {
			b.Fatal(err)
		}
	}
	size := 0
	for _, h := range page.Hits {
		size += len(h.JSON)
	}
	b.ReportMetric(float64(size), "answer-B")
	b.ReportMetric(float64(page.Matched), "matched")
	b.ReportMetric(100*(1-float64(rowsAsked(c, &q))/float64(c.count)), "%spared")
}
