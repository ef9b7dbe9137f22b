package server

import (
	"io"

	"demarc/geo"
	"demarc/geo/format/gpkg"
)

// OpenGeoPackage opens an encoder that writes features as a GeoPackage to w. It
// is handed in, since a GeoPackage is a database, and a database's driver is
// not the server's: cmd gives that of data/store/gpkg. Without one the format is
// not offered.
type OpenGeoPackage func(w io.Writer, sc *geo.Schema, o gpkg.Options) Encoder

var formatGeoPackage = format{"gpkg", gpkg.MediaType, "GeoPackage", []string{"application/x-gpkg", "application/geopackage+vnd.sqlite3"}}

func (x *extract) geoPackage() gpkg.Options {
	return gpkg.Options{CRS: x.crs, ID: x.id, Geometry: x.geometry, Title: x.title, Description: x.rights,
		Licence: x.licence, Attribution: x.attribution, Changed: x.at}
}
