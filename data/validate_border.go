package data

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo/predicate"
)

// Shapes holds geometries by the id of the record that they belong to.
type Shapes map[string]orb.Geometry

func (c *checker) segment(s *Segment, shape orb.Geometry) {
	c.record = "segments/" + s.ID
	c.id(s.ID, idPattern, "use lower-case letters, digits and single hyphens")
	c.text("/name/en", s.Name["en"])
	c.word("/role", s.Role, SegmentRoles())
	c.text("/geometry_source", s.GeometrySource)
	c.text("/geometry_note", s.GeometryNote)
	c.order("/from", s.From, s.To)
	for i, id := range s.PlaceIDs {
		refer(c, c.nth("/place_ids/", i, ""), id, c.look.place, "places")
	}
	for i, id := range s.CounterpartIDs {
		refer(c, c.nth("/counterpart_ids/", i, ""), id, c.look.segment, "segments")
	}
	switch g := shape.(type) {
	case nil:
		c.add("/geometry_file", s.GeometryFile, "holds no feature with the segment's id", "add it there, by `make data`")
	case orb.LineString:
		if len(g) < 2 {
			c.add("/geometry_file", s.GeometryFile, "the segment's line has fewer than two positions", "run `make data`")
		}
	default:
		c.add("/geometry_file", g.GeoJSONType(), "the segment's geometry is not a LineString", "run `make data`")
	}
	c.history(s)
}

// history checks that the statuses follow one another over the whole validity
// of the segment, without gap or overlap, and that each but unknown has a source.
func (c *checker) history(s *Segment) {
	if len(s.History) == 0 {
		c.add("/history", "", "is empty", "write at least the status unknown")
		return
	}
	for i, h := range s.History {
		where := c.nth("/history/", i, "")
		c.word(where+"/status", h.Status, SegmentStatuses())
		c.order(where+"/from", h.From, h.To)
		least := 1
		if h.Status == "unknown" {
			least = 0
		}
		c.sourceIDs(where+"/source_ids", h.SourceIDs, least)
		if i == 0 {
			continue
		}
		if before := s.History[i-1].To; before.IsZero() || h.From.IsZero() || !before.After().Equal(h.From.First()) {
			c.add(where+"/from", h.From.String(), "does not begin on the day after the status before it ends",
				"let statuses follow one another; write the status unknown where no source says")
		}
	}
	first, last := s.History[0], s.History[len(s.History)-1]
	if first.From != s.From {
		c.add("/history/0/from", first.From.String(), "is not where the segment's validity begins", "write "+openOr(s.From))
	}
	if last.To != s.To {
		c.add(fmt.Sprintf("/history/%d/to", len(s.History)-1), last.To.String(), "is not where the segment's validity ends", "write "+openOr(s.To))
	}
}

func openOr(d Date) string {
	if d.IsZero() {
		return "no date (open)"
	}
	return d.String()
}

func (c *checker) area(a *Area, g orb.Geometry) {
	c.record = "areas/" + a.ID
	c.id(a.ID, idPattern, "use lower-case letters, digits and single hyphens")
	c.text("/name/en", a.Name["en"])
	c.word("/kind", a.Kind, AreaKinds())
	c.text("/geometry_source", a.GeometrySource)
	c.text("/licence", a.Licence)
	c.order("/from", a.From, a.To)
	c.sourceIDs("/source_ids", a.SourceIDs, 0)
	switch g.(type) {
	case nil:
		c.add("/geometry_file", a.GeometryFile, "holds no feature with the area's id", "add it there")
		return
	case orb.Polygon, orb.MultiPolygon:
	default:
		c.add("/geometry_file", g.GeoJSONType(), "the area's geometry is not a polygon", "write a Polygon or MultiPolygon")
		return
	}
	if err := predicate.Validate(g); err != nil {
		c.add("/geometry_file", a.GeometryFile, "the area's geometry is not valid: "+err.Error(), "mend the ring there")
	}
}
