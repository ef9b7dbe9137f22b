package index_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/index"
)

func Example() {
	geometries := []orb.Geometry{
		orb.Point{70, 40},
		orb.LineString{{70.1, 40}, {70.3, 40.2}},
		nil, // no geometry: it has a slot, but is never found
		orb.Point{71, 40},
	}
	e := index.New().Edit()
	for slot, g := range geometries {
		e.Insert(uint32(slot), geo.BBoxOf(g))
	}
	x := e.Index()

	x.Search(geo.BBox{West: 70.2, South: 40, East: 70.4, North: 40.1}, func(slot uint32) bool {
		fmt.Println("the box of", slot, "meets the query; whether the geometry does, is the next question")
		return true
	})
	// Output:
	// the box of 1 meets the query; whether the geometry does, is the next question
}
