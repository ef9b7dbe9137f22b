package server

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"demarc/geo"
)

// format is a representation that a resource can have.
type format struct {
	name      string // the value of f=
	mediaType string
	title     string
	also      []string // media types in Accept that ask for it too
}

// The formats of the service. JSON clients ask for features with
// application/json too; GDAL and QGIS do so.
var (
	formatJSON    = format{"json", "application/json", "JSON", nil}
	formatGeoJSON = format{"json", "application/geo+json", "GeoJSON", []string{"application/json", "application/vnd.geo+json"}}
	formatHTML    = format{"html", "text/html", "HTML", []string{"application/xhtml+xml"}}
	formatOpenAPI = format{"json", "application/vnd.oai.openapi+json;version=3.0", "OpenAPI 3.0", []string{"application/json", "application/openapi+json"}}
)

// negotiate chooses among a resource's formats, of which the first is the
// default: by the parameter f where there is one (it is read like any other
// parameter, so that all faults come together), else by Accept (RFC 9110 §12.5.1).
func negotiate(accept string, formats []format) (format, error) {
	if strings.TrimSpace(accept) == "" {
		return formats[0], nil
	}
	ranges := parseAccept(accept)
	best, quality, place := format{}, 0.0, 0
	for _, f := range formats {
		q, at := qualityOf(f, ranges)
		if q > quality || q == quality && q > 0 && at < place {
			best, quality, place = f, q, at
		}
	}
	if quality == 0 {
		return format{}, &notAcceptable{accept, strings.Join(mediaTypes(formats), ", ")}
	}
	return best, nil
}

// mediaRange is one element of an Accept header.
type mediaRange struct {
	mediaType string
	quality   float64
}

func parseAccept(accept string) []mediaRange {
	var out []mediaRange
	for _, part := range strings.Split(accept, ",") {
		asked, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		out = append(out, mediaRange{asked, q})
	}
	return out
}

// qualityOf returns how much a format is wanted, by the range that fits it most
// closely, and where in the header that range stands: of two formats that are
// wanted equally, the one named first is given.
func qualityOf(f format, ranges []mediaRange) (quality float64, place int) {
	own, _, _ := strings.Cut(f.mediaType, ";")
	kind, _, _ := strings.Cut(own, "/")
	closest := 0
	for i, r := range ranges {
		fit := 0
		switch {
		case r.mediaType == own || slices.Contains(f.also, r.mediaType):
			fit = 3
		case r.mediaType == kind+"/*":
			fit = 2
		case r.mediaType == "*/*":
			fit = 1
		}
		if fit > closest || fit == closest && fit > 0 && r.quality > quality {
			closest, quality, place = fit, r.quality, i
		}
	}
	return quality, place
}

func mediaTypes(formats []format) []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.mediaType
	}
	return out
}

// formatNamed returns the format that f= names.
func formatNamed(name string, formats []format, faults *geo.Faults) format {
	var known []string
	for _, f := range formats {
		if f.name == name || name == "geojson" && f.mediaType == formatGeoJSON.mediaType {
			return f
		}
		known = append(known, f.name)
	}
	faults.Add("f", name, "is not a format of this resource", "one of "+strings.Join(known, ", "))
	return formats[0]
}
