package importer

import (
	"cmp"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
	"demarc/geo/format/csv"
)

// readMapped reads a CSV file by the mapping.
func (s *sink) readMapped(r io.Reader) {
	t, err := newTable(r)
	if err != nil {
		s.broken(s.tableFault(err))
		return
	}
	m := s.mapping(t.columns)
	switch {
	case m != nil && m.check(s, t.columns, false):
		s.rows(t, func(r *row) { s.mapped(m, r) })
	case s.o.Plain:
		s.rows(t, func(*row) {})
	}
}

// words returns what a field of a row says, in the words of the mapping.
func (s *sink) words(r *row, m *Mapping, f *Field) string {
	v := strings.TrimSpace(r.values[f.Column])
	if f.Column == "" || v == "" {
		return f.Value
	}
	if m.Guarded {
		v = csv.Unguard(v)
	}
	if f.Words == nil {
		return v
	}
	if word, ok := f.Words[v]; ok {
		return word
	}
	if f.Value == "" {
		s.rowFault(r, f.Column, "is a word that the mapping does not have", "add it to words, or write a value for all others")
	}
	return f.Value
}

// mapped makes an incident of a row.
func (s *sink) mapped(m *Mapping, r *row) {
	s.dataset = m.Dataset.ID
	say := func(f *Field) string { return s.words(r, m, f) }
	own := cmp.Or(say(&m.ID), r.id)
	if own == "" {
		s.rowFault(r, m.ID.Column, "has no id", "give each row an id, so that the file can be imported again")
	}
	in := data.Incident{ID: sourceID(m.Dataset.ID, own), Theatre: cmp.Or(say(&m.Theatre), s.o.Theatre), Type: say(&m.Type)}
	in.Start = s.date(r, m, &m.Start)
	in.End = in.Start
	if say(&m.End) != "" {
		in.End = s.date(r, m, &m.End)
	}
	place := s.mappedPlace(r, m)
	if r.bad {
		return
	}
	dataset := m.source()
	what := strings.ReplaceAll(in.Type, "_", " ")
	in.PlaceID, in.Title = place.ID, titled(strings.ToUpper(what[:min(1, len(what))])+what[min(1, len(what)):], place.Label, say(&m.Country))
	in.Summary = "From the dataset named as source; the parties, the day and the figures are its own."
	in.Occurrence, in.OccurrenceReason = cmp.Or(say(&m.Occurrence), "probable"), "As "+m.claimant()+" has it."
	records := data.Records{Incidents: []data.Incident{in}, Places: []data.Place{place}, Sources: []data.Source{dataset}}
	cited := []data.Citation{{SourceID: dataset.ID, Locator: own}}
	if publisher := say(&m.Source); publisher != "" {
		u := say(&m.SourceURL)
		src := data.Source{ID: m.Dataset.ID + "-src-" + sum(12, publisher, u), Publisher: publisher, URL: u, Note: "As named by " + m.claimant() + "; not seen here."}
		cite(&records, src)
		cited = append(cited, data.Citation{SourceID: src.ID})
	}
	parties := s.mappedParties(r, m, &records)
	for i := range m.Claims {
		s.mappedClaim(r, m, i, &records.Incidents[0], parties, cited)
	}
	text := r.values[m.Text.Column] // as it is, blanks and all
	if m.Guarded {
		text = csv.Unguard(text)
	}
	tell(&records.Incidents[0], m.claimant(), cmp.Or(text, m.Text.Value), cited)
	s.add(r, records)
}

func (m *Mapping) claimant() string { return cmp.Or(m.Dataset.Claimant, m.Dataset.Publisher) }

// source returns the dataset as a source.
func (m *Mapping) source() data.Source {
	d := &m.Dataset
	s := data.Source{ID: d.ID, Publisher: d.Publisher, Title: d.Title, Date: d.Date, URL: d.URL, Lang: d.Lang}
	if d.Licence != "" {
		s.Note = "Licence: " + d.Licence + "."
	}
	return s
}

func (s *sink) mappedPlace(r *row, m *Mapping) data.Place {
	say := func(f *Field) string { return s.words(r, m, f) }
	label := say(&m.Place)
	if label == "" {
		s.rowFault(r, m.Place.Column, "names no place", "write it, or give the mapping a value for places without a name")
	}
	l := located{
		prefix: m.Dataset.ID, label: label, kind: "other", precision: cmp.Or(say(&m.Precision), "area"),
		country: say(&m.Country), admin1: say(&m.Admin1), admin2: say(&m.Admin2), positionSource: m.Dataset.Publisher,
	}
	if km := say(&m.UncertaintyKM); km != "" {
		x, err := strconv.ParseFloat(km, 64)
		if err != nil || !(x >= 0 && x <= 20_000) {
			s.rowFault(r, m.UncertaintyKM.Column, "is not a distance in kilometres", "write 0 or more")
		}
		l.uncertaintyKM = x
	}
	switch g := r.geometry.(type) {
	case nil:
		if !m.Lon.given() {
			return l.nowhere()
		}
	case orb.Point:
		if !m.Lon.given() {
			l.at = g
			return l.place()
		}
	default:
		if !m.Lon.given() {
			r.bad = true
			s.fault(r.line, "geometry", g.GeoJSONType(), "is not a point, and an incident stands at one", "write the point and its uncertainty; ogr2ogr -dialect sqlite -sql with ST_PointOnSurface makes points")
			return data.Place{}
		}
	}
	lon, lat := say(&m.Lon), say(&m.Lat)
	if lon == "" && lat == "" {
		return l.nowhere()
	}
	l.at = orb.Point{s.degrees(r, m.Lon.Column, lon, 180), s.degrees(r, m.Lat.Column, lat, 90)}
	return l.place()
}

// date reads a date in the form of the mapping, and without one in ours, which may
// be a month or a year alone.
func (s *sink) date(r *row, m *Mapping, f *Field) data.Date {
	text := s.words(r, m, f)
	if m.DateForm == "" {
		d, err := data.ParseDate(text)
		if err != nil || d.IsZero() {
			s.rowFault(r, f.Column, "is not a date of the form YYYY-MM-DD, YYYY-MM or YYYY", "write it so, or name the file's form in date_form")
		}
		return d
	}
	layout, _ := layoutOf(m.DateForm) // it was checked with the mapping
	t, err := time.Parse(layout, text)
	if err != nil || t.Year() < 1 {
		s.rowFault(r, f.Column, "is not a date of the form "+m.DateForm, "mend it, or the form in date_form")
		return data.Date{}
	}
	return dateOf(t)
}

// layoutOf turns a form such as DD/MM/YYYY into a layout of package time.
func layoutOf(form string) (string, error) {
	rest, layout, parts := form, "", 0
	for rest != "" {
		for _, w := range [...][2]string{{"YYYY", "2006"}, {"YY", "06"}, {"MMMM", "January"}, {"MMM", "Jan"}, {"MM", "01"}, {"DD", "02"}, {"D", "2"}, {"M", "1"}} {
			if after, ok := strings.CutPrefix(rest, w[0]); ok {
				rest, layout, parts = after, layout+w[1], parts+1
				break
			}
		}
		if rest == "" {
			break
		}
		if !strings.ContainsAny(rest[:1], "YMD") {
			if strings.ContainsAny(rest[:1], "0123456789_") {
				return "", errors.New("holds a digit or an underscore")
			}
			layout, rest = layout+rest[:1], rest[1:]
		} else if !strings.HasPrefix(rest, "Y") && !strings.HasPrefix(rest, "M") && !strings.HasPrefix(rest, "D") || rest == "Y" {
			return "", errors.New("is not a form of dates")
		}
	}
	if form != "" && parts != 3 {
		return "", errors.New("does not have a year, a month and a day")
	}
	return layout, nil
}

// mappedParties returns the id of each party of the mapping, empty where the row
// names none.
func (s *sink) mappedParties(r *row, m *Mapping, records *data.Records) []string {
	ids := make([]string, len(m.Parties))
	for i := range m.Parties {
		f := &m.Parties[i]
		name := s.words(r, m, &f.Name)
		if name == "" {
			continue
		}
		p := data.Party{ID: partyID(strings.ToUpper(m.Dataset.ID), name), Name: name, Kind: cmp.Or(s.words(r, m, &f.Kind), "unknown")}
		involve(records, p, f.Role)
		ids[i] = p.ID
	}
	return ids
}

// mappedClaim adds the claim of one figure, whose number is that of the mapping.
func (s *sink) mappedClaim(r *row, m *Mapping, i int, in *data.Incident, parties []string, cited []data.Citation) {
	f := &m.Claims[i]
	value, ok := s.figure(r, m, f)
	if !ok {
		return
	}
	whose := data.AllParties
	if f.Of != nil {
		if whose = parties[*f.Of]; whose == "" {
			s.rowFault(r, f.Value.Column, "is a figure of a party that the row does not name", "name the party, or leave the figure out")
			return
		}
	}
	in.Claims = append(in.Claims, data.Claim{
		ID: in.ID + ".c" + strconv.Itoa(i+1), Metric: f.Metric, Value: value, AffectedParty: whose,
		Status: cmp.Or(f.Status, "unspecified"), Coverage: cmp.Or(f.Coverage, "whole"),
		Claimant:  data.Claimant{Name: m.claimant(), Type: cmp.Or(m.Dataset.ClaimantType, "dataset")},
		ClaimedOn: m.Dataset.Date, Verification: "media_sourced", Sources: cited,
	})
}

// figure reads a number with its bounds; not ok where the columns are empty. A
// lone low is "at least", a lone high "up to".
func (s *sink) figure(r *row, m *Mapping, f *ClaimField) (a data.Amount, ok bool) {
	read := func(of *Field) *float64 {
		text := s.words(r, m, of)
		if text == "" {
			return nil
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(x >= 0 && x <= 1e15) || strings.ContainsAny(text, "xXpP_") {
			s.rowFault(r, of.Column, "is not a figure", "write a number, 0 or more, or leave it empty")
		}
		ok = true
		return &x
	}
	best, low, high := read(&f.Value), read(&f.Low), read(&f.High)
	var words []string
	for _, of := range []*Field{&f.Value, &f.Low, &f.High} {
		if v := r.values[of.Column]; v != "" && of.Column != "" {
			words = append(words, of.Column+" "+v)
		}
	}
	text := strings.Join(words, ", ")
	switch {
	case !ok || r.bad:
		return a, false
	case low == nil && high == nil:
		return exactly(*best, text), true
	case low != nil && high != nil && (*low > *high || best != nil && (*best < *low || *best > *high)):
		s.rowFault(r, cmp.Or(f.Value.Column, f.Low.Column), "does not lie between its low and high", "mend one of the three")
		return a, false
	case low != nil && high != nil && *low == *high:
		return exactly(*low, text), true
	case low != nil && high != nil:
		return data.Amount{Kind: "range", Value: best, Min: low, Max: high, AsReported: text}, true
	case low != nil:
		return data.Amount{Kind: "at_least", Value: low, Min: low, AsReported: text}, true
	}
	return data.Amount{Kind: "up_to", Value: high, Max: high, AsReported: text}, true
}
