// Package ogcapi holds the JSON documents of OGC API – Features as plain
// structs, named as in OGC 17-069r4. It has no logic.
package ogcapi

// Link is a web link (RFC 8288) as the standards write it in JSON
// (OGC 17-069r4 §7.6).
type Link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
	// Templated says that Href has variables in braces (RFC 6570).
	Templated bool `json:"templated,omitempty"`
}

// LandingPage is the document at the root (§7.2).
type LandingPage struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Attribution string `json:"attribution,omitempty"`
	Links       []Link `json:"links"`
}

// Conformance lists the conformance classes that the service keeps (§7.4).
type Conformance struct {
	ConformsTo []string `json:"conformsTo"`
	Links      []Link   `json:"links,omitempty"`
}

// Collections lists the collections (§7.13).
type Collections struct {
	Links       []Link       `json:"links"`
	Collections []Collection `json:"collections"`
}

// Collection describes one collection (§7.14).
type Collection struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	// Attribution says whose the data are, and under which licence.
	Attribution string   `json:"attribution,omitempty"`
	Extent      *Extent  `json:"extent,omitempty"`
	ItemType    string   `json:"itemType"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs,omitempty"`
	// ItemCount is the number of features; GDAL reads it for a fast count.
	ItemCount int    `json:"itemCount"`
	Links     []Link `json:"links"`
}

// Extent is where and when a collection has something.
type Extent struct {
	Spatial  *SpatialExtent  `json:"spatial,omitempty"`
	Temporal *TemporalExtent `json:"temporal,omitempty"`
}

// SpatialExtent holds one box: west, south, east, north.
type SpatialExtent struct {
	BBox [][]float64 `json:"bbox"`
	CRS  string      `json:"crs"`
}

// TemporalExtent holds one interval of RFC 3339 instants.
type TemporalExtent struct {
	Interval [][]string `json:"interval"`
	TRS      string     `json:"trs"`
}

// Problem is a problem detail (RFC 9457).
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail,omitempty"`
	Instance  string         `json:"instance,omitempty"`
	RequestID string         `json:"request_id,omitempty"`
	Errors    []ProblemError `json:"errors,omitempty"`
}

// ProblemError is one thing that is wrong with a request.
type ProblemError struct {
	Parameter string `json:"parameter,omitempty"`
	Header    string `json:"header,omitempty"`
	Pointer   string `json:"pointer,omitempty"`
	Found     string `json:"found,omitempty"`
	Problem   string `json:"problem"`
	Expected  string `json:"expected,omitempty"`
}

// The CRS and time reference systems that the documents name.
const (
	CRS84     = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	Gregorian = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
)
