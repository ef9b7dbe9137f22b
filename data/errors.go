package data

import "errors"

// ErrNotFound says that there is no collection, feature or revision of that
// name, for this reader.
var ErrNotFound = errors.New("not found")
