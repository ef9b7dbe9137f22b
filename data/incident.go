package data

import "demarc/geo"

// Incident is one event, with the claims and accounts that were given of it.
// It holds no figure of its own.
type Incident struct {
	ID               string      `json:"id"`
	Title            string      `json:"title"`
	Theatre          string      `json:"theatre"`
	Type             string      `json:"type"`
	SecondaryTypes   []string    `json:"secondary_types,omitzero"`
	Start            Date        `json:"start"`
	End              Date        `json:"end"`
	PlaceID          string      `json:"place_id"`
	Location         *Location   `json:"location,omitzero"`
	Parties          []Involved  `json:"parties"`
	ParentID         string      `json:"parent_id,omitzero"`
	RelatedIDs       []string    `json:"related_ids,omitzero"`
	Summary          string      `json:"summary"`
	Occurrence       string      `json:"occurrence"`
	OccurrenceReason string      `json:"occurrence_reason,omitzero"`
	Mapping          *CodingHint `json:"mapping,omitzero"`
	Note             string      `json:"note,omitzero"`
	Claims           []Claim     `json:"claims"`
	Accounts         []Account   `json:"accounts,omitzero"`
}

// When returns the time of the incident, first to last day.
func (in *Incident) When() geo.Interval { return Between(in.Start, in.End) }

// Location says where an incident was and how well that is known, where it
// differs from what the place itself says.
type Location struct {
	Precision      string    `json:"precision"`
	UncertaintyKM  float64   `json:"uncertainty_km,omitzero"`
	Position       []float64 `json:"position,omitzero"` // lon, lat; nil for the place's
	PositionSource string    `json:"position_source,omitzero"`
	Note           string    `json:"note,omitzero"`
}

// Involved is a party's part in an incident.
type Involved struct {
	PartyID string `json:"party_id"`
	Role    string `json:"role,omitzero"`
}

// CodingHint says how two other trackers would code the incident, after their
// public codebooks.
type CodingHint struct {
	ACLED string `json:"acled"`
	UCDP  string `json:"ucdp"`
}

// Account is what one side tells of an incident: who began, why, with what.
type Account struct {
	Party     string   `json:"party"`
	PartyID   string   `json:"party_id,omitzero"`
	Text      string   `json:"text"`
	SourceIDs []string `json:"source_ids"`
}

// Claim is one attributed statement.
type Claim struct {
	ID               string      `json:"id"`
	Metric           string      `json:"metric"`
	Value            Amount      `json:"value"`
	AffectedParty    string      `json:"affected_party"`
	Status           string      `json:"status"`
	Coverage         string      `json:"coverage,omitzero"`
	Scope            string      `json:"scope,omitzero"`
	Claimant         Claimant    `json:"claimant"`
	ClaimedOn        Date        `json:"claimed_on,omitzero"`
	Verification     string      `json:"verification"`
	VerificationText string      `json:"verification_text,omitzero"`
	Admiralty        string      `json:"admiralty,omitzero"`
	Supersedes       []string    `json:"supersedes,omitzero"`
	Contradicts      []string    `json:"contradicts,omitzero"`
	CompatibleWith   []string    `json:"compatible_with,omitzero"`
	Operands         []string    `json:"operands,omitzero"`
	Repeats          string      `json:"repeats,omitzero"`
	Retracted        *Retraction `json:"retracted,omitzero"`
	Sources          []Citation  `json:"sources"`
	Note             string      `json:"note,omitzero"`
}

// Amount is how much was claimed, in the claimant's own degree of exactness.
// Value is the figure named, Min and Max what the wording bounds it to; nil
// where the wording does not say.
type Amount struct {
	Kind       string   `json:"kind"`
	Value      *float64 `json:"value,omitzero"`
	Min        *float64 `json:"min,omitzero"`
	Max        *float64 `json:"max,omitzero"`
	Unit       string   `json:"unit,omitzero"`
	AsReported string   `json:"as_reported"`
}

// Claimant is who made a statement.
type Claimant struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	PartyID string `json:"party_id,omitzero"`
}

// Retraction says that a claim was refuted by others or withdrawn by its
// claimant, when, and where that stands.
type Retraction struct {
	Kind      string   `json:"kind"`
	On        Date     `json:"on,omitzero"`
	SourceIDs []string `json:"source_ids"`
	Reason    string   `json:"reason"`
}

// Citation is a source and the place in it.
type Citation struct {
	SourceID string `json:"source_id"`
	Locator  string `json:"locator,omitzero"`
}
