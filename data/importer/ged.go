package importer

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"demarc/data"
)

// gedColumns are the columns of UCDP GED (codebooks of 23.1, 24.1 and 25.1, the
// same 49 in each) that a record cannot be made without.
var gedColumns = []string{"id", "type_of_violence", "side_a", "side_b", "where_prec", "latitude", "longitude", "country",
	"date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low"}

// gedTypes are the types of violence, 1 to 3.
var gedTypes = [...]struct{ words, typ, title string }{
	1: {"state-based violence", "armed_clash", "Armed clash"},
	2: {"non-state violence", "armed_clash", "Armed clash"},
	3: {"one-sided violence", "attack_on_civilians", "Attack on civilians"},
}

// gedPlaces say what where_prec 1 to 7 means in our words. The codebook gives a
// distance for 2 alone (25 km); the others are our convention for drawing.
var gedPlaces = [...]struct {
	kind, precision string
	km              float64
}{
	1: {"other", "village", 5},
	2: {"other", "area", 25},
	3: {"district", "district", 50},
	4: {"region", "region", 150},
	5: {"other", "region", 150},
	6: {"country", "country", 500},
	7: {"other", "none", 0},
}

// A gedReader reads a download of UCDP GED or of its Candidate events.
type gedReader struct {
	*sink
	theatre string
	dataset data.Source
	name    string    // UCDP GED 25.1
	said    data.Date // of the release
}

var gedRelease = regexp.MustCompile(`^(\d\d)\.(\d{1,2})(\.(\d{1,2}))?$`)

func (s *sink) readGED(r io.Reader) {
	release := gedRelease.FindStringSubmatch(s.o.Release)
	if release == nil {
		s.fault(0, "", s.o.Release, "is told no release of UCDP GED", "name it with --release, as 25.1 or, for Candidate events, 25.0.9")
	}
	theatre := s.theatre()
	if release == nil || theatre == "" {
		return
	}
	year, _ := strconv.Atoi(release[1])
	g := &gedReader{sink: s, theatre: theatre, name: "UCDP GED " + s.o.Release, said: data.Date{Year: 2000 + year}}
	if month, _ := strconv.Atoi(release[4]); release[2] == "0" && month >= 1 && month <= 12 {
		g.name, g.said.Month = "UCDP Candidate GED "+s.o.Release, month
	}
	g.dataset = data.Source{
		ID: "ucdp-ged-" + s.o.Release, Publisher: "Uppsala Conflict Data Program (UCDP)", Lang: "en",
		Title: g.name + ": Georeferenced Event Dataset", Date: g.said, URL: "https://ucdp.uu.se/downloads/",
		Note: "Licence: CC BY 4.0. Cite Sundberg and Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50(4), and the article of the release.",
	}
	s.dataset = "ucdp-ged"
	s.eachRow(r, gedColumns, "take the CSV of UCDP GED as it is downloaded; a table with other columns is read with --format csv --map FILE", g.row)
}

func (g *gedReader) row(r *row) {
	violence := g.code(r, "type_of_violence", 3)
	id := "ucdp-ged-" + slug(g.text(r, "id"))
	start, end := g.date(r, "date_start"), g.date(r, "date_end")
	place := g.place(r)
	if r.bad {
		return
	}
	in := data.Incident{
		ID: id, Theatre: g.theatre, Type: gedTypes[violence].typ, Start: start, End: end, PlaceID: place.ID,
		Title:      titled(gedTypes[violence].title, r.values["where_coordinates"], r.values["adm_2"], r.values["adm_1"], r.values["country"]),
		Summary:    g.name + " codes " + gedTypes[violence].words + " here; the parties, the day and the figures are UCDP's.",
		Occurrence: "probable", OccurrenceReason: g.reason(r),
		Mapping: &data.CodingHint{ACLED: "not stated", UCDP: strconv.Itoa(violence) + " " + strings.TrimSuffix(gedTypes[violence].words, " violence")},
		Note:    g.note(r),
	}
	records := data.Records{Incidents: []data.Incident{in}, Places: []data.Place{place}, Sources: []data.Source{g.dataset}}
	articles := g.articles(r)
	for _, a := range articles {
		cite(&records, a)
	}
	a, b := g.party(r, "side_a"), g.party(r, "side_b")
	involve(&records, a, "side A")
	involve(&records, b, "side B")
	g.claims(r, &records, a, b, articles)
	g.add(r, records)
}

// date reads a day, which downloads write with a time of midnight.
func (g *gedReader) date(r *row, column string) data.Date {
	return g.day(r, column, "write it as 2022-09-16", time.DateOnly, "2006-01-02 15:04:05.000", time.DateTime, "2006-01-02T15:04:05")
}

func (g *gedReader) reason(r *row) string {
	reason := "Coded by " + g.name
	if n := r.values["number_of_sources"]; n != "" && n != "-1" {
		reason += ", number of sources " + n
	}
	switch r.values["event_clarity"] {
	case "1":
		reason += ", event clarity 1 (clearly reported)"
	case "2":
		reason += ", event clarity 2 (part of a larger report)"
	}
	return reason + "; not checked by others."
}

// note keeps what has no field of its own.
func (g *gedReader) note(r *row) string {
	parts := []string{"UCDP event " + r.values["id"]}
	for _, c := range []string{"relid", "dyad_name", "conflict_name", "date_prec", "code_status", "where_description"} {
		if v := r.values[c]; v != "" {
			parts = append(parts, c+" "+v)
		}
	}
	return strings.Join(parts, "; ")
}

func (g *gedReader) place(r *row) data.Place {
	precision := g.code(r, "where_prec", 7)
	g.code(r, "date_prec", 5)
	is := gedPlaces[precision]
	label := cmp.Or(r.values["where_coordinates"], r.values["adm_2"], r.values["adm_1"], g.text(r, "country"))
	return located{
		prefix: "ucdp", label: label, kind: is.kind, precision: is.precision, uncertaintyKM: is.km,
		country: r.values["country"], admin1: r.values["adm_1"], admin2: r.values["adm_2"], at: g.position(r, "longitude", "latitude"),
		positionSource: "UCDP GED (CC BY 4.0), where_prec " + strconv.Itoa(precision),
	}.place()
}

// ucdpCivilians is the party of the civilian dead, and side B of one-sided violence.
var ucdpCivilians = data.Party{ID: "UCDP-CIVILIANS", Name: "Civilians", Kind: "civilians"}

func (g *gedReader) party(r *row, column string) data.Party {
	name := g.text(r, column)
	if name == ucdpCivilians.Name {
		return ucdpCivilians
	}
	p := data.Party{ID: partyID("UCDP", name), Name: name, Kind: "armed_group"}
	if own := r.values[column+"_new_id"]; own != "" {
		p.ID = "UCDP-" + strings.ToUpper(slug(own))
	}
	if strings.HasPrefix(name, "Government of ") {
		p.Kind = "state"
	}
	return p
}

// claims makes a claim of each figure, always with the same number: c1 all dead,
// c2 and c3 the sides', c4 civilians, c5 those of neither. Only the first may be
// nobody. While some dead are of neither, the others are parts that must not be
// added up.
func (g *gedReader) claims(r *row, records *data.Records, a, b data.Party, articles []data.Source) {
	in := &records.Incidents[0]
	low, best, high := g.count(r, "low"), g.count(r, "best"), g.count(r, "high")
	unknown := g.count(r, "deaths_unknown")
	if !r.bad && (best < low || best > high) {
		g.rowFault(r, "best", fmt.Sprintf("does not lie between low %v and high %v", low, high), "look the event up at ucdp.uu.se, and mend or leave out the row")
	}
	cited := []data.Citation{{SourceID: g.dataset.ID, Locator: "event " + r.values["id"]}}
	claim := func(number int, whose, status, coverage string, value data.Amount) {
		in.Claims = append(in.Claims, data.Claim{
			ID: in.ID + ".c" + strconv.Itoa(number), Metric: "killed", Value: value, AffectedParty: whose, Status: status, Coverage: coverage,
			Claimant: data.Claimant{Name: g.name, Type: "dataset"}, ClaimedOn: g.said,
			Verification: "media_sourced", VerificationText: "compiled by UCDP from the reports it names", Sources: cited,
		})
	}
	claim(1, data.AllParties, "mixed", "whole", between(low, best, high, fmt.Sprintf("best %v, low %v, high %v", best, low, high)))
	for _, article := range articles {
		in.Claims[0].Sources = append(in.Claims[0].Sources, data.Citation{SourceID: article.ID})
	}
	coverage := "whole"
	if unknown > 0 {
		coverage = "part"
	}
	for i, part := range []struct {
		column, party, status string
	}{{"deaths_a", a.ID, "unspecified"}, {"deaths_b", b.ID, "unspecified"}, {"deaths_civilians", ucdpCivilians.ID, "civilian"}, {"deaths_unknown", data.AllParties, "unspecified"}} {
		n := g.count(r, part.column)
		if n == 0 {
			continue
		}
		of := coverage
		if part.column == "deaths_unknown" {
			of = "part"
		}
		if part.party == ucdpCivilians.ID && !slices.ContainsFunc(records.Parties, func(p data.Party) bool { return p.ID == ucdpCivilians.ID }) {
			records.Parties = append(records.Parties, ucdpCivilians)
		}
		claim(i+2, part.party, part.status, of, exactly(n, part.column+" "+strconv.FormatFloat(n, 'f', -1, 64)))
	}
}

// articles returns the reports that UCDP names for the event. From 18.1 on office,
// date and headline of each stand in columns of their own, separated by ; as far
// as the numbers agree; else the text of source_article is one source.
func (g *gedReader) articles(r *row) []data.Source {
	cut := func(column string) []string { return strings.Split(r.values[column], ";") }
	offices, dates, headlines := cut("source_office"), cut("source_date"), cut("source_headline")
	const note = "As named by UCDP; not seen here." // without the release, so that the next one changes nothing
	if r.values["source_office"] == "" || len(offices) != len(dates) || len(offices) != len(headlines) {
		article := strings.Trim(strings.TrimSpace(r.values["source_article"]), `"`)
		if article == "" {
			return nil
		}
		return []data.Source{{ID: "ucdp-src-" + sum(12, article), Publisher: "Not told apart by UCDP", Title: article, Note: note}}
	}
	var out []data.Source
	for i := range offices {
		office, date, headline := strings.TrimSpace(offices[i]), strings.TrimSpace(dates[i]), strings.TrimSpace(headlines[i])
		if office == "" {
			continue
		}
		source := data.Source{ID: "ucdp-src-" + sum(12, office, date, headline), Publisher: office, Title: headline, Note: note}
		if d, err := data.ParseDate(date); err == nil {
			source.Date = d
		}
		out = append(out, source)
	}
	return out
}
