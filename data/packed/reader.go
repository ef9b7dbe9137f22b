package packed

import (
	"math"

	"demarc/data"
)

// Reader reads packed incidents into memory that it has again and again. It is not
// safe for concurrent use.
type Reader struct {
	dict   *Dictionary
	words  []string
	src    string
	at     int
	frame  frame
	again  bool // what is read lives until the next only
	held   Room
	floats []float64
	met    []bool // by code: the words of the dictionary that were met; nil where nobody asks
}

// NewReader returns a reader of what was written with the dictionary.
func NewReader(d *Dictionary) *Reader { return &Reader{dict: d, again: true} }

// Next returns the incident that src says. It is good until the next call; its
// texts share src's memory and stay good.
func (r *Reader) Next(src string) *data.Incident {
	in := r.held.Incident()
	r.floats = r.floats[:0]
	r.into(src, in)
	return in
}

// Room is memory for one incident after the other.
type Room struct {
	in      data.Incident
	parties []data.Involved
	claims  []data.Claim
}

// Incident returns an empty incident, in place of the one before, for Reader and
// ReadJSON: its lists have room, and those that are not filled will be nil.
func (r *Room) Incident() *data.Incident {
	if cap(r.in.Parties) > cap(r.parties) {
		r.parties = r.in.Parties[:0]
	}
	if cap(r.in.Claims) > cap(r.claims) {
		r.claims = r.in.Claims[:0]
	}
	r.in = data.Incident{Parties: r.parties, Claims: r.claims}
	return &r.in
}

// ID returns the id of the incident that src says.
func ID(src string) string {
	r := Reader{src: src}
	r.object(incidentFields)
	var id string
	r.own("", &id)
	return id
}

func (r *Reader) into(src string, in *data.Incident) {
	r.words, r.src, r.at = *r.dict.words.Load(), src, 0
	incident(r, in)
	r.src = ""
}

func (r *Reader) object(fields int) frame {
	before := r.frame
	r.frame = frame{at: r.at}
	r.at += (fields + 7) / 8
	return before
}

func (r *Reader) done(before frame) { r.frame = before }

func (r *Reader) part(string) {}

func (r *Reader) has(string, bool) bool {
	there := r.src[r.frame.at+r.frame.field/8]>>(r.frame.field%8)&1 == 1
	r.frame.field++
	return there
}

func (r *Reader) uvarint() uint64 {
	if b := r.src[r.at]; b < 0x80 {
		r.at++
		return uint64(b)
	}
	n, shift := uint64(0), 0
	for {
		b := r.src[r.at]
		r.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
		shift += 7
	}
}

func (r *Reader) varint() int64 {
	n := r.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *Reader) list(name string, _ int, _ bool) (n int, ok bool) {
	if !r.has(name, false) {
		return 0, false
	}
	return int(r.uvarint()), true
}

func (r *Reader) next(i, n int) bool { return i < n }

// word reads a text, be it written out or by its code.
func (r *Reader) word() string {
	n := r.uvarint()
	if n&1 == 1 {
		if r.met != nil {
			r.met[n>>1] = true
		}
		return r.words[n>>1]
	}
	start := r.at
	r.at += int(n >> 1)
	return r.src[start:r.at]
}

func (r *Reader) own(name string, v *string) {
	if r.has(name, false) {
		*v = r.word()
	}
}

func (r *Reader) term(name string, v *string) { r.own(name, v) }
func (r *Reader) text(name string, v *string) { r.own(name, v) }

func (r *Reader) terms(name string, v *[]string) {
	if n, ok := r.list(name, 0, false); ok {
		room(v, n)
		for range n {
			*v = append(*v, r.word())
		}
	}
}

func (r *Reader) date(name string, v *data.Date) {
	if r.has(name, false) {
		*v = data.Date{Year: int(r.varint()), Month: int(r.varint()), Day: int(r.varint())}
	}
}

func (r *Reader) number(name string, v *float64) {
	if r.has(name, false) {
		*v = r.float()
	}
}

func (r *Reader) maybe(name string, v **float64) {
	if !r.has(name, false) {
		return
	}
	if !r.again {
		f := r.float()
		*v = &f
		return
	}
	if len(r.floats) == cap(r.floats) { // the full ones stay with who points into them
		r.floats = make([]float64, 0, 64)
	}
	r.floats = append(r.floats, r.float())
	*v = &r.floats[len(r.floats)-1]
}

func (r *Reader) numbers(name string, v *[]float64) {
	if n, ok := r.list(name, 0, false); ok {
		room(v, n)
		for range n {
			*v = append(*v, r.float())
		}
	}
}

func (r *Reader) float() float64 {
	n := r.uvarint()
	form := n % numberForms
	if form == bitsNumber {
		var bits uint64
		for i := range 8 {
			bits |= uint64(r.src[r.at+i]) << (8 * i)
		}
		r.at += 8
		return math.Float64frombits(bits)
	}
	n /= numberForms
	whole := float64(int64(n>>1) ^ -int64(n&1))
	if form == decimalNumber {
		return whole / decimals
	}
	return whole
}
