package edit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Difference is one value that differs between two versions of a record. Where is
// the way to it; members of lists that have an id are named by it. Before or
// After is empty where there was, or is, nothing.
type Difference struct {
	Where  []string `json:"where"`
	Before string   `json:"before,omitzero"`
	After  string   `json:"after,omitzero"`
}

// Diff returns what differs between two versions of a record, in the order of
// their members' names; nil stands for no record. Texts stand as they are, other
// values as JSON.
func Diff(before, after json.RawMessage) ([]Difference, error) {
	var d differ
	values := [2]any{}
	for i, raw := range []json.RawMessage{before, after} {
		if raw == nil {
			continue
		}
		var err error
		if values[i], err = decode(raw); err != nil {
			return nil, fmt.Errorf("compare versions: %w", err)
		}
	}
	d.compare(nil, values[0], values[1])
	return d.found, nil
}

type differ struct{ found []Difference }

func (d *differ) compare(where []string, a, b any) {
	if same(a, b) {
		return
	}
	members, others := membersOf(a), membersOf(b)
	if members == nil && others == nil || members == nil && a != nil || others == nil && b != nil {
		d.found = append(d.found, Difference{where, words(a), words(b)})
		return
	}
	names := map[string]bool{}
	for _, m := range []map[string]any{members, others} {
		for name := range m {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		d.compare(append(slices.Clone(where), name), members[name], others[name])
	}
}

// membersOf returns the members of an object or of a list of objects by their
// names, nil for other values: lists of plain values are compared as a whole.
func membersOf(v any) map[string]any {
	switch v := v.(type) {
	case tree:
		return v
	case []any:
		out := map[string]any{}
		for i, m := range v {
			object, ok := m.(tree)
			if !ok {
				return nil
			}
			name := text(object["id"])
			if name == "" {
				name = strconv.Itoa(i + 1)
			}
			out[name] = m
		}
		return out
	}
	return nil
}

func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// ClaimIn returns a claim of an incident's record, nil where it has none of the id.
func ClaimIn(record json.RawMessage, id string) (json.RawMessage, error) {
	if record == nil {
		return nil, nil
	}
	v, err := decode(record)
	if err != nil {
		return nil, fmt.Errorf("read the record of %s: %w", id, err)
	}
	claims, _ := asTree(v)["claims"].([]any)
	for _, c := range claims {
		if asTree(c)["id"] == id {
			return json.Marshal(c)
		}
	}
	return nil, nil
}
