package data

import "demarc/geo"

// Metrics returns what a claim can count or state. The last eight are
// statements without a count; their claims are non_numeric.
func Metrics() []geo.Term {
	return []geo.Term{
		{ID: "agreed_points", Title: "Points agreed at a meeting"},
		{ID: "arrested", Title: "People arrested"},
		{ID: "bodies_in_video", Title: "Bodies seen in a video"},
		{ID: "border_km_agreed_step", Title: "Length of border agreed in a step"},
		{ID: "border_km_fighting", Title: "Length of border along which was fought"},
		{ID: "border_km_remaining", Title: "Length of border still open"},
		{ID: "border_km_total", Title: "Length of the border"},
		{ID: "border_percent_agreed", Title: "Share of the border agreed"},
		{ID: "border_percent_disputed", Title: "Share of the border disputed"},
		{ID: "buildings_changed", Title: "Buildings changed in imagery"},
		{ID: "captured", Title: "People captured"},
		{ID: "casualties_all", Title: "Casualties, dead and injured together"},
		{ID: "compensation_usd", Title: "Compensation"},
		{ID: "convicted", Title: "People convicted"},
		{ID: "crossings_reopened", Title: "Border crossings reopened"},
		{ID: "crowd", Title: "People in a crowd"},
		{ID: "detained", Title: "People detained"},
		{ID: "detained_trigger", Title: "Arrests said to have set it off"},
		{ID: "displaced", Title: "People displaced"},
		{ID: "displaced_not_returned", Title: "Displaced people not yet returned"},
		{ID: "distance_km", Title: "Distance"},
		{ID: "documents_signed", Title: "Documents signed"},
		{ID: "escaped", Title: "People escaped"},
		{ID: "evacuated", Title: "People evacuated"},
		{ID: "fence_km_built", Title: "Fence built"},
		{ID: "fence_km_planned", Title: "Fence planned"},
		{ID: "hectares", Title: "Area of land"},
		{ID: "hectares_transferred", Title: "Area of land transferred"},
		{ID: "hospitalised", Title: "People taken to hospital"},
		{ID: "houses_built", Title: "Houses built"},
		{ID: "houses_damaged", Title: "Houses damaged"},
		{ID: "houses_destroyed", Title: "Houses destroyed"},
		{ID: "houses_inventoried", Title: "Houses inventoried"},
		{ID: "houses_transferred", Title: "Houses transferred"},
		{ID: "injured", Title: "People injured"},
		{ID: "killed", Title: "People killed"},
		{ID: "killings_attributed", Title: "Killings attributed to a group"},
		{ID: "meetings_held", Title: "Meetings held"},
		{ID: "militants", Title: "Fighters involved"},
		{ID: "missing", Title: "People missing"},
		{ID: "munitions_fired", Title: "Munitions fired"},
		{ID: "participants", Title: "Participants"},
		{ID: "plots_transferred", Title: "Plots transferred"},
		{ID: "population", Title: "Population"},
		{ID: "posts_mothballed", Title: "Posts mothballed"},
		{ID: "posts_transferred", Title: "Posts transferred"},
		{ID: "power_share_percent", Title: "Share of government posts"},
		{ID: "ransom_usd_million", Title: "Ransom"},
		{ID: "rebels", Title: "Fighters of a rebel group"},
		{ID: "refugees", Title: "Refugees"},
		{ID: "release_demanded", Title: "People whose release was demanded"},
		{ID: "released", Title: "People released"},
		{ID: "returned_fighters", Title: "Fighters returned"},
		{ID: "returned_fighters_demanded", Title: "Fighters whose return was demanded"},
		{ID: "road_closed_hours", Title: "Hours for which a road was closed"},
		{ID: "road_km_built", Title: "Road built"},
		{ID: "shots", Title: "Shots fired"},
		{ID: "social_buildings_destroyed", Title: "Public buildings destroyed"},
		{ID: "still_held", Title: "People still held"},
		{ID: "surrendered", Title: "People surrendered"},
		{ID: "troops_deployed", Title: "Troops deployed"},
		{ID: "troops_in_convoy", Title: "Troops in a convoy"},
		{ID: "troops_relocated", Title: "Troops relocated"},
		{ID: "vehicles_attacked", Title: "Vehicles attacked"},
		{ID: "vehicles_burned", Title: "Vehicles burned"},
		{ID: "vehicles_damaged", Title: "Vehicles damaged"},
		{ID: "votes_for", Title: "Votes in favour"},
		{ID: "weapon_free_zone_km", Title: "Width of a zone without heavy weapons"},
		{ID: "weapons_seized", Title: "Weapons seized"},
		{ID: "wounded", Title: "People wounded"},

		{ID: "assessment", Title: "Assessment or comparison by an outlet"},
		{ID: "circumstance", Title: "Circumstance"},
		{ID: "compliance", Title: "Keeping of an agreement"},
		{ID: "condition", Title: "Condition of people or of a release"},
		{ID: "demand", Title: "Demand"},
		{ID: "diplomacy", Title: "Diplomatic act"},
		{ID: "responsibility", Title: "Responsibility"},
		{ID: "situation", Title: "Situation"},
	}
}

// The longer vocabularies, made once for the checks, which ask for them of every claim.
var (
	metrics       = Metrics()
	claimantTypes = ClaimantTypes()
	incidentTypes = IncidentTypes()
)

// isStatement tells whether the metric is one of the statements without a count.
func isStatement(metric string) bool { return has(metrics[len(metrics)-8:], metric) }

// figureFamilies are the metrics that incidents carry as low and high. Wounded
// and injured are one family: sources use the two words for the same people.
var figureFamilies = [...]struct {
	Name    string
	Metrics []string
}{
	{"killed", []string{"killed"}},
	{"wounded", []string{"wounded", "injured"}},
	{"captured", []string{"captured"}},
	{"released", []string{"released"}},
}

// familyOf returns the position in figureFamilies of the metric, or -1.
func familyOf(metric string) int {
	for i, f := range figureFamilies {
		for _, m := range f.Metrics {
			if m == metric {
				return i
			}
		}
	}
	return -1
}
