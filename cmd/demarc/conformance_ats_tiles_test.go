package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// tileTests are the abstract tests of OGC 20-057 and 17-083r4, annexes A. That a tile
// holds what items hold is tested in server and data/tile; here is what a client of
// the standards relies on.
func tileTests() []abstractTest {
	const part, tms = "ogcapi-tiles-1/1.0/conf/", "tms/2.0/conf/"
	var tests []abstractTest
	add := func(class, name string, run func(s *ats) error) {
		tests = append(tests, abstractTest{class, name, run})
	}
	for _, class := range []string{"core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "collections-selection", "datetime", "oas30", "mvt"} {
		add(part+class, "conformance-success", declares(part+class).run)
	}
	ofTileSets := func(check func(s *ats, set map[string]any) error) func(s *ats) error {
		return func(s *ats) error { return s.eachTileSet(check) }
	}
	add(part+"core", "tc-op", ofTileSets((*ats).tilesAnswer))
	add(part+"core", "tc-success", ofTileSets((*ats).tilesAnswer))
	add(part+"core", "tc-error", (*ats).tileErrors)
	add(part+"tileset", "tileset-description", ofTileSets((*ats).tileSetIsDescribed))
	add(part+"tilesets-list", "tileset-links", ofTileSets((*ats).tileSetIsLinked))
	add(part+"dataset-tilesets", "landingpage", func(s *ats) error {
		doc, err := s.ask("/", "application/json")
		if err == nil && linkByRel(objects(doc["links"]), ogcRelation+"tilesets-vector") == nil {
			err = errors.New("no link to the tile sets")
		}
		return err
	})
	add(part+"dataset-tilesets", "operation", func(s *ats) error { _, err := s.ask("/tiles", "application/json"); return err })
	add(part+"geodata-tilesets", "desc-links", (*ats).collectionsLinkToTiles)
	add(part+"geodata-tilesets", "operation", (*ats).collectionsLinkToTiles)
	add(part+"collections-selection", "query-collections", (*ats).tilesOfCollections)
	add(part+"collections-selection", "collections-response", (*ats).tilesOfCollections)
	add(part+"datetime", "datetime-axis", (*ats).tilesOfATime)
	add(part+"oas30", "completeness", (*ats).tilesAreDefined)
	add(part+"oas30", "operationids", (*ats).tilesAreDefined)
	add(part+"mvt", "content", ofTileSets((*ats).tilesAnswer))
	for class, names := range map[string][]string{
		"tilematrixset": {"model"}, "json-tilematrixset": {"ietf", "media-type", "model", "schema"},
	} {
		for _, name := range names {
			add(tms+class, name, (*ats).tileMatrixSets)
		}
	}
	for class, names := range map[string][]string{
		"tilematrixsetlimits": {"model"}, "json-tilematrixsetlimits": {"ietf", "model", "schema"},
		"tilesetmetadata": {"identifier", "model"}, "json-tilesetmetadata": {"ietf", "media-type", "model", "schema"},
	} {
		for _, name := range names {
			add(tms+class, name, ofTileSets((*ats).tileSetIsDescribed))
		}
	}
	return tests
}

const (
	ogcRelation = "http://www.opengis.net/def/rel/ogc/1.0/"
	acceptMVT   = "application/vnd.mapbox-vector-tile"
)

// eachTileSet calls check with each tile set of the dataset and of the collections,
// as its own description has it.
func (s *ats) eachTileSet(check func(s *ats, set map[string]any) error) error {
	lists := []string{"/tiles"}
	for _, c := range s.collections {
		if c.geometry != "" {
			lists = append(lists, "/collections/"+c.id+"/tiles")
		}
	}
	for _, path := range lists {
		list, err := s.ask(path, "application/json")
		if err != nil {
			return err
		}
		sets := objects(list["tilesets"])
		if len(sets) == 0 {
			return fmt.Errorf("%s lists no tile set", path)
		}
		for _, entry := range sets {
			set, err := s.ask(path+"/"+text(entry["tileMatrixSetId"]), "application/json")
			if err == nil {
				err = equalMembers(entry, set, "crs", "dataType", "tileMatrixSetURI", "title")
			}
			if err == nil {
				err = check(s, set)
			}
			if err != nil {
				return fmt.Errorf("%s, %v: %w", path, entry["tileMatrixSetId"], err)
			}
		}
	}
	return nil
}

// tileSetIsDescribed: the metadata has what the model of 17-083r4 §7 demands, and
// limits that lie in their matrices.
func (s *ats) tileSetIsDescribed(set map[string]any) error {
	if set["dataType"] != "vector" || text(set["crs"]) == "" || linkByRel(objects(set["links"]), ogcRelation+"tiling-scheme") == nil {
		return fmt.Errorf("dataType %v, crs %v, or no link to the scheme", set["dataType"], set["crs"])
	}
	if uri := text(set["tileMatrixSetURI"]); !strings.HasPrefix(uri, "http://www.opengis.net/def/tilematrixset/OGC/1.0/") {
		return fmt.Errorf("tileMatrixSetURI is %q", uri)
	}
	limits := objects(set["tileMatrixSetLimits"])
	for level, l := range limits {
		size := float64(int(2) << level) // WorldCRS84Quad has two tiles in a row at level 0
		for _, axis := range []string{"Row", "Col"} {
			low, isLow := l["minTile"+axis].(float64)
			high, isHigh := l["maxTile"+axis].(float64)
			if !isLow || !isHigh || low < 0 || low > high || high >= size || text(l["tileMatrix"]) != fmt.Sprint(level) {
				return fmt.Errorf("limits of level %d: %v", level, l)
			}
		}
	}
	if len(limits) == 0 {
		return errors.New("there are no limits")
	}
	return nil
}

// tileSetIsLinked: the metadata has a template of its tiles.
func (s *ats) tileSetIsLinked(set map[string]any) error {
	item := linkByRel(objects(set["links"]), "item")
	if item == nil || item["templated"] != true || item["type"] != acceptMVT {
		return fmt.Errorf("the link to the tiles is %v", item)
	}
	for _, variable := range []string{"{tileMatrix}", "{tileRow}", "{tileCol}"} {
		if !strings.Contains(text(item["href"]), variable) {
			return fmt.Errorf("%v has no %s", item["href"], variable)
		}
	}
	return nil
}

// tilesAnswer: the tiles at the corners of the limits are there, as vector tiles; at
// level 0 there is one with content.
func (s *ats) tilesAnswer(set map[string]any) error {
	if err := s.tileSetIsLinked(set); err != nil {
		return err
	}
	template := text(linkByRel(objects(set["links"]), "item")["href"])
	content := 0
	for level, l := range objects(set["tileMatrixSetLimits"]) {
		if level > 6 {
			break
		}
		for _, corner := range [][2]string{{"min", "min"}, {"max", "max"}} {
			address := strings.NewReplacer("{tileMatrix}", text(l["tileMatrix"]), "{tileRow}", fmt.Sprint(l[corner[0]+"TileRow"]), "{tileCol}", fmt.Sprint(l[corner[1]+"TileCol"])).Replace(template)
			a, err := (&conformance{root: s.root}).get(address, acceptMVT)
			if err != nil || a.status != http.StatusOK && a.status != http.StatusNoContent {
				return fmt.Errorf("GET %s: %v, %v", address, a, err)
			}
			if a.status == http.StatusNoContent {
				continue
			}
			if a.header.Get("Content-Type") != acceptMVT || !bytes.HasPrefix(a.body, []byte{0x1a}) { // field 3 of a tile: a layer
				return fmt.Errorf("GET %s: %s, %x", address, a.header.Get("Content-Type"), a.body[:min(8, len(a.body))])
			}
			content++
		}
	}
	if content == 0 {
		return errors.New("no tile has content")
	}
	return nil
}

// tileErrors: what is no tile is answered with 400 or 404.
func (s *ats) tileErrors() error {
	for _, path := range []string{"/tiles/NoSuchSet/0/0/0", "/tiles/WebMercatorQuad/99/0/0", "/tiles/WebMercatorQuad/0/1/0", "/tiles/WebMercatorQuad/0/0/1",
		"/tiles/WebMercatorQuad/0/0/-1", "/tiles/WebMercatorQuad/0/0/x", "/collections/nowhere/tiles/WebMercatorQuad/0/0/0"} {
		if _, status, err := get(s.root+path, acceptMVT); err != nil || status != http.StatusNotFound && status != http.StatusBadRequest {
			return fmt.Errorf("%s: status %d, %v", path, status, err)
		}
	}
	return nil
}

func (s *ats) collectionsLinkToTiles() error {
	for _, c := range s.collections {
		if l := linkByRel(objects(c.doc["links"]), ogcRelation+"tilesets-vector"); (l != nil) != (c.geometry != "") {
			return fmt.Errorf("%s has geometries: %v, and a link to tiles: %v", c.id, c.geometry != "", l)
		}
	}
	return nil
}

// tile asks for the tile that holds the world, with a query.
func (s *ats) tile(query string) (body []byte, status int, err error) {
	return get(s.root+"/tiles/WebMercatorQuad/0/0/0?"+query, acceptMVT)
}

// tilesOfCollections: collections= chooses the layers of a tile; an unknown one is
// refused.
func (s *ats) tilesOfCollections() error {
	for _, chosen := range [][]string{{"incidents"}, {"segments", "areas"}} {
		body, status, err := s.tile("collections=" + strings.Join(chosen, ","))
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("collections=%v: status %d, %v", chosen, status, err)
		}
		for _, name := range []string{"incidents", "segments", "areas", "places"} {
			layer := append([]byte{0x0a, byte(len(name))}, name...) // field 1 of a layer: its name
			if bytes.Contains(body, layer) != slices.Contains(chosen, name) {
				return fmt.Errorf("collections=%v: layer %s is there: %v", chosen, name, !slices.Contains(chosen, name))
			}
		}
	}
	if _, status, err := s.tile("collections=nowhere"); err != nil || status != http.StatusBadRequest {
		return fmt.Errorf("collections=nowhere: status %d, %v", status, err)
	}
	return nil
}

// tilesOfATime: datetime= leaves out what is of another time.
func (s *ats) tilesOfATime() error {
	all, status, err := s.tile("collections=incidents")
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("status %d, %v", status, err)
	}
	some, status, err := s.tile("collections=incidents&datetime=2022-09-14/2022-09-17")
	if err != nil || status != http.StatusOK || len(some) == 0 || len(some) >= len(all) {
		return fmt.Errorf("status %d, %d bytes of one week, %d of all time, %v", status, len(some), len(all), err)
	}
	if _, status, err := s.tile("datetime=yesterday"); err != nil || status != http.StatusBadRequest {
		return fmt.Errorf("datetime=yesterday: status %d, %v", status, err)
	}
	return nil
}

// tilesAreDefined: the definition has the operations, each with an id of its own.
func (s *ats) tilesAreDefined() error {
	a, err := (&conformance{root: s.root}).getStatus(http.StatusOK, s.root+"/api", acceptOpenAPI)
	if err != nil {
		return err
	}
	doc, err := a.object()
	if err != nil {
		return err
	}
	paths, _ := doc["paths"].(map[string]any)
	seen := map[string]string{}
	tiles := 0
	for path := range paths {
		item, _ := paths[path].(map[string]any)
		for method := range item {
			if id := text(dig(item, method, "operationId")); method != "parameters" {
				if id == "" || seen[id] != "" {
					return fmt.Errorf("%s %s and %s have the operationId %q", method, path, seen[id], id)
				}
				seen[id] = path
			}
		}
		if strings.HasSuffix(path, "/{tileMatrix}/{tileRow}/{tileCol}") {
			tiles++
		}
	}
	if tiles < 2 || paths["/tiles"] == nil || paths["/tileMatrixSets"] == nil {
		return fmt.Errorf("%d paths of tiles, or a list is missing", tiles)
	}
	return nil
}

// tileMatrixSets: each scheme has the model of 17-083r4 §6: matrices whose cells
// halve from one to the next.
func (s *ats) tileMatrixSets() error {
	list, err := s.ask("/tileMatrixSets", "application/json")
	if err != nil {
		return err
	}
	sets := objects(list["tileMatrixSets"])
	for _, entry := range sets {
		set, err := s.ask("/tileMatrixSets/"+text(entry["id"]), "application/json")
		if err != nil {
			return err
		}
		if set["id"] != entry["id"] || text(set["crs"]) == "" {
			return fmt.Errorf("%v: id %v, crs %v", entry["id"], set["id"], set["crs"])
		}
		last := 0.0
		matrices := objects(set["tileMatrices"])
		for i, m := range matrices {
			cell, _ := m["cellSize"].(float64)
			origin, _ := m["pointOfOrigin"].([]any)
			if m["id"] != fmt.Sprint(i) || cell <= 0 || i > 0 && (last/cell < 1.99999 || last/cell > 2.00001) || len(origin) != 2 ||
				m["tileWidth"] != 256.0 || m["tileHeight"] != 256.0 || m["matrixHeight"] != float64(int(1)<<i) {
				return fmt.Errorf("%v: matrix %d is %v", entry["id"], i, m)
			}
			last = cell
		}
		if len(matrices) == 0 {
			return fmt.Errorf("%v has no matrices", entry["id"])
		}
	}
	if len(sets) == 0 {
		return errors.New("there are none")
	}
	return nil
}
