// Package basemap holds the background of the map: land, regions, rivers and lakes
// between 60 and 82° E, 34 and 46° N, as layers that tiles can be made of.
//
// It draws no line between Kyrgyzstan, Tajikistan and Uzbekistan: borders are our
// segments, which have a date and a status. README.md says where each file comes
// from; data/curated/recipe makes them.
package basemap

import (
	_ "embed"
	"fmt"

	"demarc/data"
	"demarc/data/layer"
)

var (
	//go:embed land.geojson
	land []byte
	//go:embed regions.geojson
	regions []byte
	//go:embed water.geojson
	rivers []byte
	//go:embed water-osm.geojson
	lakes []byte
)

const (
	naturalEarth = "made with Natural Earth"
	publicDomain = "public domain"
)

// files are the layers in the order in which they are drawn.
var files = []struct {
	name, title, description string
	content                  []byte
	licence, attribution     string
}{
	{"land", "Land", "`three-states`: Kyrgyzstan, Tajikistan and Uzbekistan as one area; `neighbours`: the rest; `outer-border`: the border of the three with their other neighbours. There is no line between the three.",
		land, publicDomain, naturalEarth},
	{"regions", "Regions", "The lines between the regions of each of the three states, for orientation: right to a kilometre or two, and none of them between two states.",
		regions, publicDomain, naturalEarth},
	{"rivers", "Rivers", "Great rivers; those with `schematic` = true are straight lines from one published position to the next, and may be kilometres from the river.",
		rivers, publicDomain, naturalEarth + " · schematic rivers: demarc contributors, CC BY 4.0"},
	{"lakes", "Lakes", "The larger lakes and reservoirs, without islands, as of November 2017.",
		lakes, "https://opendatacommons.org/licenses/odbl/1-0/", "© OpenStreetMap contributors, ODbL 1.0"},
}

// Layers returns the layers land, regions, rivers and lakes. An error means that the
// program was built with a damaged file.
func Layers() ([]data.Layer, error) {
	var out []data.Layer
	for _, f := range files {
		l, err := layer.ReadGeoJSON(f.name, f.name+".geojson", f.content)
		if err != nil {
			return nil, fmt.Errorf("read the background of the map: %w", err)
		}
		l.Title, l.Description = f.title, f.description
		l.SetLicence(f.licence, f.attribution)
		out = append(out, *l)
	}
	return out, nil
}
