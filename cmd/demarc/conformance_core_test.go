package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The checks of Part 1, under the names of OGC's suite.

func (s *conformance) general() {
	s.check("GeneralHttp", "http", "/", func() error {
		resp, err := http.Get(s.root + "/")
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.Proto != "HTTP/1.1" {
			return fmt.Errorf("protocol is %s, want HTTP/1.1", resp.Proto)
		}
		return nil
	})
}

func (s *conformance) landingPage() {
	var links []map[string]any
	s.check("LandingPage", "landingPageRetrieval", "/", func() error {
		a, err := s.getStatus(http.StatusOK, s.root+"/", acceptJSON)
		if err != nil {
			return err
		}
		doc, err := a.object()
		links = objects(doc["links"])
		return err
	})
	s.check("LandingPage", "landingPageValidation", "/", func() error {
		for _, rel := range []string{"service-desc", "conformance", "data"} {
			if linkByRel(links, rel) == nil {
				return fmt.Errorf("no link with rel %s", rel)
			}
		}
		return nil
	})
	for _, l := range links {
		if text(l["rel"]) == "service-desc" && strings.ReplaceAll(text(l["type"]), " ", "") == acceptOpenAPI {
			s.apiURL = s.absolute(text(l["href"]))
			break
		}
	}
}

func (s *conformance) apiDefinition() {
	s.check("ApiDefinition", "openapiDocumentRetrieval", s.apiURL, func() error {
		if s.apiURL == "" {
			return fmt.Errorf("no link with rel service-desc and type %s on the landing page", acceptOpenAPI)
		}
		a, err := s.getStatus(http.StatusOK, s.apiURL, acceptOpenAPI)
		if err != nil {
			return err
		}
		s.api, err = a.object()
		return err
	})
	// The suite's parser is asked in TestConformanceOpenAPI.
	s.check("ApiDefinition", "apiDefinitionValidation", s.apiURL, func() error {
		if v := text(s.api["openapi"]); !strings.HasPrefix(v, "3.0.") {
			return fmt.Errorf("openapi is %q, want 3.0.x", v)
		}
		for _, path := range []string{"/conformance", "/collections"} {
			if dig(s.api, "paths", path, "get", "responses", "200") == nil {
				return fmt.Errorf("no GET %s with a response 200: the suite finds its test points there", path)
			}
		}
		return nil
	})
}

func (s *conformance) conformanceDeclaration() {
	s.classes = map[string]bool{}
	s.check("Conformance", "validateConformanceOperationAndResponse", "/conformance", func() error {
		a, err := s.getStatus(http.StatusOK, s.root+"/conformance", acceptJSON)
		if err != nil {
			return err
		}
		doc, err := a.object()
		if err != nil {
			return err
		}
		list, ok := doc["conformsTo"].([]any)
		if !ok || len(texts(list)) != len(list) {
			return fmt.Errorf("conformsTo is not an array of strings: %v", doc["conformsTo"])
		}
		for _, class := range texts(list) {
			s.classes[class] = true
		}
		for _, class := range promisedClasses {
			if !s.classes[class] {
				return fmt.Errorf("%s is not declared", class)
			}
		}
		return nil
	})
}

func (s *conformance) collections() {
	const class, path = "FeatureCollections", "/collections"
	s.check(class, "validateFeatureCollectionsMetadataOperation", path, func() error {
		a, err := s.getStatus(http.StatusOK, s.root+path, acceptJSON)
		if err != nil {
			return err
		}
		s.doc, err = a.object()
		return err
	})
	all := objects(s.doc["collections"])
	for _, name := range []string{"Links", "Links_v101", "Extent_v101"} {
		s.check(class, "validateFeatureCollectionsMetadataOperationResponse_"+name, path, func() error {
			return s.checkLinks(objects(s.doc["links"]), s.otherTypes())
		})
	}
	s.check(class, "validateFeatureCollectionsMetadataOperationResponse_CrsProperty", path, func() error {
		if crs := texts(s.doc["crs"]); len(crs) > 0 && crs[0] != crs84 && crs[0] != crs84h {
			return fmt.Errorf("the first crs is %s", crs[0])
		}
		return nil
	})
	s.check(class, "validateFeatureCollectionsMetadataOperationResponse_Content", path, func() error {
		if len(all) == 0 || len(objects(s.doc["links"])) == 0 {
			return errors.New("links or collections are empty")
		}
		return nil
	})
	s.check(class, "validateFeatureCollectionsMetadataOperationResponse_Items", path, func() error {
		for _, c := range all {
			itemType := text(c["itemType"])
			if (itemType == "" || strings.EqualFold(itemType, "feature")) && linkByRel(objects(c["links"]), "items") != nil {
				s.tested = append(s.tested, c)
			}
		}
		if len(s.tested) != len(all) {
			return fmt.Errorf("%d of %d collections have itemType feature and a link with rel items", len(s.tested), len(all))
		}
		return nil
	})
	for _, c := range all {
		id := text(c["id"])
		s.check(class, "validateFeatureCollectionsMetadataOperationResponse_Items_v101", id, func() error { return s.checkCollectionEntry(c) })
		s.check(class, "validateFeatureCollectionsMetadataOperationResponse_Items_Links_v101", id, func() error {
			for _, l := range objects(c["links"]) {
				if text(l["rel"]) == "" || text(l["type"]) == "" || text(l["href"]) == "" {
					return fmt.Errorf("link %v lacks rel, type or href", l)
				}
			}
			return nil
		})
	}
}

// checkCollectionEntry checks what the suite reads of a collection: its id, its
// extents, and that its items links answer.
func (s *conformance) checkCollectionEntry(c map[string]any) error {
	if text(c["id"]) == "" {
		return errors.New("no id")
	}
	if _, err := spatialExtent(c); err != nil {
		return err
	}
	if _, _, err := temporalExtent(c); err != nil {
		return err
	}
	for _, l := range objects(c["links"]) {
		if text(l["rel"]) != "items" {
			continue
		}
		a, err := s.getStatus(http.StatusOK, s.absolute(text(l["href"])), text(l["type"]))
		if err != nil {
			return err
		}
		if text(l["type"]) == acceptGeoJSON {
			if doc, err := a.object(); err != nil || text(doc["type"]) != "FeatureCollection" {
				return fmt.Errorf("%s is no FeatureCollection: %v", a.url, err)
			}
		}
	}
	return nil
}

// spatialExtent returns the first bbox of a collection, or nil if it has none.
func spatialExtent(c map[string]any) ([]float64, error) {
	boxes, _ := dig(c, "extent", "spatial", "bbox").([]any)
	if len(boxes) == 0 {
		return nil, nil
	}
	first, ok := boxes[0].([]any)
	if !ok || len(first) != 4 {
		return nil, fmt.Errorf("extent.spatial.bbox is %v, want a list of lists of 4 numbers", boxes)
	}
	var box []float64
	for _, n := range first {
		f, ok := n.(float64)
		if !ok {
			return nil, fmt.Errorf("extent.spatial.bbox has %v for a number", n)
		}
		box = append(box, f)
	}
	return box, nil
}

// temporalExtent returns the interval of a collection, or zero times if it has
// none. The suite takes one interval only, with two instants: it cannot read an
// open end or a date.
func temporalExtent(c map[string]any) (begin, end time.Time, err error) {
	intervals, _ := dig(c, "extent", "temporal", "interval").([]any)
	if len(intervals) == 0 {
		return begin, end, nil
	}
	pair := texts(intervals[0])
	if len(intervals) != 1 || len(pair) != 2 {
		return begin, end, fmt.Errorf("extent.temporal.interval is %v; the suite takes one interval of two date-times", intervals)
	}
	if begin, err = time.Parse(time.RFC3339Nano, pair[0]); err != nil {
		return begin, end, err
	}
	end, err = time.Parse(time.RFC3339Nano, pair[1])
	return begin, end, err
}

func (s *conformance) collection(c map[string]any) {
	id := text(c["id"])
	var doc map[string]any
	s.check("FeatureCollection", "validateFeatureCollectionMetadataOperation", id, func() error {
		a, err := s.getStatus(http.StatusOK, s.root+"/collections/"+id, acceptJSON)
		if err != nil {
			return err
		}
		doc, err = a.object()
		return err
	})
	s.check("FeatureCollection", "validateFeatureCollectionMetadataResponse", id, func() error {
		return equalMembers(c, doc, "id", "title", "description", "extent")
	})
}
