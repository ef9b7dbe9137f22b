package server

import (
	"demarc/data/snapshot"
	"demarc/geo/format/mvt"
	"demarc/geo/tms"
)

// tileParameters are the parameters in the paths of tiles, and collections, which
// only tiles of the dataset take. They stand where they are used, since a name
// among the common parameters is one that no property of a layer may have.
func tileParameters() map[string]object {
	var ids []any
	for _, set := range tms.All() {
		ids = append(ids, set.ID)
	}
	inPath := func(name, doc string, schema object) object {
		return object{"name": name, "in": "path", "required": true, "description": doc, "schema": schema}
	}
	number := object{"type": "integer", "minimum": 0}
	return map[string]object{
		"tileMatrixSetId": inPath("tileMatrixSetId", "How tiles divide the world; see /tileMatrixSets.", object{"type": "string", "enum": ids}),
		"tileMatrix":      inPath("tileMatrix", "Level of the tile: the zoom, 0 being the whole world.", object{"type": "string"}),
		"tileRow":         inPath("tileRow", "Row of the tile, counted from the north from 0.", number),
		"tileCol":         inPath("tileCol", "Column of the tile, counted from the west from 0.", number),
		"collections": queryParameter("collections", "Only these collections, as layers of the tiles of the dataset.",
			object{"type": "array", "items": object{"type": "string"}}),
	}
}

// parameterRefs returns the named parameters: references to the common ones.
func parameterRefs(names ...string) []any {
	var out []any
	own := tileParameters()
	for _, name := range names {
		if p, ok := own[name]; ok {
			out = append(out, p)
			continue
		}
		out = append(out, object{"$ref": "#/components/parameters/" + name})
	}
	return out
}

// addTilePaths adds the resources of OGC API – Tiles. The ends of the operations'
// names are the standard's (20-057 /req/oas30/operation-id).
func (s *Server) addTilePaths(paths object) {
	paths["/tileMatrixSets"] = operation("getTileMatrixSetsList", "Tiles", "The ways in which tiles divide the world.", nil,
		jsonResponse("The tile matrix sets", object{"type": "object"}))
	paths["/tileMatrixSets/{tileMatrixSetId}"] = operation("getTileMatrixSet", "Tiles", "Definition of a tile matrix set (OGC 17-083r4).",
		parameterRefs("tileMatrixSetId"), jsonResponse("The tile matrix set", object{"type": "object"}))
	addTilesOf(paths, "/tiles", "dataset.vector.", "all collections, each a layer", parameterRefs("collections", "datetime", "asof"))
	addTilesOf(paths, basemapPath, "basemap.vector.", "the background of the map: land, regions, rivers, lakes", parameterRefs("collections"))
	for _, col := range s.data.Snapshot().Collections() {
		if col.HasGeometry() {
			addTilesOf(paths, "/collections/"+col.ID+"/tiles", col.ID+".collection.vector.", col.Title, tileConditions(col))
		}
	}
}

// tileConditions are the parameters that select features for tiles.
func tileConditions(col *snapshot.Collection) []any {
	params := parameterRefs("datetime", "asof", "filter", "filter-lang", "filter-crs")
	for i := range col.Schema.Fields {
		if f := &col.Schema.Fields[i]; f.Queryable {
			params = append(params, queryParameter(f.Name, f.Title+sentence(f.Doc), fieldSchema(f, true)))
		}
	}
	return params
}

// addTilesOf adds the four paths of tiles below base.
func addTilesOf(paths object, base, name, what string, conditions []any) {
	with := func(names ...string) []any { return append(parameterRefs(names...), conditions...) }
	paths[base] = operation(name+"getTileSetsList", "Tiles", "Tile sets of "+what+".", with(), jsonResponse("The tile sets", object{"type": "object"}))
	set := operation(name+"getTileSet", "Tiles", "Tile set of "+what+". Its links have the address of the tiles, with the conditions of this request.",
		with("tileMatrixSetId"), jsonResponse("The tile set", object{"type": "object"}))
	paths[base+"/{tileMatrixSetId}"] = set
	paths[base+"/{tileMatrixSetId}/tilejson"] = operation(name+"getTileJSON", "Tiles", "Tile set of "+what+" as TileJSON 3.0.", with("tileMatrixSetId"),
		object{"description": "The tile set", "content": object{"application/json": object{"schema": object{"type": "object"}}}})
	one := operation(name+"getTile", "Tiles", "A tile of "+what+". At most 4,000 features and 100 kB compressed; points that lie close together are one feature with a count.",
		with("tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"),
		object{"description": "The tile", "content": object{mvt.MediaType: object{"schema": object{"type": "string", "format": "binary"}}}})
	one["get"].(object)["responses"].(object)["204"] = object{"description": "Nothing lies in the tile."}
	paths[base+"/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"] = one
	for path, formats := range map[string][]any{
		"/{tileMatrixSetId}":                                  {"json", "html", formatTileJSON},
		"/{tileMatrixSetId}/tilejson":                         {"json", formatTileJSON},
		"/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}": {formatMVT.name},
	} {
		offerNames(paths[base+path].(object), formats)
	}
}

// offerNames says which values f can have.
func offerNames(path object, names []any) {
	get := path["get"].(object)
	params := get["parameters"].([]any)
	params[len(params)-1] = queryParameter("f", "Representation; without it the Accept header decides.", object{"type": "string", "enum": names})
}
