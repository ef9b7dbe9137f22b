package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"demarc/geo"
	"demarc/server/ogcapi"
)

// incidentsOf returns the query string of one parameter.
func incidentsOf(name, value string) string {
	return "/collections/incidents/items?" + url.Values{name: {value}}.Encode()
}

func TestParameterValuesThatAreRight(t *testing.T) {
	s := serve(t, invented)
	const clash, agreement, shot = "2001-02-03-alpha-clash", "2001-02-05-beta-agreement", "2005-gamma"
	for _, test := range []struct {
		name, value string
		want        []string // "2005-gamma" has no place and is in every box
	}{
		{"bbox", "179,50,180,52", []string{clash, shot}},
		{"bbox", "-180,50,-179,52", []string{agreement, shot}},
		{"bbox", "179,50,-179,52", []string{clash, agreement, shot}}, // over the antimeridian
		{"bbox", "179.95,50,-179,52", []string{agreement, shot}},
		{"bbox", "-179,50,179,52", []string{shot}},               // the other way round the world
		{"bbox", "179.9,51,179.9,51", []string{clash, shot}},     // a point
		{"bbox", "179,50,-5,180,52,9000", []string{clash, shot}}, // with heights
		{"bbox", "-180,-90,180,90", []string{clash, agreement, shot}},
		{"bbox", "-1.5000000,-.5000000,.5000000,.0000000", []string{shot}}, // as the OGC suite writes numbers
		{"bbox", "1.79e2,5e1,180,+52", []string{clash, shot}},
		{"bbox", " 179, 50, 180, 52", []string{clash, shot}},
		{"bbox", "-180,90,180,90", []string{shot}},

		{"limit", "1", []string{clash}},
		{"limit", "2", []string{clash, agreement}},
		{"limit", "10000", []string{clash, agreement, shot}},
		{"limit", "10001", []string{clash, agreement, shot}},
		{"limit", "99999999999999999999", []string{clash, agreement, shot}},
		{"limit", "007", []string{clash, agreement, shot}},

		{"near", "179.9,51", []string{clash, agreement}}, // without a place nothing is near
		{"near", "-179.9,51.1", []string{agreement, clash}},
		{"near", " 179.9 , 51 ", []string{clash, agreement}},
		{"near", "places/beta", []string{agreement, clash}},
		{"near", "segments/west", []string{clash, agreement}},
		{"near", "areas/bay", []string{clash, agreement}},
		{"near", "incidents/2001-02-05-beta-agreement", []string{agreement, clash}},

		{"type", "agreement", []string{agreement}},
		{"killed_low", "5", []string{clash}},
		{"killed_low", "4", nil},
		{"uncertainty_km", "0.5", []string{agreement}},
		{"uncertainty_km", "5e-1", []string{agreement}},
		{"start", "2001-02-03", []string{clash}},
		{"parties", "XB", []string{clash, agreement, shot}},
		{"country", "XB", []string{agreement}},     // one of a list
		{"country", "XA; XB", []string{agreement}}, // all of it
		{"parent_id", clash, []string{agreement}},
		{"title", "Clash at Alpha", []string{clash}},
		{"title", "clash at alpha", nil},
		{"id", shot, []string{shot}},
		{"place", "", nil},
	} {
		fc := s.page(incidentsOf(test.name, test.value))
		if got := fc.ids(); !slices.Equal(got, test.want) && len(got)+len(test.want) > 0 {
			t.Errorf("%s=%s: %v, want %v", test.name, test.value, got, test.want)
		}
	}
}

func TestWithinIsADistanceOnTheEllipsoid(t *testing.T) {
	s := serve(t, invented)
	all := s.page("/collections/incidents/items?near=179.9,51")
	far, _ := all.Features[1].Properties["distance_m"].(float64)
	// From 179.9 E, 51 N over the antimeridian to 179.9 W, 51.1 N: PROJ's geod has 17 901.074 m.
	if all.Features[0].Properties["distance_m"] != 0.0 || far < 17_901.0735 || far > 17_901.0745 {
		t.Errorf("distances are %v and %v m", all.Features[0].Properties["distance_m"], far)
	}
	for within, want := range map[string]int{
		"25km": 2, "17.901km": 1, "17902m": 2, "17901m": 1, "20 km": 2, "1e2km": 2, "20004km": 2, "1mm": -1, "0.001m": 1,
		"0km": -1, "-5km": -1, "25": -1, "km": -1, "": -1, "25miles": -1, "25KM": -1, "NaNkm": -1, "Infkm": -1, "20005km": -1, "1e400m": -1, "2,5km": -1,
	} {
		target := "/collections/incidents/items?near=179.9,51&" + url.Values{"within": {within}}.Encode()
		if want < 0 {
			p := s.get(target).problem(http.StatusBadRequest, "invalid-parameter")
			if len(p.Errors) != 1 || p.Errors[0].Parameter != "within" || p.Errors[0].Found != within || !strings.Contains(p.Errors[0].Expected, "25km or 500m") {
				t.Errorf("within=%q: %+v", within, p.Errors)
			}
			continue
		}
		if got := s.page(target).NumberMatched; got != want {
			t.Errorf("within=%s: %d found, want %d", within, got, want)
		}
	}
}

// Each fault names the parameter, what was found, what is wrong with it and
// what would be right.
func TestParameterValuesThatAreWrong(t *testing.T) {
	s := serve(t, invented)
	for _, test := range []struct{ name, value, problem, expected string }{
		{"bbox", "", "has 1 numbers where 4 or 6 belong", "west,south,east,north"},
		{"bbox", "1,2,3", "has 3 numbers", "west,south,east,north"},
		{"bbox", "1,2,3,4,5", "has 5 numbers", "west,south,east,north"},
		{"bbox", "1,2,3,4,5,6,7", "has 7 numbers", "west,south,east,north"},
		{"bbox", "1,2,3,", `has "" where a number belongs`, "in degrees"},
		{"bbox", "1,2,3,x", `has "x" where a number belongs`, "in degrees"},
		{"bbox", "NaN,2,3,4", `has "NaN"`, "in degrees"},
		{"bbox", "1,2,Inf,4", `has "Inf"`, "in degrees"},
		{"bbox", "1,2,1e999,4", `has "1e999"`, "in degrees"},
		{"bbox", "1;2;3;4", "has 1 numbers", "west,south,east,north"},
		{"bbox", "-180.1,2,3,4", "longitude outside -180 to 180", "in degrees"},
		{"bbox", "1,2,181,4", "longitude outside", "in degrees"},
		{"bbox", "1,2,3,90.5", "latitude outside -90 to 90", "in degrees"},
		{"bbox", "1,-91,3,4", "latitude outside", "in degrees"},
		{"bbox", "1,4,3,2", "south edge north of its north edge", "in degrees"},
		{"bbox", "1,2,9,3,4,5", "lowest height above its highest", "heights"},
		{"bbox", "1,2,0,3,4,NaN", `has "NaN"`, "heights"},

		{"datetime", "yesterday", "neither an instant", "2022-09-14/2022-09-17"},
		{"datetime", "2022-09-17/2022-09-14", "ends before it begins", "2022-09-14/2022-09-17"},

		{"limit", "0", "is not a page size", "from 1 to 10000"},
		{"limit", "-1", "is not a page size", "from 1 to 10000"},
		{"limit", "-99999999999999999999", "is not a page size", "from 1 to 10000"},
		{"limit", "unlimited", "is not a page size", "from 1 to 10000"},
		{"limit", "", "is not a page size", "from 1 to 10000"},
		{"limit", "1.5", "is not a page size", "from 1 to 10000"},
		{"limit", "1e3", "is not a page size", "from 1 to 10000"},
		{"limit", " 5", "is not a page size", "from 1 to 10000"},
		{"limit", "٣", "is not a page size", "from 1 to 10000"},

		{"near", "", "neither a position nor a feature", "LON,LAT"},
		{"near", "70", "neither a position nor a feature", "LON,LAT"},
		{"near", "70,40,500", "neither a position nor a feature", "LON,LAT"},
		{"near", "181,40", "neither a position nor a feature", "LON,LAT"},
		{"near", "70,91", "neither a position nor a feature", "LON,LAT"},
		{"near", "NaN,40", "neither a position nor a feature", "LON,LAT"},
		{"near", "here", "neither a position nor a feature", "LON,LAT"},
		{"near", "borders/east", "names a collection that does not exist", "incidents, claims, segments"},
		{"near", "segments/south", "names a feature that does not exist", "/collections/segments/items"},
		{"near", "segments/", "names a feature that does not exist", "/collections/segments/items"},
		{"near", "places/gamma", "whose place is not known", "with a geometry"},
		{"near", "sources/book", "whose place is not known", "with a geometry"},

		{"type", "battle", "is not a value of this property", "one of abduction, agreement, "},
		{"type", "Agreement", "is not a value of this property", "one of "},
		{"killed_low", "five", "is not a value of this property", "a whole number such as 12"},
		{"killed_low", "5.0", "is not a value of this property", "a whole number"},
		{"killed_low", "99999999999999999999", "is not a value of this property", "a whole number"},
		{"uncertainty_km", "NaN", "is not a value of this property", "a number such as 12.5"},
		{"uncertainty_km", "1,5", "is not a value of this property", "a number"},
		{"start", "2001", "is not a value of this property", "a day as YYYY-MM-DD"},
		{"start", "2001-02-30", "is not a value of this property", "a day as YYYY-MM-DD"},

		{"cursor", "", "is not a cursor of this query", "next and prev links"},
		{"cursor", "abc", "is not a cursor of this query", "next and prev links"},
		{"cursor", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "is not a cursor of this query", "next and prev links"},

		{"f", "xml", "is not a format of this resource", "one of json, html"},
		{"f", "", "is not a format of this resource", "one of json, html"},

		{"foo", "bar", "is not a parameter of this resource", "parameters here are asof, bbox, bbox-crs, crs, cursor, "},
		{"summary", "x", "is not a parameter of this resource", "parameters here are"}, // a property that is not queryable
		{"distance_m", "5", "is not a parameter of this resource", "parameters here are"},
		{"bbox-crs", "http://www.opengis.net/def/crs/0/unsupported", "is no coordinate reference system of this service", "http://www.opengis.net/def/crs/OGC/1.3/CRS84, http"},
		{"crs", "EPSG:25833", "is no coordinate reference system of this service", "EPSG/0/3857"},
		{"filter-crs", "", "is no coordinate reference system of this service", "EPSG/0/3857"},
		{"filter-lang", "cql3", "is not a language of filters", "one of cql2-text, cql2-json, cql-text"},
		{"sortby", "summary", "is not a property to sort by", ", start, "},
		{"sortby", "", "is not a property to sort by", ", start, "},
		{"sortby", "+-start", "is not a property to sort by", ", start, "},
		{"properties", "colour", "is not a property of this collection", "listed at schema"},
		{"properties", "", "is not a property of this collection", "listed at schema"},
		{"offset", "-1", "is not a number of features", "from 0"},
		{"offset", "1.5", "is not a number of features", "from 0"},
		{"resultType", "count", "is not a type of result", "hits"},
		{"BBOX", "1,2,3,4", "is not a parameter of this resource", "perhaps bbox; "},
		{"bbx", "1,2,3,4", "is not a parameter of this resource", "perhaps bbox; "},
		{"date", "2022", "is not a parameter of this resource", "parameters here are"},
		{"datetime ", "2022", "is not a parameter of this resource", "perhaps datetime; "},
		{"LIMIT", "3", "is not a parameter of this resource", "perhaps limit; "},
		{"limt", "3", "is not a parameter of this resource", "perhaps limit; "},
		{"killd_low", "3", "is not a parameter of this resource", "perhaps killed_low; "},
		{"", "x", "is not a parameter of this resource", "parameters here are"},
		{strings.Repeat("x", 5000), "1", "is not a parameter of this resource", "parameters here are"},
		{"тип", "1", "is not a parameter of this resource", "parameters here are"},
	} {
		p := s.get(incidentsOf(test.name, test.value)).problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != 1 {
			t.Errorf("%s=%s: %d faults, want one: %+v", test.name, test.value, len(p.Errors), p.Errors)
			continue
		}
		e := p.Errors[0]
		if e.Parameter != test.name || e.Found != test.value || !strings.Contains(e.Problem, test.problem) || !strings.Contains(e.Expected, test.expected) {
			t.Errorf("%s=%s:\n got %+v\nwant %+v", test.name, test.value, e, test)
		}
	}
}

// Faults that are not of one value.
func TestParametersThatDoNotGoTogether(t *testing.T) {
	s := serve(t, invented)
	next := link(s.page("/collections/incidents/items?limit=1").Links, "next")
	cursor := mustQuery(t, next).Get("cursor")
	for query, want := range map[string][]string{
		"within=5km":                           {"within: stands without near"},
		"limit=1&limit=2":                      {"limit: is given more than once"},
		"type=agreement&type=armed_clash":      {"type: is given more than once"},
		"bbox=1&bbox=2":                        {"bbox: is given more than once", "bbox: has 1 numbers where 4 or 6 belong"},
		"foo=1&foo=2":                          {"foo: is not a parameter of this resource"},
		"limit=%zz":                            {"query: is not a query string"},
		"limit=%zz&foo=1&bbox=5":               {"query: is not a query string", "foo: is not a parameter", "bbox: has 1 numbers"},
		"limit=1;foo=2":                        {"query: is not a query string"},
		"cursor=" + cursor + "&type=agreement": {"cursor: is not a cursor of this query"},
		"near=x&within=y&limit=z&datetime=d&bbox=b&type=t&f=q&nonsense=n&cursor=c": {
			"f: is not a format", "nonsense: is not a parameter", "bbox: has 1", "datetime: ", "type: is not a value", "within: is not a distance",
			"near: is neither", "limit: is not a page size", "cursor: is not a cursor"},
	} {
		p := s.get("/collections/incidents/items?"+query).problem(http.StatusBadRequest, "invalid-parameter")
		left := slices.Clone(p.Errors)
		for _, w := range want {
			i := slices.IndexFunc(left, func(e ogcapi.ProblemError) bool {
				return strings.HasPrefix(e.Parameter+": "+e.Problem, w) && e.Expected != ""
			})
			if i < 0 {
				t.Errorf("%s: no fault %q among %+v", query, w, p.Errors)
				continue
			}
			left = slices.Delete(left, i, i+1)
		}
		if len(left) > 0 {
			t.Errorf("%s: faults that should not be: %+v", query, left)
		}
		for _, e := range p.Errors {
			if !strings.Contains(p.Detail, e.Parameter+" "+e.Problem) {
				t.Errorf("%s: the detail %q does not name %s", query, p.Detail, e.Parameter)
			}
		}
	}
	// Another collection's cursor is not ours.
	s.get("/collections/places/items?cursor="+cursor).problem(http.StatusBadRequest, "invalid-parameter")
	s.page("/collections/incidents/items?cursor=" + cursor)
}

// Of many faults the first are told: the answer does not grow with them.
func TestFaultsThatAreTold(t *testing.T) {
	s := serve(t, invented)
	for _, query := range []string{"sortby=" + strings.Repeat(",", 5000), "properties=" + strings.Repeat("x,", 5000), func() (q string) {
		for i := range 2000 {
			q += fmt.Sprintf("a%d&", i)
		}
		return q
	}()} {
		p := s.get("/collections/incidents/items?"+query).problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != maxFaults {
			t.Errorf("%.30s…: %d faults are told, want %d", query, len(p.Errors), maxFaults)
		}
	}
}

func mustQuery(t *testing.T, href string) url.Values {
	t.Helper()
	u, err := url.Parse(href)
	if err != nil || href == "" {
		t.Fatalf("%q is no URL: %v", href, err)
	}
	return u.Query()
}

// Every queryable of every collection finds the features that have its value:
// those, and no others.
func TestQueryablesSelect(t *testing.T) {
	s := serve(t, invented)
	tried := 0
	for _, col := range s.data.Snapshot().Collections() {
		base := "/collections/" + col.ID + "/items"
		all := s.page(base)
		for i := range col.Schema.Fields {
			name := col.Schema.Fields[i].Name
			for _, f := range all.Features {
				value := f.Properties[name]
				isList := col.Schema.Fields[i].Type == geo.StringList
				if list, ok := value.(string); ok && isList {
					members := strings.Split(list, "; ")
					value = members[len(members)-1]
				}
				if value == nil || !col.Schema.Fields[i].Queryable {
					continue
				}
				var want []string
				for _, other := range all.Features {
					if has(other.Properties[name], value, isList) {
						want = append(want, other.ID)
					}
				}
				target := base + "?" + url.Values{name: {text(value)}}.Encode()
				if got := s.page(target).ids(); !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", target, got, want)
				}
				tried++
			}
		}
	}
	if tried < 200 {
		t.Errorf("tried %d values", tried)
	}
}

func has(have, value any, isList bool) bool {
	if list, ok := have.(string); ok && isList {
		return slices.Contains(strings.Split(list, "; "), value.(string))
	}
	return have == value
}

func text(v any) string {
	if x, ok := v.(float64); ok {
		raw, _ := json.Marshal(x)
		return string(raw)
	}
	return fmt.Sprint(v)
}
