package data

import (
	"strings"
	"time"

	"demarc/geo"
)

// Layer is a collection that an operator brings from elsewhere and that is
// served beside ours, for reading only: districts, health facilities, camps.
type Layer struct {
	Name string // the collection's identifier
	// Title and Description are as the file has them; Title may be empty.
	Title, Description string
	Schema             geo.Schema
	Features           []geo.Feature // in the order of the file, ids unlike
	// GeometryName is what filters call the geometry, as the file does; empty
	// where the file has no word of its own for it.
	GeometryName string
	HasGeometry  bool // whether features can have a place
	// Start and End are the fields that tell a feature's time: the same field
	// for an instant or day, -1 for none.
	Start, End int
	// Licence, LicenceURL and Attribution are as the file states them; empty
	// where it does not.
	Licence, LicenceURL, Attribution string
}

// When returns the time of one of the layer's features: from the start of its
// first day or instant to the end of its last. A null end is open; it is the
// zero Interval where the feature, or the layer, has no time.
func (l *Layer) When(f *geo.Feature) geo.Interval {
	if l.Start < 0 {
		return geo.Interval{}
	}
	return geo.Interval{From: startOf(f.Values[l.Start]), To: endOf(f.Values[l.End])}
}

func startOf(v geo.Value) time.Time {
	seconds, _, ok := v.Unix()
	if !ok {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// endOf returns the first instant after a day, and an instant itself.
func endOf(v geo.Value) time.Time {
	t := startOf(v)
	if _, p, ok := v.Unix(); ok && p == geo.PrecisionDay {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// SetLicence notes the licence and attribution that the file states. A licence
// that is an address is linked to.
func (l *Layer) SetLicence(licence, attribution string) {
	l.Licence, l.Attribution = licence, attribution
	if strings.HasPrefix(licence, "https://") || strings.HasPrefix(licence, "http://") {
		l.LicenceURL = licence
	}
}
