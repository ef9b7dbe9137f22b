package server

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestExplain(t *testing.T) {
	s := serve(t, shipped)
	a := s.get("/collections/incidents/items?type=mine_explosion&limit=1&explain=true").expect(http.StatusOK, "application/geo+json")
	var doc struct {
		NumberMatched int
		Features      []json.RawMessage
		Explain       struct {
			Milliseconds *float64
			Steps        []struct {
				Plan                       string
				Features, Visited, Matched int
			}
		}
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Explain.Steps) != 1 || doc.Explain.Milliseconds == nil || len(doc.Features) != 1 {
		t.Fatalf("%s", a.body)
	}
	step := doc.Explain.Steps[0]
	if step.Plan != "index of type" || step.Matched != doc.NumberMatched || step.Visited < step.Matched || step.Visited >= step.Features {
		t.Errorf("%+v, matched %d", step, doc.NumberMatched)
	}
	if cache := a.header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("Cache-Control is %q", cache)
	}
	for _, target := range []string{"explain=yes", "explain=true&f=csv"} {
		s.get("/collections/incidents/items?"+target).problem(http.StatusBadRequest, "invalid-parameter")
	}
}
