package ogcapi

// TileMatrixSets lists the tile matrix sets (OGC 17-083r4 §6.3, resource of OGC
// 20-057 Annex).
type TileMatrixSets struct {
	TileMatrixSets []TileMatrixSetItem `json:"tileMatrixSets"`
	Links          []Link              `json:"links"`
}

// TileMatrixSetItem names one of them.
type TileMatrixSetItem struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URI   string `json:"uri"`
	CRS   string `json:"crs"`
	Links []Link `json:"links"`
}

// TileMatrixSet is the definition of one (17-083r4 §6.2, schema
// tileMatrixSet.json).
type TileMatrixSet struct {
	ID                string          `json:"id"`
	Title             string          `json:"title"`
	URI               string          `json:"uri"`
	CRS               string          `json:"crs"`
	OrderedAxes       []string        `json:"orderedAxes"`
	WellKnownScaleSet string          `json:"wellKnownScaleSet"`
	BoundingBox       TileBoundingBox `json:"boundingBox"`
	TileMatrices      []TileMatrix    `json:"tileMatrices"`
	Links             []Link          `json:"links,omitempty"`
	// Identifier and SupportedCRS are ID and CRS as version 1.0 of the standard
	// (17-083r2) names them, for GDAL up to 3.7.
	Identifier   string `json:"identifier"`
	SupportedCRS string `json:"supportedCRS"`
}

// TileMatrix is one level of a tile matrix set.
type TileMatrix struct {
	ID               string     `json:"id"`
	ScaleDenominator float64    `json:"scaleDenominator"`
	CellSize         float64    `json:"cellSize"`
	CornerOfOrigin   string     `json:"cornerOfOrigin"`
	PointOfOrigin    [2]float64 `json:"pointOfOrigin"`
	TileWidth        int        `json:"tileWidth"`
	TileHeight       int        `json:"tileHeight"`
	MatrixWidth      int        `json:"matrixWidth"`
	MatrixHeight     int        `json:"matrixHeight"`
	// Identifier and TopLeftCorner are ID and PointOfOrigin in version 1.0.
	Identifier    string     `json:"identifier"`
	TopLeftCorner [2]float64 `json:"topLeftCorner"`
}

// TileBoundingBox is a box in a CRS, its corners in the order of the axes.
type TileBoundingBox struct {
	LowerLeft   [2]float64 `json:"lowerLeft"`
	UpperRight  [2]float64 `json:"upperRight"`
	CRS         string     `json:"crs,omitempty"`
	OrderedAxes []string   `json:"orderedAxes,omitempty"`
}

// TileSets lists tile sets (OGC 20-057 §9, tilesets list).
type TileSets struct {
	TileSets []TileSet `json:"tilesets"`
	Links    []Link    `json:"links"`
}

// TileSet is the metadata of one (17-083r4 §8, schema tileSet.json); in a list it
// has only what the list must tell.
type TileSet struct {
	Title            string           `json:"title"`
	Description      string           `json:"description,omitempty"`
	Attribution      string           `json:"attribution,omitempty"`
	DataType         string           `json:"dataType"`
	CRS              string           `json:"crs"`
	TileMatrixSetURI string           `json:"tileMatrixSetURI"`
	MediaTypes       []string         `json:"mediaTypes,omitempty"`
	TileMatrixLimits []TileLimits     `json:"tileMatrixSetLimits,omitempty"`
	BoundingBox      *TileBoundingBox `json:"boundingBox,omitempty"`
	Layers           []TileLayer      `json:"layers,omitempty"`
	Links            []Link           `json:"links"`
	TileMatrixSetID  string           `json:"tileMatrixSetId"`
	CenterPoint      *TileCenter      `json:"centerPoint,omitempty"`
}

// TileCenter is where a client may begin to look.
type TileCenter struct {
	Coordinates [2]float64 `json:"coordinates"`
	CRS         string     `json:"crs"`
	TileMatrix  string     `json:"tileMatrix"`
}

// TileLimits are the rows and columns of a tile matrix that may hold something.
type TileLimits struct {
	TileMatrix string `json:"tileMatrix"`
	MinTileRow int    `json:"minTileRow"`
	MaxTileRow int    `json:"maxTileRow"`
	MinTileCol int    `json:"minTileCol"`
	MaxTileCol int    `json:"maxTileCol"`
}

// TileLayer is one layer of the tiles: a collection.
type TileLayer struct {
	ID               string           `json:"id"`
	Title            string           `json:"title"`
	Description      string           `json:"description,omitempty"`
	Attribution      string           `json:"attribution,omitempty"`
	DataType         string           `json:"dataType"`
	MinTileMatrix    string           `json:"minTileMatrix"`
	MaxTileMatrix    string           `json:"maxTileMatrix"`
	BoundingBox      *TileBoundingBox `json:"boundingBox,omitempty"`
	PropertiesSchema any              `json:"propertiesSchema"`
	Links            []Link           `json:"links,omitempty"`
}

// TileJSON is a tile set as TileJSON 3.0.0 has it, for MapLibre and its like.
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Version      string        `json:"version"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       *[4]float64   `json:"bounds,omitempty"`
	Center       *[3]float64   `json:"center,omitempty"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer describes a layer and its attributes.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     int               `json:"minzoom"`
	MaxZoom     int               `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}
