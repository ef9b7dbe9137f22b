package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"demarc/geo"
)

const openAPIType = "application/vnd.oai.openapi+json;version=3.0"

// definition loads the API's definition as a client does.
func definition(t *testing.T, s *service) *openapi3.T {
	t.Helper()
	a := s.get("/api").expect(http.StatusOK, openAPIType)
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(a.body)
	if err != nil {
		t.Fatalf("load /api: %v", err)
	}
	if err := doc.Validate(loader.Context); err != nil {
		t.Fatalf("/api is not valid OpenAPI: %v", err)
	}
	return doc
}

func TestDefinitionIsValidOpenAPI30(t *testing.T) {
	s := serve(t, shipped)
	doc := definition(t, s)
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") {
		t.Errorf("openapi is %q, want 3.0.x", doc.OpenAPI)
	}
	if got := doc.Servers[0].URL; got != s.http.URL {
		t.Errorf("servers[0].url is %q, want %q", got, s.http.URL)
	}
	seen := map[string]string{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			where := method + " " + path
			if op.OperationID == "" || seen[op.OperationID] != "" {
				t.Errorf("%s: operationId %q is empty or that of %s too", where, op.OperationID, seen[op.OperationID])
			}
			seen[op.OperationID] = where
			if op.Summary == "" || op.Description == "" || len(op.Tags) == 0 {
				t.Errorf("%s: wants a summary, a description and a tag", where)
			}
		}
	}
}

var pathVariable = regexp.MustCompile(`:([A-Za-z]+)`)

// Every route that a client can use is in the definition, and the other way round.
func TestDefinitionHasEveryRoute(t *testing.T) {
	s := serve(t, shipped)
	doc := definition(t, s)
	var want []string
	for _, route := range s.router.Routes() {
		switch {
		case route.Method != http.MethodGet, isFile(route.Path):
		case strings.Contains(route.Path, ":collectionId"):
			for _, col := range s.data.Snapshot().Collections() {
				if col.HasGeometry() || !strings.Contains(route.Path, "/tiles") {
					path := strings.Replace(route.Path, ":collectionId", col.ID, 1)
					want = append(want, pathVariable.ReplaceAllString(path, "{$1}"))
				}
			}
		default:
			want = append(want, pathVariable.ReplaceAllString(route.Path, "{$1}"))
		}
	}
	got := doc.Paths.InMatchingOrder()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("paths of the definition are\n%v\nwant those of the routes\n%v", got, want)
	}
}

// What a path's parameters are must be written so that the clients which read
// it literally understand it.
func TestParametersAreWrittenAsClientsReadThem(t *testing.T) {
	s := serve(t, shipped)
	doc := definition(t, s)
	for _, col := range s.data.Snapshot().Collections() {
		path := "/collections/" + col.ID + "/items"
		byName := map[string]*openapi3.Parameter{}
		for _, ref := range doc.Paths.Value(path).Get.Parameters {
			p := ref.Value
			byName[p.Name] = p
			if p.In != "query" || p.Style != "form" || p.Explode == nil || *p.Explode || p.Required || p.Description == "" {
				t.Errorf("%s %s: in %q, style %q, explode %v, required %v, description %q; want query, form, false, false, a text",
					path, p.Name, p.In, p.Style, p.Explode, p.Required, p.Description)
			}
			if p.Schema.Value.AdditionalProperties.Has != nil {
				t.Errorf("%s %s: has additionalProperties; the OGC suite then takes any parameter as known", path, p.Name)
			}
		}
		limit := byName["limit"].Schema.Value
		if !limit.Type.Is("integer") || limit.Min == nil || *limit.Min != 1 || limit.Max == nil || *limit.Max != maxLimit || limit.Default != float64(defaultLimit) {
			t.Errorf("%s limit: %+v, want an integer from 1 to %d, %d by default", path, limit, maxLimit, defaultLimit)
		}
		bbox := byName["bbox"].Schema.Value
		if !bbox.Type.Is("array") || bbox.MinItems != 4 || bbox.MaxItems == nil || *bbox.MaxItems != 6 || !bbox.Items.Value.Type.Is("number") {
			t.Errorf("%s bbox: %+v, want an array of 4 to 6 numbers", path, bbox)
		}
		if !byName["datetime"].Schema.Value.Type.Is("string") {
			t.Errorf("%s datetime: want a string", path)
		}
	}
}

// valueFor returns a value that a queryable takes.
func valueFor(f *geo.Field) string {
	if len(f.Enum) > 0 {
		return f.Enum[len(f.Enum)-1].ID
	}
	switch f.Type {
	case geo.Integer:
		return "3"
	case geo.Number:
		return "2.5"
	case geo.Boolean:
		return "true"
	case geo.Date:
		return "2022-09-16"
	case geo.DateTime:
		return "2022-09-16T14:00:00Z"
	}
	return "Исфара & co/100%"
}

// What the definition lists is taken, and nothing else is.
func TestParametersListedAreThoseTaken(t *testing.T) {
	s := serve(t, shipped)
	doc := definition(t, s)
	values := map[string]string{
		"bbox": "69,38,72,41", "datetime": "2022-09-16", "limit": "2", "near": "70,39", "within": "25km&near=70,39", "f": "json",
		"filter": "id+IS+NOT+NULL", "filter-lang": "cql-text", "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/4326",
		"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/3857", "crs": "http://www.opengis.net/def/crs/EPSG/0/32642",
		"sortby": "-id", "offset": "1", "properties": "id", "resultType": "hits", "asof": "2026", "recorded": "2099", "explain": "true",
	}
	for _, col := range s.data.Snapshot().Collections() {
		path := "/collections/" + col.ID + "/items"
		listed := map[string]bool{}
		for _, ref := range doc.Paths.Value(path).Get.Parameters {
			listed[ref.Value.Name] = true
		}
		for name := range values {
			if !listed[name] {
				t.Errorf("%s does not list %s", path, name)
			}
			s.get(path+"?"+name+"="+values[name]).expect(http.StatusOK, "application/geo+json")
		}
		first := s.page(path + "?limit=1")
		s.get(link(first.Links, "next")).expect(http.StatusOK, "application/geo+json")
		for i := range col.Schema.Fields {
			f := &col.Schema.Fields[i]
			target := path + "?" + url.Values{f.Name: {valueFor(f)}}.Encode()
			if listed[f.Name] != f.Queryable {
				t.Errorf("%s lists %s: %v, want %v", path, f.Name, listed[f.Name], f.Queryable)
			}
			if f.Queryable {
				s.get(target).expect(http.StatusOK, "application/geo+json")
			} else {
				s.get(target).problem(http.StatusBadRequest, "invalid-parameter")
			}
			delete(listed, f.Name)
		}
		for name := range listed {
			if _, ok := values[name]; !ok && name != "cursor" {
				t.Errorf("%s lists %s, which this test does not know", path, name)
			}
		}
	}
}

// checker holds answers to the definition.
type checker struct {
	t      *testing.T
	router routers.Router
}

func newChecker(t *testing.T, s *service) *checker {
	t.Helper()
	router, err := legacy.NewRouter(definition(t, s))
	if err != nil {
		t.Fatal(err)
	}
	// kin-openapi has no decoder for these; all of them are JSON.
	for _, mediaType := range []string{"application/geo+json", "application/vnd.oai.openapi+json"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.JSONBodyDecoder)
	}
	openapi3filter.RegisterBodyDecoder("text/html", openapi3filter.PlainBodyDecoder)
	return &checker{t, router}
}

// check fails the test where the definition does not describe the answer.
func (c *checker) check(a *answer) {
	c.t.Helper()
	if err := c.fault(a); err != nil {
		c.t.Errorf("%s: the answer is not as defined: %.1500v", a.asked, err)
	}
}

func (c *checker) fault(a *answer) error {
	method, target, _ := strings.Cut(a.asked, " ")
	request, err := http.NewRequest(method, target, nil)
	if err != nil {
		return err
	}
	route, path, err := c.router.FindRoute(request)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: path, Route: route},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
}

func TestAnswersAreAsDefined(t *testing.T) {
	s := serve(t, shipped)
	c := newChecker(t, s)
	for _, path := range []string{"/", "/api", "/conformance", "/collections", "/healthz", "/readyz"} {
		c.check(s.get(path))
	}
	for _, path := range []string{"/?f=html", "/api?f=html", "/conformance?f=html", "/collections?f=html", "/licences", "/problems"} {
		c.check(s.get(path))
	}
	for _, col := range s.data.Snapshot().Collections() {
		base := "/collections/" + col.ID
		all := s.get(base + "/items?limit=10000") // every feature of the collection
		c.check(all)
		var fc featureCollection
		all.into(&fc)
		for _, f := range fc.Features[:min(len(fc.Features), 10)] {
			c.check(s.get(base + "/items/" + f.ID))
		}
		for _, target := range []string{
			base, base + "?f=html", base + "/items?limit=3", base + "/items?limit=3&f=html", base + "/items?bbox=1,2,3,4&datetime=1900", base + "/items?near=70,39&limit=4",
			base + "?foo=bar", base + "/items?bbox=1,2,3&limit=-1", base + "/items/no-such", base + "/items/no-such?foo=bar", base + "/items?f=xml",
		} {
			c.check(s.get(target))
		}
		for _, target := range []string{base, base + "/items", base + "/items/" + fc.Features[0].ID} {
			a := s.get(target, "Accept", "image/png")
			a.problem(http.StatusNotAcceptable, "not-acceptable")
			c.check(a)
		}
	}
}

// The test above must be able to fail.
func TestAnswersThatAreNotAsDefinedAreSeen(t *testing.T) {
	s := serve(t, invented)
	c := newChecker(t, s)
	a := s.get("/collections/incidents/items")
	a.body = bytes.Replace(a.body, []byte(`"killed_low":5`), []byte(`"killed_low":"five"`), 1)
	if c.fault(a) == nil {
		t.Error("a figure in words passed for an integer")
	}
	a.status = http.StatusTeapot
	if c.fault(a) == nil {
		t.Error("a status that is not listed passed")
	}
}
