package data_test

import (
	"fmt"
	"strconv"
	"strings"

	"demarc/data"
)

// claim builds a claim of a test from a few words:
//
//	"c1 killed KG whole =24 on 2022-09-16"
//
// The figure is =N exact, ~N about, >=N at least, >N more than, <=N up to, <N
// fewer than, N..M a range, ? words without a number. After it may follow "on
// DATE", "by NAME", and what it says of other claims: "supersedes c2",
// "contradicts c3", "repeats c4", "operands c5,c6".
func claim(words string) data.Claim {
	w := strings.Fields(words)
	c := data.Claim{ID: w[0], Metric: w[1], AffectedParty: w[2], Coverage: w[3], Value: amount(w[4]), Claimant: data.Claimant{Name: "somebody"}}
	for i := 5; i+1 < len(w); i += 2 {
		switch list := strings.Split(w[i+1], ","); w[i] {
		case "on":
			c.ClaimedOn = on(w[i+1])
		case "by":
			c.Claimant.Name = w[i+1]
		case "supersedes":
			c.Supersedes = list
		case "contradicts":
			c.Contradicts = list
		case "operands":
			c.Operands = list
		case "repeats":
			c.Repeats = w[i+1]
		case "refuted", "withdrawn":
			c.Retracted = &data.Retraction{Kind: w[i]}
			if w[i+1] != "undated" {
				c.Retracted.On = on(w[i+1])
			}
		default:
			panic(fmt.Sprintf("%q: %q", words, w[i]))
		}
	}
	return c
}

// claims builds a claim from each line.
func claims(lines ...string) []data.Claim {
	cs := make([]data.Claim, len(lines))
	for i, line := range lines {
		cs[i] = claim(line)
	}
	return cs
}

func amount(s string) data.Amount {
	number := func(s string) *float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			panic(err)
		}
		return &x
	}
	if from, to, ok := strings.Cut(s, ".."); ok {
		return data.Amount{Kind: "range", Min: number(from), Max: number(to), AsReported: s}
	}
	for _, k := range []struct {
		prefix, kind string
		min, max     float64 // added to the value; 9 for no bound
	}{
		{">=", "at_least", 0, 9}, {"<=", "up_to", 9, 0}, {">", "more_than", 1, 9}, {"<", "fewer_than", 9, -1},
		{"=", "exact", 0, 0}, {"~", "approx", 9, 9},
	} {
		text, ok := strings.CutPrefix(s, k.prefix)
		if !ok {
			continue
		}
		a := data.Amount{Kind: k.kind, Value: number(text), AsReported: s}
		if k.min != 9 {
			a.Min = number(text)
			*a.Min += k.min
		}
		if k.max != 9 {
			a.Max = number(text)
			*a.Max += k.max
		}
		return a
	}
	return data.Amount{Kind: "non_numeric", AsReported: s}
}

// ends writes a range as "LOW..HIGH", "?" for an end that nothing bounds.
func ends(r data.Range) string {
	low, high := strconv.FormatFloat(r.Low, 'f', -1, 64), strconv.FormatFloat(r.High, 'f', -1, 64)
	return strings.ReplaceAll(low, "NaN", "?") + ".." + strings.ReplaceAll(high, "+Inf", "?")
}

// killed derives the figure of the dead, the first of the families.
func killed(cs []data.Claim, asOf string) string {
	f := data.Figures(cs, day(asOf))[0]
	return ends(f.Range) + " " + f.State
}
