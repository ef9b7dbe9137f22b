package packed

import (
	"encoding/binary"
	"hash/maphash"
	"math"

	"demarc/data"
)

// Writer packs incidents. It is not safe for concurrent use, its dictionary is.
type Writer struct {
	dict  *Dictionary // nil: every word is written out
	known map[string]uint32
	seed  maphash.Seed
	seen  []uint32 // hashes of texts that were written out
	dst   []byte
	frame frame
	room  []byte // of Dictionary.Pack
}

// What a writer remembers on its own: the words that it met, and of texts whether
// it has met them before.
const (
	knownWords = 1 << 15
	seenTexts  = 1 << 14
)

// NewWriter returns a writer that shares words by the dictionary.
func NewWriter(d *Dictionary) *Writer {
	return &Writer{dict: d, known: map[string]uint32{}, seed: maphash.MakeSeed(), seen: make([]uint32, seenTexts)}
}

// Append appends the packed incident.
func (w *Writer) Append(dst []byte, in *data.Incident) []byte {
	w.dst = dst
	incident(w, in)
	dst, w.dst = w.dst, nil
	return dst
}

// AppendCanonical appends bytes that are the same for the same incident, and unlike
// for others, in every run of the program.
func AppendCanonical(dst []byte, in *data.Incident) []byte {
	w := Writer{dst: dst}
	incident(&w, in)
	return w.dst
}

// object keeps a bit for each field, which tells whether it is there.
func (w *Writer) object(fields int) frame {
	before := w.frame
	w.frame = frame{at: len(w.dst)}
	for range (fields + 7) / 8 {
		w.dst = append(w.dst, 0)
	}
	return before
}

func (w *Writer) done(before frame) { w.frame = before }

func (w *Writer) part(string) {}

func (w *Writer) has(_ string, there bool) bool {
	if there {
		w.dst[w.frame.at+w.frame.field/8] |= 1 << (w.frame.field % 8)
	}
	w.frame.field++
	return there
}

func (w *Writer) list(name string, have int, missing bool) (n int, ok bool) {
	if !w.has(name, !missing) {
		return 0, false
	}
	w.dst = binary.AppendUvarint(w.dst, uint64(have))
	return have, true
}

func (w *Writer) next(i, n int) bool { return i < n }

func (w *Writer) own(name string, v *string) {
	if w.has(name, *v != "") {
		w.out(*v)
	}
}

// out writes a text out.
func (w *Writer) out(s string) {
	w.dst = append(binary.AppendUvarint(w.dst, uint64(len(s))<<1), s...)
}

// coded writes the code of a word.
func (w *Writer) coded(code uint32) { w.dst = binary.AppendUvarint(w.dst, uint64(code)<<1|1) }

func (w *Writer) term(name string, v *string) {
	if w.has(name, *v != "") {
		w.word(*v)
	}
}

// word writes a word by its code, or out where it has none.
func (w *Writer) word(s string) {
	if w.dict == nil {
		w.out(s)
		return
	}
	code, ok := w.known[s]
	if !ok {
		if code, ok = w.dict.code(s); ok {
			if len(w.known) == knownWords {
				clear(w.known)
			}
			w.known[(*w.dict.words.Load())[code]] = code
		}
	}
	if ok {
		w.coded(code)
	} else {
		w.out(s)
	}
}

// text takes a text for a word when it comes again.
func (w *Writer) text(name string, v *string) {
	if !w.has(name, *v != "") {
		return
	}
	if w.dict == nil {
		w.out(*v)
		return
	}
	hash := maphash.String(w.seed, *v)
	met := &w.seen[hash%seenTexts]
	if *met != uint32(hash>>32) {
		*met = uint32(hash >> 32)
		w.out(*v)
		return
	}
	w.word(*v)
}

func (w *Writer) terms(name string, v *[]string) {
	if n, ok := w.list(name, len(*v), *v == nil); ok {
		for i := range n {
			w.word((*v)[i])
		}
	}
}

func (w *Writer) date(name string, v *data.Date) {
	if w.has(name, *v != data.Date{}) {
		for _, n := range [...]int{v.Year, v.Month, v.Day} {
			w.dst = binary.AppendVarint(w.dst, int64(n))
		}
	}
}

func (w *Writer) number(name string, v *float64) {
	if w.has(name, math.Float64bits(*v) != 0) {
		w.float(*v)
	}
}

func (w *Writer) maybe(name string, v **float64) {
	if w.has(name, *v != nil) {
		w.float(**v)
	}
}

func (w *Writer) numbers(name string, v *[]float64) {
	if n, ok := w.list(name, len(*v), *v == nil); ok {
		for i := range n {
			w.float((*v)[i])
		}
	}
}

// The forms of a number: whole, with up to seven decimals, or its bits.
const (
	wholeNumber = iota
	decimalNumber
	bitsNumber
	numberForms
)

const decimals = 1e7

// float writes a number in as few bytes as its digits need.
func (w *Writer) float(f float64) {
	for form, scale := range [...]float64{wholeNumber: 1, decimalNumber: decimals} {
		scaled := math.Round(f * scale)
		if math.Abs(scaled) < 1<<52 && math.Float64bits(float64(int64(scaled))/scale) == math.Float64bits(f) { // and not -0
			n := int64(scaled)
			w.dst = binary.AppendUvarint(w.dst, uint64(n<<1^n>>63)*numberForms+uint64(form))
			return
		}
	}
	w.dst = binary.LittleEndian.AppendUint64(append(w.dst, bitsNumber), math.Float64bits(f))
}
