package snapshot

import (
	"math"
	"time"

	"demarc/geo"
)

// What tests look at of a part.

// item returns a row as it was before it came into the part.
func (p *part) item(row uint32) item {
	it := item{feature: p.feature(row), key: p.keys.at(row), when: p.times.interval(row)}
	if !p.records.none() {
		it.record = p.records.at(row)
	}
	return it
}

// feature returns the feature of a row.
func (p *part) feature(row uint32) geo.Feature {
	return geo.Feature{ID: p.ids.at(row), Geometry: p.sites.shape(p.sites.codes.at(row)), Values: p.values(row)}
}

// interval returns the time of a row.
func (t *times) interval(row uint32) geo.Interval {
	var iv geo.Interval
	if t.from[row] != math.MinInt64 {
		iv.From = time.Unix(t.from[row], 0).UTC()
	}
	if t.to[row] != math.MaxInt64 {
		iv.To = time.Unix(t.to[row], 0).UTC()
	}
	return iv
}
