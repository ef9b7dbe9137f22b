package server

import (
	"time"

	"demarc/data/snapshot"
)

// explanation is how an answer was found, as its member "explain" says it.
type explanation struct {
	Milliseconds float64           `json:"milliseconds"`
	Steps        []explanationStep `json:"steps"`
}

type explanationStep struct {
	Plan     string `json:"plan"`
	Features int    `json:"features"`
	Visited  int    `json:"visited"`
	Matched  int    `json:"matched"`
}

// explained tells whether the way to the answer is asked for.
func (p *params) explained(f format) bool {
	text, ok := p.get("explain")
	switch {
	case ok && text != "true" && text != "false":
		p.faults.Add("explain", text, "is neither true nor false", "true for the way to the answer beside it")
	case text == "true" && f.mediaType != formatGeoJSON.mediaType:
		p.faults.Add("explain", text, "is for GeoJSON alone", "f=json, or no explain")
	}
	return text == "true"
}

// explain returns how the page was found and how long that took.
func explain(page *snapshot.Page, took time.Duration) *explanation {
	e := &explanation{Milliseconds: float64(took.Microseconds()) / 1000, Steps: []explanationStep{}}
	for _, step := range page.Steps {
		e.Steps = append(e.Steps, explanationStep(step))
	}
	return e
}
