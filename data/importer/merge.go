package importer

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo/geodesic"
)

// Known is what stands already, by which new records are told from old ones and
// from likely duplicates. It holds a sum of each record and of incidents where
// and when they were, not the records. It is for one goroutine.
type Known struct {
	records map[string]known // by kind/id
	days    map[int64][]sight
	at      map[string]spot // by place
}

type known struct {
	sum       [16]byte
	takenBack bool
}

// sight is an incident as far as a duplicate could be seen by it.
type sight struct {
	id, typ string
	file    bool // from the file at hand, which tells its events apart
	spot
}

type spot struct {
	at orb.Point
	km float64
	ok bool
}

// NextFile says that what is merged from now on comes from another file.
func (k *Known) NextFile() {
	for _, list := range k.days {
		for i := range list {
			list[i].file = false
		}
	}
}

// NewKnown returns what is known of nothing.
func NewKnown() *Known {
	return &Known{records: map[string]known{}, days: map[int64][]sight{}, at: map[string]spot{}}
}

// Add notes a version that stands; drafts are passed over.
func (k *Known) Add(v data.Version) error {
	if v.Draft() {
		return nil
	}
	name := string(v.Kind) + "/" + v.ID
	if !v.Stands() {
		k.records[name] = known{takenBack: true}
		return nil
	}
	r, err := data.DecodeRecord(v.Kind, v.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return k.AddRecord(r)
}

// AddRecord notes a record that stands.
func (k *Known) AddRecord(r data.Record) error {
	body, err := r.Encode()
	if err != nil {
		return err
	}
	k.note(r, sumOf(body), false)
	return nil
}

func sumOf(body []byte) (s [16]byte) {
	full := sha256.Sum256(body)
	copy(s[:], full[:])
	return s
}

func (k *Known) note(r data.Record, sum [16]byte, file bool) {
	k.records[string(r.Kind)+"/"+r.ID()] = known{sum: sum}
	switch v := r.Value.(type) {
	case *data.Place:
		k.at[v.ID] = spotOf(v.Position, v.UncertaintyKM)
	case *data.Incident:
		s := k.sight(v)
		s.file = file
		for _, day := range daysOf(v) {
			if !slices.ContainsFunc(k.days[day], func(o sight) bool { return o.id == s.id }) {
				k.days[day] = append(k.days[day], s)
			}
		}
	}
}

func spotOf(position []float64, km float64) spot {
	if len(position) != 2 {
		return spot{}
	}
	return spot{orb.Point{position[0], position[1]}, km, true}
}

func (k *Known) sight(in *data.Incident) sight {
	s := sight{id: in.ID, typ: in.Type, spot: k.at[in.PlaceID]}
	if in.Location != nil && len(in.Location.Position) == 2 {
		s.spot = spotOf(in.Location.Position, in.Location.UncertaintyKM)
	}
	return s
}

// daysOf returns the days of an incident that lasted up to a week; longer ones,
// and those known to a month only, tell nothing of duplicates.
func daysOf(in *data.Incident) []int64 {
	when := in.When()
	var days []int64
	for t := when.From; t.Before(when.To); t = t.AddDate(0, 0, 1) {
		if days = append(days, t.Unix()/int64(24*time.Hour/time.Second)); len(days) > 7 {
			return nil
		}
	}
	return days
}

// Merged is what an item makes of what is known.
type Merged struct {
	Changes []data.Change
	// New and Changed count the records by kind; Same is for incidents that stand
	// just so already, TakenBack for those that were retracted or redacted.
	New, Changed    map[data.Kind]int
	Same, TakenBack int
	// Duplicates are incidents of other datasets that a new one may be: of the same
	// type, on the same day, nearby. Nothing is merged.
	Duplicates []string
}

// Merge returns the changes that bring in an item, and takes note of them. Only
// incidents are changed where they stand already: parties, places and sources may
// have been edited since, and stay. Segments and areas are taken as they come.
func (k *Known) Merge(it *Item) (Merged, error) {
	m := Merged{New: map[data.Kind]int{}, Changed: map[data.Kind]int{}}
	for r := range it.Records.Each() {
		name := string(r.Kind) + "/" + r.ID()
		before, stands := k.records[name]
		keeps := r.Kind == data.Sources || r.Kind == data.Parties || r.Kind == data.Places
		if stands && before.takenBack && r.Kind == data.Incidents {
			m.TakenBack++
			continue
		}
		if stands && keeps && !before.takenBack {
			continue
		}
		body, err := r.Encode()
		if err != nil {
			return m, err
		}
		sum := sumOf(body)
		if stands && before.sum == sum {
			if r.Kind == data.Incidents {
				m.Same++
			}
			continue
		}
		if in, ok := r.Value.(*data.Incident); ok && !stands {
			m.Duplicates = append(m.Duplicates, k.duplicates(in, it.Dataset)...)
		}
		if stands {
			m.Changed[r.Kind]++
		} else {
			m.New[r.Kind]++
		}
		k.note(r, sum, true)
		m.Changes = append(m.Changes, data.Change{Kind: r.Kind, ID: r.ID(), Operation: data.Put, Body: body, Expect: -1})
	}
	return m, nil
}

// duplicates returns the incidents that a new one may be. Two that one dataset
// tells apart are none.
func (k *Known) duplicates(in *data.Incident, dataset string) (out []string) {
	s := k.sight(in)
	if !s.ok {
		return nil
	}
	seen := map[string]bool{}
	for _, day := range daysOf(in) {
		for _, o := range k.days[day] {
			if seen[o.id] || o.file || !o.ok || o.typ != s.typ || dataset != "" && strings.HasPrefix(o.id, dataset+"-") {
				continue
			}
			km := geodesic.Distance(s.at, o.at) / 1000
			if km <= max(s.km, o.km, 10) {
				seen[o.id] = true
				out = append(out, fmt.Sprintf("%s may be %s: the same day and type, %.1f km apart", in.ID, o.id, km))
			}
		}
	}
	return out
}
