package snapshot

import (
	"iter"
	"slices"

	"demarc/data"
	"demarc/geo"
)

// Touched yields the features that may look otherwise when an incident comes, goes or
// changes, by collection and id: itself, its claims, and those that count it.
func Touched(in *data.Incident) iter.Seq2[string, string] {
	return func(yield func(collection, id string) bool) {
		if !yield("incidents", in.ID) || !yield("places", in.PlaceID) {
			return
		}
		for i := range in.Claims {
			if !yield("claims", in.Claims[i].ID) {
				return
			}
		}
		var seen []string
		eachCitation(in, func(source string) {
			if !slices.Contains(seen, source) {
				seen = append(seen, source)
			}
		})
		for _, source := range seen {
			if !yield("sources", source) {
				return
			}
		}
		uses := map[string]partyUses{}
		countParties(in, 1, uses)
		for party := range uses {
			if !yield("parties", party) {
				return
			}
		}
	}
}

// Box returns the box in which the incident and its claims lie, empty where they have no
// place.
func (r *Ready) Box() geo.BBox { return r.box }

func boxOf(one *item, claims []item) geo.BBox {
	b := geo.BBoxOf(one.feature.Geometry)
	for i := range claims {
		b = b.Extend(geo.BBoxOf(claims[i].feature.Geometry))
	}
	return b
}
