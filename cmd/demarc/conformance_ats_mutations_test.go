package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
)

func (s *changes) ids(collection string) (map[string]bool, error) {
	r, err := s.must(http.StatusOK, "GET", "/collections/"+collection+"/items?limit=10000", "")
	if err != nil {
		return nil, err
	}
	var page struct{ Features []struct{ ID string } }
	err = json.Unmarshal(r.body, &page)
	ids := map[string]bool{}
	for _, f := range page.Features {
		ids[f.ID] = true
	}
	return ids, err
}

func (s *changes) create(collection string) error {
	before, err := s.ids(collection)
	if err != nil {
		return err
	}
	own := map[string]string{"parties": "OWN-ID", "incidents": "2024-01-02-own-id", "claims": "2022-09-14-conflict.c900", "places": "own-id", "sources": "own-id"}[collection]
	for _, id := range []string{"", own} {
		x := &thing{collection: collection, properties: s.fresh(collection)}
		r, err := s.post(collection, x.feature("A note", id))
		if err == nil {
			err = r.is(http.StatusCreated)
		}
		if err != nil {
			return err
		}
		if x.address = r.Header.Get("Location"); x.address == "" {
			return errors.New("201 without Location")
		}
		if err := s.noted(x, "A note"); err != nil {
			return err
		}
		f, err := s.state(x)
		if err != nil || before[f.ID] || id != "" && f.ID != id && collection != "claims" { // claims get the next number
			return fmt.Errorf("the new feature is %s, which was there before: %v; %q was asked for (%v)", f.ID, before[f.ID], id, err)
		}
	}
	return nil
}

func (s *changes) createContentType(collection string) error {
	x := &thing{collection: collection, properties: s.fresh(collection)}
	_, err := s.must(http.StatusBadRequest, "POST", "/collections/"+collection+"/items", x.feature("A note", ""))
	return err
}

// withoutContentType is the test that a change without Content-Type is refused and changes nothing.
func withoutContentType(change func(*changes, *thing, ...string) (*response, error)) func(*changes, string) error {
	return func(s *changes, collection string) error {
		x, err := s.make(collection)
		if err != nil {
			return err
		}
		taken, err := change(s, x)
		if err != nil {
			return err
		}
		method := taken.Request.Method
		if _, err := s.must(http.StatusBadRequest, method, x.address, x.feature("refused", "")); err != nil {
			return err
		}
		return s.noted(x, "changed")
	}
}

func (s *changes) replace(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	r, err := s.put(x)
	if err == nil {
		err = r.is(http.StatusOK, http.StatusNoContent)
	}
	if err != nil {
		return err
	}
	return s.noted(x, "changed")
}

// replaceRID: an id of another feature is refused, and nothing changed.
func (s *changes) replaceRID(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	r, err := s.send("PUT", x.address, x.feature("changed", "another-id"), "Content-Type", "application/geo+json")
	if err == nil {
		err = r.is(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if _, err := s.must(http.StatusNotFound, "GET", "/collections/"+collection+"/items/another-id", ""); err != nil {
		return err
	}
	return s.noted(x, "A note")
}

func (s *changes) replaceExceptions(collection string) error {
	x := &thing{collection: collection, properties: s.fresh(collection), address: "/collections/" + collection + "/items/no-such-feature"}
	for _, match := range []string{"", `"xyz"`} {
		r, err := s.put(x, "If-Match", match)
		if err == nil {
			err = r.is(http.StatusNotFound)
		}
		if err != nil {
			return err
		}
	}
	_, err := s.must(http.StatusNotFound, "GET", x.address, "")
	return err
}

// delete: the feature is gone from its collection. A claim is 404 then; a record stays
// readable at its address, with the mark that it was retracted, which the test of the
// draft does not foresee (docs/writing.md says why).
func (s *changes) delete(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	if _, err := s.must(http.StatusNoContent, "DELETE", x.address, ""); err != nil {
		return err
	}
	return s.gone(x)
}

func (s *changes) gone(x *thing) error {
	r, err := s.send("GET", x.address, "", "Accept", "application/geo+json")
	if err != nil {
		return err
	}
	if x.collection == "claims" {
		return r.is(http.StatusNotFound)
	}
	var f struct {
		ID        string
		Retracted any
	}
	if err := json.Unmarshal(r.body, &f); err != nil || r.StatusCode != http.StatusOK || f.Retracted == nil {
		return fmt.Errorf("%s: %s without the mark of a retraction (%v): %.300s", x.address, r.Status, err, r.body)
	}
	ids, err := s.ids(x.collection)
	if err == nil && ids[f.ID] {
		err = fmt.Errorf("%s is in its collection still", f.ID)
	}
	return err
}

// update: what the patch names is changed, all else is not.
func (s *changes) update(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	before, err := s.state(x)
	if err != nil {
		return err
	}
	r, err := s.patch(x)
	if err == nil {
		err = r.is(http.StatusOK, http.StatusNoContent)
	}
	if err != nil {
		return err
	}
	after, err := s.state(x)
	if err != nil {
		return err
	}
	before.Properties["note"] = "changed"
	if detail, ok := before.Properties["claim_detail"].(map[string]any); ok {
		detail["note"] = "changed"
	}
	if !reflect.DeepEqual(before, after) {
		return fmt.Errorf("before %v\nafter %v", before, after)
	}
	return nil
}

func (s *changes) updateRID(collection string) error {
	x, err := s.make(collection)
	if err != nil {
		return err
	}
	for _, patch := range []string{`{"id":"another-id"}`, `{"properties":{"id":"another-id","note":"changed"}}`} {
		if _, err := s.must(http.StatusUnprocessableEntity, "PATCH", x.address, patch, "Content-Type", "application/merge-patch+json"); err != nil {
			return err
		}
	}
	return s.noted(x, "A note")
}
