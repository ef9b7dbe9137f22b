package snapshot

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo"
)

// notStated stands for the licence that a layer's file does not name.
const notStated = "licence not stated by the file"

// ownIDs are the collections that every snapshot has, in their order.
func ownIDs() []string {
	return []string{"incidents", "claims", "segments", "areas", "places", "sources", "parties"}
}

var layerName = regexp.MustCompile(`^[a-z0-9_-]+$`)

// CheckLayerNames returns a fault for each name that a layer cannot have: one
// that does not fit in an address, or that another collection has.
func CheckLayerNames(names []string) geo.Faults {
	var faults geo.Faults
	for i, name := range names {
		switch {
		case !layerName.MatchString(name):
			faults.Add("--layer", name, "is not a name for a collection", "use the letters a to z, digits, _ and -")
		case slices.Contains(ownIDs(), name):
			faults.Add("--layer", name, "is the name of a collection that is there already", "choose another name than "+strings.Join(ownIDs(), ", "))
		case slices.Contains(names[:i], name):
			faults.Add("--layer", name, "is the name of two layers", "give each a name of its own")
		}
	}
	return faults
}

// layerCollection builds the collection of a layer, in the order of its file.
func layerCollection(l *data.Layer) *Collection {
	c := &Collection{
		ID: l.Name, Title: cmp.Or(l.Title, l.Name),
		Description: cmp.Or(l.Description, "A layer brought by whoever runs this service; it is not part of the incident records."),
		Schema:      l.Schema,
		Rights: []Rights{{Covers: "all of " + l.Name, Licence: cmp.Or(l.Licence, notStated), URL: l.LicenceURL,
			Attribution: cmp.Or(l.Attribution, l.Name+": "+cmp.Or(l.Licence, notStated))}},
		Layer:        true,
		geometryName: l.GeometryName,
		hasGeometry:  l.HasGeometry,
	}
	for c.idName = "id"; !isID(l, c.idName); {
		c.idName = "feature_" + c.idName
	}
	if l.Start >= 0 {
		c.start, c.end = l.Schema.Fields[l.Start].Name, l.Schema.Fields[l.End].Name
	}
	items := make([]item, len(l.Features))
	for i := range l.Features {
		f := &l.Features[i]
		items[i] = item{feature: *f, key: fmt.Sprintf("%010d", i), when: l.When(f)}
	}
	return c.hold(partOf(everyone(), &c.Schema, items))
}

// isID tells whether the features' ids can stand in a column of that name: there
// is no such field, or it has them.
func isID(l *data.Layer, name string) bool {
	field := l.Schema.Index(name)
	if field < 0 {
		return true
	}
	for i := range l.Features {
		if l.Features[i].Values[field].Text() != l.Features[i].ID {
			return false
		}
	}
	return true
}

// addLayers adds a collection for each layer, after ours.
func (s *Snapshot) addLayers(layers []data.Layer) error {
	var names []string
	for i := range layers {
		names = append(names, layers[i].Name)
	}
	if err := CheckLayerNames(names).Err(); err != nil {
		return err
	}
	for i := range layers {
		c := layerCollection(&layers[i])
		s.add(s.records.hold(c))
		s.layersSum = s.layersSum.plus(sumOfLayer(c, &layers[i]))
	}
	return nil
}
