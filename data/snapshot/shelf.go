package snapshot

import "maps"

// shelf holds records of one kind by their id. It never changes; with makes the
// next one, which shares what did not change.
type shelf[T any] struct {
	layers []map[string]*T // what came later hides what came before; nil for what is gone
}

// newShelf returns a shelf of the list's records, which it shares.
func newShelf[T any](list []T, id func(*T) string) shelf[T] {
	all := make(map[string]*T, len(list))
	for i := range list {
		all[id(&list[i])] = &list[i]
	}
	return shelf[T]{layers: []map[string]*T{all}}
}

// get returns the record of that id, or nil.
func (s *shelf[T]) get(id string) *T {
	for i := len(s.layers) - 1; i >= 0; i-- {
		if r, ok := s.layers[i][id]; ok {
			return r
		}
	}
	return nil
}

// with returns a shelf with the changes: nil takes a record out. It costs what the
// changes do and, now and then, what was changed before.
func (s *shelf[T]) with(changes map[string]*T) shelf[T] {
	if len(changes) == 0 {
		return *s
	}
	layers := append(s.layers[:len(s.layers):len(s.layers)], changes)
	for n := len(layers); n > 1 && !outgrows(len(layers[n-2]), len(layers[n-1])); n = len(layers) {
		merged := make(map[string]*T, len(layers[n-2])+len(layers[n-1]))
		maps.Copy(merged, layers[n-2])
		maps.Copy(merged, layers[n-1])
		if n == 2 {
			maps.DeleteFunc(merged, func(_ string, r *T) bool { return r == nil })
		}
		layers = append(layers[:n-2:n-2], merged)
	}
	return shelf[T]{layers}
}

// each yields every record, in no order.
func (s *shelf[T]) each(yield func(*T) bool) {
	for i, layer := range s.layers {
		for id, r := range layer {
			if r != nil && !s.hidden(id, i) && !yield(r) {
				return
			}
		}
	}
}

// hidden tells whether a layer above layer i has the id.
func (s *shelf[T]) hidden(id string, i int) bool {
	for _, above := range s.layers[i+1:] {
		if _, ok := above[id]; ok {
			return true
		}
	}
	return false
}
