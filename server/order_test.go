package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"demarc/data/snapshot"
)

// An order by several keys, either way, is that of the values, null last, what
// is equal in the usual order; pages keep it.
func TestOrderIsThatOfTheKeys(t *testing.T) {
	s := serve(t, shipped)
	for _, col := range s.data.Snapshot().Collections() {
		all, err := col.Items(t.Context(), &snapshot.Query{Limit: 10000})
		if err != nil {
			t.Fatal(err)
		}
		names := sortables(&col.Schema)
		for i, name := range names {
			for _, sortby := range []string{name, "+" + name, "-" + name, "-" + name + "," + names[(i+1)%len(names)]} {
				want := slices.Clone(all.Hits)
				slices.SortStableFunc(want, func(a, b snapshot.Hit) int {
					for _, key := range strings.Split(sortby, ",") {
						field := col.Schema.Index(strings.TrimLeft(key, "+-"))
						x, y := a.Values[field], b.Values[field]
						o := x.Compare(y)
						if key[0] == '-' && !x.IsNull() && !y.IsNull() {
							o = -o
						}
						if o != 0 {
							return o
						}
					}
					return 0
				})
				var ids []string
				for _, h := range want {
					ids = append(ids, h.ID)
				}
				got := s.page(itemsOf(col.ID, "sortby", sortby, "limit", "10000"))
				if !slices.Equal(got.ids(), ids) {
					t.Errorf("%s by %s: another order", col.ID, sortby)
				}
				if i == 1 {
					if pages, _ := walkPages(t, s, itemsOf(col.ID, "sortby", sortby, "limit", strconv.Itoa(len(ids)/3+1)), "next"); !slices.Equal(pages, ids) {
						t.Errorf("%s by %s: another order by pages", col.ID, sortby)
					}
				}
			}
		}
	}
	// A + that was not encoded is a blank.
	if got := s.page("/collections/claims/items?limit=3&sortby=+value"); !slices.Equal(got.ids(), s.page("/collections/claims/items?limit=3&sortby=value").ids()) {
		t.Error("sortby=+value is not sortby=value")
	}
	p := s.get(itemsOf("claims", "sortby", "value,-value,as_reported")).problem(http.StatusBadRequest, "invalid-parameter")
	if len(p.Errors) != 2 || p.Errors[0].Found != "-value" || p.Errors[1].Found != "as_reported" {
		t.Errorf("faults of sortby: %+v", p.Errors)
	}
}

func TestOffsetLeavesOut(t *testing.T) {
	s := serve(t, shipped)
	all := s.page(itemsOf("claims", "limit", "10000")).ids()
	for _, offset := range []int{0, 1, 50, len(all) - 1, len(all), len(all) + 7} {
		fc := s.page(itemsOf("claims", "offset", strconv.Itoa(offset), "limit", "5"))
		from := min(offset, len(all))
		if !slices.Equal(fc.ids(), all[from:min(from+5, len(all))]) || fc.NumberMatched != len(all) {
			t.Errorf("offset %d: %v of %d", offset, fc.ids(), fc.NumberMatched)
		}
		next := link(fc.Links, "next")
		if from+5 >= len(all) {
			continue
		}
		if strings.Contains(next, "offset") || !strings.Contains(next, "cursor") || !slices.Equal(s.page(next).ids(), all[from+5:min(from+10, len(all))]) {
			t.Errorf("offset %d: next is %s", offset, next)
		}
		u, _ := url.Parse(next)
		p := s.get(u.String()+"&offset=3").problem(http.StatusBadRequest, "invalid-parameter")
		if len(p.Errors) != 1 || p.Errors[0].Parameter != "offset" {
			t.Errorf("offset with cursor: %+v", p.Errors)
		}
	}
}

func TestPropertiesAreThoseAskedFor(t *testing.T) {
	s := serve(t, shipped)
	plain := s.page(itemsOf("incidents", "limit", "20"))
	for asked, want := range map[string][]string{
		"title,killed_low": {"title", "killed_low"}, "id": {"id"}, "summary": {"summary"}, "geometry": {}, "geometry,type,type": {"type"},
	} {
		fc := s.page(itemsOf("incidents", "limit", "20", "properties", asked))
		near := s.page(itemsOf("incidents", "limit", "20", "properties", asked, "near", "70,39"))
		for i, f := range fc.Features {
			if len(f.Properties) != len(want) || f.ID != plain.Features[i].ID || string(f.Geometry) != string(plain.Features[i].Geometry) {
				t.Errorf("properties=%s: %+v", asked, f)
			}
			for _, name := range want {
				if value, ok := f.Properties[name]; !ok || value != plain.Features[i].Properties[name] {
					t.Errorf("properties=%s: %s is %v", asked, name, value)
				}
			}
		}
		for _, f := range near.Features {
			if _, ok := f.Properties["distance_m"].(float64); !ok || len(f.Properties) != len(want)+1 {
				t.Errorf("properties=%s near: %v", asked, slices.Collect(maps.Keys(f.Properties)))
			}
		}
	}
	csv, _, _ := strings.Cut(string(s.get(itemsOf("incidents", "properties", "title,start", "f", "csv")).body), "\n")
	if !strings.Contains(csv, "title") || strings.Contains(csv, "killed_low") {
		t.Errorf("head of the table: %s", csv)
	}
	html := string(s.get(itemsOf("incidents", "properties", "date_precision", "f", "html", "limit", "1")).body)
	if !strings.Contains(html, `<th scope="col">`) || strings.Contains(html, ">Killed<") {
		t.Errorf("the page shows other columns than asked for:\n%s", html)
	}
	if next := link(s.page(itemsOf("incidents", "limit", "1", "properties", "title")).Links, "next"); len(s.page(next).Features[0].Properties) != 1 {
		t.Errorf("the next page has other properties: %s", next)
	}
}

func TestHitsCountOnly(t *testing.T) {
	s := serve(t, shipped)
	full := s.page(itemsOf("claims", "filter", "value > 3"))
	hits := s.page(itemsOf("claims", "filter", "value > 3", "resultType", "hits"))
	if hits.NumberMatched != full.NumberMatched || len(hits.Features) != 0 || link(hits.Links, "next") != "" || hits.Features == nil {
		t.Errorf("hits: %d matched, %d features; want %d and none", hits.NumberMatched, len(hits.Features), full.NumberMatched)
	}
	if again := s.page(itemsOf("claims", "filter", "value > 3", "resultType", "results")); !slices.Equal(again.ids(), full.ids()) {
		t.Error("resultType=results is not the default")
	}
}
