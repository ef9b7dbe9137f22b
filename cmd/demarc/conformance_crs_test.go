package main

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
)

// The checks of Part 2, under the names of OGC's suite. That the positions are
// right, to a centimetre, is checked against PostGIS in postgis_test.go.

const unsupportedCRS = "http://www.opengis.net/def/crs/0/unsupported"

var ogcCRS = regexp.MustCompile(`^(http://www\.opengis\.net/def/crs/[^/]+/[^/]+/[^/]+|urn:ogc:def:crs:[^:]+:[^:]*:[^:]+)$`)

// crsOf lists a collection's CRSs, those of the whole service for "#/crs".
func (s *conformance) crsOf(c map[string]any) []string {
	var all []string
	for _, crs := range texts(c["crs"]) {
		if crs == "#/crs" {
			all = append(all, texts(s.doc["crs"])...)
		} else {
			all = append(all, crs)
		}
	}
	return all
}

// crs makes the checks of Part 2.
func (s *conformance) crs() {
	for _, c := range s.tested {
		s.crsDiscovery(c)
		s.crsItems(c)
		s.crsItem(c)
		s.crsBBox(c)
	}
	s.check("DiscoveryCollectionsCrsUri", "verifyCollectionsCrsIdentifierOfCrsProperty", "/collections", func() error {
		return checkCRSNames(append(texts(s.doc["crs"]), texts(s.doc["storageCrs"])...))
	})
}

func checkCRSNames(all []string) error {
	for _, crs := range all {
		if !ogcCRS.MatchString(crs) {
			return fmt.Errorf("%q is no CRS of OGC's naming scheme", crs)
		}
	}
	return nil
}

// crsDiscovery checks a collection where it stands in /collections, and alone.
func (s *conformance) crsDiscovery(c map[string]any) {
	id := text(c["id"])
	alone := map[string]any{}
	if a, err := s.getStatus(http.StatusOK, s.root+"/collections/"+id, acceptJSON); err == nil {
		if doc, err := a.object(); err == nil {
			alone = doc
		}
	}
	for class, doc := range map[string]map[string]any{"DiscoveryCollections": c, "DiscoveryCollection": alone} {
		all := s.crsOf(doc)
		s.check(class+"CrsUri", "verifyCollectionCrsIdentifierOfCrsProperty", id, func() error { return checkCRSNames(all) })
		s.check(class+"CrsUri", "verifyCollectionCrsIdentifierOfStorageCrsProperty", id, func() error { return checkCRSNames(texts(doc["storageCrs"])) })
		s.check(class+"DefaultCrs", "verifyCollectionCrsIdentifierOfCrsProperty", id, func() error {
			// The suite asks this of spatial collections; but where one collection has
			// no crs at all, it fails its checks for all of them.
			if !slices.Contains(all, crs84) && !slices.Contains(all, crs84h) {
				return fmt.Errorf("crs is %v, without CRS84", all)
			}
			return nil
		})
		s.check(class+"StorageCrs", "verifyCollectionCrsIdentifierOfCrsProperty", id, func() error {
			storage := text(doc["storageCrs"])
			if storage == "" {
				return fmt.Errorf("%w: no storageCrs", errSkip)
			}
			if !slices.Contains(all, storage) {
				return fmt.Errorf("storageCrs %s is not in crs %v", storage, all)
			}
			return nil
		})
	}
}

// crsAnswer requests a URL and checks its Content-Crs header.
func (s *conformance) crsAnswer(want, address string, namesAndValues ...string) (map[string]any, error) {
	a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON, namesAndValues...)
	if err != nil {
		return nil, err
	}
	if got := a.header.Get("Content-Crs"); got != "<"+want+">" {
		return nil, fmt.Errorf("GET %s: Content-Crs is %q, want <%s>", a.url, got, want)
	}
	return a.object()
}

func (s *conformance) crsItems(c map[string]any) {
	address, err := s.itemsURL(c)
	if err != nil {
		return // reported by Features
	}
	s.crsResource("Features", text(c["id"]), address, s.crsOf(c), func(doc map[string]any) []map[string]any { return objects(doc["features"]) })
}

func (s *conformance) crsItem(c map[string]any) {
	id, err := s.firstID(c)
	if err != nil {
		return // reported by Feature
	}
	address, err := s.itemURL(c, id)
	if err != nil {
		return
	}
	s.crsResource("Feature", text(c["id"])+"/"+id, address, s.crsOf(c), func(doc map[string]any) []map[string]any { return []map[string]any{doc} })
}

// crsResource checks the parameter crs on items or on one feature.
func (s *conformance) crsResource(class, subject, address string, all []string, features func(map[string]any) []map[string]any) {
	var inDefault map[string]any
	s.check(class+"CrsParameterDefault", "verify"+class+"CrsParameterDefault", subject, func() (err error) {
		inDefault, err = s.crsAnswer(crs84, address)
		return err
	})
	s.check(class+"CrsParameterInvalid", "verify"+class+"CrsParameterInvalid", subject, func() error {
		_, err := s.getStatus(http.StatusBadRequest, address, acceptGeoJSON, "crs", unsupportedCRS)
		return err
	})
	for _, crs := range all {
		var doc map[string]any
		s.check(class+"CrsParameter", "verify"+class+"CrsParameter", subject+" "+crs, func() (err error) {
			doc, err = s.crsAnswer(crs, address, "crs", crs)
			return err
		})
		s.check(class+"CrsParameterTransform", "verify"+class+"CrsParameterTransform", subject+" "+crs, func() error {
			if doc == nil || inDefault == nil {
				return errors.New("there is no answer to compare")
			}
			was, is := features(inDefault), features(doc)
			if len(was) != len(is) {
				return fmt.Errorf("%d features, and %d in the default CRS", len(is), len(was))
			}
			for i := range was {
				a, errA := envelope(was[i])
				b, errB := envelope(is[i])
				if err := errors.Join(errA, errB); err != nil {
					return err
				}
				if was[i]["id"] != is[i]["id"] || (a == nil) != (b == nil) {
					return fmt.Errorf("feature %v is %v in the default CRS", is[i]["id"], was[i]["id"])
				}
				if a != nil && crs != crs84 && slices.Equal(a, b) {
					return fmt.Errorf("feature %v has the positions of the default CRS", is[i]["id"])
				}
			}
			return nil
		})
	}
}

// crsBBox checks the parameter bbox-crs. The suite transforms the extent with
// Proj4j, which knows no axis order; here CRS84 is sent, and each other CRS with
// a box in the middle of its own answer.
func (s *conformance) crsBBox(c map[string]any) {
	extent, _ := spatialExtent(c)
	address, err := s.itemsURL(c)
	if extent == nil || err != nil {
		return
	}
	id := text(c["id"])
	s.check("BBoxCrsParameterInvalid", "verifyBboxCrsParameterInvalid", id, func() error {
		_, err := s.getStatus(http.StatusBadRequest, address, acceptGeoJSON, "bbox-crs", unsupportedCRS, "bbox", suiteBox([]float64{5, 49, 6, 50}))
		return err
	})
	s.check("BBoxCrsParameterDefault", "verifyBboxCrsParameterDefault", id, func() error {
		return s.sameIDs(address, []string{"bbox", suiteBox(extent)}, []string{"bbox", suiteBox(extent), "bbox-crs", crs84})
	})
	for _, crs := range s.crsOf(c) {
		s.check("BBoxCrsParameter", "verifyBboxCrsParameter", id+" "+crs, func() error {
			a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON, "crs", crs)
			if err != nil {
				return err
			}
			doc, err := a.object()
			if err != nil {
				return err
			}
			box, ids, err := boxAround(objects(doc["features"]))
			if err != nil || box == nil {
				return err
			}
			a, err = s.getStatus(http.StatusOK, address, acceptGeoJSON, "bbox", suiteBox(box), "bbox-crs", crs, "limit", "1000")
			if err != nil {
				return err
			}
			if doc, err = a.object(); err != nil {
				return err
			}
			got := idsOf(objects(doc["features"]))
			for _, want := range ids {
				if !slices.Contains(got, want) {
					return fmt.Errorf("feature %s lies in the box %s of this CRS, and is not in the answer of %d", want, suiteBox(box), len(got))
				}
			}
			return nil
		})
	}
	// As the suite sends it: longitude first, whatever the CRS says.
	s.check("BBoxCrsParameter", "verifyBboxCrsParameter, axes as the suite sends them", id, func() error {
		for _, crs := range s.crsOf(c) {
			if crs == "http://www.opengis.net/def/crs/EPSG/0/4326" {
				_, err := s.getStatus(http.StatusOK, address, acceptGeoJSON, "bbox-crs", crs, "bbox", suiteBox(extent))
				return err
			}
		}
		return nil
	})
}

// boxAround returns a box over all features with a geometry, and their ids.
func boxAround(features []map[string]any) (box []float64, ids []string, err error) {
	for _, f := range features {
		e, err := envelope(f)
		if err != nil {
			return nil, nil, err
		}
		if e == nil {
			continue
		}
		ids = append(ids, fmt.Sprint(f["id"]))
		if box == nil {
			box = e
		}
		box = []float64{min(box[0], e[0]), min(box[1], e[1]), max(box[2], e[2]), max(box[3], e[3])}
	}
	if box != nil { // the box is sent with seven decimals
		const margin = 1e-6
		box = []float64{box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin}
	}
	return box, ids, nil
}

func idsOf(features []map[string]any) []string {
	var ids []string
	for _, f := range features {
		ids = append(ids, fmt.Sprint(f["id"]))
	}
	return ids
}

// sameIDs checks that two requests answer with the same features in one order.
func (s *conformance) sameIDs(address string, one, other []string) error {
	var ids [2][]string
	for i, parameters := range [][]string{one, other} {
		a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON, parameters...)
		if err != nil {
			return err
		}
		doc, err := a.object()
		if err != nil {
			return err
		}
		ids[i] = idsOf(objects(doc["features"]))
	}
	if !slices.Equal(ids[0], ids[1]) {
		return fmt.Errorf("%v gives %v, and %v gives %v", one, ids[0], other, ids[1])
	}
	return nil
}
