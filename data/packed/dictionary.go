package packed

import (
	"strings"
	"sync"
	"sync/atomic"

	"demarc/data"
)

// maxWords bounds a dictionary: words behind it are written out.
const maxWords = 1 << 20

// Dictionary has the words that packed incidents share. It only grows, up to a
// bound, and is safe for concurrent use.
type Dictionary struct {
	mu    sync.RWMutex
	codes map[string]uint32
	words atomic.Pointer[[]string]
	// writers are those that Append has used, which know words already.
	writers sync.Pool
}

// NewDictionary returns an empty dictionary.
func NewDictionary() *Dictionary {
	d := &Dictionary{codes: map[string]uint32{}}
	d.words.Store(&[]string{})
	d.writers.New = func() any { return NewWriter(d) }
	return d
}

// Pack returns the packed incident, for one at a time; a Writer is for many.
func (d *Dictionary) Pack(in *data.Incident) string {
	w := d.writers.Get().(*Writer)
	defer d.writers.Put(w)
	w.room = w.Append(w.room[:0], in)
	return string(w.room)
}

// Read returns the incident that src, which was written with d, says. Its texts
// share src's memory.
func (d *Dictionary) Read(src string) *data.Incident {
	r := Reader{dict: d}
	in := new(data.Incident)
	r.into(src, in)
	return in
}

// code returns the code of a word, which it gets if it has none; ok is false where
// there is no room for it.
func (d *Dictionary) code(word string) (code uint32, ok bool) {
	d.mu.RLock()
	code, ok = d.codes[word]
	d.mu.RUnlock()
	if ok {
		return code, ok
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if code, ok = d.codes[word]; ok {
		return code, true
	}
	words := *d.words.Load()
	if len(words) == maxWords {
		return 0, false
	}
	word = strings.Clone(word) // it may be part of something greater
	code = uint32(len(words))
	d.codes[word] = code
	words = append(words, word) // readers do not look behind the words that they know
	d.words.Store(&words)
	return code, true
}

// DictionaryOf returns a dictionary with those words, by their codes; an empty one is
// a code that nothing uses.
func DictionaryOf(words []string) *Dictionary {
	d := NewDictionary()
	for code, word := range words {
		if word != "" {
			d.codes[word] = uint32(code)
		}
	}
	d.words.Store(&words)
	return d
}

// Used returns the words of the dictionary by their codes, empty for those that none
// of the packed incidents has which each yields.
func (d *Dictionary) Used(each func(yield func(src string) bool)) []string {
	r := NewReader(d)
	// Words that come while each goes on are of incidents that it does not yield.
	words := *d.words.Load()
	r.met = make([]bool, len(words))
	each(func(src string) bool {
		r.Next(src)
		return true
	})
	used := make([]string, len(words))
	for code, met := range r.met {
		if met {
			used[code] = words[code]
		}
	}
	return used
}
