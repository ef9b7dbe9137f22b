// Package tms divides the world into tiles: two of the tile matrix sets of OGC
// 17-083r4 (Two Dimensional Tile Matrix Set 2.0), Annex D.
//
// Nouns: a Set is a tile matrix set; its levels are the tile matrices, numbered
// from 0 and named by that number; a Tile is one cell of a level, with its row
// counted from the north and its column from the west. Both sets are quadtrees:
// a tile has four children on the next level.
//
// Positions on the plane of a set are x, y in tiles of level 0, x eastward and y
// southward from its north-west corner, so that a tile of level z is 1/2^z wide
// and no CRS is needed to reckon with tiles. Positions on Earth are lon, lat in
// degrees, CRS84.
package tms

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"demarc/geo"
	"demarc/geo/crs"
)

// A Set is a tile matrix set. Sets are shared and never change.
type Set struct {
	// ID is the set's name in addresses, Title the one for people, URI the one in
	// OGC's register, WellKnownScaleSet that of its scales.
	ID, Title, URI, WellKnownScaleSet string
	// CRS is that of the plane, CRSURI its name as the register writes it.
	CRS    crs.CRS
	CRSURI string
	// OrderedAxes are the CRS's axes in the order in which Origin is given.
	OrderedAxes [2]string
	// Origin is the top left corner of every level, in the CRS, first axis first.
	Origin [2]float64
	// Levels is the number of tile matrices.
	Levels int
	// CellSize is the size of a cell of level 0 in units of the CRS, and
	// ScaleDenominator its scale at 0.28 mm a cell; each level halves both.
	CellSize, ScaleDenominator float64

	width, height int // in tiles of level 0
	forward       func(orb.Point) (x, y float64)
	inverse       func(x, y float64) orb.Point
}

// CellsPerTile is the width and height of a tile in cells, as a map is drawn; the
// units inside a vector tile are finer.
const CellsPerTile = 256

// WebMercatorQuad is the set of web maps (17-083r4 §D.1): EPSG:3857, one tile on
// level 0, latitudes within ±85.0511°.
func WebMercatorQuad() *Set {
	return &Set{
		ID: "WebMercatorQuad", Title: "Google Maps Compatible for the World",
		URI:               "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
		WellKnownScaleSet: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
		CRS:               crs.EPSG3857, CRSURI: crs.EPSG3857.URI(), OrderedAxes: [2]string{"E", "N"},
		Origin: [2]float64{-mercatorEdge, mercatorEdge}, Levels: 25,
		CellSize: 2 * mercatorEdge / CellsPerTile, ScaleDenominator: 559082264.028717,
		width: 1, height: 1, forward: mercatorForward, inverse: mercatorInverse,
	}
}

// WorldCRS84Quad is the set of longitudes and latitudes (17-083r4 §D.2): CRS84,
// two tiles on level 0.
func WorldCRS84Quad() *Set {
	return &Set{
		ID: "WorldCRS84Quad", Title: "CRS84 for the World",
		URI:               "http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad",
		WellKnownScaleSet: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleCRS84Quad",
		CRS:               crs.CRS84, CRSURI: crs.CRS84.URI(), OrderedAxes: [2]string{"Lon", "Lat"},
		Origin: [2]float64{-180, 90}, Levels: 24,
		CellSize: 180.0 / CellsPerTile, ScaleDenominator: 279541132.0143589,
		width: 2, height: 1, forward: plateForward, inverse: plateInverse,
	}
}

// All returns the sets, the default first.
func All() []*Set { return []*Set{WebMercatorQuad(), WorldCRS84Quad()} }

// Named returns the set of that ID; ok is false where there is none.
func Named(id string) (s *Set, ok bool) {
	for _, s := range All() {
		if s.ID == id {
			return s, true
		}
	}
	return nil, false
}

// mercatorEdge is half of the equator in metres, where EPSG:3857 ends.
const mercatorEdge = math.Pi * 6_378_137

func mercatorForward(p orb.Point) (x, y float64) {
	return p[0]/360 + 0.5, 0.5 - math.Asinh(math.Tan(p[1]*math.Pi/180))/(2*math.Pi)
}

func mercatorInverse(x, y float64) orb.Point {
	return orb.Point{(x - 0.5) * 360, math.Atan(math.Sinh((0.5-y)*2*math.Pi)) * 180 / math.Pi}
}

func plateForward(p orb.Point) (x, y float64) { return p[0]/180 + 1, 0.5 - p[1]/180 }

func plateInverse(x, y float64) orb.Point { return orb.Point{(x - 1) * 180, (0.5 - y) * 180} }

// Forward returns where a position lies on the plane, in tiles of level 0. A
// latitude that the set does not reach, as the poles in WebMercatorQuad, gives a y
// outside 0 to the set's height.
func (s *Set) Forward(p orb.Point) (x, y float64) { return s.forward(p) }

// Inverse returns the position at x, y.
func (s *Set) Inverse(x, y float64) orb.Point { return s.inverse(x, y) }

// A Tile names a tile of a set.
type Tile struct{ Level, Row, Col int }

// String returns the tile as level/row/column, the order of OGC addresses.
func (t Tile) String() string {
	return strconv.Itoa(t.Level) + "/" + strconv.Itoa(t.Row) + "/" + strconv.Itoa(t.Col)
}

// Size returns how many tiles a level has in a row and in a column.
func (s *Set) Size(level int) (width, height int) { return s.width << level, s.height << level }

// Has tells whether the set has the tile.
func (s *Set) Has(t Tile) bool {
	if t.Level < 0 || t.Level >= s.Levels || t.Row < 0 || t.Col < 0 {
		return false
	}
	width, height := s.Size(t.Level)
	return t.Row < height && t.Col < width
}

// Corner returns the north-west corner of a tile on the plane and the tile's
// width there, in tiles of level 0.
func (s *Set) Corner(t Tile) (x, y, width float64) {
	width = math.Ldexp(1, -t.Level)
	return float64(t.Col) * width, float64(t.Row) * width, width
}

// Box returns the box of longitudes and latitudes of a tile, widened on each side
// by margin times the tile's width. What lies beyond the north and the south edge
// of the set is left out; beyond the antimeridian the box crosses it.
func (s *Set) Box(t Tile, margin float64) geo.BBox {
	x, y, width := s.Corner(t)
	m := margin * width
	northWest := s.inverse(x-m, max(y-m, 0))
	southEast := s.inverse(x+width+m, min(y+width+m, float64(s.height)))
	b := geo.BBox{West: northWest[0], South: southEast[1], East: southEast[0], North: northWest[1]}
	if b.East-b.West >= 360 {
		b.West, b.East = -180, 180
	}
	if b.West < -180 {
		b.West += 360
	}
	if b.East > 180 {
		b.East -= 360
	}
	return b
}

// Limits are the tiles of one level that meet a box (17-083r4 §7): rows and
// columns from Min to Max, both included.
type Limits struct{ Level, MinRow, MaxRow, MinCol, MaxCol int }

// Has tells whether a tile of the level is within the limits.
func (l Limits) Has(t Tile) bool {
	return t.Level == l.Level && t.Row >= l.MinRow && t.Row <= l.MaxRow && t.Col >= l.MinCol && t.Col <= l.MaxCol
}

// Limits returns which tiles of a level meet b when each is widened by margin
// times its width; all columns where b crosses the antimeridian. ok is false
// where none does, as for an empty box.
func (s *Set) Limits(b geo.BBox, level int, margin float64) (l Limits, ok bool) {
	if b.IsEmpty() {
		return Limits{}, false
	}
	if b.CrossesAntimeridian() {
		b.West, b.East = -180, 180
	}
	scale := math.Ldexp(1, level)
	west, north := s.forward(orb.Point{b.West, b.North})
	east, south := s.forward(orb.Point{b.East, b.South})
	if south < 0 || north > float64(s.height) {
		return Limits{}, false
	}
	width, height := s.Size(level)
	at := func(v, margin float64, size int) int {
		return int(min(max(math.Floor(v*scale+margin), 0), float64(size-1)))
	}
	return Limits{Level: level, MinRow: at(north, -margin, height), MaxRow: at(south, margin, height),
		MinCol: at(west, -margin, width), MaxCol: at(east, margin, width)}, true
}
