package snapshot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"reflect"

	"demarc/data"
	"demarc/data/packed"
	"demarc/geo/format/geojson"
)

// sum is a checksum of a set of things: the sum of theirs, whatever their order,
// so that one can be put in or taken out without looking at the others.
type sum [4]uint64

// sumOf returns the checksum of one thing.
func sumOf(content []byte) sum {
	digest := sha256.Sum256(content)
	var s sum
	for i := range s {
		s[i] = binary.BigEndian.Uint64(digest[8*i:])
	}
	return s
}

func (s sum) plus(o sum) sum {
	carry := uint64(0)
	for i := range s {
		s[i], carry = bits.Add64(s[i], o[i], carry)
	}
	return s
}

func (s sum) minus(o sum) sum {
	borrow := uint64(0)
	for i := range s {
		s[i], borrow = bits.Sub64(s[i], o[i], borrow)
	}
	return s
}

// text returns the revision that the sum stands for.
func (s sum) text() string {
	var b [32]byte
	for i, w := range s {
		binary.BigEndian.PutUint64(b[8*i:], w)
	}
	digest := sha256.Sum256(b[:])
	return hex.EncodeToString(digest[:8])
}

// Sum is what the revision of a snapshot is made of. It can be told of changes before
// there is a snapshot with them.
type Sum struct{ records, layers sum }

// Sum returns what the revision is made of.
func (s *Snapshot) Sum() Sum { return Sum{s.sum, s.layersSum} }

// With returns the sum after a change of a record that was another before, with a nil
// Value where nothing stood.
func (s Sum) With(before data.Record, c *Change) Sum {
	room := sumRooms.Get().(*[]byte)
	defer sumRooms.Put(room)
	var one sum
	if before.Value != nil {
		one, *room = sumOfRecord(before, *room)
		s.records = s.records.minus(one)
	}
	if r := c.Ready; r != nil && c.Kind == data.Incidents && r.in == c.To.Value {
		s.records = s.records.plus(r.sum)
	} else if c.To.Value != nil {
		after := c.To
		after.Kind = c.Kind
		one, *room = sumOfRecord(after, *room)
		s.records = s.records.plus(one)
	}
	return s
}

// Revision returns the revision of the snapshot that has the sum.
func (s Sum) Revision() string { return s.records.plus(s.layers).text() }

// sumOfRecord returns the checksum of a record: all of it, also what only a single
// feature shows. buffer is for its bytes, and is returned for the next.
func sumOfRecord(r data.Record, buffer []byte) (sum, []byte) {
	if in, ok := r.Value.(*data.Incident); ok {
		buffer = appendIncidentDigest(buffer[:0], in)
		return sumOf(buffer), buffer
	}
	buffer = append(append(buffer[:0], r.Kind...), 0)
	buffer = appendDigest(buffer, reflect.ValueOf(r.Value).Elem())
	buffer = geojson.AppendGeometry(buffer, r.Shape)
	return sumOf(buffer), buffer
}

// appendIncidentDigest appends the bytes of an incident's checksum.
func appendIncidentDigest(dst []byte, in *data.Incident) []byte {
	return packed.AppendCanonical(append(append(dst, data.Incidents...), 0), in)
}

// sumOfAll returns the checksum of all records of the list.
func sumOfAll(r *data.Records) sum {
	var all, one sum
	var buffer []byte
	for record := range r.Each() {
		one, buffer = sumOfRecord(record, buffer)
		all = all.plus(one)
	}
	return all
}

// sumOfLayer returns the checksum of a layer's collection, of which there is no
// record.
func sumOfLayer(c *Collection, l *data.Layer) sum {
	b := fmt.Appendf(nil, "layer\x00%q%q%q%q%q%v", c.ID, c.Title, c.Description, c.geometryName, c.Rights, c.Schema.Fields)
	for i := range l.Features {
		b, _ = geojson.AppendFeature(b, &c.Schema, &l.Features[i])
	}
	return sumOf(b)
}
