package main

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// geoPackage saves a collection as a GeoPackage, by Accept.
func geoPackage(t *testing.T, base, collection, query string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), collection+".gpkg")
	download(t, base+"/collections/"+collection+"/items?limit=10000&f=gpkg"+query, file)
	return file
}

// quietly runs a program that must have nothing to complain of.
func quietly(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(environWithoutSettings(), "LC_ALL=C.UTF-8")
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return stdout.String()
}

// TestGDALGeoPackages lets GDAL read every collection and a layer, warn of
// nothing, use the index, and write all of it again: nothing is lost.
func TestGDALGeoPackages(t *testing.T) {
	ogrinfo, ogr2ogr := needProgram(t, "ogrinfo", debianGDAL), needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t, "--layer", "health="+healthFile(t))
	for _, collection := range append(collectionIDs(t, base), "health") {
		t.Run(collection, func(t *testing.T) {
			want, _ := fetchItems(t, base, collection, "")
			file := geoPackage(t, base, collection, "")
			about := quietly(t, ogrinfo, "-ro", "-so", "-al", file)
			for _, line := range []string{"Layer name: " + collection + "\n", "ATTRIBUTION=", "LICENCE=", "FID Column = fid\n"} {
				if !strings.Contains(about, line) {
					t.Errorf("ogrinfo does not say %q:\n%s", line, about)
				}
			}
			if located := sortedIDs(want, feature.hasGeometry); len(located) > 0 {
				has := quietly(t, ogrinfo, "-ro", "-q", file, "-sql", "SELECT HasSpatialIndex('"+collection+"', 'geometry')")
				if !strings.Contains(has, "(Integer) = 1") {
					t.Errorf("HasSpatialIndex: %s", has)
				}
			} else if !strings.Contains(about, "Geometry: None") {
				t.Errorf("a collection without geometry: %s", about)
			}
			again := filepath.Join(t.TempDir(), "again.gpkg")
			quietly(t, ogr2ogr, "-f", "GPKG", again, file)
			compareRead(t, want, quietly(t, ogr2ogr, "-f", "GeoJSON", "/vsistdout/", again, "-noNativeData", "-lco", "COORDINATE_PRECISION=15"), "gpkg")
		})
	}
}

// A window on the file gives what the API gives for that box.
func TestGDALWindowOnGeoPackage(t *testing.T) {
	ogr2ogr := needProgram(t, "ogr2ogr", debianGDAL)
	base := startServer(t)
	found := 0
	for _, collection := range []string{"incidents", "segments", "areas"} {
		file := geoPackage(t, base, collection, "")
		found += windowsAgree(t, ogr2ogr, base, collection, file)
	}
	if found < 50 {
		t.Errorf("%d features were in the windows, too few to tell", found)
	}
}

func TestGeoPackageTypes(t *testing.T) {
	ogrinfo := needProgram(t, "ogrinfo", debianGDAL)
	base := startServer(t)
	zone := "http://www.opengis.net/def/crs/EPSG/0/32642"
	out := quietly(t, ogrinfo, "-ro", "-so", "-al", geoPackage(t, base, "incidents", "&near=70,40&bbox=66,36,72,42&filter=uncertainty_km%3E0&crs="+zone))
	for _, want := range []string{"Geometry: Point", `ID["EPSG",32642]`, "id: String", "title: String", "start: Date", "killed_low: Integer64", "uncertainty_km: Real",
		"parties: String(JSON)", "distance_m: Real", "type: String (0.0), domain name=incidents_type"} {
		if !strings.Contains(out, want) {
			t.Errorf("ogrinfo does not say %q:\n%s", want, out)
		}
	}
}

func TestQGISOpensGeoPackages(t *testing.T) {
	python := needQGIS(t)
	base := startServer(t)
	collections := collectionIDs(t, base)
	args := []string{"-X", "faulthandler", "testdata/file.py"}
	var counts []int
	for _, collection := range collections {
		_, matched := fetchItems(t, base, collection, "")
		counts = append(counts, matched)
		args = append(args, geoPackage(t, base, collection, ""))
	}
	home := t.TempDir() // QGIS keeps a profile and a cache there
	cmd := exec.Command(python, args...)
	cmd.Env = append(environWithoutSettings(), "QT_QPA_PLATFORM=offscreen", "LC_ALL=C.UTF-8", "HOME="+home, "XDG_RUNTIME_DIR="+home)
	out, err := cmd.Output()
	var answers []struct {
		Valid, Index  bool
		CRS, Geometry string
		Count         int
		Fields        map[string]string
	}
	if err != nil || json.Unmarshal(out, &answers) != nil || len(answers) != len(collections) {
		t.Fatalf("QGIS: %v %s", err, out)
	}
	for i, a := range answers {
		bare := collections[i] == "sources" || collections[i] == "parties"
		if !a.Valid || a.Count != counts[i] || !bare && (a.CRS != "EPSG:4326" || !a.Index || a.Geometry == "Unknown") || bare && a.Geometry != "NoGeometry" {
			t.Errorf("%s: %+v, want %d features", collections[i], a, counts[i])
		}
	}
	if got := answers[0].Fields; got["start"] != "Date" || got["killed_low"] != "Integer64" || got["uncertainty_km"] != "Real" {
		t.Errorf("fields of %s: %v", collections[0], got)
	}
}
