package data

import (
	"math"
	"slices"
	"time"
)

// Range is what is claimed of a figure, from its lowest to its highest. Low
// NaN: no claim bounds it from below. High +Inf: no claim bounds it from above.
type Range struct{ Low, High float64 }

// unbounded is the range of which nothing is claimed.
var unbounded = Range{math.NaN(), math.Inf(1)}

// known tells whether any claim bounds the range.
func (r Range) known() bool { return !math.IsNaN(r.Low) || !math.IsInf(r.High, 1) }

// hull returns the range that holds all of rs, which compete for the same
// figure. Where some bound an end and others leave it open, the bound stands
// unless an open one lies beyond it: "at least 10" and "12" make 10 to 12, "at
// least 100" and "50" make 50 and upwards.
func hull(rs ...Range) Range {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range rs {
		if !math.IsNaN(r.Low) {
			low = min(low, r.Low)
		}
		if !math.IsInf(r.High, 1) {
			high = max(high, r.High)
		}
	}
	for _, r := range rs {
		if math.IsNaN(r.Low) && r.High < low {
			low = math.Inf(1)
		}
		if math.IsInf(r.High, 1) && r.Low > high {
			high = math.Inf(-1)
		}
	}
	h := Range{low, high}
	if math.IsInf(low, 1) {
		h.Low = math.NaN()
	}
	if math.IsInf(high, -1) {
		h.High = math.Inf(1)
	}
	return h
}

// plus returns the range of the sum of two disjoint groups. A group that is
// not bounded from below adds nothing to the low end: it may be nobody.
func (r Range) plus(o Range) Range {
	sum := Range{math.NaN(), r.High + o.High}
	if !math.IsNaN(r.Low) || !math.IsNaN(o.Low) {
		sum.Low = nanToZero(r.Low) + nanToZero(o.Low)
	}
	return sum
}

// Figure is what an incident's claims add up to in one family of metrics.
type Figure struct {
	Family string // killed, wounded, captured or released
	Range
	State string // a word of FigureStates
	// ByParty holds the range of each affected party that has one, by party id.
	ByParty map[string]Range
}

// statement is one claimant's figure for everyone of one party: a claim, or
// the shares of one that the same claimant gave on the same day.
type statement struct {
	party string
	Range
	claims []*Claim
}

// Figures returns what was known of an incident at asOf: a figure for each
// family of metrics, in the order killed, wounded, captured, released. The
// zero time asks for all that is known. docs/figures.md has the rule:
//
//  1. Only claims that stand count: said by asOf, not superseded, refuted or
//     withdrawn by asOf, not a repetition or a sum of ones that do not stand.
//  2. Claims for the whole of a party compete: its range is their hull. Shares
//     by one claimant on one day are added first. Parts and wider ones are left out.
//  3. Parties are added, since their people are different people. A claim for
//     all parties competes with that sum; where only one party, or parts of one,
//     are claimed beside it, it stands alone, and they bound it from below.
//  4. A party of which only parts are claimed cannot be added: the figure then
//     is not comparable and has no range, unless a claim for all parties stands.
func Figures(cs []Claim, asOf time.Time) []Figure {
	standing := standingClaims(cs, asOf)
	disputed := disputedClaims(standing)
	figures := make([]Figure, len(figureFamilies))
	for i, family := range figureFamilies {
		var claims []*Claim
		for _, c := range standing {
			if familyOf(c.Metric) == i {
				claims = append(claims, c)
			}
		}
		if figures[i] = figure(family.Name, claims); len(claims) == 0 {
			continue
		}
		figures[i].State = agreement(&figures[i], claims, disputed, corrected(cs, i, asOf))
	}
	return figures
}

// figure derives one family's ranges from the claims that stand, and its state
// where it has no range or none is claimed.
func figure(name string, claims []*Claim) Figure {
	f := Figure{Family: name, Range: unbounded, State: "none"}
	if len(claims) == 0 {
		return f
	}
	f.ByParty = map[string]Range{}
	competing := map[string][]Range{}
	for _, s := range statements(claims) {
		competing[s.party] = append(competing[s.party], s.Range)
	}
	for party, rs := range competing {
		f.ByParty[party] = hull(rs...)
	}
	all, hasAll := f.ByParty[AllParties]
	sum, parties := sumOfParties(f.ByParty)
	parts := onlyParts(f.ByParty, claims)
	switch {
	case hasAll && all.known() && parties > 1 && !parts:
		f.Range = hull(all, sum)
	case hasAll && (all.known() || parties == 0):
		f.Range = all.from(sum)
	case parts:
		f.State = "not_comparable"
	case parties > 0:
		f.Range = sum
	}
	return f
}

// from returns r, its low end taken from a part of it where no claim bounds it.
func (r Range) from(part Range) Range {
	if math.IsNaN(r.Low) && part.Low <= r.High {
		r.Low = part.Low
	}
	return r
}

// sumOfParties adds the ranges of the single parties and counts them.
func sumOfParties(byParty map[string]Range) (sum Range, parties int) {
	sum = unbounded
	for party, r := range byParty {
		switch {
		case party == AllParties:
			continue
		case parties == 0:
			sum = r
		default:
			sum = sum.plus(r)
		}
		parties++
	}
	return sum, parties
}

// onlyParts tells whether a party has figures of parts and none of its whole.
// Parts of all parties are such only where no party has one of its whole.
func onlyParts(byParty map[string]Range, claims []*Claim) bool {
	return slices.ContainsFunc(claims, func(c *Claim) bool {
		_, stated := byParty[c.AffectedParty]
		if c.AffectedParty == AllParties {
			stated = len(byParty) > 0
		}
		return !stated && c.Coverage == "part" && c.Value.Kind != "non_numeric"
	})
}

// statements returns the figures for whole parties: each claim of a whole, and
// each sum of shares by one claimant on one day.
func statements(claims []*Claim) []statement {
	var out []statement
	type key struct {
		party, claimant string
		on              Date
	}
	shares := map[key]int{}
	for _, c := range claims {
		switch c.Coverage {
		case "whole":
			out = append(out, statement{c.AffectedParty, c.Value.Bounds(), []*Claim{c}})
		case "share":
			k := key{c.AffectedParty, c.Claimant.Name, c.ClaimedOn}
			i, ok := shares[k]
			if !ok {
				shares[k] = len(out)
				out = append(out, statement{c.AffectedParty, c.Value.Bounds(), []*Claim{c}})
				continue
			}
			out[i].Range = out[i].plus(c.Value.Bounds())
			out[i].claims = append(out[i].claims, c)
		}
	}
	return out
}

// same tells whether two ranges have the same ends, open ones among them.
func (r Range) same(o Range) bool {
	return (r.Low == o.Low || math.IsNaN(r.Low) && math.IsNaN(o.Low)) && r.High == o.High
}

func nanToZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// Bounds returns the range that the wording gives. "About 40" is 40 to 40: no
// interval is invented for it. Words without a number bound nothing.
func (a *Amount) Bounds() Range {
	r := unbounded
	switch a.Kind {
	case "exact", "approx":
		if a.Value != nil {
			r = Range{*a.Value, *a.Value}
		}
	case "at_least", "more_than":
		if a.Min != nil {
			r.Low = *a.Min
		}
	case "up_to", "fewer_than":
		if a.Max != nil {
			r.High = *a.Max
		}
	case "range":
		if a.Min != nil && a.Max != nil {
			r = Range{*a.Min, *a.Max}
		}
	}
	return r
}
