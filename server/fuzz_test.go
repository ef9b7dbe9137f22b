package server

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"demarc/geo"
	"demarc/geo/fuzztest"
	"demarc/server/ogcapi"
)

// Whatever the text, there is an interval that does not end before it begins,
// or an error.
func FuzzDatetime(f *testing.F) {
	for _, seed := range []string{"2022-09-16", "2022-09", "2022", "2022-09-16T14:00:00.5+06:00", "2022-09-14/..", "../2022-09-17", "2013-02-11/P2D", "P1Y2M3W4DT5H6M7S/2013",
		"2013-02-11/PT999999H9999999M999999999S", "0001-01-01/0001-01-01", "0000-12-31T23:59:59Z", "9999-12-31T23:59:59.999999999-23:59", "", "/", "P/P"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var iv geo.Interval
		var err error
		fuzztest.Limit(t, len(text), func() { iv, err = parseDatetime(text) })
		if err != nil {
			if !iv.From.IsZero() || !iv.To.IsZero() {
				t.Errorf("%q: an error and an interval: %v", text, iv)
			}
			return
		}
		if iv.From.IsZero() && iv.To.IsZero() {
			t.Errorf("%q is open at both ends", text)
		}
		if !iv.From.IsZero() && !iv.To.IsZero() && !iv.From.Before(iv.To) {
			t.Errorf("%q: %v is not before %v", text, iv.From, iv.To)
		}
		if from, to, ok := strings.Cut(text, "/"); ok && !strings.Contains(text, "P") {
			openFrom, openTo := from == "" || from == "..", to == "" || to == ".."
			// The first instant of year 1 is the zero time, before which there is nothing anyway.
			if openFrom != iv.From.IsZero() && !strings.HasPrefix(from, "000") || openTo != iv.To.IsZero() {
				t.Errorf("%q: [%v, %v) is open where the text is not, or the other way round", text, iv.From, iv.To)
			}
		}
	})
}

// Whatever the query string, the answer is 200 or 400 and valid JSON or HTML,
// and the links of a page can be followed.
func FuzzQueryOfItems(f *testing.F) {
	for _, seed := range []string{
		"", "limit=1", "limit=1&cursor=", "bbox=179,50,-179,52&datetime=2001/..", "near=179.9,51&within=25km", "near=segments/east&limit=1", "near=places/gamma",
		"type=agreement&f=html", "f=html&type=&bbox=", "foo=bar&foo=baz", "limit=%zz", "a;b", "%", "datetime=2013-02-11/P2D", "title=Clash%20at%20Alpha",
		"bbox=-1.5000000,.5000000,1.5000000,53.0000000", "bbox=0x1p3,1_0,2,3", "within=1e400km", "near=/", "near=%2F%2F", "killed_low=5", "country=XB", "f=html&place=%3Cscript%3E", "&&&=&",
		"filter=killed_low%3E3&filter-lang=cql-text&limit=1", "filter=" + url.QueryEscape(`{"op":"=","args":[{"property":"id"},"x"]}`) + "&filter-lang=cql2-json",
		"filter=dwithin(geometry,feature('segments','east'),1e4)&filter-crs=EPSG:4326", "crs=EPSG:3857&bbox=0,0,1e6,1e6&bbox-crs=EPSG:32642", "crs=EPSG:28412&limit=1",
		"sortby=-start,id&limit=1", "sortby=+title&offset=1&properties=title", "resultType=hits", "properties=&sortby=&offset=&crs=&filter=",
	} {
		f.Add("incidents", seed)
		f.Add("segments", seed)
		f.Add("sources", seed)
		f.Add("parties", seed)
	}
	for _, unit := range []string{"a%d&", "f=%d&", "limit=%d&", "a%d=%%2", "&"} { // as many parameters as there is room for
		var b strings.Builder
		for i := 0; b.Len() < fuzztest.MaxInput-20 && (i < 50 || fuzztest.Figures() != ""); i++ {
			b.WriteString(strings.ReplaceAll(unit, "%d", strconv.Itoa(i)))
		}
		f.Add("incidents", b.String())
	}
	handler := serve(f, invented).Handler()
	f.Fuzz(func(t *testing.T, collection, query string) {
		var next string
		fuzztest.Limit(t, len(query), func() { next = answerIsSound(t, handler, collection, query) })
		if next != "" {
			answerIsSound(t, handler, collection, next)
		}
	})
}

// answerIsSound asks for items and returns the query of the next page, or else
// of the page itself; "" when there is none.
func answerIsSound(t *testing.T, handler http.Handler, collection, query string) (next string) {
	t.Helper()
	target := "/collections/" + url.PathEscape(collection) + "/items"
	request, err := http.NewRequest(http.MethodGet, "http://demarc.example"+target, nil)
	if err != nil {
		t.Skip()
	}
	request.URL.RawQuery = query
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	body := recorder.Body.Bytes()
	if recorder.Code == http.StatusNotFound && !isCollection(collection) {
		return ""
	}
	if recorder.Code != http.StatusOK && recorder.Code != http.StatusBadRequest {
		t.Fatalf("%s?%s: %d %.300s", target, query, recorder.Code, body)
	}
	if strings.HasPrefix(recorder.Header().Get("Content-Type"), "text/html") {
		return ""
	}
	var doc struct {
		Errors []ogcapi.ProblemError
		Links  []ogcapi.Link
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatalf("%s?%s: %v: %.300s", target, query, err, body)
	}
	if recorder.Code == http.StatusBadRequest {
		if len(doc.Errors) == 0 || slices.ContainsFunc(doc.Errors, func(e ogcapi.ProblemError) bool { return e.Problem == "" || e.Expected == "" }) {
			t.Errorf("%s?%s: the faults are not said: %s", target, query, body)
		}
		return ""
	}
	href := cmp.Or(link(doc.Links, "next"), link(doc.Links, "self"))
	u, err := url.Parse(href)
	if err != nil || href == "" {
		t.Fatalf("%s?%s: the page leads to %q", target, query, href)
	}
	return u.RawQuery
}

func isCollection(id string) bool {
	return slices.Contains([]string{"incidents", "claims", "segments", "areas", "places", "sources", "parties"}, id)
}
