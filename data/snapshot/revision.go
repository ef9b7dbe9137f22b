package snapshot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"

	"demarc/data"
	"demarc/geo/format/geojson"
)

// sum is a checksum of a set of things: the sum of theirs, whatever their order,
// so that one can be put in or taken out without looking at the others.
type sum [4]uint64

// sumOf returns the checksum of one thing.
func sumOf(kind string, content []byte) sum {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00", kind)
	h.Write(content)
	var s sum
	digest := h.Sum(nil)
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

// sumOfRecord returns the checksum of a record: all of it, also what only a single
// feature shows.
func sumOfRecord(r data.Record) (sum, error) {
	body, err := r.Encode()
	if err != nil {
		return sum{}, err
	}
	return sumOf(string(r.Kind), body), nil
}

// sumOfAll returns the checksum of all records.
func sumOfAll(r *data.Records) (sum, error) {
	var all sum
	for record := range r.Each() {
		if record.Kind == data.Incidents {
			break // the last kind, and by far the most
		}
		one, err := sumOfRecord(record)
		if err != nil {
			return sum{}, err
		}
		all = all.plus(one)
	}
	n := (len(r.Incidents) + chunkUnits - 1) / chunkUnits
	sums, errs := make([]sum, n), make([]error, n)
	inParallel(n, func(i int) {
		for j := i * chunkUnits; j < min((i+1)*chunkUnits, len(r.Incidents)) && errs[i] == nil; j++ {
			var one sum
			one, errs[i] = sumOfRecord(data.Record{Kind: data.Incidents, Value: &r.Incidents[j]})
			sums[i] = sums[i].plus(one)
		}
	})
	for i := range sums {
		if errs[i] != nil {
			return sum{}, errs[i]
		}
		all = all.plus(sums[i])
	}
	return all, nil
}

// sumOfLayer returns the checksum of a layer's collection, of which there is no
// record.
func sumOfLayer(c *Collection, l *data.Layer) sum {
	b := fmt.Appendf(nil, "%q%q%q%q%q%v", c.ID, c.Title, c.Description, c.geometryName, c.Rights, c.Schema.Fields)
	for i := range l.Features {
		b, _ = geojson.AppendFeature(b, &c.Schema, &l.Features[i])
	}
	return sumOf("layer", b)
}
