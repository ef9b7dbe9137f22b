package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"

	"demarc/data"
	"demarc/data/image"
	"demarc/data/packed"
)

// errOther says that an image is not of the records that it is to go with.
var errOther = errors.New("it was not made of these records")

// imaged is what an image says of a snapshot beside the arrays of its incidents and
// claims.
type imaged struct {
	All, Incidents sum              // of all records, and of the incidents alone
	Places         map[string]int64 // of each place how many incidents it has
	Sources        map[string]int64 // of each source how many claims rest on it
	Parties        map[string]usesImaged
	Parts          map[string]int // by collection
}

type usesImaged struct{ Incidents, Made, About int64 }

// The sections of an image; those of a part have its name before them.
const (
	imagedSection = "snapshot"
	wordsSection  = "words"
)

// WriteImage writes what the snapshot's incidents and claims are made of: FromImage
// makes the same snapshot of it and of the other records. Nothing of it tells of
// records that do not stand in the snapshot. It costs what is written, and little
// memory.
func (s *Snapshot) WriteImage(w *image.Writer) error {
	about := imaged{All: s.sum, Places: map[string]int64{}, Sources: map[string]int64{}, Parties: map[string]usesImaged{}, Parts: map[string]int{}}
	about.Incidents = s.sum.minus(s.sumOfRest())
	s.records.places.each(func(x *data.Place) bool { about.Places[x.ID] = s.counted(countedPlaces, x.ID)[0]; return true })
	s.records.sources.each(func(x *data.Source) bool { about.Sources[x.ID] = s.counted(countedSources, x.ID)[0]; return true })
	s.records.parties.each(func(x *data.Party) bool {
		n := s.counted(countedParties, x.ID)
		about.Parties[x.ID] = usesImaged{n[0], n[1], n[2]}
		return true
	})
	for _, id := range []string{"incidents", "claims"} {
		views := s.own(id).views
		about.Parts[id] = len(views)
		for i, v := range views {
			p := partWriter{w: w, v: v, name: partName(id, i)}
			if v.dead.count > 0 {
				p.rows = v.living()
			}
			if err := p.write(); err != nil {
				return fmt.Errorf("write the image of %s: %w", id, err)
			}
		}
	}
	words := s.records.dict.Used(s.eachPacked)
	if err := w.Texts(wordsSection, len(words), blockRows, func(i int) string { return words[i] }); err != nil {
		return fmt.Errorf("write the image's words: %w", err)
	}
	b, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return w.Bytes(imagedSection, b)
}

// counted returns what a record counts that is one of the kinds of countedKinds.
func (s *Snapshot) counted(kind int, id string) counts {
	k := &countedKinds[kind]
	return k.counted(s.own(string(k.kind)), id)
}

// sumOfRest returns the checksum of the records that are no incidents.
func (s *Snapshot) sumOfRest() sum {
	var all, one sum
	var buffer []byte
	for r := range s.eachRest {
		one, buffer = sumOfRecord(r, buffer)
		all = all.plus(one)
	}
	return all
}

// eachPacked yields every incident, packed.
func (s *Snapshot) eachPacked(yield func(src string) bool) {
	for _, v := range s.own("incidents").views {
		for row := range v.n {
			if !v.dead.has(row) && !yield(v.records.at(row)) {
				return
			}
		}
	}
}

// FromImage builds the snapshot of which the image was written, where rest are its
// records but for the incidents, and layers those to serve beside them. It is an error
// where they are not, and image.ErrDamaged. It is some twenty times quicker than Build;
// what KeepEncoded has room for is encoded by Encode.
func FromImage(r *image.Reader, rest *data.Records, layers ...data.Layer) (*Snapshot, error) {
	s, err := fromImage(r, rest, layers)
	if err != nil {
		return nil, fmt.Errorf("build snapshot of its image: %w", err)
	}
	return s, nil
}

func fromImage(r *image.Reader, rest *data.Records, layers []data.Layer) (*Snapshot, error) {
	b, err := r.Bytes(imagedSection)
	if err != nil {
		return nil, err
	}
	var about imaged
	if err := json.Unmarshal(b, &about); err != nil {
		return nil, fmt.Errorf("%w: %w", image.ErrDamaged, err)
	}
	words, err := r.Strings(wordsSection, blockRows)
	if err != nil {
		return nil, err
	}
	x := &Incidents{dict: packed.DictionaryOf(words), sum: about.Incidents, places: about.Places, sources: about.Sources, parties: map[string]partyUses{}}
	for id, u := range about.Parties {
		x.parties[id] = partyUses{u.Incidents, u.Made, u.About}
	}
	s, err := build(rest, x, &imageOf{r, about.Parts}, layers)
	if err == nil && s.sum != about.All {
		err = errOther
	}
	return s, err
}

// imageOf is an image, and how many parts the collections have in it.
type imageOf struct {
	*image.Reader
	parts map[string]int
}

func partName(collection string, i int) string { return fmt.Sprintf("%s/%d/", collection, i) }

// restore makes the collection of its parts in the image.
func (c *Collection) restore(from *imageOf) (*Collection, error) {
	parts := make([]*part, from.parts[c.ID])
	for i := range parts {
		var err error
		if parts[i], err = readPart(from.Reader, partName(c.ID, i), &c.Schema); err != nil {
			return nil, err
		}
	}
	if len(parts) == 0 {
		parts = append(parts, assemble(everyone(), &c.Schema, nil))
	}
	c.hold(parts[0])
	for _, p := range parts[1:] {
		v := &view{part: p}
		v.count()
		c.views = append(c.views, v)
		c.spread(v)
		c.count += v.live
	}
	return c, nil
}

// Encode encodes the features of a snapshot that was built from an image, as far as
// KeepEncoded has room. Others read the snapshot meanwhile.
func (s *Snapshot) Encode() {
	for _, c := range s.Collections() {
		for _, v := range c.views {
			if v.encoded.Load() == nil {
				v.encode(beside(), encodedRoom)
			}
		}
	}
}
