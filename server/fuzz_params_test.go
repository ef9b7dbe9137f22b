package server

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"demarc/geo/fuzztest"
)

// One fuzz test for each parameter of items, or for those that mean something only
// together. The value goes through the whole service, within the limits of
// geo/fuzztest.

// fuzzed are the parameters that have a test below. A new parameter of items needs
// one; FuzzQueryable stands for those named after properties.
var fuzzed = []string{"asof", "bbox", "bbox-crs", "crs", "cursor", "datetime", "explain", "f", "filter", "filter-crs", "filter-lang", "limit", "near",
	"offset", "properties", "recorded", "resultType", "sortby", "within"}

func TestEveryParameterIsFuzzed(t *testing.T) {
	for _, name := range itemsNames {
		if !slices.Contains(fuzzed, name) {
			t.Errorf("no fuzz test has the parameter %s: write one here", name)
		}
	}
}

// units are the texts that long values are made of: what is costly for what reads
// lists, numbers and names.
var units = []string{",", "-", "9", "x", "%", "ё", "\x00", "/", "id,", "1,", "0.1e9,", "..", "A-", "&a=", "a&", "[", "(", "NOT ", `{"op":"not","args":[`,
	`{"op":"and","args":[true,`, "text/html;q=0.1,", "*/*;q=0,", ";q=", "a/b;c=\"", "application/geo+json,"}

// long returns short texts of units, and under `make fuzz` two of 64 KB, of which
// the mutations are slow; TestLongValues has them all.
func long() []string {
	var all []string
	for _, unit := range units {
		all = append(all, strings.Repeat(unit, 40))
	}
	if fuzztest.Figures() != "" {
		all = append(all, strings.Repeat("1,", fuzztest.MaxInput/2), strings.Repeat("xё", fuzztest.MaxInput/3))
	}
	return all
}

// TestLongValues gives every parameter values of 64 KB.
func TestLongValues(t *testing.T) {
	handler := serve(t, invented).Handler()
	for _, unit := range units {
		value := strings.Repeat(unit, fuzztest.MaxInput/len(unit))
		for _, name := range append(slices.Clone(itemsNames), "title", "start", "killed_low") {
			askItems(t, handler, name, value)
			if name == "filter" {
				askItems(t, handler, name, value, "filter-lang", "cql2-json")
			}
		}
		askItems(t, handler, value, "x")
		askFormat(t, handler, "", value)
		askPath(t, handler, value, "items", value)
	}
}

// fuzzItems adds the seeds and fuzzes the values of parameters of the incidents. A
// value "" leaves its parameter out.
func fuzzItems(f *testing.F, name string, seeds ...string) {
	for _, s := range append(long(), seeds...) {
		f.Add(s)
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, value string) { askItems(t, handler, name, value) })
}

// fuzzPair is fuzzItems for two parameters; seeds are pairs.
func fuzzPair(f *testing.F, first, second string, seeds ...string) {
	for _, s := range long() {
		f.Add(s, "")
		f.Add(seeds[0], s)
	}
	for i := 0; i+1 < len(seeds); i += 2 {
		f.Add(seeds[i], seeds[i+1])
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, a, b string) { askItems(t, handler, first, a, second, b) })
}

// askItems asks for a page of one incident with the parameters, given as names and
// values. FuzzQueryOfItems goes on to the next page.
func askItems(t *testing.T, handler http.Handler, namesAndValues ...string) {
	t.Helper()
	q := url.Values{"limit": {"1"}}
	size := 0
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if v := namesAndValues[i+1]; v != "" {
			q.Set(namesAndValues[i], v)
			size += len(namesAndValues[i]) + len(v)
		}
	}
	query := q.Encode()
	fuzztest.Limit(t, size, func() { answerIsSound(t, handler, "incidents", query) })
}

func FuzzBBox(f *testing.F) {
	fuzzPair(f, "bbox", "bbox-crs", "179,50,-179,52", "", "68,38,-5,71,41,9000", "EPSG:4326", "0,0,1e6,1e6", "EPSG:32642", "-1.5000000,.5,1,53", "", "1e400,NaN,Inf,0x1p3", "http://www.opengis.net/def/crs/EPSG/0/28412")
}

func FuzzDatetimeParameter(f *testing.F) {
	fuzzItems(f, "datetime", "2022-09-16", "2001-02-03T14:00:00.5+06:00", "2022-09-14/..", "../2022-09-17", "2013-02-11/P2D", "P1Y2M3W4DT5H6M7S/2013", "2013/PT999999H9999999M999999999S", "0000-01-01/..")
}

func FuzzAsOf(f *testing.F) {
	fuzzItems(f, "asof", "2022-09-16", "2001-02-03T14:00:00Z", "2001-02-03T14:00:00.123456789+06:00", "0000-12-31", "9999-12-31", "tomorrow", "2022-09")
}

func FuzzRecorded(f *testing.F) {
	fuzzItems(f, "recorded", "2022-09-16", "2026-02-03T14:00:00Z", "0000-12-31", "9999-12-31T23:59:59.999999999+14:00", "yesterday")
}

func FuzzCRS(f *testing.F) {
	fuzzItems(f, "crs", "EPSG:3857", "[EPSG:28412]", "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:999999999999999999999")
}

func FuzzCursor(f *testing.F) {
	fuzzItems(f, "cursor", "AAAA", "not base64!", "AQAAAAAAAAAyMDAxLTAyLTAzLWFscGhhLWNsYXNo")
}

func FuzzFilterText(f *testing.F) {
	fuzzPair(f, "filter", "filter-crs", "killed_low > 3", "", "S_INTERSECTS(geometry, POLYGON((179 50,180 50,180 52,179 50)))", "EPSG:4326",
		"dwithin(geometry, feature('segments','east'), 1e4) AND T_INTERSECTS(INTERVAL(start,\"end\"), INTERVAL('2001-02-01','..'))", "",
		"CASEI(title) LIKE 'cl%' OR A_CONTAINS(parties, ('XB')) AND NOT distance_m(geometry, POINT(1 2)) / 0 < 5", "", "S_WITHIN(geometry, BBOX(0,0,1e6,1e6))", "EPSG:32642")
}

func FuzzFilterJSON(f *testing.F) {
	for _, s := range append(long(),
		`{"op":"=","args":[{"property":"id"},"x"]}`, `{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[179,50,-179,52]}]}`,
		`{"op":"t_during","args":[{"interval":[{"property":"start"},{"property":"end"}]},{"interval":["..","2022-09-17"]}]}`,
		`{"op":"dwithin","args":[{"property":"geometry"},{"op":"feature","args":["segments","east"]},1e4]}`) {
		f.Add(s)
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, value string) { askItems(t, handler, "filter", value, "filter-lang", "cql2-json") })
}

func FuzzFilterLang(f *testing.F) {
	fuzzPair(f, "filter-lang", "filter", "cql2-text", "id = 'x'", "cql2-json", "true", "cql-text", "TRUE")
}

func FuzzLimit(f *testing.F) {
	fuzzPair(f, "limit", "offset", "1", "0", "007", "99999999999999999999", "-1", "1e3", "10001", "1")
}

func FuzzNear(f *testing.F) {
	fuzzPair(f, "near", "within", "179.9,51", "25km", "segments/east", "500m", "places/gamma", "1e400km", "NaN,1", "0x1p5m", "//", "20004km", "areas/bay", "")
}

func FuzzProperties(f *testing.F) {
	fuzzItems(f, "properties", "title,start", "geometry", "title,title,colour", "id")
}

func FuzzSortby(f *testing.F) {
	fuzzItems(f, "sortby", "-start,+title", "start,start", "+-start", " title", "summary", "killed_low,-killed_high,type")
}

func FuzzExplain(f *testing.F) { fuzzItems(f, "explain", "true", "false") }

func FuzzResultType(f *testing.F) { fuzzItems(f, "resultType", "hits", "results") }

func FuzzQueryable(f *testing.F) {
	fuzzPair(f, "title", "killed_low", "Clash at Alpha", "5", "", "99999999999999999999", "x", "5.0")
}

// FuzzQueryableName fuzzes the names of parameters: a queryable with a value, or a
// fault.
func FuzzQueryableName(f *testing.F) {
	for _, s := range append(long(), "type", "start", "uncertainty_km", "parties", "country", "BBOX", "limt", "тип") {
		f.Add(s, "2001-02-03")
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, name, value string) {
		if name != "f" {
			askItems(t, handler, name, value)
		}
	})
}

// FuzzFormat fuzzes f and the header Accept: an answer in one of the formats, or
// 400 or 406.
func FuzzFormat(f *testing.F) {
	for _, s := range long() {
		f.Add("", s)
		f.Add(s, "")
	}
	for _, name := range []string{"json", "html", "csv", "fgb", "jsonfg", "gpkg", "kml", "parquet", "geojsonseq", "xml"} {
		f.Add(name, "*/*")
	}
	f.Add("", "text/html, application/geo+json;q=0.9, */*;q=0.1")
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, name, accept string) { askFormat(t, handler, name, accept) })
}

func askFormat(t *testing.T, handler http.Handler, name, accept string) {
	t.Helper()
	q := url.Values{"limit": {"1"}}
	if name != "" {
		q.Set("f", name)
	}
	request := httptest.NewRequest(http.MethodGet, "/collections/incidents/items?"+q.Encode(), nil)
	request.Header.Set("Accept", accept)
	fuzztest.Limit(t, len(name)+len(accept), func() {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if !slices.Contains([]int{http.StatusOK, http.StatusBadRequest, http.StatusNotAcceptable}, answer.Code) {
			t.Errorf("f=%.300q, Accept %.300q: %d %.300s", name, accept, answer.Code, answer.Body)
		}
	})
}

// FuzzPath fuzzes the names of collections and features in addresses.
func FuzzPath(f *testing.F) {
	for _, s := range append(long(), "incidents", "items", "..", "%2e", "2001-02-03-alpha-clash") {
		f.Add(s, "items", s)
		f.Add("incidents", "items", s)
		f.Add("incidents", s, "")
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, collection, resource, id string) { askPath(t, handler, collection, resource, id) })
}

func askPath(t *testing.T, handler http.Handler, collection, resource, id string) {
	t.Helper()
	path := "/collections/" + url.PathEscape(collection) + "/" + url.PathEscape(resource)
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	request, err := http.NewRequest(http.MethodGet, "http://demarc.example"+path, nil)
	if err != nil {
		return
	}
	fuzztest.Limit(t, len(collection)+len(resource)+len(id), func() {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code >= http.StatusInternalServerError {
			t.Errorf("%.300s: %d %.300s", path, answer.Code, answer.Body)
		}
	})
}
