package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"demarc/geo"
)

// An export in a format is the answer in that format, but for links.
func TestExportIsTheAnswer(t *testing.T) {
	s := serve(t, shipped)
	for flag, f := range map[string]string{"csv": "csv", "geojsonseq": "jsonseq", "fgb": "fgb", "geoparquet": "parquet", "kml": "kml"} {
		params := url.Values{"datetime": {"2022"}, "bbox": {"69,38,72,41"}, "filter": {"killed_high > 0"}}
		var got bytes.Buffer
		x := Export{Collection: "incidents", Format: flag, Params: params}
		n, err := x.Write(t.Context(), &got, s.data.Snapshot())
		if err != nil {
			t.Fatal(err)
		}
		want := s.get("/collections/incidents/items?limit=10000&f=" + f + "&" + params.Encode())
		if want.header.Get("OGC-NumberReturned") != strconv.Itoa(n) || n == 0 || !bytes.Equal(got.Bytes(), want.body) {
			t.Errorf("%s: %d features, %d bytes; the answer has %s and %d", flag, n, got.Len(), want.header.Get("OGC-NumberReturned"), len(want.body))
		}
	}
}

func TestExportWithoutFeatures(t *testing.T) {
	s := serve(t, invented)
	for _, format := range ExportFormats() {
		var got bytes.Buffer
		x := Export{Collection: "incidents", Format: format, Params: url.Values{"filter": {"killed_low > 1000"}}, GeoPackage: openGeoPackage}
		if n, err := x.Write(t.Context(), &got, s.data.Snapshot()); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", format, n, err)
		}
		if format == "geojson" {
			var doc featureCollection
			(&answer{t: t, body: got.Bytes()}).into(&doc)
			if doc.Type != "FeatureCollection" || doc.Features == nil {
				t.Errorf("%s", got.Bytes())
			}
		}
	}
}

// full is a writer that takes so many bytes.
type full struct{ left int }

var errFull = errors.New("no space left on device")

func (w *full) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// What fails is told, in every format, and nothing is left behind.
func TestExportTellsWhatFails(t *testing.T) {
	s := serve(t, shipped)
	ended, end := context.WithCancel(t.Context())
	end()
	for _, format := range ExportFormats() {
		x := Export{Collection: "segments", Format: format, GeoPackage: openGeoPackage}
		for _, room := range []int{0, 50_000} {
			if _, err := x.Write(t.Context(), &full{room}, s.data.Snapshot()); !errors.Is(err, errFull) {
				t.Errorf("%s into %d bytes: %v", format, room, err)
			}
		}
		if _, err := x.Write(ended, io.Discard, s.data.Snapshot()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s after its time: %v", format, err)
		}
	}
	var input *geo.InputError
	for _, x := range []Export{{Collection: "nothing", Format: "csv"}, {Collection: "areas", Format: "shapefile"}, {Collection: "areas", Format: "html"}, {Collection: "areas", Format: "gpkg"}} {
		if _, err := x.Write(t.Context(), io.Discard, s.data.Snapshot()); !errors.As(err, &input) {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// Files are in the CRS asked for, with east first; KML knows one.
func TestFormatsInAnotherCRS(t *testing.T) {
	s := serve(t, shipped)
	const items = "/collections/incidents/items?limit=3&filter=uncertainty_km%3E0%20AND%20S_INTERSECTS(geometry,BBOX(69,38,72,41))"
	const zone = "http://www.opengis.net/def/crs/EPSG/0/32642"
	degrees := rows(t, s.get(items+"&f=csv"))
	a := s.get(items + "&f=csv&crs=" + url.QueryEscape(zone))
	for i, row := range rows(t, a) {
		lon, err1 := strconv.ParseFloat(degrees[i]["lon"], 64)
		x, err2 := strconv.ParseFloat(row["x"], 64)
		y, err3 := strconv.ParseFloat(row["y"], 64)
		// A degree is about 86 km at 39.5° N; zone 42 has 500 km at 69° E.
		if err := errors.Join(err1, err2, err3); err != nil || math.Abs(x-500_000-(lon-69)*86_000) > 3_000 || y < 4_200_000 || y > 4_600_000 {
			t.Errorf("%s: x %v, y %v at %v degrees east (%v)", row["id"], x, y, lon, err)
		}
	}
	if got := a.header.Get("Content-Crs"); got != "<"+zone+">" {
		t.Errorf("%s: Content-Crs %q", a.asked, got)
	}
	s.get(items+"&f=kml&crs="+url.QueryEscape(zone)).problem(http.StatusBadRequest, "invalid-parameter")
	var doc struct {
		CoordRefSys string
		Features    []struct {
			Place struct{ Coordinates []float64 }
		}
	}
	s.get(items + "&f=jsonfg&crs=" + url.QueryEscape(zone)).into(&doc)
	if doc.CoordRefSys != zone || len(doc.Features) != 3 || len(doc.Features[0].Place.Coordinates) != 2 || doc.Features[0].Place.Coordinates[1] < 4_200_000 {
		t.Errorf("JSON-FG: %+v", doc)
	}
}

// Hits alone: an empty document, and the number in the header.
func TestNumberAloneInEveryFormat(t *testing.T) {
	s := serve(t, invented)
	for name, contentType := range streamed {
		a := s.get("/collections/incidents/items?resultType=hits&f="+name).expect(http.StatusOK, contentType)
		if a.header.Get("OGC-NumberMatched") != "3" || a.header.Get("OGC-NumberReturned") != "0" || bytes.Contains(a.body, []byte("2005-gamma")) {
			t.Errorf("%s: %v", a.asked, a.header)
		}
	}
}

// Properties asked for are the columns, after the identifier.
func TestColumnsAreThePropertiesAskedFor(t *testing.T) {
	s := serve(t, invented)
	a := s.get("/collections/incidents/items?properties=title,start&limit=1&f=csv")
	if head, _, _ := bytes.Cut(a.body, []byte("\n")); string(bytes.TrimSpace(head)) != "id,title,start,lon,lat,WKT" {
		t.Errorf("%s: %s", a.asked, head)
	}
}
