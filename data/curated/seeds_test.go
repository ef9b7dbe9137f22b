package curated_test

import (
	"slices"
	"strings"
	"testing"

	"demarc/data"
)

// A seedRow is a checkable fact of one of the two texts that the dataset began
// with, and the claim that holds it. Row A5 is the fifth of seed A, a report of
// 30 March 1998 on the release in Ramit Gorge; B those of seed B, of 18
// September 2022 on the fighting at the border.
type seedRow struct {
	row, claim, metric, affected string
	kind                         string
	value                        float64 // of kinds with a number
	asReported, claimant         string
	locator                      string // in the text: its sentence, the headline not counted
}

var seedRows = []seedRow{
	{"A1", "1998-03-30-ramit-release.c6", "released", "TJ-GOV", "non_numeric", 0, "dozens", "The Moscow Times", "sentence 1"},
	{"A2", "1998-03-24-kofarnihon-clashes.c14", "assessment", "ALL", "non_numeric", 0, "brought the country to the edge of a new civil war", "The Moscow Times", "sentence 1"},
	{"A3", "1998-03-30-ramit-release.c1", "released", "TJ-GOV", "exact", 50, "50", "Khabib Sanginov", "sentence 2"},
	{"A4", "1998-03-30-ramit-release.c2", "released", "TJ-GOV", "approx", 40, "about 40", "Interfax", "sentence 3"},
	{"A5", "1998-03-30-ramit-release.c3", "released", "TJ-GOV", "exact", 50, "50", "Boleslaw Iszydorczyk, head of UNMOT", "sentence 4"},
	{"A6", "1998-03-30-ramit-release.c7", "condition", "TJ-GOV", "non_numeric", 0, "most were emaciated and barefoot", "The Moscow Times", "sentence 5"},
	{"A7", "1998-03-24-kofarnihon-clashes.c9", "circumstance", "TJ-GOV", "non_numeric", 0, "most were taken while swimming across the Kofarnihon river under fire", "opposition fighters", "sentence 6"},
	{"A8", "1998-03-29-release-16.c2", "diplomacy", "ALL", "non_numeric", 0, "talks between the government and the opposition", "The Moscow Times", "sentence 7"},
	{"A9", "1998-03-29-release-16.c1", "released", "TJ-GOV", "exact", 16, "16", "The Moscow Times", "sentence 8"},
	{"A10", "1998-03-29-release-16.c3", "circumstance", "ALL", "non_numeric", 0, "a sign of good will after both sides had agreed to pull out their armed units", "The Moscow Times", "sentence 8"},
	{"A11", "1998-03-24-kofarnihon-clashes.c10", "distance_km", "ALL", "exact", 20, "20 km", "The Moscow Times", "sentence 8"},
	{"A12", "1998-03-24-kofarnihon-clashes.c1", "captured", "TJ-GOV", "up_to", 110, "up to 110", "government and opposition officials", "sentence 9"},
	{"A13", "1998-03-24-kofarnihon-clashes.c4", "killed", "TJ-GOV", "approx", 50, "about 50", "The Moscow Times", "sentence 10"},
	{"A14", "1998-03-24-kofarnihon-clashes.c12", "assessment", "ALL", "non_numeric", 0, "the worst clash since the peace agreement of June 1997", "The Moscow Times", "sentence 10"},
	{"A15", "1998-03-24-kofarnihon-clashes.c7", "killed", "UTO", "non_numeric", 0, "declined to disclose", "UTO", "sentence 11"},
	{"A16", "1998-03-24-kofarnihon-clashes.c13", "responsibility", "ALL", "non_numeric", 0, "each side accuses the other of having begun", "government and opposition", "sentence 12"},
	{"A17a", "tj-civil-war-1992-1997.c1", "killed", "ALL", "non_numeric", 0, "tens of thousands", "The Moscow Times", "sentence 13"},
	{"A17b", "tj-civil-war-1992-1997.c8", "refugees", "ALL", "non_numeric", 0, "many more than the dead", "The Moscow Times", "sentence 13"},
	{"A17c", "tj-civil-war-1992-1997.c9", "population", "TJ", "approx", 5700000, "5.7 million", "The Moscow Times", "sentence 13"},
	{"A18", "1998-03-30-ramit-release.c4", "still_held", "TJ-GOV", "approx", 40, "about 40", "UTO", "sentence 14"},
	{"A19", "1998-03-30-ramit-release.c8", "condition", "ALL", "non_numeric", 0, "further releases depend on the government carrying out the deal of Sunday", "UTO", "sentence 14"},
	{"A20", "1998-03-29-release-16.c4", "diplomacy", "ALL", "non_numeric", 0, "both sides agreed to withdraw", "The Moscow Times", "sentence 15"},
	{"A21", "1998-03-30-ramit-release.c9", "demand", "TJ-GOV", "non_numeric", 0, "the government should begin to withdraw", "Khabib Sanginov", "sentence 16"},
	{"A22", "1998-03-30-ramit-release.c10", "situation", "ALL", "non_numeric", 0, "tense", "The Moscow Times", "sentence 17"},
	{"A23", "1998-03-29-release-16.c5", "compliance", "ALL", "non_numeric", 0, "most units were still in their old positions", "The Moscow Times", "sentence 18"},
	{"A24", "1998-03-30-ramit-release.c11", "situation", "ALL", "non_numeric", 0, "shooting was heard now and then", "The Moscow Times", "sentence 18"},
	{"B0", "2022-09-14-conflict.c38", "killed", "ALL", "more_than", 80, "more than 80", "AFP-based outlet", "headline"},
	{"B1", "2022-09-14-conflict.c4", "killed", "KG", "exact", 46, "46", "Kyrgyz Ministry of Health", "sentences 1 and 8"},
	{"B2", "2022-09-14-conflict.c16", "killed", "TJ", "exact", 35, "35", "Tajik Foreign Ministry (Facebook)", "sentences 2 and 5"},
	{"B3", "2022-09-14-conflict.c22", "killed", "ALL", "at_least", 81, "at least 81", "AFP", "sentence 3"},
	{"B4", "2022-09-14-conflict.c39", "assessment", "ALL", "non_numeric", 0, "the worst violence in years", "AFP", "sentence 3"},
	{"B4b", "2022-09-16-ceasefire.c1", "diplomacy", "ALL", "non_numeric", 0, "a ceasefire was signed as an emergency measure on Friday", "AFP", "sentence 4"},
	{"B4c", "2022-09-16-ceasefire.c2", "situation", "ALL", "non_numeric", 0, "calm", "Kyrgyz authorities", "sentence 4"},
	{"B5a", "2022-09-14-conflict.c16", "killed", "TJ", "exact", 35, "35", "Tajik Foreign Ministry (Facebook)", "sentences 2 and 5"},
	{"B5b", "2022-09-14-conflict.c17", "wounded", "TJ", "exact", 25, "25", "Tajik Foreign Ministry (Facebook)", "sentence 5"},
	{"B5c", "2022-09-14-conflict.c40", "killed", "TJ", "non_numeric", 0, "most of the dead", "Tajik Foreign Ministry (Facebook)", "sentence 5"},
	{"B6a", "2022-09-16-ovchi-square.c1", "killed", "TJ", "exact", 12, "12", "Tajik Foreign Ministry (Facebook)", "sentence 6"},
	{"B6b", "2022-09-16-school-strike.c1", "killed", "TJ", "exact", 6, "6", "Tajik Foreign Ministry (Facebook)", "sentence 6"},
	{"B6c", "2022-09-16-chorbog-ambulances.c1", "killed", "TJ", "exact", 7, "7", "Tajik Foreign Ministry (Facebook)", "sentence 6"},
	{"B7", "2022-09-14-conflict.c41", "circumstance", "TJ", "non_numeric", 0, "the agency could not verify the Tajik statement, as the country is closed to the press", "AFP", "sentence 7"},
	{"B8", "2022-09-14-conflict.c4", "killed", "KG", "exact", 46, "46", "Kyrgyz Ministry of Health", "sentences 1 and 8"},
	{"B9a", "2022-09-14-conflict.c9", "wounded", "KG", "exact", 140, "140", "Kyrgyz authorities", "sentence 9"},
	{"B9b", "2022-09-14-conflict.c13", "missing", "KG", "exact", 4, "4", "Emergencies Minister Boobek Ajikeev", "sentence 9"},
	{"B10", "2021-04-28-conflict.c28", "killed", "ALL", "approx", 50, "around fifty", "AFP", "sentence 10"},
	{"B11", "2022-09-14-conflict.c42", "diplomacy", "ALL", "non_numeric", 0, "the Russian president phoned both presidents and urged them to allow no new clashes", "Kremlin", "sentence 11"},
	{"B12", "2022-09-14-conflict.c43", "diplomacy", "ALL", "non_numeric", 0, "the matter should be settled by peaceful and political means", "Kremlin", "sentence 12"},
	{"B13", "2022-09-16-ceasefire.c3", "situation", "ALL", "non_numeric", 0, "seems to become stable", "AFP", "sentence 13"},
	{"B14", "2022-09-16-ceasefire.c4", "situation", "ALL", "non_numeric", 0, "calm, tending to stability", "Kyrgyz State Committee for National Security", "sentence 14"},
	{"B15", "2022-09-16-ceasefire.c5", "situation", "ALL", "non_numeric", 0, "no attempts to cross the border and no shooting reported", "Kyrgyz State Committee for National Security", "sentence 15"},
	{"B16", "2022-09-16-ceasefire.c6", "compliance", "ALL", "non_numeric", 0, "the ceasefire and the withdrawal are being kept", "Kyrgyz State Committee for National Security", "sentence 16"},
	{"B17", "2022-09-14-conflict.c44", "diplomacy", "ALL", "non_numeric", 0, "the UN Secretary-General phoned both sides", "spokesman of the UN Secretary-General", "sentence 17"},
	{"B18", "2022-09-14-conflict.c45", "killed", "TJ", "non_numeric", 0, "not quantified", "Tajik Interior Ministry", "sentence 18"},
	{"B19", "2022-09-14-bulakbashy-kekh.c11", "killed", "TJ", "exact", 2, "2", "AFP", "sentence 19"},
	{"B19b", "2022-09-14-bulakbashy-kekh.c10", "injured", "ALL", "non_numeric", 0, "others were hurt, not quantified", "AFP", "sentence 19"},
	{"B20", "2022-09-14-conflict.c46", "situation", "ALL", "non_numeric", 0, "fighting is regular", "AFP", "sentence 20"},
	{"B21a", "2022-09-14-conflict.c47", "border_km_total", "ALL", "exact", 970, "970", "AFP", "sentence 21"},
	{"B21b", "2022-09-14-conflict.c48", "border_percent_disputed", "ALL", "approx", 50, "nearly half", "AFP", "sentence 21"},
	{"B22", "2021-04-28-conflict.c21", "killed", "ALL", "more_than", 50, "more than 50", "AFP", "sentence 22"},
}

func TestSeedRowsAreClaims(t *testing.T) {
	look := load(t).Lookup()
	for _, row := range seedRows {
		t.Run(row.row, func(t *testing.T) {
			c := look.Claims[row.claim]
			if c == nil {
				t.Fatalf("there is no claim %s", row.claim)
			}
			got := seedRow{row.row, c.ID, c.Metric, c.AffectedParty, c.Value.Kind, 0, c.Value.AsReported, c.Claimant.Name, ""}
			if c.Value.Value != nil {
				got.value = *c.Value.Value
			}
			cited := slices.IndexFunc(c.Sources, func(s data.Citation) bool { return s.SourceID == "seed"+row.row[:1] })
			if cited >= 0 {
				got.locator = c.Sources[cited].Locator
			}
			if got != row {
				t.Errorf("the claim is %+v,\nwant %+v", got, row)
			}
		})
	}
}

// Every claim that rests on a seed is a row of it, or says that it is derived
// from rows.
func TestSeedClaimsAreRows(t *testing.T) {
	rows := map[string]bool{}
	for _, row := range seedRows {
		rows[row.claim] = true
	}
	for id, c := range load(t).Lookup().Claims {
		fromSeed := slices.ContainsFunc(c.Sources, func(s data.Citation) bool { return strings.HasPrefix(s.SourceID, "seed") })
		if fromSeed && !rows[id] && c.Verification != "derived" {
			t.Errorf("%s rests on a seed, but no row of the table names it", id)
		}
	}
}
