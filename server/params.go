package server

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/crs"
)

// The number of features on a page.
const (
	defaultLimit = 100
	maxLimit     = 10000
)

// params reads the query parameters of one request and gathers every fault, so
// that all of them are answered at once.
type params struct {
	query  query
	faults geo.Faults
}

// maxFaults is how many faults are told: where more are wrong, the answer would
// grow by a multiple of the question.
const maxFaults = 20

// enough tells whether so many faults were found that no more need be looked for.
func (p *params) enough() bool { return len(p.faults) >= maxFaults }

// readParams reads the parameters, refuses those that are not in known
// (OGC 17-069r4 /req/core/query-param-unknown) and those given more than once.
func readParams(c *gin.Context, known []string) *params {
	return readParamsIn(c, func(name string) bool { return slices.Contains(known, name) }, func() []string { return known })
}

// readParamsIn is readParams for parameters of which known tells, and all lists.
func readParamsIn(c *gin.Context, known func(name string) bool, all func() []string) *params {
	q, err := parseQuery(c.Request.URL.RawQuery)
	p := &params{query: q}
	if f, _ := p.get("f"); f == formatHTML.name { // a form sends what was left empty
		p.query = slices.DeleteFunc(q, func(of parameter) bool { return of.value == "" && q.count(of.name) == 1 })
	}
	if err != nil {
		p.faults.Add("query", c.Request.URL.RawQuery, "is not a query string: "+err.Error(), "name=value pairs joined by &, percent-encoded")
	}
	for i, of := range p.query {
		switch name := of.name; {
		case i > 0 && name == p.query[i-1].name:
		case p.enough():
			return p
		case !known(name):
			p.faults.Add(name, of.value, "is not a parameter of this resource", suggestion(name, all()))
		case p.query.count(name) > 1:
			p.faults.Add(name, strings.Join(p.query.values()[name], ", "), "is given more than once", "give it once")
		}
	}
	return p
}

// suggestion says which parameter may have been meant, and which there are.
func suggestion(name string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), k); d < least && 2*d < len(k) {
			best, least = k, d
		}
	}
	if len(known) == 0 {
		return "no parameters are taken here"
	}
	all := "parameters here are " + strings.Join(known, ", ")
	if best != "" {
		return "perhaps " + best + "; " + all
	}
	return all
}

// editDistance is the least number of characters to put in, take out or change
// that makes b of a (Levenshtein 1966).
func editDistance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// get returns the parameter's text and whether it is there.
func (p *params) get(name string) (string, bool) { return p.query.get(name) }

// text returns the parameter's text, empty where it is not there.
func (p *params) text(name string) string {
	text, _ := p.query.get(name)
	return text
}

// format returns the representation asked for by f or, without it, by Accept.
func (p *params) format(c *gin.Context, formats []format) (format, error) {
	if name, ok := p.get("f"); ok {
		return formatNamed(name, formats, &p.faults), nil
	}
	return negotiate(c.GetHeader("Accept"), formats)
}

// limit reads the page size. A larger one than the greatest is not an error
// but the greatest (/req/core/fc-limit-definition C).
func (p *params) limit() int {
	text, ok := p.get("limit")
	if !ok {
		return defaultLimit
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && !isTooLarge(err) || n == 0 {
		p.faults.Add("limit", text, "is not a page size", fmt.Sprintf("a whole number from 1 to %d", maxLimit))
		return defaultLimit
	}
	return int(min(n, maxLimit))
}

func isTooLarge(err error) bool {
	return strings.HasSuffix(err.Error(), strconv.ErrRange.Error())
}

// bbox reads a box of four numbers, or of six, whose heights are not used
// (/req/core/fc-bbox-definition): west, south, (lowest,) east, north(, highest).
func (p *params) bbox() *geo.BBox {
	text, ok := p.get("bbox")
	if !ok {
		p.crs("bbox-crs") // a wrong one is a fault without a box too
		return nil
	}
	const mend = "west,south,east,north in degrees, or with heights west,south,lowest,east,north,highest; west > east crosses the antimeridian"
	if n := strings.Count(text, ",") + 1; n != 4 && n != 6 {
		p.faults.Add("bbox", text, fmt.Sprintf("has %d numbers where 4 or 6 belong", n), mend)
		return nil
	}
	var room [6]float64
	numbers := room[:0]
	for part := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			p.faults.Add("bbox", text, fmt.Sprintf("has %q where a number belongs", part), mend)
			return nil
		}
		numbers = append(numbers, x)
	}
	if len(numbers) == 6 {
		if numbers[2] > numbers[5] {
			p.faults.Add("bbox", text, "has its lowest height above its highest", mend)
			return nil
		}
		numbers = append(numbers[:2], numbers[3:5]...)
	}
	if c := p.crs("bbox-crs"); c != crs.CRS84 {
		return p.boxIn(c, text, numbers)
	}
	return p.box(text, mend, numbers)
}

// box checks that the numbers make a box in the world.
func (p *params) box(text, mend string, n []float64) *geo.BBox {
	b := geo.BBox{West: n[0], South: n[1], East: n[2], North: n[3]}
	switch {
	case math.Abs(b.West) > 180 || math.Abs(b.East) > 180:
		p.faults.Add("bbox", text, "has a longitude outside -180 to 180", mend)
	case math.Abs(b.South) > 90 || math.Abs(b.North) > 90:
		p.faults.Add("bbox", text, "has a latitude outside -90 to 90", mend)
	case b.South > b.North:
		p.faults.Add("bbox", text, "has its south edge north of its north edge", mend)
	default:
		return &b
	}
	return nil
}

// datetime reads the time asked for.
func (p *params) datetime() *geo.Interval {
	text, ok := p.get("datetime")
	if !ok {
		return nil
	}
	iv, err := parseDatetime(text)
	if err != nil {
		p.faults.Add("datetime", text, err.Error(),
			"a day (2022-09-16), an instant (2022-09-16T14:00:00Z), or an interval (2022-09-14/2022-09-17, 2022-09-14/.., ../2022-09-17)")
		return nil
	}
	return &iv
}

// equals reads the parameters that are named after queryables.
func (p *params) equals(sc *geo.Schema) []snapshot.Condition {
	var out []snapshot.Condition
	for i := range sc.Fields {
		f := &sc.Fields[i]
		text, ok := p.get(f.Name)
		if !ok || !f.Queryable {
			continue
		}
		v, err := geo.ParseValue(text, f)
		if err != nil {
			p.faults.Add(f.Name, text, "is not a value of this property", err.Error())
			continue
		}
		out = append(out, snapshot.Condition{Field: i, Value: v})
	}
	return out
}

// near reads near and within: a position, or the geometry of another feature,
// and a distance.
func (p *params) near(snap *snapshot.Snapshot) *snapshot.Near {
	within, hasWithin := p.within()
	text, ok := p.get("near")
	if !ok {
		if hasWithin {
			p.faults.Add("within", p.text("within"), "stands without near", "add near=LON,LAT or near=COLLECTION/ID")
		}
		return nil
	}
	if collection, id, isFeature := strings.Cut(text, "/"); isFeature {
		return p.nearFeature(snap, text, collection, id, within)
	}
	const mend = "near=LON,LAT in degrees, longitude first, or near=COLLECTION/ID"
	lonText, latText, _ := strings.Cut(text, ",")
	lon, lonErr := strconv.ParseFloat(strings.TrimSpace(lonText), 64)
	lat, latErr := strconv.ParseFloat(strings.TrimSpace(latText), 64)
	if lonErr != nil || latErr != nil || !(math.Abs(lon) <= 180 && math.Abs(lat) <= 90) {
		p.faults.Add("near", text, "is neither a position nor a feature", mend)
		return nil
	}
	return &snapshot.Near{Geometry: orb.Point{lon, lat}, Within: within}
}

func (p *params) nearFeature(snap *snapshot.Snapshot, text, collection, id string, within float64) *snapshot.Near {
	col, err := snap.Collection(collection)
	if err != nil {
		var ids []string
		for _, c := range snap.Collections() {
			ids = append(ids, c.ID)
		}
		p.faults.Add("near", text, "names a collection that does not exist", "one of "+strings.Join(ids, ", "))
		return nil
	}
	hit, err := col.Feature(id)
	switch {
	case err != nil:
		p.faults.Add("near", text, "names a feature that does not exist", "the id of a feature of "+collection+"; see /collections/"+collection+"/items")
		return nil
	case hit.Geometry == nil:
		p.faults.Add("near", text, "names a feature whose place is not known", "a feature with a geometry, or a position")
		return nil
	}
	return &snapshot.Near{Geometry: hit.Geometry, Within: within}
}

// maxWithin is half of the Earth's circumference: everything is nearer.
const maxWithin = 20_004_000

// within reads a distance in metres, 0 when there is none.
func (p *params) within() (metres float64, ok bool) {
	text, ok := p.get("within")
	if !ok {
		return 0, false
	}
	number, factor := strings.CutSuffix(text, "km")
	scale := 1000.0
	if !factor {
		number, factor = strings.CutSuffix(text, "m")
		scale = 1
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !factor || err != nil || !(x > 0) || x*scale > maxWithin {
		p.faults.Add("within", text, "is not a distance", "a number above 0 with its unit, such as 25km or 500m, up to 20004km")
		return 0, true
	}
	return x * scale, true
}

// itemsNames are the parameters of items besides the queryables.
var itemsNames = []string{"asof", "bbox", "bbox-crs", "crs", "cursor", "datetime", "explain", "f", "filter", "filter-crs", "filter-lang", "limit", "near",
	"offset", "properties", "recorded", "resultType", "sortby", "within"}

// readItemsParams reads the parameters of the items of a collection.
func (s *Server) readItemsParams(c *gin.Context, sc *geo.Schema) *params {
	return readParamsIn(c, func(name string) bool {
		field := sc.Index(name)
		return slices.Contains(itemsNames, name) || field >= 0 && sc.Fields[field].Queryable || slices.Contains(s.stateParam(), name)
	}, func() []string { return slices.Concat(itemsNames, s.stateParam(), queryables(sc)) })
}

// readQuery turns the URL of items into one query.
func (p *params) readQuery(snap *snapshot.Snapshot, col *snapshot.Collection) *snapshot.Query {
	q := &snapshot.Query{
		BBox: p.bbox(), When: p.datetime(), Equal: p.equals(&col.Schema), Near: p.near(snap), Limit: p.limit(),
		Sort: p.sortby(&col.Schema), Offset: p.offset(),
	}
	q.Filter = p.filter(snap, col, q.When)
	if cursor, ok := p.get("cursor"); ok {
		at, err := col.DecodeCursor(cursor, p.selection(col), q.Sort)
		if err != nil {
			p.faults.Add("cursor", cursor, err.Error(), "follow the next and prev links as they are; leave cursor out to begin at the start")
		}
		q.At = at
	}
	return q
}

// besideSelection are the parameters of the page, its size and its form.
var besideSelection = []string{"crs", "cursor", "explain", "f", "limit", "offset", "properties"}

// selection names what the query selects, without the page, its size and its form:
// a cursor belongs to it.
func (p *params) selection(col *snapshot.Collection) string {
	return string(p.appendSelection(nil, col))
}

// appendSelection appends the selection.
func (p *params) appendSelection(dst []byte, col *snapshot.Collection) []byte {
	dst = append(dst, col.ID...)
	mark := len(dst)
	if dst = p.query.append(dst, besideSelection, parameter{}); len(dst) == mark {
		dst = append(dst, '?')
	}
	return dst
}

// queryables returns the names of the properties that can be asked for.
func queryables(sc *geo.Schema) []string {
	out := make([]string, 0, len(sc.Fields))
	for i := range sc.Fields {
		if sc.Fields[i].Queryable {
			out = append(out, sc.Fields[i].Name)
		}
	}
	return out
}
