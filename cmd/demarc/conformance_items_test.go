package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The checks of Part 1 on items and on a single feature.

func (s *conformance) items(c map[string]any) {
	s.itemsAnswer("Features", "validateFeaturesResponse", c, nil, nil)
}

// itemsAnswer requests a collection's items with parameters and makes the checks
// that the suite makes on every such answer; more is made on the features too.
func (s *conformance) itemsAnswer(class, method string, c map[string]any, more func(features []map[string]any) error, namesAndValues []string) {
	subject := text(c["id"]) + "?" + strings.Join(namesAndValues, " ")
	var a *answer
	var doc map[string]any
	if !s.check(class, method+" operation", subject, func() error {
		address, err := s.itemsURL(c)
		if err != nil {
			return err
		}
		if a, err = s.getStatus(http.StatusOK, address, acceptGeoJSON, namesAndValues...); err != nil {
			return err
		}
		doc, err = a.object()
		return err
	}) {
		return
	}
	features, isList := doc["features"].([]any)
	s.check(class, method+"_TypeProperty", subject, func() error {
		if text(doc["type"]) != "FeatureCollection" {
			return fmt.Errorf("type is %v", doc["type"])
		}
		return nil
	})
	s.check(class, method+"_FeaturesProperty", subject, func() error {
		if !isList {
			return fmt.Errorf("features is %v", doc["features"])
		}
		return nil
	})
	s.check(class, method+"_Links", subject, func() error {
		return s.checkLinks(objects(doc["links"]), s.featureTypes())
	})
	s.check(class, method+"_TimeStamp", subject, func() error {
		at, err := time.Parse(time.RFC3339Nano, text(doc["timeStamp"]))
		if err == nil && math.Abs(at.Sub(a.sent).Seconds()) > 60 {
			err = fmt.Errorf("timeStamp %s is not the time of the answer, %s", at, a.sent)
		}
		return err
	})
	s.check(class, method+"_NumberReturned", subject, func() error {
		if n, ok := doc["numberReturned"].(float64); !ok || int(n) != len(features) {
			return fmt.Errorf("numberReturned is %v, and there are %d features", doc["numberReturned"], len(features))
		}
		return nil
	})
	s.check(class, method+"_NumberMatched", subject, func() error { return s.checkNumberMatched(doc) })
	s.check(class, method+"_GeometryInCRS84", subject, func() error {
		for _, f := range objects(doc["features"]) {
			box, err := envelope(f)
			if err != nil || box != nil && (box[0] < -180 || box[1] < -90 || box[2] > 180 || box[3] > 90) {
				return fmt.Errorf("feature %v reaches over %v: %v", f["id"], box, err)
			}
		}
		return nil
	})
	if more != nil {
		s.check(class, method, subject, func() error { return more(objects(doc["features"])) })
	}
}

// checkNumberMatched follows all next links, with the largest limit that the API
// definition allows, and counts.
func (s *conformance) checkNumberMatched(doc map[string]any) error {
	matched, ok := doc["numberMatched"].(float64)
	if !ok {
		return fmt.Errorf("numberMatched is %v", doc["numberMatched"])
	}
	_, largest := s.limits()
	count := len(objects(doc["features"]))
	for page := 0; ; page++ {
		next := linkByRel(objects(doc["links"]), "next")
		if next == nil {
			break
		}
		if page > 1000 {
			return errors.New("more than 1000 pages")
		}
		a, err := s.getStatus(http.StatusOK, s.absolute(text(next["href"])), acceptGeoJSON, "limit", strconv.Itoa(largest))
		if err != nil {
			return err
		}
		if doc, err = a.object(); err != nil {
			return err
		}
		count += len(objects(doc["features"]))
	}
	if count != int(matched) {
		return fmt.Errorf("numberMatched is %v, and all pages together have %d features", matched, count)
	}
	return nil
}

var itemsPath = regexp.MustCompile(`^/collections/[^/]+/items$`)

// limits reads the bounds of the parameter limit from the API definition.
func (s *conformance) limits() (least, largest int) {
	paths, _ := s.api["paths"].(map[string]any)
	for path := range paths {
		if !itemsPath.MatchString(path) {
			continue
		}
		if p := s.parameter(path, "limit"); p != nil {
			low, _ := dig(p, "schema", "minimum").(float64)
			high, _ := dig(p, "schema", "maximum").(float64)
			return int(low), int(high)
		}
	}
	return 0, 0
}

// parameter finds a parameter of GET path, following a reference.
func (s *conformance) parameter(path, name string) map[string]any {
	for _, list := range []any{dig(s.api, "paths", path, "parameters"), dig(s.api, "paths", path, "get", "parameters")} {
		for _, p := range objects(list) {
			if ref := text(p["$ref"]); strings.HasPrefix(ref, "#/") {
				p, _ = dig(s.api, strings.Split(ref[2:], "/")...).(map[string]any)
			}
			if p != nil && text(p["name"]) == name {
				return p
			}
		}
	}
	return nil
}

func (s *conformance) itemsErrors(c map[string]any) {
	for check, parameter := range map[string][]string{
		"validateFeaturesOperation_QueryParamInvalid": {"limit", "unlimited"},
		"validateFeaturesOperation_QueryParamUnknown": {"unknownQueryParameter12345", "1"},
	} {
		s.check("FeaturesErrorConditions", check, text(c["id"]), func() error {
			address, err := s.itemsURL(c)
			if err != nil {
				return err
			}
			_, err = s.getStatus(http.StatusBadRequest, address, acceptGeoJSON, parameter...)
			return err
		})
	}
}

// itemsBBox asks for the collection's extent, and for the suite's five boxes:
// over the meridian, the equator, the antimeridian and both poles.
func (s *conformance) itemsBBox(c map[string]any) {
	extent, _ := spatialExtent(c)
	if extent == nil {
		return
	}
	for _, box := range [][]float64{extent, {-1.5, 50, 1.5, 53}, {-80, -5, -70, 5}, {177, 65, -177, 70}, {-180, 85, 180, 90}, {-180, -90, 180, -85}} {
		s.itemsAnswer("FeaturesBBox", "validateFeaturesWithBoundingBoxResponse", c, func(features []map[string]any) error {
			if len(features) == 0 {
				return errNoFeatures
			}
			for _, f := range features {
				e, err := envelope(f)
				if err != nil {
					return err
				}
				if e != nil && !boxesMeet(e, box) {
					return fmt.Errorf("feature %v, over %v, is outside the box", f["id"], e)
				}
			}
			return nil
		}, []string{"bbox", suiteBox(box)})
	}
}

// suiteBox prints a box as the suite does: seven decimals, and no zero before
// the point.
func suiteBox(box []float64) string {
	var parts []string
	for _, n := range box {
		p := strconv.FormatFloat(n, 'f', 7, 64)
		p = strings.Replace(p, "-0.", "-.", 1)
		if strings.HasPrefix(p, "0.") {
			p = p[1:]
		}
		parts = append(parts, p)
	}
	return strings.Join(parts, ",")
}

// boxesMeet compares an envelope with a box that may cross the antimeridian.
func boxesMeet(e, box []float64) bool {
	if e[1] > box[3] || e[3] < box[1] {
		return false
	}
	if box[0] > box[2] {
		return e[2] >= box[0] || e[0] <= box[2]
	}
	return e[0] <= box[2] && e[2] >= box[0]
}

// envelope returns west, south, east, north of a feature's positions, or nil.
func envelope(f map[string]any) ([]float64, error) {
	g, ok := f["geometry"].(map[string]any)
	if !ok {
		return nil, nil
	}
	var box []float64
	var walk func(v any) error
	walk = func(v any) error {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			return fmt.Errorf("positions are %v", v)
		}
		if _, ok := list[0].(float64); !ok {
			for _, e := range list {
				if err := walk(e); err != nil {
					return err
				}
			}
			return nil
		}
		if len(list) < 2 {
			return fmt.Errorf("position is %v", v)
		}
		x, _ := list[0].(float64)
		y, _ := list[1].(float64)
		if box == nil {
			box = []float64{x, y, x, y}
		}
		box[0], box[1], box[2], box[3] = min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)
		return nil
	}
	if members := objects(g["geometries"]); members != nil {
		for _, m := range members {
			if err := walk(m["coordinates"]); err != nil {
				return nil, err
			}
		}
		return box, nil
	}
	return box, walk(g["coordinates"])
}

func (s *conformance) itemsLimit(c map[string]any) {
	least, largest := s.limits()
	s.check("FeaturesLimit", "limitParameterDefinition", text(c["id"]), func() error {
		if least < 0 || largest < 1 {
			return fmt.Errorf("the API definition gives limit the bounds %d and %d", least, largest)
		}
		return nil
	})
	for _, limit := range []int{least, min(100, least+(largest-least)/2)} {
		s.itemsAnswer("FeaturesLimit", "validateFeaturesWithLimitResponse", c, func(features []map[string]any) error {
			if len(features) > limit {
				return fmt.Errorf("%d features for limit %d", len(features), limit)
			}
			return nil
		}, []string{"limit", strconv.Itoa(limit)})
	}
}

// itemsTime asks for the suite's three times: an instant, an interval, and a
// date with a duration. Beyond it, every answer must hold fewer or as many
// features as the collection, and the whole extent must hold all of them.
func (s *conformance) itemsTime(c map[string]any) {
	begin, end, err := temporalExtent(c)
	if err != nil || begin.IsZero() {
		return
	}
	quarter := end.Sub(begin) / 4
	from, to := begin.Add(quarter).UTC(), begin.Add(2*quarter).UTC()
	for _, datetime := range []string{
		begin.UTC().Format(time.RFC3339Nano),
		from.Format(time.RFC3339Nano) + "/" + to.Format(time.RFC3339Nano),
		from.Format(time.DateOnly) + "/P2D",
	} {
		s.itemsAnswer("FeaturesTime", "validateFeaturesWithDateTimeResponse", c, func([]map[string]any) error { return nil }, []string{"datetime", datetime})
	}
	s.check("FeaturesTime", "the extent holds all features", text(c["id"]), func() error {
		address, err := s.itemsURL(c)
		if err != nil {
			return err
		}
		var counts [2]float64
		for i, parameters := range [][]string{{}, {"datetime", begin.UTC().Format(time.RFC3339Nano) + "/" + end.UTC().Format(time.RFC3339Nano)}} {
			a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON, parameters...)
			if err != nil {
				return err
			}
			var doc struct{ NumberMatched float64 }
			if err := json.Unmarshal(a.body, &doc); err != nil {
				return err
			}
			counts[i] = doc.NumberMatched
		}
		if counts[0] != counts[1] {
			return fmt.Errorf("%v features, and %v within the temporal extent", counts[0], counts[1])
		}
		return nil
	})
}

var plainID = regexp.MustCompile(`^[\w.~-]+$`)

// firstID is the id of the first feature that the collection answers with.
func (s *conformance) firstID(c map[string]any) (string, error) {
	address, err := s.itemsURL(c)
	if err != nil {
		return "", err
	}
	a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON)
	if err != nil {
		return "", err
	}
	doc, err := a.object()
	if err != nil {
		return "", err
	}
	for _, f := range objects(doc["features"]) {
		if id := fmt.Sprint(f["id"]); f["id"] != nil && plainID.MatchString(id) {
			return id, nil
		}
	}
	return "", errors.New("no feature has an id that the suite can put into a URL")
}

func (s *conformance) item(c map[string]any) {
	var doc map[string]any
	s.check("Feature", "featureOperation", text(c["id"]), func() error {
		id, err := s.firstID(c)
		if err != nil {
			return err
		}
		address, err := s.itemURL(c, id)
		if err != nil {
			return err
		}
		a, err := s.getStatus(http.StatusOK, address, acceptGeoJSON)
		if err != nil {
			return err
		}
		doc, err = a.object()
		return err
	})
	s.check("Feature", "validateFeatureResponse", text(c["id"]), func() error {
		links := objects(doc["links"])
		if l := linkByRel(links, "collection"); l == nil || text(l["type"]) == "" {
			return fmt.Errorf("the link with rel collection is %v", l)
		}
		return s.checkLinks(links, s.featureTypes())
	})
}
