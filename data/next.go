package data

import "fmt"

// Next returns the version that the change makes of a record, of which
// published and draft are the versions that stand, nil for none, and drafts the
// number of its last draft, whether that stands or not. The version has neither
// revision nor author. The error is ErrConflict where another version stands
// than the one expected, and ErrNotFound where there is nothing to change.
//
// A retracted record keeps its content, and a new Put publishes it again; of a
// redacted one there is only the mark. Redact ends a draft as well; a draft that
// was never published is discarded instead, which leaves no public mark.
func (c *Change) Next(published, draft *Version, drafts int) (Version, error) {
	v := Version{Kind: c.Kind, ID: c.ID, Operation: c.Operation, Reach: c.Reach}
	if published != nil {
		v.Number = published.Number
	}
	expected := v.Number
	if c.Operation != Put && c.Operation != Retract && c.Operation != Redact {
		expected = 0
		if draft != nil {
			expected = draft.Number
		}
	}
	if c.Expect >= 0 && c.Expect != expected {
		return v, fmt.Errorf("%s/%s: made from version %d, but version %d stands: %w", c.Kind, c.ID, c.Expect, expected, ErrConflict)
	}
	v.Number++
	absent := func() error { return fmt.Errorf("%s/%s: %w", c.Kind, c.ID, ErrNotFound) }
	switch c.Operation {
	case Put:
		v.Body = c.Body
	case Retract:
		if !published.Stands() {
			return v, absent()
		}
		v.Body = published.Body
	case Redact:
		if published == nil || published.Operation == Redact {
			return v, absent()
		}
	case Sketch:
		v.Number, v.Body = drafts+1, c.Body
	case Publish:
		if draft == nil {
			return v, absent()
		}
		v.Body = draft.Body
	case Discard:
		if draft == nil {
			return v, absent()
		}
		v.Number = drafts + 1
	default:
		return v, fmt.Errorf("%s/%s: no such operation: %q", c.Kind, c.ID, c.Operation)
	}
	return v, nil
}

// Stands tells whether the version is a record that its collection shows: it is
// published, and neither retracted nor redacted. It is false for nil.
func (v *Version) Stands() bool {
	return v != nil && (v.Operation == Put || v.Operation == Publish)
}
