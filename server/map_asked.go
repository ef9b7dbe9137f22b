package server

import (
	"context"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"demarc/data"
	"demarc/data/snapshot"
	"demarc/geo/cql2"
)

// An address of the map is the state of its screen (docs/map.md, "Parameters of the
// address"). The map itself reads it in web/src/state.ts and asks what
// web/src/filters.ts says; what is here must understand it alike, for those who see
// the page before its scripts run, or without them. TestMapAsksWhatTheMapAsks and
// the journeys in the browser hold the two together.

// mapFacets are the parameters of the map that hold any of several values, with the
// properties that they narrow.
var mapFacets = []struct {
	name, field string
	list        bool // whether the property is one
}{
	{"type", "type", false}, {"party", "parties", true}, {"figures", "figures", false}, {"occurrence", "occurrence", false},
	{"verification", "verification", true}, {"precision", "location_precision", false},
}

// mapPlaces is how many places the map holds whole.
const mapPlaces = 2000

var (
	mapMetrics  = []string{"killed", "wounded", "captured", "released"}
	mapSorts    = []string{"start", "title", "place", "type", "low", "high", "claims", "occurrence"}
	mapWord     = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	mapWhole    = regexp.MustCompile(`^[0-9]{1,9}$`)
	mapNear     = regexp.MustCompile(`^([A-Za-z0-9_-]+),([0-9]+(?:\.[0-9]+)?)km$`)
	mapDay      = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	mapUnsought = regexp.MustCompile(`[%_\\'"]`)
	mapNumber   = regexp.MustCompile(`^[-+.0-9eE]+$`)
)

// mapQuestion turns an address of the map into the parameters of items that select
// the same incidents in the same order. What cannot be understood is left out, as
// the map leaves it out. named finds the places that bear a name.
func mapQuestion(asked url.Values, named func(words string) (ids, labels []string)) url.Values {
	out := url.Values{}
	set := func(name, value string) {
		if value != "" {
			out.Set(name, value)
		}
	}
	set("datetime", mapTime(asked.Get("datetime")))
	inside := mapInside(asked)
	if inside == "" {
		set("bbox", mapBox(asked.Get("bbox")))
	}
	if m := mapNear.FindStringSubmatch(asked.Get("near")); m != nil && inside == "" {
		if km, _ := strconv.ParseFloat(m[2], 64); rounded(km, 1) > 0 && km <= 500 {
			out.Set("near", "segments/"+m[1])
			out.Set("within", strconv.FormatFloat(rounded(km, 1), 'f', -1, 64)+"km")
		}
	}
	filters := []string{mapSought(asked.Get("q"), named)}
	for _, f := range mapFacets {
		filters = append(filters, mapAnyOf(f.field, asked.Get(f.name), f.list))
	}
	filters = append(filters, mapToll(asked), inside)
	if inside == "" {
		filters = append(filters, mapArea(asked.Get("within")))
	}
	filters = slices.DeleteFunc(filters, func(f string) bool { return f == "" })
	for i, f := range filters {
		filters[i] = "(" + f + ")"
	}
	set("filter", strings.Join(filters, " AND "))
	set("sortby", mapOrder(asked))
	set("cursor", asked.Get("cursor"))
	return out
}

// mapKnown returns the day of knowledge that an address asks for, or nothing.
func mapKnown(asked url.Values) string {
	if text := asked.Get("asof"); mapDay.MatchString(text) {
		if _, err := data.ParseDate(text); err == nil {
			return text
		}
	}
	return ""
}

// mapMetric returns the family of figures that the map shows.
func mapMetric(asked url.Values) string {
	if i := slices.Index(mapMetrics, asked.Get("metric")); i >= 0 {
		return mapMetrics[i]
	}
	return mapMetrics[0]
}

// mapTime reads a day, month or year, or two with a slash between them, as whole
// days, in whichever order they stand.
func mapTime(text string) string {
	from, to, two := strings.Cut(text, "/")
	if !two {
		to = from
	}
	to, _, _ = strings.Cut(to, "/")
	end := func(text string, last bool) string {
		d, err := data.ParseDate(text[:min(len(text), 10)])
		if err != nil || d.IsZero() {
			return ""
		}
		if last {
			return d.Last().Format("2006-01-02")
		}
		return d.First().Format("2006-01-02")
	}
	first, last := end(from, false), end(to, true)
	if first != "" && last != "" && first > last {
		first, last = last, first
	}
	switch {
	case first == "" && last == "":
		return ""
	case first == last:
		return first
	case first == "":
		first = ".."
	case last == "":
		last = ".."
	}
	return first + "/" + last
}

// mapNumbers reads numbers joined by commas; nil where one is none.
func mapNumbers(text string) []float64 {
	var out []float64
	for part := range strings.SplitSeq(text, ",") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil || !mapNumber.MatchString(part) {
			return nil
		}
		out = append(out, rounded(x, 4))
	}
	return out
}

// rounded is as many decimals as the map's addresses have, halves upwards.
func rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Floor(x*scale+0.5) / scale
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// inWorld tells whether a position is one: degrees of longitude and latitude.
func inWorld(lon, lat float64) bool { return math.Abs(lon) <= 180 && math.Abs(lat) <= 90 }

func mapBox(text string) string {
	n := mapNumbers(text)
	if len(n) != 4 || !inWorld(n[0], n[1]) || !inWorld(n[2], n[3]) || n[1] > n[3] {
		return ""
	}
	return degrees(n[0]) + "," + degrees(n[1]) + "," + degrees(n[2]) + "," + degrees(n[3])
}

// mapCorners reads the corners of an area, "lon,lat;lon,lat;...", without the
// closing one; nil where they make none.
func mapCorners(text string) [][2]float64 {
	var corners [][2]float64
	for part := range strings.SplitSeq(text, ";") {
		n := mapNumbers(part)
		if len(n) != 2 || !inWorld(n[0], n[1]) {
			return nil
		}
		corners = append(corners, [2]float64{n[0], n[1]})
	}
	if last := len(corners) - 1; last > 2 && corners[0] == corners[last] {
		corners = corners[:last]
	}
	if len(corners) < 3 || len(corners) > 200 {
		return nil
	}
	return corners
}

// mapArea asks for positions in the area of these corners.
func mapArea(text string) string {
	corners := mapCorners(text)
	if corners == nil {
		return ""
	}
	var ring []string
	for _, c := range append(corners, corners[0]) {
		ring = append(ring, degrees(c[0])+" "+degrees(c[1]))
	}
	return "S_INTERSECTS(geometry, POLYGON((" + strings.Join(ring, ", ") + ")))"
}

// mapAnyOf reads words joined by commas, any of which a property may have.
func mapAnyOf(field, text string, list bool) string {
	var words, contains []string
	for word := range strings.SplitSeq(text, ",") {
		if mapWord.MatchString(word) {
			words = append(words, "'"+word+"'")
			contains = append(contains, "A_CONTAINS("+field+", ('"+word+"'))")
		}
	}
	switch {
	case words == nil:
		return ""
	case list:
		return strings.Join(contains, " OR ")
	}
	return field + " IN (" + strings.Join(words, ", ") + ")"
}

// mapToll asks what the standing claims allow: an end that no claim bounds may be
// anything, where any figure is claimed.
func mapToll(asked url.Values) string {
	low, high := mapMetric(asked)+"_low", mapMetric(asked)+"_high"
	var parts []string
	if n := asked.Get("min"); mapWhole.MatchString(n) {
		parts = append(parts, "("+high+" >= "+n+" OR ("+high+" IS NULL AND "+low+" IS NOT NULL))")
	}
	if n := asked.Get("max"); mapWhole.MatchString(n) {
		parts = append(parts, "("+low+" <= "+n+" OR ("+low+" IS NULL AND "+high+" IS NOT NULL))")
	}
	return strings.Join(parts, " AND ")
}

// mapOrder returns the order of the list, newest first where none is asked for.
func mapOrder(asked url.Values) string {
	key, down := strings.CutPrefix(asked.Get("sortby"), "-")
	switch {
	case !slices.Contains(mapSorts, key):
		return "-start"
	case key == "low" || key == "high":
		key = mapMetric(asked) + "_" + key
	}
	if down {
		return "-" + key
	}
	return key
}

// mapSought asks for words in titles, in any case and with or without accents, and
// for the places that bear a name with the words in it.
func mapSought(text string, named func(words string) (ids, labels []string)) string {
	words := strings.Join(strings.Fields(mapUnsought.ReplaceAllString(text, " ")), " ")
	if runes := []rune(words); len(runes) > 80 {
		words = strings.TrimSpace(string(runes[:80]))
	}
	if words == "" {
		return ""
	}
	ids, labels := named(words)
	var parts []string
	for i, title := range append([]string{words}, labels...) {
		// A space also stands for a hyphen.
		pattern := strings.NewReplacer(" ", "_", "-", "_").Replace(folded(title))
		like := ")) LIKE CASEI(ACCENTI('%" + pattern + "%'))"
		if part := "CASEI(ACCENTI(title" + like; !strings.ContainsAny(pattern, `%\'`) && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
		if i == 0 { // of very many places not all are looked at
			parts = append(parts, "CASEI(ACCENTI(place"+like)
		}
	}
	for i, id := range ids {
		ids[i] = "'" + strings.ReplaceAll(id, "'", "''") + "'"
	}
	if ids != nil {
		parts = append(parts, "place_id IN ("+strings.Join(ids, ", ")+")")
	}
	return strings.Join(parts, " OR ")
}

// folded returns the letters of a text without case and accents.
func folded(text string) string { return cql2.FoldCase(cql2.StripAccents(text)) }

// spelling returns a name as names are compared: alike but for spaces, hyphens,
// apostrophes, and the marks over letters of Cyrillic, which many keyboards lack.
func spelling(name string) string {
	return strings.Join(strings.FieldsFunc(unmarked.Replace(folded(name)), func(r rune) bool { return r == '-' || r == ' ' }), " ")
}

var unmarked = strings.NewReplacer("'", "", "ʼ", "", "’", "", "ʻ", "", "`", "", "й", "и", "ӣ", "и", "ў", "у", "ӯ", "у", "ї", "і")

// placesNamed returns the ids of the places that have the words in a name, in any
// language or spelling, and if those are few, their names before any slash or
// bracket. Of more than mapPlaces places it looks at the thousand where most
// happened, as the map does: each is read in full.
func placesNamed(ctx context.Context, places *snapshot.Collection, words string) (ids, labels []string, err error) {
	var names []int
	for _, name := range []string{"label", "name_en", "name_ky", "name_tg", "name_ru", "name_uz", "aliases"} {
		if i := places.Schema.Index(name); i >= 0 {
			names = append(names, i)
		}
	}
	all := &snapshot.Query{Limit: maxLimit, NoJSON: true, Sort: []snapshot.SortKey{{Field: places.Schema.Index("incidents"), Descending: true}}}
	if places.Len() > mapPlaces {
		all.Limit = 1000
	}
	page, err := places.Items(ctx, all)
	if err != nil {
		return nil, nil, err
	}
	sought := spelling(words)
	for i := range page.Hits {
		hit := &page.Hits[i]
		if slices.ContainsFunc(names, func(i int) bool { return strings.Contains(spelling(hit.Values[i].Text()), sought) }) {
			ids = append(ids, hit.ID)
			label, _, _ := strings.Cut(hit.Values[names[0]].Text(), "/")
			label, _, _ = strings.Cut(label, "(")
			labels = append(labels, strings.TrimSpace(label))
		}
	}
	if len(ids) > 8 {
		labels = nil
	}
	return ids, labels, nil
}
