package importer

import (
	"cmp"
	"io"
	"strconv"
	"strings"
	"time"

	"demarc/data"
)

// acledColumns are the columns of an ACLED export (as of March 2023, which took
// data_id, iso3 and event_id_no_cnty away) that a record cannot be made without.
var acledColumns = []string{"event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2",
	"country", "location", "latitude", "longitude", "geo_precision", "source", "fatalities"}

// acledTypes are our types for ACLED's sub-event types. What is not here has no
// type of ours, and is left out: protests, and strategic developments that may be
// anything.
var acledTypes = map[string]struct{ typ, title string }{
	"Armed clash":                         {"armed_clash", "Armed clash"},
	"Government regains territory":        {"security_operation", "Security operation"},
	"Non-state actor overtakes territory": {"armed_clash", "Armed clash"},
	"Attack":                              {"attack_on_civilians", "Attack on civilians"},
	"Sexual violence":                     {"attack_on_civilians", "Attack on civilians"},
	"Abduction/forced disappearance":      {"abduction", "Abduction"},
	"Air/drone strike":                    {"air_drone_strike", "Air or drone strike"},
	"Shelling/artillery/missile attack":   {"shelling", "Shelling"},
	"Remote explosive/landmine/IED":       {"mine_explosion", "Explosion"},
	"Suicide bomb":                        {"armed_clash", "Explosion"},
	"Grenade":                             {"armed_clash", "Explosion"},
	"Chemical weapon":                     {"armed_clash", "Use of a chemical weapon"},
	"Mob violence":                        {"civilian_confrontation", "Confrontation between civilians"},
	"Violent demonstration":               {"civilian_confrontation", "Confrontation between civilians"},
	"Excessive force against protesters":  {"attack_on_civilians", "Attack on civilians"},
	"Agreement":                           {"agreement", "Agreement"},
	"Disrupted weapons use":               {"security_operation", "Security operation"},
	"Looting/property destruction":        {"property_destruction", "Destruction of property"},
	"Non-violent transfer of territory":   {"territorial_transfer", "Transfer of territory"},
}

// acledCivilianTypes are those whose type is another one where ACLED says that
// civilians were the target.
var acledCivilianTypes = map[string]bool{"Suicide bomb": true, "Grenade": true, "Chemical weapon": true}

// acledPlaces say what geo_precision 1 to 3 means; the distances are our
// convention for drawing.
var acledPlaces = [...]struct {
	kind, precision string
	km              float64
}{1: {"other", "village", 5}, 2: {"other", "area", 25}, 3: {"region", "region", 100}}

// acledParties are our kinds of party for ACLED's actor types, by code and, since
// 2024, by name.
var acledParties = map[string]string{
	"1": "state_body", "2": "armed_group", "3": "armed_group", "4": "armed_group", "5": "person_group", "6": "person_group", "7": "civilians", "8": "unknown",
	"state forces": "state_body", "rebel group": "armed_group", "rebel groups": "armed_group", "political militia": "armed_group", "political militias": "armed_group",
	"identity militia": "armed_group", "identity militias": "armed_group", "rioters": "person_group", "protesters": "person_group", "civilians": "civilians",
	"external/other forces": "unknown",
}

var acledDataset = data.Source{
	ID: "acled", Publisher: "Armed Conflict Location & Event Data (ACLED)", Title: "ACLED event data", URL: "https://acleddata.com/", Lang: "en",
	Note: "ACLED's terms of use and attribution policy hold for what is taken from it; read them before you publish it.",
}

type acledReader struct {
	*sink
	theatre string
}

func (s *sink) readACLED(r io.Reader) {
	if theatre := s.theatre(); theatre != "" {
		a := &acledReader{s, theatre}
		s.dataset = acledDataset.ID
		s.eachRow(r, acledColumns, "take the CSV of the export tool with all columns; a table with other columns is read with --format csv --map FILE", a.row)
	}
}

func (a *acledReader) row(r *row) {
	words := r.values["event_type"] + " / " + r.values["sub_event_type"]
	is, known := acledTypes[r.values["sub_event_type"]]
	if !known {
		a.leaveOut(words)
		return
	}
	if acledCivilianTypes[r.values["sub_event_type"]] && r.values["civilian_targeting"] != "" {
		is.typ = "attack_on_civilians"
	}
	start, end := a.dates(r)
	place := a.place(r)
	own := a.text(r, "event_id_cnty")
	if r.bad {
		return
	}
	in := data.Incident{
		ID: sourceID("acled", own), Theatre: a.theatre, Type: is.typ, Start: start, End: end, PlaceID: place.ID,
		Title:      titled(is.title, r.values["location"], r.values["admin2"], r.values["admin1"], r.values["country"]),
		Summary:    "ACLED codes this as " + words + "; the parties, the day and the figure are ACLED's.",
		Occurrence: "probable", OccurrenceReason: "Coded by ACLED from the reports it names, which it does not verify.",
		Mapping: &data.CodingHint{ACLED: words, UCDP: "not stated"},
		Note:    a.note(r),
	}
	records := data.Records{Incidents: []data.Incident{in}, Places: []data.Place{place}, Sources: []data.Source{acledDataset}}
	a.actors(r, &records)
	cited := a.sources(r, &records)
	n := a.count(r, "fatalities")
	first := &records.Incidents[0]
	first.Claims = []data.Claim{{
		ID: in.ID + ".c1", Metric: "killed", Value: exactly(n, "fatalities "+r.values["fatalities"]), AffectedParty: data.AllParties, Status: "mixed", Coverage: "whole",
		Claimant: data.Claimant{Name: "ACLED", Type: "dataset"}, ClaimedOn: a.updated(r),
		Verification: "media_sourced", VerificationText: "compiled by ACLED from the reports it names", Sources: cited,
		Note: "ACLED's figure is its conservative choice among the reports; 0 means that none reported a death.",
	}}
	tell(first, "ACLED", r.values["notes"], cited)
	a.add(r, records)
}

// dates returns the days between which the event was. ACLED codes the middle of
// the week (time_precision 2) or a day of the month (3) where it knows no more.
func (a *acledReader) dates(r *row) (start, end data.Date) {
	day := a.day(r, "event_date", "write it as 2022-09-16 or 16 September 2022", time.DateOnly, "2 January 2006", "02-January-2006", "02-Jan-2006", "2 Jan 2006")
	switch precision := a.code(r, "time_precision", 3); {
	case r.bad || precision == 1:
		return day, day
	case precision == 2:
		return dateOf(day.First().AddDate(0, 0, -3)), dateOf(day.First().AddDate(0, 0, 3))
	}
	month := data.Date{Year: day.Year, Month: day.Month}
	return month, month
}

func (a *acledReader) place(r *row) data.Place {
	precision := a.code(r, "geo_precision", 3)
	is := acledPlaces[precision]
	return located{
		prefix: "acled", label: a.text(r, "location"), kind: is.kind, precision: is.precision, uncertaintyKM: is.km,
		country: a.text(r, "country"), admin1: r.values["admin1"], admin2: cmp.Or(r.values["admin2"], r.values["admin3"]),
		at: a.position(r, "longitude", "latitude"), positionSource: "ACLED, geo_precision " + strconv.Itoa(precision),
	}.place()
}

func (a *acledReader) actors(r *row, records *data.Records) {
	for _, n := range []string{"1", "2"} {
		name := strings.TrimSpace(r.values["actor"+n])
		if name == "" {
			continue // one-sided events have no second actor
		}
		kind := cmp.Or(acledParties[strings.ToLower(r.values["inter"+n])], "unknown")
		involve(records, data.Party{ID: partyID("ACLED", name), Name: name, Kind: kind}, "actor "+n)
	}
}

// sources adds the outlets that ACLED names and returns what the claim rests on.
func (a *acledReader) sources(r *row, records *data.Records) []data.Citation {
	cited := []data.Citation{{SourceID: acledDataset.ID, Locator: "event " + r.values["event_id_cnty"]}}
	for _, name := range strings.Split(r.values["source"], ";") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		s := data.Source{ID: "acled-src-" + sum(12, name), Publisher: name, Note: "As named by ACLED, without title or address; not seen here."}
		cite(records, s)
		cited = append(cited, data.Citation{SourceID: s.ID})
	}
	return cited
}

// updated returns the day on which ACLED last changed the row.
func (a *acledReader) updated(r *row) data.Date {
	text := r.values["timestamp"]
	if text == "" {
		return data.Date{}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 || seconds > 1<<33 {
		a.rowFault(r, "timestamp", "is not a time in seconds since 1970", "leave the column as it was exported")
		return data.Date{}
	}
	return dateOf(time.Unix(seconds, 0).UTC())
}

// note keeps what has no field of its own.
func (a *acledReader) note(r *row) string {
	parts := []string{"ACLED event " + r.values["event_id_cnty"]}
	for _, c := range []string{"event_date", "time_precision", "disorder_type", "assoc_actor_1", "assoc_actor_2", "civilian_targeting", "source_scale", "tags"} {
		if v := r.values[c]; v != "" {
			parts = append(parts, c+" "+v)
		}
	}
	return strings.Join(parts, "; ")
}
