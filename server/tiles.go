package server

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"demarc/data/snapshot"
	"demarc/data/tile"
	"demarc/geo"
	"demarc/geo/cql2"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
	"demarc/server/ogcapi"
)

// formatMVT is the format of tiles. The second type is one by which old clients
// ask for it.
var formatMVT = format{"mvt", mvt.MediaType, "Mapbox Vector Tile", []string{"application/x-protobuf", "application/vnd.mapbox-vector-tile;version=2"}}

// formatTileJSON is a tile set for MapLibre and its like. It goes as plain JSON, as
// everybody else sends it, so only f=tilejson and its own address ask for it.
const formatTileJSON = "tilejson"

const relTileSets = ogcRel + "tilesets-vector"

// addTileRoutes adds the resources of OGC API – Tiles (OGC 20-057): tiles of the
// whole dataset at /tiles, of one collection below it, of the map's background, and
// the tile matrix sets.
func (s *Server) addTileRoutes(routes map[string]handler) {
	routes["/tileMatrixSets"] = s.tileMatrixSets
	routes["/tileMatrixSets/:tileMatrixSetId"] = s.tileMatrixSet
	for _, base := range []string{"/tiles", "/collections/:collectionId/tiles", basemapPath} {
		routes[base] = s.tileSets
		routes[base+"/:tileMatrixSetId"] = s.tileSet
		routes[base+"/:tileMatrixSetId/tilejson"] = s.tileJSON
		routes[base+"/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol"] = s.tile
	}
}

// tileSource is what a request for tiles is about.
type tileSource struct {
	snap    *snapshot.Snapshot
	dataset bool // all collections, not one
	// background tells that these are not the records' (basemapSource).
	background bool
	cols       []*snapshot.Collection
	base       string // address of the tile sets
	title      string
}

// tileSource returns the collections whose tiles the path names. One without
// geometry has none.
func (s *Server) tileSource(c *gin.Context) (*tileSource, error) {
	if isBasemap(c) {
		return s.basemapSource(c), nil
	}
	snap, _, err := s.known(c)
	if err != nil {
		return nil, err
	}
	src := &tileSource{snap: snap, title: title}
	if c.Param("collectionId") == "" {
		src.dataset, src.base = true, s.root(c)+"/tiles"
		for _, col := range src.snap.Collections() {
			if col.HasGeometry() {
				src.cols = append(src.cols, col)
			}
		}
		return src, nil
	}
	id, err := pathParam(c, "collectionId")
	if err != nil {
		return nil, err
	}
	col, err := src.snap.Collection(id)
	if err != nil {
		return nil, err
	}
	if !col.HasGeometry() {
		return nil, errNoPage
	}
	src.base, src.title, src.cols = s.collectionURL(c, col.ID)+"/tiles", col.Title, []*snapshot.Collection{col}
	return src, nil
}

// params returns the parameters that the tiles take. All layers of a tile of the
// dataset are asked for the same time; other conditions are a collection's own.
func (src *tileSource) params() []string {
	switch {
	case src.background:
		return []string{"collections", "f"}
	case src.dataset:
		return []string{"asof", "collections", "datetime", "f"}
	}
	return append([]string{"asof", "datetime", "f", "filter", "filter-crs", "filter-lang"}, queryables(&src.cols[0].Schema)...)
}

// read reads the conditions and returns a query for each layer.
func (src *tileSource) read(p *params) []tile.Query {
	src.choose(p)
	p.asOf()
	var out []tile.Query
	when := p.datetime()
	for _, col := range src.cols {
		q := &snapshot.Query{When: when, Limit: 1}
		if !src.dataset {
			q.Equal = p.equals(&col.Schema)
			q.Filter = p.filter(src.snap, col, when)
		}
		out = append(out, tile.Query{Collection: col, Conditions: q, Text: queryText(p, q), Share: len(src.cols)})
	}
	return out
}

// choose keeps the collections that the parameter collections names (20-057 §12,
// collections selection).
func (src *tileSource) choose(p *params) {
	text, ok := p.get("collections")
	if !ok {
		return
	}
	var kept []*snapshot.Collection
	for _, id := range strings.Split(text, ",") {
		i := slices.IndexFunc(src.cols, func(col *snapshot.Collection) bool { return col.ID == id })
		switch {
		case i < 0:
			var ids []string
			for _, col := range src.cols {
				ids = append(ids, col.ID)
			}
			p.faults.Add("collections", id, "is not a collection with tiles", "names joined by commas, of "+strings.Join(ids, ", "))
		case !slices.Contains(kept, src.cols[i]):
			kept = append(kept, src.cols[i])
		}
	}
	if len(kept) > 0 {
		src.cols = kept
	}
}

// queryText names what the tiles are asked for: the parameters, and the filter as
// it was understood, since it can name a feature whose geometry changes.
func queryText(p *params, q *snapshot.Query) string {
	asked := url.Values{}
	for name, v := range p.query.values() {
		if name != "f" && name != "collections" {
			asked[name] = v
		}
	}
	text := asked.Encode()
	if q.Filter != nil {
		text += "\n" + cql2.Format(q.Filter)
	}
	return text
}

// tileSets lists the tile sets: one for each tile matrix set (20-057 §9).
func (s *Server) tileSets(c *gin.Context) error {
	src, err := s.tileSource(c)
	if err != nil {
		return err
	}
	formats := []format{formatJSON, formatHTML}
	p := readParams(c, src.params())
	f, done, err := s.tileDocument(c, src, p, formats)
	if err != nil || done {
		return err
	}
	doc := ogcapi.TileSets{TileSets: []ogcapi.TileSet{}, Links: representations(src.base, p.query.values(), formats, f)}
	for _, set := range tms.All() {
		doc.TileSets = append(doc.TileSets, s.describeTileSet(c, src, set, p.query.values()))
	}
	return s.document(c, f, doc, "tilesets", pageData{Title: "Tiles of " + src.title, Links: doc.Links, Crumbs: src.crumbs(s.root(c)), Body: doc})
}

// tileDocument reads the parameters of a description of tiles and sets the
// validators. done tells that the answer is already given.
func (s *Server) tileDocument(c *gin.Context, src *tileSource, p *params, formats []format) (f format, done bool, err error) {
	if f, err = p.format(c, formats); err != nil {
		return f, false, err
	}
	src.read(p)
	if err := p.faults.Err(); err != nil {
		return f, false, err
	}
	return f, s.unchanged(c, src.snap.Revision(), f), nil
}

// crumbs are the steps to the pages about tiles.
func (src *tileSource) crumbs(root string) []crumb {
	if src.dataset {
		return nil
	}
	return append(collectionCrumbs(root), crumb{root + "/collections/" + url.PathEscape(src.cols[0].ID) + "?f=html", src.title})
}

// tileSetOf returns the collections and the tile matrix set that the path names.
func (s *Server) tileSetOf(c *gin.Context) (src *tileSource, set *tms.Set, err error) {
	if src, err = s.tileSource(c); err == nil {
		set, err = tileMatrixSetOf(c)
	}
	return src, set, err
}

// tileMatrixSetOf returns the tile matrix set that the path names.
func tileMatrixSetOf(c *gin.Context) (*tms.Set, error) {
	id, err := pathParam(c, "tileMatrixSetId")
	if err != nil {
		return nil, err
	}
	set, ok := tms.Named(id)
	if !ok {
		return nil, errNoPage
	}
	return set, nil
}

// tileSet describes one tile set (20-057 §8), as JSON, TileJSON or a page.
func (s *Server) tileSet(c *gin.Context) error {
	if c.Query("f") == formatTileJSON {
		return s.tileJSON(c)
	}
	src, set, err := s.tileSetOf(c)
	if err != nil {
		return err
	}
	formats := []format{formatJSON, formatHTML}
	p := readParams(c, src.params())
	f, done, err := s.tileDocument(c, src, p, formats)
	if err != nil || done {
		return err
	}
	doc := s.describeTileSet(c, src, set, p.query.values())
	self := representations(src.base+"/"+set.ID, p.query.values(), formats, f)
	doc.Links = append(self, doc.Links[1:]...) // describeTileSet has it in the default format
	doc.Description, doc.Attribution, doc.MediaTypes = src.description(), attribution(src.cols...), []string{mvt.MediaType}
	box := src.extent()
	doc.TileMatrixLimits, doc.BoundingBox = limitsOf(set, box), boundingBox(box)
	if !box.IsEmpty() {
		doc.CenterPoint = &ogcapi.TileCenter{Coordinates: centre(box), CRS: ogcapi.CRS84, TileMatrix: strconv.Itoa(startLevel(set, box))}
	}
	for _, col := range src.cols {
		doc.Layers = append(doc.Layers, describeLayer(s.collectionURL(c, col.ID), col, set))
	}
	return s.document(c, f, doc, "tileset", pageData{Title: src.title + " in " + set.ID, Links: self,
		Crumbs: append(src.crumbs(s.root(c)), crumb{src.base + "?f=html", "Tiles"}), Body: doc})
}

func (src *tileSource) description() string {
	switch {
	case src.background:
		return basemapDescription
	case src.dataset:
		return description
	}
	return src.cols[0].Description
}

// describeTileSet returns what lists of tile sets tell of one. Conditions go on
// into every link.
func (s *Server) describeTileSet(c *gin.Context, src *tileSource, set *tms.Set, values url.Values) ogcapi.TileSet {
	href := src.base + "/" + set.ID
	return ogcapi.TileSet{
		Title: src.title + " in " + set.ID, DataType: "vector", CRS: set.CRSURI, TileMatrixSetURI: set.URI, TileMatrixSetID: set.ID,
		Links: []ogcapi.Link{
			{Href: withParams(href, values, "f", "json"), Rel: "self", Type: "application/json", Title: "This tile set"},
			{Href: s.root(c) + "/tileMatrixSets/" + set.ID, Rel: ogcRel + "tiling-scheme", Type: "application/json", Title: "Definition of " + set.ID},
			{Href: tileTemplate(href, values, "{tileMatrix}/{tileRow}/{tileCol}"), Rel: "item", Type: mvt.MediaType, Title: "Tiles of " + src.title, Templated: true},
			{Href: withParams(href+"/tilejson", values, "f", ""), Rel: "describedby", Type: "application/json", Title: "This tile set as TileJSON 3.0"},
		},
	}
}

// tileTemplate returns the address of tiles with variables in it.
func tileTemplate(href string, values url.Values, variables string) string {
	query := maps.Clone(values)
	query.Del("f")
	return withParams(href+"/"+variables, query, "f", "")
}

// extent returns the box of all that the tiles show.
func (src *tileSource) extent() geo.BBox {
	box := geo.EmptyBBox()
	for _, col := range src.cols {
		b, _ := col.Extent()
		box = box.Extend(b)
	}
	return box
}

// margin is how far, in tiles, a tile shows what lies beyond its edges.
const tileMargin = float64(tile.Buffer) / mvt.Extent

// limitsOf returns which tiles can show something.
func limitsOf(set *tms.Set, box geo.BBox) []ogcapi.TileLimits {
	var out []ogcapi.TileLimits
	for level := range set.Levels {
		if l, ok := set.Limits(box, level, tileMargin); ok {
			out = append(out, ogcapi.TileLimits{TileMatrix: strconv.Itoa(level), MinTileRow: l.MinRow, MaxTileRow: l.MaxRow, MinTileCol: l.MinCol, MaxTileCol: l.MaxCol})
		}
	}
	return out
}

func boundingBox(b geo.BBox) *ogcapi.TileBoundingBox {
	if b.IsEmpty() {
		return nil
	}
	return &ogcapi.TileBoundingBox{LowerLeft: [2]float64{b.West, b.South}, UpperRight: [2]float64{b.East, b.North}, CRS: ogcapi.CRS84}
}

func centre(b geo.BBox) [2]float64 { return [2]float64{(b.West + b.East) / 2, (b.South + b.North) / 2} }

// startLevel returns the deepest level at which four tiles can hold the box.
func startLevel(set *tms.Set, b geo.BBox) int {
	level := 0
	for next := 1; next < lastZoom; next++ {
		l, ok := set.Limits(b, next, 0)
		if !ok || l.MaxRow-l.MinRow > 1 || l.MaxCol-l.MinCol > 1 {
			break
		}
		level = next
	}
	return level
}

// describeLayer describes the layer that a collection is in tiles.
func describeLayer(href string, col *snapshot.Collection, set *tms.Set) ogcapi.TileLayer {
	box, _ := col.Extent()
	properties := object{}
	for i, a := range tile.Attributes(col) {
		sc := object{"type": "integer"}
		if a.Field != nil {
			sc = fieldSchema(a.Field, true)
			if a.Field.Unit != "" {
				sc["x-ogc-unit"] = a.Field.Unit
			}
		}
		sc["title"], sc["x-ogc-propertySeq"] = a.Doc, i+1
		properties[a.Name] = sc
	}
	return ogcapi.TileLayer{
		ID: col.ID, Title: col.Title, Description: col.Description, Attribution: attribution(col), DataType: "vector",
		MinTileMatrix: "0", MaxTileMatrix: strconv.Itoa(set.Levels - 1), BoundingBox: boundingBox(box),
		PropertiesSchema: object{"type": "object", "properties": properties},
		Links:            []ogcapi.Link{{Href: href, Rel: ogcRel + "geodata", Type: "application/json", Title: col.Title}},
	}
}

// lastZoom is the zoom to which clients of TileJSON ask for tiles; closer in they
// enlarge those. A unit of such a tile is 15 cm at the equator.
const lastZoom = 16

// tileJSON describes a tile set as TileJSON 3.0.0. Its addresses have z, y and x,
// in OGC's order.
func (s *Server) tileJSON(c *gin.Context) error {
	src, set, err := s.tileSetOf(c)
	if err != nil {
		return err
	}
	p := readParams(c, src.params())
	if f, ok := p.get("f"); ok && f != formatTileJSON && f != formatJSON.name {
		formatNamed(f, []format{{name: formatTileJSON}}, &p.faults)
	}
	src.read(p)
	if err := p.faults.Err(); err != nil {
		return err
	}
	if s.unchanged(c, src.snap.Revision(), format{name: formatTileJSON, mediaType: "application/json"}) {
		return nil
	}
	doc := ogcapi.TileJSON{
		TileJSON: "3.0.0", Name: src.title, Description: src.description(), Attribution: attribution(src.cols...), Version: tileSchemaVersion, Scheme: "xyz",
		Tiles: []string{tileTemplate(src.base+"/"+set.ID, p.query.values(), "{z}/{y}/{x}")}, MaxZoom: lastZoom, VectorLayers: []ogcapi.VectorLayer{},
	}
	if box := src.extent(); !box.IsEmpty() {
		at := centre(box)
		doc.Bounds = &[4]float64{box.West, box.South, box.East, box.North}
		doc.Center = &[3]float64{at[0], at[1], float64(startLevel(set, box))}
	}
	for _, col := range src.cols {
		fields := map[string]string{}
		for _, a := range tile.Attributes(col) {
			fields[a.Name] = cmp.Or(a.Doc, a.Name)
		}
		doc.VectorLayers = append(doc.VectorLayers, ogcapi.VectorLayer{ID: col.ID, Description: col.Description, MaxZoom: lastZoom, Fields: fields})
	}
	return s.document(c, formatJSON, doc, "", pageData{})
}

// tileSchemaVersion is the version of the layers' and attributes' names and of what
// they mean (SemVer); docs/tiles.md has them.
const tileSchemaVersion = "1.0.0"
