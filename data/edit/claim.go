package edit

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// claimFields are those of a claim, which stands in its incident's record.
func claimFields() []field {
	out := append(plain("metric", "affected_party", "status", "coverage", "scope", "claimed_on", "verification", "admiralty", "repeats", "note"),
		as("value_kind", "value/kind"), as("value", "value/value"), as("value_min", "value/min"), as("value_max", "value/max"),
		as("value_unit", "value/unit"), as("as_reported", "value/as_reported"),
		as("claimant", "claimant/name"), as("claimant_type", "claimant/type"), as("claimant_party", "claimant/party_id"),
		texts("supersedes", "supersedes"), texts("contradicts", "contradicts"),
		field{name: "source_ids", path: "sources", set: setCitations}, field{name: "locator", path: "sources", set: setLocators})
	precision := datePrecision("claimed_on")
	precision.name = "claimed_on_precision"
	return append(out, precision, field{name: "claim_detail", path: "", whole: true, set: setClaim})
}

// workedOut are the members of claims_detail that are worked out.
var workedOut = []string{"claimed_on_precision", "status_flag", "superseded_by"}

// setClaims sets an incident's claims. A claim without an id gets the next one.
func setClaims(t tree, v any) string {
	claims, ok := v.([]any)
	if v != nil && !ok {
		return "is not a list of claims"
	}
	out := []any{}
	for _, c := range claims {
		claim := asTree(c)
		if claim == nil {
			return "has a member that is no claim"
		}
		out = append(out, recordOf(claim))
	}
	t["claims"] = out
	return ""
}

// setClaim sets a claim as claim_detail holds it.
func setClaim(t tree, v any) string {
	claim := asTree(v)
	if claim == nil {
		return "is no claim"
	}
	id := t["id"]
	clear(t)
	for name, value := range recordOf(claim) {
		t[name] = value
	}
	t["id"] = id
	return ""
}

// recordOf returns a claim without what is worked out about it, to which an id may be
// added.
func recordOf(claim tree) tree {
	if !isNothing(claim["id"]) && !slices.ContainsFunc(workedOut, func(name string) bool { _, has := claim[name]; return has }) {
		return claim
	}
	out := make(tree, len(claim)+1)
	for name, value := range claim {
		if !slices.Contains(workedOut, name) {
			out[name] = value
		}
	}
	return out
}

// setCitations sets a claim's sources; those that stay keep their locator.
func setCitations(t tree, v any) string {
	ids, problem := list(v)
	if problem != "" {
		return problem
	}
	before := map[string]any{}
	if old, ok := t["sources"].([]any); ok {
		for _, c := range old {
			if id, ok := asTree(c)["source_id"].(string); ok {
				before[id] = c
			}
		}
	}
	cited := []any{}
	for _, id := range ids {
		if c, ok := before[id]; ok {
			cited = append(cited, c)
		} else {
			cited = append(cited, tree{"source_id": id})
		}
	}
	t["sources"] = cited
	return ""
}

// setLocators sets where in the sources the claim stands, in their order.
func setLocators(t tree, v any) string {
	text, ok := v.(string)
	if v != nil && !ok {
		return "is not a text"
	}
	cited, _ := t["sources"].([]any)
	parts := strings.Split(text, "; ")
	if len(parts) > len(cited) {
		if len(cited) != 1 {
			return fmt.Sprintf("has %d places for %d sources", len(parts), len(cited))
		}
		parts = []string{text} // it has a "; " of its own
	}
	for i, c := range cited {
		place := ""
		if i < len(parts) {
			place = parts[i]
		}
		put(asTree(c), "locator", place)
	}
	return ""
}

// complete writes the bounds that the wording of a figure has by itself, where
// the client leaves them out: "24" is at least and at most 24.
func complete(claim tree) {
	value, ok := claim["value"].(tree)
	if !ok {
		return
	}
	n, ok := value["value"].(json.Number)
	if !ok {
		return
	}
	min, max := value["min"], value["max"]
	switch value["kind"] {
	case "exact":
		if min == nil && max == nil {
			value["min"], value["max"] = n, n
		}
	case "at_least":
		if min == nil {
			value["min"] = n
		}
	case "more_than":
		if min == nil {
			value["min"] = plusOne(n, 1)
		}
	case "up_to":
		if max == nil {
			value["max"] = n
		}
	case "fewer_than":
		if max == nil {
			value["max"] = plusOne(n, -1)
		}
	}
}

func plusOne(n json.Number, by int64) json.Number {
	x, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return n
	}
	x.Add(x, big.NewRat(by, 1))
	if x.IsInt() {
		return json.Number(x.Num().String())
	}
	f, _ := x.Float64()
	if math.IsInf(f, 0) {
		return n // which no record takes
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
}

// mutual writes on the other claims of the incident what this one says of
// them: that they contradict each other, which the rules want on both.
func mutual(claims []any, id string) {
	byID := map[string]tree{}
	for _, c := range claims {
		if name, ok := asTree(c)["id"].(string); ok {
			byID[name] = asTree(c)
		}
	}
	for _, relation := range []string{"contradicts", "compatible_with"} {
		named, _ := list(byID[id][relation])
		for other, claim := range byID {
			names, _ := list(claim[relation])
			says := slices.Contains(names, id)
			switch {
			case other == id:
			case slices.Contains(named, other) && !says:
				claim[relation] = anys(append(names, id))
			case says && !slices.Contains(named, other):
				put(claim, relation, anys(slices.DeleteFunc(names, func(n string) bool { return n == id })))
			}
		}
	}
}
