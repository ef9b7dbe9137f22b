package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"demarc/data"
)

// sum returns the first n hexadecimal digits of a sum over the parts.
func sum(n int, parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:])[:n]
}

var notInID = regexp.MustCompile(`[^a-z0-9]+`)

// slug returns text as part of an id: lower-case letters and digits with single
// hyphens between them, at most 48 long; empty where nothing of it is left.
func slug(text string) string {
	s := strings.Trim(notInID.ReplaceAllString(strings.ToLower(text), "-"), "-")
	return strings.Trim(s[:min(len(s), 48)], "-")
}

// sourceID returns an id for a record of a dataset, the same for the same record.
// Where the dataset's own id does not survive in it, a sum tells them apart.
func sourceID(dataset, own string) string {
	id := slug(own)
	if id != strings.ToLower(own) {
		id = strings.Trim(id+"-"+sum(8, own), "-")
	}
	return dataset + "-" + id
}

// partyID returns an id for an actor that a dataset knows by name alone.
func partyID(prefix, name string) string {
	id := strings.ToUpper(slug(name))
	return prefix + "-" + strings.Trim(id+"-"+strings.ToUpper(sum(4, name)), "-")
}

// placeID returns an id for a place that a dataset describes.
func placeID(prefix, label string, parts ...string) string {
	return prefix + "-" + strings.Trim(slug(label)+"-"+sum(8, append(parts, label)...), "-")
}

// involve adds a party and its part to an incident, once and in the order of ids.
func involve(records *data.Records, p data.Party, role string) {
	if !slices.ContainsFunc(records.Parties, func(o data.Party) bool { return o.ID == p.ID }) {
		records.Parties = append(records.Parties, p)
	}
	in := &records.Incidents[0]
	at, there := slices.BinarySearchFunc(in.Parties, p.ID, func(v data.Involved, id string) int { return strings.Compare(v.PartyID, id) })
	if !there {
		in.Parties = slices.Insert(in.Parties, at, data.Involved{PartyID: p.ID, Role: role})
	}
}

// cite adds a source to the records, once.
func cite(records *data.Records, s data.Source) {
	if !slices.ContainsFunc(records.Sources, func(o data.Source) bool { return o.ID == s.ID }) {
		records.Sources = append(records.Sources, s)
	}
}

// tell adds what a dataset says in its own words as an account; nothing where it
// says nothing.
func tell(in *data.Incident, party, text string, cited []data.Citation) {
	if strings.TrimSpace(text) == "" {
		return
	}
	account := data.Account{Party: party, Text: text}
	for _, c := range cited {
		account.SourceIDs = append(account.SourceIDs, c.SourceID)
	}
	in.Accounts = []data.Account{account}
}

// count reads a number of people of a column.
func (s *sink) count(r *row, column string) float64 {
	n, err := strconv.ParseFloat(r.values[column], 64)
	if err != nil || n < 0 || n != math.Trunc(n) || n > 1e9 {
		s.rowFault(r, column, "is not a count", "write a whole number, 0 or more")
		return 0
	}
	return n
}

// code reads one of the whole numbers from 1 to most.
func (s *sink) code(r *row, column string, most int) int {
	n, err := strconv.Atoi(r.values[column])
	if err != nil || n < 1 || n > most {
		s.rowFault(r, column, "is not a code of the codebook", fmt.Sprintf("write 1 to %d", most))
		return 1
	}
	return n
}

// text reads a column that must say something.
func (s *sink) text(r *row, column string) string {
	if strings.TrimSpace(r.values[column]) == "" {
		s.rowFault(r, column, "is empty", "write it, or leave the row out")
	}
	return r.values[column]
}

// position reads a longitude and a latitude in degrees.
func (s *sink) position(r *row, lonColumn, latColumn string) orb.Point {
	return orb.Point{s.degrees(r, lonColumn, r.values[lonColumn], 180), s.degrees(r, latColumn, r.values[latColumn], 90)}
}

func (s *sink) degrees(r *row, column, text string, most float64) float64 {
	text = strings.TrimSpace(text)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(math.Abs(x) <= most) || strings.ContainsAny(text, "xXpP_") {
		s.rowFault(r, column, "is not a coordinate", fmt.Sprintf("write degrees from %v to %v with a decimal point", -most, most))
		return 0
	}
	return x
}

// day reads a date of a column in any of the layouts of package time.
func (s *sink) day(r *row, column, mend string, layouts ...string) data.Date {
	text := strings.TrimSpace(r.values[column])
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1 {
			return dateOf(t)
		}
	}
	s.rowFault(r, column, "is not a date", mend)
	return data.Date{}
}

func dateOf(t time.Time) data.Date {
	return data.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// exactly is a figure that was given as one number.
func exactly(n float64, asReported string) data.Amount {
	return data.Amount{Kind: "exact", Value: &n, Min: &n, Max: &n, AsReported: asReported}
}

// between is a figure with a best estimate and its bounds.
func between(low, best, high float64, asReported string) data.Amount {
	if low == high {
		return exactly(best, asReported)
	}
	return data.Amount{Kind: "range", Value: &best, Min: &low, Max: &high, AsReported: asReported}
}

var notInTitle = regexp.MustCompile(`(?i)\d|\b(invasion|invad\w*|aggress\w*|provocat\w*|terroris\w*|gangs?|bandits?|(living|human) shields?|martyr\w*|liberat\w*|occupiers?)\b`)

// titled makes a title of what happened and where: neutral, and without digits. Of
// the names of the place the first one that is both is taken.
func titled(what string, places ...string) string {
	for _, p := range places {
		if p = strings.TrimSpace(p); p != "" && !notInTitle.MatchString(p) {
			return what + " at " + p
		}
	}
	return what
}

// located makes the place of an incident.
type located struct {
	prefix, label           string
	kind, precision         string
	uncertaintyKM           float64
	country, admin1, admin2 string
	at                      orb.Point
	positionSource, note    string
}

func (l located) place() data.Place {
	p := data.Place{
		ID:    placeID(l.prefix, l.label, l.country, l.admin1, l.admin2, l.precision, fmt.Sprint(l.at)),
		Label: l.label, Kind: l.kind, Names: []data.PlaceName{}, Precision: l.precision, UncertaintyKM: l.uncertaintyKM,
		Position: []float64{l.at[0], l.at[1]}, PositionSource: l.positionSource, Note: l.note,
	}
	if code := countryCode(l.country); code != "" {
		p.Admin = []data.AdminUnit{{Country: code, Admin1: l.admin1, Admin2: l.admin2}}
	} else {
		p.Note = strings.TrimSpace(strings.Join([]string{l.note, strings.Trim(strings.Join([]string{l.admin2, l.admin1, l.country}, ", "), ", ")}, " "))
	}
	return p
}

// nowhere is place for one that nobody has a position of, which is better than a
// false one.
func (l located) nowhere() data.Place {
	p := l.place()
	p.Position, p.PositionSource = nil, ""
	return p
}
