package server

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"demarc/data/snapshot"
	"demarc/geo"
	"demarc/geo/cql2"
)

// The languages of filters (OGC 19-079r2 /req/filter/filter-lang-param). GDAL
// sends a filter only where the definition lists "cql-text", the name that drafts
// of the standard had; both mean the same.
const (
	langText  = "cql2-text"
	langJSON  = "cql2-json"
	langDraft = "cql-text"
)

func filterLanguages() []string { return []string{langText, langJSON, langDraft} }

// filter reads filter, filter-lang and filter-crs (OGC 19-079r2 §6.3). when is
// the time asked for: feature(…) means the geometry in force then.
func (p *params) filter(snap *snapshot.Snapshot, col *snapshot.Collection, when *geo.Interval) cql2.Expr {
	lang := p.filterLang()
	written := p.crs("filter-crs")
	text, ok := p.get("filter")
	if !ok {
		return nil
	}
	resolve := func(collection, id string) (orb.Geometry, error) { return geometryOf(snap, collection, id, when) }
	geometry := "" // what is not queryable is refused (OGC 19-079r2 §6.2)
	if col.HasGeometry() {
		geometry = col.GeometryName()
	}
	options := []cql2.Option{cql2.WithFeatures(resolve), cql2.WithCRS(written), cql2.WithGeometry(geometry)}
	var e cql2.Expr
	var err error
	if lang == langJSON {
		e, err = cql2.ParseJSON([]byte(text), &col.Schema, options...)
	} else {
		e, err = cql2.ParseText(text, &col.Schema, options...)
	}
	var input *geo.InputError
	if errors.As(err, &input) {
		for _, f := range input.Faults {
			p.filterFault(f)
		}
		return nil
	}
	return e
}

// filterFault adds a fault of a filter, of which the place is a part of the text.
func (p *params) filterFault(f geo.Fault) {
	problem := f.Problem
	if f.Where != "" {
		problem = "at " + f.Where + ": " + problem
	}
	p.faults.Add("filter", f.Found, problem, cmp.Or(f.Mend, "a filter in CQL2; the properties are listed at queryables"))
}

func (p *params) filterLang() string {
	lang, ok := p.get("filter-lang")
	if !ok {
		return langText
	}
	for _, known := range filterLanguages() {
		if lang == known {
			return lang
		}
	}
	p.faults.Add("filter-lang", lang, "is not a language of filters", "one of "+strings.Join(filterLanguages(), ", "))
	return langText
}

// geometryOf returns the geometry of a feature that a filter names.
func geometryOf(snap *snapshot.Snapshot, collection, id string, when *geo.Interval) (orb.Geometry, error) {
	col, err := snap.Collection(collection)
	if err != nil {
		return nil, fmt.Errorf("there is no collection %q", collection)
	}
	hit, err := col.FeatureAt(id, when)
	if err != nil {
		return nil, fmt.Errorf("there is no feature %q in %s", id, collection)
	}
	return hit.Geometry, nil
}
