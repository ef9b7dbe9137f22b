package dataset

import (
	"maps"

	"demarc/data"
)

// replaced returns the records with others in the places of some, nil for none.
// It shares what stays. Its cost grows with the kinds that are touched.
func replaced(r *data.Records, by map[ref]*data.Record) *data.Records {
	out := *r
	left := maps.Clone(by)
	kinds := map[data.Kind]bool{}
	for ref := range by {
		kinds[ref.kind] = true
	}
	replaceIn(&out.Incidents, data.Incidents, left, kinds, func(x *data.Incident) string { return x.ID })
	replaceIn(&out.Sources, data.Sources, left, kinds, func(x *data.Source) string { return x.ID })
	replaceIn(&out.Parties, data.Parties, left, kinds, func(x *data.Party) string { return x.ID })
	replaceIn(&out.Places, data.Places, left, kinds, func(x *data.Place) string { return x.ID })
	replaceIn(&out.Segments, data.Segments, left, kinds, func(x *data.Segment) string { return x.ID })
	replaceIn(&out.Areas, data.Areas, left, kinds, func(x *data.Area) string { return x.ID })
	if kinds[data.Segments] || kinds[data.Areas] {
		out.Geometry = maps.Clone(r.Geometry)
		for ref, record := range by {
			switch {
			case ref.kind != data.Segments && ref.kind != data.Areas:
			case record == nil || record.Shape == nil:
				delete(out.Geometry, ref.id)
			default:
				out.Geometry[ref.id] = record.Shape
			}
		}
	}
	for _, record := range left { // the new ones
		if record != nil {
			shape := *record
			shape.Shape = nil // which stands in the map already
			out.Add(shape)
		}
	}
	return &out
}

// replaceIn replaces the records of one kind in a copy of their list, and takes
// those that it found out of left.
func replaceIn[T any](list *[]T, kind data.Kind, left map[ref]*data.Record, kinds map[data.Kind]bool, id func(*T) string) {
	if !kinds[kind] {
		return
	}
	out := make([]T, 0, len(*list)+len(left))
	for i := range *list {
		at := ref{kind, id(&(*list)[i])}
		record, changed := left[at]
		switch {
		case !changed:
			out = append(out, (*list)[i])
		case record != nil:
			out = append(out, *record.Value.(*T))
		}
		delete(left, at)
	}
	*list = out
}
