package crs

import (
	"strconv"
	"strings"

	"demarc/geo"
)

// opengis begins the URI of every CRS.
const opengis = "http://www.opengis.net/def/crs/"

// Parse returns the CRS that s names: a URI ("http://www.opengis.net/def/crs/
// EPSG/0/4326", https too), a URN ("urn:ogc:def:crs:EPSG::4326"), a safe CURIE
// ("[EPSG:4326]", OGC 18-058r1 /rec/crs/crs-format-model) or the bare
// "EPSG:4326". A version of the EPSG registry, in place of 0 or nothing, is
// accepted and has no effect. Capitals do not matter.
//
// Any other text is a *geo.InputError that names the CRSs there are; its
// Where is empty, for the caller to fill in.
func Parse(s string) (CRS, error) {
	authority, code := split(strings.ToLower(s))
	for c := range count {
		switch {
		case c == CRS84 && authority == "ogc" && code == "crs84":
			return c, nil
		case c != CRS84 && authority == "epsg" && code == strconv.Itoa(c.Code()):
			return c, nil
		}
	}
	names := make([]string, count)
	for c := range count {
		names[c] = c.URI()
	}
	var faults geo.Faults
	faults.Add("", s, "is no coordinate reference system of this service", "one of "+strings.Join(names, ", "))
	return CRS84, faults.Err()
}

// split returns the authority and code in a name of a CRS, both empty where
// the name has none of the forms.
func split(s string) (authority, code string) {
	if rest, ok := strings.CutPrefix(s, "urn:ogc:def:crs:"); ok {
		return withVersion(strings.Split(rest, ":"))
	}
	for _, prefix := range []string{opengis, "https" + strings.TrimPrefix(opengis, "http")} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return withVersion(strings.Split(rest, "/"))
		}
	}
	if inner, ok := strings.CutPrefix(s, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok {
			return "", ""
		}
		s = inner
	}
	authority, code, _ = strings.Cut(s, ":")
	return authority, code
}

// withVersion takes authority, version and code, of which the version must be
// digits and dots or nothing.
func withVersion(parts []string) (authority, code string) {
	if len(parts) != 3 || strings.Trim(parts[1], "0123456789.") != "" {
		return "", ""
	}
	return parts[0], parts[2]
}
