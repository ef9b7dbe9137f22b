package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"demarc/data"
	"demarc/geo/format/geojson"
)

// fullIncident is what items/{id} of incidents answers: flat properties, and the
// record itself in the members that end in detail.
type fullIncident struct {
	data.Incident
	// The flat ones are derived; these names hide the record's own.
	Start    any             `json:"start"`
	End      any             `json:"end"`
	Parties  any             `json:"parties"`
	Claims   any             `json:"claims"`
	ParentID *string         `json:"parent_id"`
	Actors   []fullParty     `json:"parties_detail"`
	Said     []data.Claim    `json:"claims_detail"`
	Told     []data.Account  `json:"accounts_detail"`
	Place    *data.Place     `json:"place_detail"`
	Sources  json.RawMessage `json:"sources_detail"`
	Dates    struct {
		Start data.Date `json:"start"`
		End   data.Date `json:"end"`
	} `json:"dates_detail"`
}

type fullParty struct {
	PartyID  string `json:"party_id"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	ParentID string `json:"parent_id"`
	Role     string `json:"role"`
}

// readRecords reads features in our full form.
func (s *sink) readRecords(r io.Reader) {
	s.eachFeature(r, func(v geojson.Visit) {
		row := &row{line: v.Line}
		records, err := fullRecords(v.Feature.Properties)
		if err != nil {
			s.fault(v.Line, "", "", err.Error(), "take what items/{id}?f=json of the collection incidents answers")
			return
		}
		s.give(row, records) // the parties that claims name are in the store
	})
}

// fullRecords returns the incident that properties hold in full, and what it
// refers to.
func fullRecords(properties []byte) (data.Records, error) {
	var full fullIncident
	dec := json.NewDecoder(bytes.NewReader(properties))
	if err := dec.Decode(&full); err != nil {
		return data.Records{}, fmt.Errorf("is not an incident in full: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if full.Said == nil || full.Place == nil {
		return data.Records{}, errors.New("is not an incident in full: claims_detail or place_detail is missing")
	}
	in := full.Incident
	in.Claims = full.Said
	if len(full.Told) > 0 {
		in.Accounts = full.Told
	}
	if full.ParentID != nil {
		in.ParentID = *full.ParentID
	}
	in.Start, in.End = full.Dates.Start, full.Dates.End
	records := data.Records{Places: []data.Place{*full.Place}}
	if err := json.Unmarshal(full.Sources, &records.Sources); err != nil {
		return data.Records{}, errors.New("has no sources_detail")
	}
	in.Parties = []data.Involved{}
	for _, p := range full.Actors {
		in.Parties = append(in.Parties, data.Involved{PartyID: p.PartyID, Role: p.Role})
	}
	records.Incidents = []data.Incident{in}
	return records, nil
}
