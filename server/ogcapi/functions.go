package ogcapi

// Functions lists functions for filters (OGC 19-079r2, schema functions.yml).
type Functions struct {
	Functions []Function `json:"functions"`
	Links     []Link     `json:"links,omitempty"`
}

// Function is a function with its arguments, in order, and the types that it returns.
type Function struct {
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Arguments   []Argument `json:"arguments,omitempty"`
	Returns     []string   `json:"returns"`
}

// Argument is an argument of a function, with the types that it takes.
type Argument struct {
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Type        []string `json:"type"`
}
