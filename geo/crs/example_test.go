package crs_test

import (
	"fmt"

	"github.com/paulmach/orb"

	"demarc/geo/crs"
)

// A bbox parameter in EPSG:4326 is latitude first.
func ExampleCRS_BBoxToCRS84() {
	c, err := crs.Parse("http://www.opengis.net/def/crs/EPSG/0/4326")
	if err != nil {
		fmt.Println(err)
		return
	}
	box, err := c.BBoxToCRS84([4]float64{39, 69, 41, 71})
	fmt.Printf("%+v %v\n", box, err)
	// Output: {West:69 South:39 East:71 North:41} <nil>
}

// The Gauss–Krüger zones are northing first; the zone stands before the easting.
func ExampleCRS_FromCRS84() {
	g, err := crs.EPSG28412.FromCRS84(orb.Point{70.5, 40})
	p := g.(orb.Point)
	fmt.Printf("%.2f %.2f %v\n", p[0], p[1], err)
	// Output: 4430667.32 12628155.52 <nil>
}
