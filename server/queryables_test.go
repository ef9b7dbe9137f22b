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
)

// Every property that a collection says can be asked for can be: as a parameter,
// in a filter, and for null; and every one that can be sorted by sorts. The
// answers are those of the features themselves.
func TestEveryQueryableAndSortable(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		items := "/collections/" + col.ID + "/items?limit=10000"
		var all struct {
			Features []struct {
				ID         string
				Properties map[string]any
			}
		}
		s.get(items).into(&all)
		var queryables, sortables schemaDocument
		s.get("/collections/" + col.ID + "/queryables").into(&queryables)
		s.get("/collections/" + col.ID + "/sortables").into(&sortables)
		asked := 0
		for name := range queryables.Properties {
			at := col.Schema.Index(name)
			if at < 0 {
				if name != "geometry" || !col.HasGeometry() {
					t.Errorf("%s: %s is queryable and no property", col.ID, name)
				}
				continue
			}
			f := &col.Schema.Fields[at]
			var want, null []string // ids of features with the first value there is, and with none
			var value any
			for _, ft := range all.Features {
				v := ft.Properties[name]
				if text, isText := v.(string); isText && f.Type == geo.StringList {
					v, _, _ = strings.Cut(text, "; ")
				}
				if value == nil {
					value = v
				}
				if ft.Properties[name] == nil {
					null = append(null, ft.ID)
				} else if same(ft.Properties[name], value, f.Type) {
					want = append(want, ft.ID)
				}
			}
			quoted := `"` + name + `"`
			if got := s.page(items + "&filter=" + url.QueryEscape(quoted+" IS NULL")).ids(); !sameIDs(got, null) {
				t.Errorf("%s: %s IS NULL: %d features, want %d", col.ID, name, len(got), len(null))
			}
			if value == nil {
				continue
			}
			asked++
			text := fmt.Sprint(value)
			if x, isNumber := value.(float64); isNumber {
				text = geo.NumberValue(x).Text()
			}
			literal := text
			if f.Type != geo.Integer && f.Type != geo.Number && f.Type != geo.Boolean {
				literal = "'" + strings.ReplaceAll(text, "'", "''") + "'"
			}
			if f.Type == geo.Date {
				literal = "DATE(" + literal + ")"
			}
			filter := quoted + " = " + literal
			if f.Type == geo.StringList {
				filter = "A_CONTAINS(" + quoted + ", (" + literal + "))"
			}
			for _, query := range []string{"&" + name + "=" + url.QueryEscape(text), "&filter=" + url.QueryEscape(filter)} {
				if got := s.page(items + query).ids(); !sameIDs(got, want) {
					t.Errorf("%s%s: %d features, want %d", items, query, len(got), len(want))
				}
			}
		}
		for name := range sortables.Properties {
			for _, sign := range []string{"", "-"} {
				s.get(items+"&sortby="+url.QueryEscape(sign+name)).expect(http.StatusOK, "application/geo+json")
			}
		}
		if asked < 5 || len(sortables.Properties) == 0 {
			t.Errorf("%s: only %d properties could be asked for, %d sorted by", col.ID, asked, len(sortables.Properties))
		}
	}
}

// same tells whether a property is the value, or a list that has it.
func same(property, value any, t geo.Type) bool {
	if text, isText := property.(string); isText && t == geo.StringList {
		return slices.Contains(strings.Split(text, "; "), fmt.Sprint(value))
	}
	a, _ := json.Marshal(property)
	b, _ := json.Marshal(value)
	return string(a) == string(b)
}

func sameIDs(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// A collection without geometry says so: none is listed, and a filter on one is
// refused with a name that there is.
func TestNoGeometryToAskFor(t *testing.T) {
	s := serve(t, shipped)
	var doc schemaDocument
	s.get("/collections/sources/queryables").into(&doc)
	if _, listed := doc.Properties["geometry"]; listed {
		t.Error("sources list a geometry")
	}
	for _, query := range []string{"filter=" + url.QueryEscape("S_INTERSECTS(geometry,POINT(70 40))"),
		"filter-lang=cql2-json&filter=" + url.QueryEscape(`{"op":"isNull","args":[{"property":"geometry"}]}`)} {
		p := s.get("/collections/sources/items?"+query).problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != 1 || p.Errors[0].Parameter != "filter" || !strings.Contains(p.Errors[0].Problem+p.Errors[0].Expected, "publisher") {
			t.Errorf("%s: %+v", query, p.Errors)
		}
	}
	s.get("/collections/sources/items?filter="+url.QueryEscape("origin IS NULL")).expect(http.StatusOK, "application/geo+json")
}
