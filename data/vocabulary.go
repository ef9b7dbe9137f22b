package data

import "demarc/geo"

// The vocabularies below are closed: validation refuses any other word, query
// parameters list them, and the data dictionary prints them.

// Theatres returns the conflicts that the dataset covers.
func Theatres() []geo.Term {
	return []geo.Term{
		{ID: "batken-incursions", Title: "Batken incursions and Uzbek border mines"},
		{ID: "kg-tj-border", Title: "Kyrgyz–Tajik border"},
		{ID: "kg-uz-border", Title: "Kyrgyz–Uzbek border (Sokh)"},
		{ID: "other", Title: "Another conflict, brought from a dataset"},
		{ID: "tj-civil-war", Title: "Tajik civil war and peace process"},
	}
}

// IncidentTypes returns the types of incidents.
func IncidentTypes() []geo.Term {
	return []geo.Term{
		{ID: "abduction", Title: "Abduction or hostage-taking"},
		{ID: "agreement", Title: "Agreement"},
		{ID: "air_drone_strike", Title: "Air or drone strike"},
		{ID: "armed_clash", Title: "Armed clash"},
		{ID: "assassination", Title: "Assassination"},
		{ID: "attack_on_civilians", Title: "Attack on civilians"},
		{ID: "attack_on_post", Title: "Attack on a post"},
		{ID: "border_regime", Title: "Change of border regime"},
		{ID: "civilian_confrontation", Title: "Confrontation between civilians"},
		{ID: "conflict_episode", Title: "Conflict episode (holds other incidents)"},
		{ID: "delimitation_step", Title: "Step of delimitation"},
		{ID: "displacement", Title: "Displacement"},
		{ID: "judicial", Title: "Judicial act"},
		{ID: "mine_explosion", Title: "Mine explosion"},
		{ID: "prison_break", Title: "Prison break"},
		{ID: "prisoner_release", Title: "Release of captives"},
		{ID: "property_destruction", Title: "Destruction of property"},
		{ID: "security_operation", Title: "Security operation"},
		{ID: "shelling", Title: "Shelling"},
		{ID: "shooting_incident", Title: "Shooting incident"},
		{ID: "territorial_transfer", Title: "Transfer of territory"},
	}
}

// Occurrences returns how sure it is that an incident happened.
func Occurrences() []geo.Term {
	return []geo.Term{
		{ID: "confirmed", Title: "Confirmed"},
		{ID: "probable", Title: "Probable"},
		{ID: "claimed", Title: "Claimed by one side"},
		{ID: "disputed", Title: "Disputed"},
	}
}

// Precisions returns how precisely a place is known, finest first.
func Precisions() []geo.Term {
	return []geo.Term{
		{ID: "exact_point", Title: "Exact point"},
		{ID: "facility", Title: "Facility"},
		{ID: "village", Title: "Village or town"},
		{ID: "area", Title: "Named locality, pinned on a neighbour"},
		{ID: "jamoat", Title: "Jamoat or rural community"},
		{ID: "district", Title: "District"},
		{ID: "region", Title: "Region"},
		{ID: "country", Title: "Country"},
		{ID: "none", Title: "Not known"},
	}
}

// ValueKinds returns the degrees of exactness of a claimed figure.
func ValueKinds() []geo.Term {
	return []geo.Term{
		{ID: "exact", Title: "Exact figure"},
		{ID: "approx", Title: "About"},
		{ID: "at_least", Title: "At least"},
		{ID: "more_than", Title: "More than"},
		{ID: "up_to", Title: "Up to"},
		{ID: "fewer_than", Title: "Fewer than"},
		{ID: "range", Title: "Range"},
		{ID: "non_numeric", Title: "In words: declined, denied, several, not quantified"},
	}
}

// AffectedStatuses returns who the people counted by a claim are.
func AffectedStatuses() []geo.Term {
	return []geo.Term{
		{ID: "border_guard", Title: "Border guards"},
		{ID: "civilian", Title: "Civilians"},
		{ID: "military", Title: "Military or fighters"},
		{ID: "mixed", Title: "Mixed"},
		{ID: "n/a", Title: "Not about people"},
		{ID: "police", Title: "Police"},
		{ID: "unspecified", Title: "Not specified"},
	}
}

// Coverages returns how much of an incident a claim counts, which decides
// whether it may be added to others.
func Coverages() []geo.Term {
	return []geo.Term{
		{ID: "whole", Title: "Everyone of the affected party in the incident"},
		{ID: "share", Title: "One of several shares that make up the whole"},
		{ID: "part", Title: "A subset that must not be added"},
		{ID: "wider", Title: "More than this incident"},
	}
}

// ClaimantTypes returns the kinds of claimants.
func ClaimantTypes() []geo.Term {
	return []geo.Term{
		{ID: "anonymous_security", Title: "Unnamed security source"},
		{ID: "border_service", Title: "Border service"},
		{ID: "court", Title: "Court"},
		{ID: "dataset", Title: "Research dataset, by its codebook"},
		{ID: "derived", Title: "Computed from other claims"},
		{ID: "government", Title: "Government"},
		{ID: "head_of_state", Title: "Head of state"},
		{ID: "hospital", Title: "Hospital or medic"},
		{ID: "international_org", Title: "International organisation"},
		{ID: "local_official", Title: "Local official"},
		{ID: "media", Title: "Outlet, by its own observation"},
		{ID: "media_unattributed", Title: "Outlet, without naming its source"},
		{ID: "ngo", Title: "Non-governmental organisation"},
		{ID: "opposition", Title: "Opposition"},
		{ID: "osint", Title: "Open-source investigators"},
		{ID: "parliament", Title: "Parliament"},
		{ID: "resident", Title: "Resident or witness"},
		{ID: "un", Title: "United Nations"},
	}
}

// Verifications returns how a claim was checked, by the source's own words.
func Verifications() []geo.Term {
	return []geo.Term{
		{ID: "acknowledged_by_both", Title: "Acknowledged by both sides"},
		{ID: "confirmed_third_party", Title: "Confirmed by a third party"},
		{ID: "derived", Title: "Computed from other claims"},
		{ID: "documented_independently", Title: "Documented independently"},
		{ID: "media_sourced", Title: "From a source of the outlet"},
		{ID: "official_unverified", Title: "Official, not verified"},
		{ID: "outlet_could_not_verify", Title: "The outlet says it could not verify it"},
		{ID: "party_about_adversary", Title: "A party about the other side"},
		{ID: "party_own_loss", Title: "A party about its own losses"},
		{ID: "refuted", Title: "Refuted"},
		{ID: "unattributed", Title: "Not attributed by the outlet"},
	}
}

// ClaimStates returns what became of a claim. The state is derived from later
// claims and from retractions.
func ClaimStates() []geo.Term {
	return []geo.Term{
		{ID: "current", Title: "Stands"},
		{ID: "superseded", Title: "Superseded by a later statement"},
		{ID: "refuted", Title: "Refuted"},
		{ID: "withdrawn", Title: "Withdrawn by the claimant"},
	}
}

// PartyKinds returns the kinds of parties.
func PartyKinds() []geo.Term {
	return []geo.Term{
		{ID: "armed_group", Title: "Armed group"},
		{ID: "civilians", Title: "Civilians"},
		{ID: "international_org", Title: "International organisation"},
		{ID: "media", Title: "Media"},
		{ID: "ngo", Title: "Non-governmental organisation"},
		{ID: "person_group", Title: "Group of persons"},
		{ID: "residents", Title: "Residents of a place"},
		{ID: "state", Title: "State"},
		{ID: "state_body", Title: "Body of a state"},
		{ID: "unknown", Title: "Not identified"},
	}
}

// PlaceKinds returns the kinds of places.
func PlaceKinds() []geo.Term {
	return []geo.Term{
		{ID: "border", Title: "Border as a whole"},
		{ID: "city", Title: "City"},
		{ID: "country", Title: "Country"},
		{ID: "crossing", Title: "Border crossing"},
		{ID: "district", Title: "District"},
		{ID: "enclave", Title: "Enclave"},
		{ID: "facility", Title: "Facility"},
		{ID: "field", Title: "Field or plot"},
		{ID: "gorge", Title: "Gorge or valley"},
		{ID: "lake", Title: "Lake or reservoir"},
		{ID: "other", Title: "Other"},
		{ID: "pass", Title: "Pass"},
		{ID: "region", Title: "Region"},
		{ID: "river", Title: "River"},
		{ID: "road", Title: "Road or crossroads"},
		{ID: "spring", Title: "Spring"},
		{ID: "town", Title: "Town"},
		{ID: "village", Title: "Village"},
	}
}

// SegmentStatuses returns the legal statuses of a border segment, from least
// to most settled.
func SegmentStatuses() []geo.Term {
	return []geo.Term{
		{ID: "unknown", Title: "No source says"},
		{ID: "undefined", Title: "Not defined"},
		{ID: "contested", Title: "Contested"},
		{ID: "described", Title: "Described by the joint commission"},
		{ID: "agreed", Title: "Agreed"},
		{ID: "delimited_by_treaty", Title: "Delimited by treaty"},
		{ID: "demarcated", Title: "Demarcated on the ground"},
	}
}

// SegmentRoles returns what a segment bounds.
func SegmentRoles() []geo.Term {
	return []geo.Term{
		{ID: "boundary", Title: "Main line between two countries"},
		{ID: "exclave_ring", Title: "Perimeter of an exclave"},
		{ID: "context", Title: "Perimeter shown for context"},
	}
}

// AreaKinds returns the kinds of areas.
func AreaKinds() []geo.Term {
	return []geo.Term{
		{ID: "admin1", Title: "First-level administrative unit"},
		{ID: "exclave", Title: "Exclave"},
		{ID: "study_area", Title: "Study area, drawn by us"},
	}
}

// FigureStates returns how the figures of an incident relate to one another.
func FigureStates() []geo.Term {
	return []geo.Term{
		{ID: "none", Title: "No figure claimed"},
		{ID: "single_claim", Title: "One claim, not repeated by another"},
		{ID: "agreed", Title: "Several claims, same figure"},
		{ID: "converging", Title: "Claims overlap or came to agree"},
		{ID: "conflicting", Title: "Claims disagree"},
		{ID: "not_comparable", Title: "Claims count different things and cannot be added"},
	}
}

// has tells whether id is a word of the vocabulary.
func has(terms []geo.Term, id string) bool {
	for _, t := range terms {
		if t.ID == id {
			return true
		}
	}
	return false
}
