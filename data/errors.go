package data

import "errors"

// What the state of the data can say no to. What is wrong with an input is a
// *geo.InputError instead.
var (
	// ErrNotFound says that there is no collection, feature or revision of that
	// name, for this reader.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that the record is not in the version that a change was
	// made from.
	ErrConflict = errors.New("the record has another version by now")
	// ErrReadOnly says that the dataset takes no changes.
	ErrReadOnly = errors.New("the dataset is read-only")
	// ErrUnavailable says that changes are not taken at present; whether the one
	// at hand was kept is unknown where a commit failed.
	ErrUnavailable = errors.New("the store takes no changes at present")
	// ErrFull says that the store has no room; the change was not kept.
	ErrFull = errors.New("the store has no room")
	// ErrRedacted says that there was a record, whose content was removed.
	ErrRedacted = errors.New("the content was removed")
)
