package data_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"demarc/data"
)

func TestBounds(t *testing.T) {
	for text, want := range map[string]string{
		"=40": "40..40", "~40": "40..40", ">=40": "40..?", ">40": "41..?", "<=40": "?..40", "<40": "?..39",
		"30..40": "30..40", "dozens": "?..?", "=0": "0..0",
	} {
		a := amount(text)
		if got := ends(a.Bounds()); got != want {
			t.Errorf("%s bounds %s, want %s", text, got, want)
		}
	}
	for _, kind := range []string{"exact", "approx", "at_least", "more_than", "up_to", "fewer_than", "range", ""} {
		a := data.Amount{Kind: kind}
		if got := ends(a.Bounds()); got != "?..?" {
			t.Errorf("%s without its numbers bounds %s", kind, got)
		}
	}
}

// figureCase is a list of claims, in the words of claim, and the figure of the
// dead that they add up to.
type figureCase struct {
	claims []string
	want   string
}

func checkFigures(t *testing.T, cases map[string]figureCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := killed(claims(c.claims...), ""); got != c.want {
				t.Errorf("%s, want %s, of %q", got, c.want, c.claims)
			}
		})
	}
}

func TestFiguresOfOneParty(t *testing.T) {
	checkFigures(t, map[string]figureCase{
		"no claim":                       {nil, "?..? none"},
		"claims of another family":       {[]string{"c1 released KG whole =5"}, "?..? none"},
		"claims of no family":            {[]string{"c1 hospitalised KG whole =5"}, "?..? none"},
		"one claim":                      {[]string{"c1 killed KG whole =5"}, "5..5 single_claim"},
		"nobody, said so":                {[]string{"c1 killed KG whole =0"}, "0..0 single_claim"},
		"one claim in words":             {[]string{"c1 killed KG whole dozens"}, "?..? single_claim"},
		"about is its number":            {[]string{"c1 killed KG whole ~50"}, "50..50 single_claim"},
		"up to":                          {[]string{"c1 killed KG whole <=110"}, "?..110 single_claim"},
		"two that agree":                 {[]string{"c1 killed KG whole =5", "c2 killed KG whole =5"}, "5..5 agreed"},
		"up to, said twice":              {[]string{"c1 killed KG whole <=5", "c2 killed KG whole <=5"}, "?..5 agreed"},
		"two that conflict":              {[]string{"c1 killed KG whole =5", "c2 killed KG whole =7"}, "5..7 conflicting"},
		"at least 10 and 12":             {[]string{"c1 killed KG whole >=10", "c2 killed KG whole =12"}, "10..12 converging"},
		"at least 100 and 50":            {[]string{"c1 killed KG whole >=100", "c2 killed KG whole =50"}, "50..? conflicting"},
		"up to 110 and at least 50":      {[]string{"c1 killed KG whole <=110", "c2 killed KG whole >=50"}, "50..110 converging"},
		"up to 10 and 50":                {[]string{"c1 killed KG whole <=10", "c2 killed KG whole =50"}, "?..50 conflicting"},
		"up to 60 and 50":                {[]string{"c1 killed KG whole <=60", "c2 killed KG whole =50"}, "50..60 converging"},
		"a range and one in it":          {[]string{"c1 killed KG whole 200..1000", "c2 killed KG whole =400"}, "200..1000 converging"},
		"about 30 and more than 30":      {[]string{"c1 killed KG whole ~30", "c2 killed KG whole >30"}, "30..? converging"},
		"exactly 30 and more than 30":    {[]string{"c1 killed KG whole =30", "c2 killed KG whole >30"}, "30..? conflicting"},
		"about 30 and 40":                {[]string{"c1 killed KG whole ~30", "c2 killed KG whole =40"}, "30..40 conflicting"},
		"a number and words":             {[]string{"c1 killed KG whole =5", "c2 killed KG whole several"}, "5..5 single_claim"},
		"fewer than 1 and nobody":        {[]string{"c1 killed KG whole <1", "c2 killed KG whole =0"}, "0..0 converging"},
		"contradicted, numbers agree":    {[]string{"c1 killed KG whole =5 contradicts c2", "c2 killed KG whole =5"}, "5..5 conflicting"},
		"contradicted in words":          {[]string{"c1 killed KG whole <=110", "c2 killed KG whole denied contradicts c1"}, "?..110 conflicting"},
		"contradicted across families":   {[]string{"c1 killed KG whole =1 contradicts c2", "c2 wounded KG whole =2"}, "1..1 conflicting"},
		"contradicted by another family": {[]string{"c1 killed KG whole =1", "c2 wounded KG whole =2 contradicts c1"}, "1..1 conflicting"},
		"contradicts what has fallen":    {[]string{"c1 killed KG whole =5 contradicts c2 supersedes c2", "c2 killed KG whole =7"}, "5..5 converging"},
		"contradicts a repeat of it":     {[]string{"c1 killed KG whole =5 contradicts c3 supersedes c2", "c2 killed KG whole =5", "c3 killed KG whole =7 repeats c2"}, "5..5 single_claim"},
	})
}

func TestFiguresAddShares(t *testing.T) {
	checkFigures(t, map[string]figureCase{
		"shares are added":                {[]string{"c1 killed KG share =4", "c2 killed KG share =2"}, "6..6 single_claim"},
		"shares by two claimants compete": {[]string{"c1 killed KG share =4 by A", "c2 killed KG share =2 by B"}, "2..4 conflicting"},
		"shares of two days compete":      {[]string{"c1 killed KG share =4 on 2022-09-16", "c2 killed KG share =2 on 2022-09-17"}, "2..4 conflicting"},
		"shares against the whole":        {[]string{"c1 killed KG share =4", "c2 killed KG share =2", "c3 killed KG whole =6"}, "6..6 agreed"},
		"a share in words opens the top":  {[]string{"c1 killed KG share =4", "c2 killed KG share several"}, "4..? single_claim"},
		"shares up to and at least":       {[]string{"c1 killed KG share <=4", "c2 killed KG share >=2"}, "2..? single_claim"},
		"shares of wounded and injured":   {[]string{"c1 wounded KG share =3", "c2 injured KG share =7", "c3 killed KG whole =1"}, "1..1 single_claim"},
	})
}

func TestFiguresAddParties(t *testing.T) {
	checkFigures(t, map[string]figureCase{
		"parties are added":                {[]string{"c1 killed KG whole =62", "c2 killed TJ whole =41"}, "103..103 single_claim"},
		"three parties":                    {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed MIL whole =4"}, "13..13 single_claim"},
		"parties with ranges":              {[]string{"c1 killed KG whole >=10", "c2 killed TJ whole 2..6"}, "12..? single_claim"},
		"a party that declined":            {[]string{"c1 killed TJ-GOV whole ~50", "c2 killed UTO whole declined"}, "50..? single_claim"},
		"only parties that declined":       {[]string{"c1 killed TJ-GOV whole ?", "c2 killed UTO whole declined"}, "?..? single_claim"},
		"all and nobody else":              {[]string{"c1 killed ALL whole =17"}, "17..17 single_claim"},
		"all against the sum, agreeing":    {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed ALL whole =9"}, "9..9 agreed"},
		"all against the sum, in it":       {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed ALL whole >=7"}, "7..9 converging"},
		"all against the sum, conflicting": {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed ALL whole =12"}, "9..12 conflicting"},
		"all in words against the sum":     {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed ALL whole dozens"}, "9..9 single_claim"},
		"all against a sum in words":       {[]string{"c1 killed KG whole ?", "c2 killed TJ whole ?", "c3 killed ALL whole =9"}, "9..9 single_claim"},
		"all computed from the sum":        {[]string{"c1 killed KG whole =6", "c2 killed TJ whole =3", "c3 killed ALL whole =9 operands c1,c2"}, "9..9 single_claim"},
		"all beside a single party":        {[]string{"c1 killed ALL whole =15", "c2 killed TJ-GOV whole =7"}, "15..15 single_claim"},
		"up to for all, a party below":     {[]string{"c1 killed ALL whole <=60", "c2 killed KG whole >30"}, "31..60 single_claim"},
		"up to for all, a party above":     {[]string{"c1 killed ALL whole <=60", "c2 killed KG whole >70"}, "?..60 single_claim"},
		"all beside parts of a party":      {[]string{"c1 killed ALL whole =19", "c2 killed KG whole =13", "c3 killed TJ part =5"}, "19..19 single_claim"},
		"all in words beside one party":    {[]string{"c1 killed ALL whole others", "c2 killed KG whole =4"}, "4..4 single_claim"},
	})
}

func TestFiguresLeavePartsOut(t *testing.T) {
	checkFigures(t, map[string]figureCase{
		"parts are not added":             {[]string{"c1 killed KG whole =62", "c2 killed KG part =50", "c3 killed KG part =12"}, "62..62 single_claim"},
		"only a part":                     {[]string{"c1 killed KG part =5"}, "?..? not_comparable"},
		"only a part of all":              {[]string{"c1 killed ALL part =6"}, "?..? not_comparable"},
		"a part of all beside a party":    {[]string{"c1 killed ALL part =37", "c2 killed KG whole =62"}, "62..62 single_claim"},
		"a whole and another's part":      {[]string{"c1 killed KG whole =26", "c2 killed MIL part =10"}, "?..? not_comparable"},
		"a whole and another's part, ALL": {[]string{"c1 killed KG whole =26", "c2 killed MIL part =10", "c3 killed ALL whole =40"}, "40..40 single_claim"},
		"ALL in words beside a part":      {[]string{"c1 killed ALL whole several", "c2 killed KG part =2"}, "?..? single_claim"},
		"a part in words does not count":  {[]string{"c1 killed KG whole =26", "c2 killed TJ part most"}, "26..26 single_claim"},
		"wider claims are left out":       {[]string{"c1 killed KG whole =9", "c2 killed KG wider =22"}, "9..9 single_claim"},
		"only a wider claim":              {[]string{"c1 killed KG wider =22"}, "?..? none"},
		"parts that contradict":           {[]string{"c1 killed KG whole =9", "c2 killed KG part =10 contradicts c1"}, "9..9 conflicting"},
	})
}

func TestFiguresOfClaimsThatStand(t *testing.T) {
	checkFigures(t, map[string]figureCase{
		"superseded":                    {[]string{"c1 killed KG whole =24", "c2 killed KG whole =36 supersedes c1"}, "36..36 converging"},
		"superseded by the same figure": {[]string{"c1 killed KG whole =24", "c2 killed KG whole =24 supersedes c1"}, "24..24 single_claim"},
		"superseded, words by words":    {[]string{"c1 killed KG whole several", "c2 killed KG whole dozens supersedes c1"}, "?..? single_claim"},
		"corrected, then confirmed":     {[]string{"c1 killed KG whole =24", "c2 killed KG whole =36 supersedes c1", "c3 killed KG whole =36 supersedes c2"}, "36..36 converging"},
		"superseded, another metric":    {[]string{"c1 hospitalised KG whole =7", "c2 killed KG whole =11 supersedes c1"}, "11..11 single_claim"},
		"corrected, others conflict":    {[]string{"c1 killed KG whole =24", "c2 killed KG whole =36 supersedes c1", "c3 killed KG whole =40"}, "36..40 conflicting"},
		"refuted":                       {[]string{"c1 killed UN whole =1 refuted undated"}, "?..? none"},
		"withdrawn, another stands":     {[]string{"c1 killed KG whole =1 withdrawn undated", "c2 killed KG whole =2"}, "2..2 single_claim"},
		"correction that was withdrawn": {[]string{"c1 killed KG whole =1", "c2 killed KG whole =2 supersedes c1 withdrawn undated", "c3 killed KG whole =3"}, "3..3 single_claim"},
		"repeats one that fell":         {[]string{"c1 killed KG whole =24", "c2 killed KG whole =62 supersedes c1", "c3 killed KG whole =24 repeats c1"}, "62..62 converging"},
		"repeats a repetition of it":    {[]string{"c1 killed KG whole =24", "c2 killed KG whole =62 supersedes c1", "c3 killed KG whole =24 repeats c1", "c4 killed KG whole =24 repeats c3"}, "62..62 converging"},
		"repeats one that stands":       {[]string{"c1 killed KG whole =24", "c2 killed KG whole =24 repeats c1"}, "24..24 single_claim"},
		"sum of one that fell":          {[]string{"c1 killed KG whole =46", "c2 killed KG whole =62 supersedes c1", "c3 killed TJ whole =35", "c4 killed ALL whole >=81 operands c1,c3"}, "97..97 converging"},
		"sum of a sum of one that fell": {[]string{"c1 killed KG whole =46", "c2 killed KG whole =62 supersedes c1", "c3 killed ALL whole >=81 operands c1", "c4 killed ALL whole >80 operands c3"}, "62..62 converging"},
		"sum of claims elsewhere":       {[]string{"c1 killed ALL whole =9 operands other.c1"}, "9..9 single_claim"},
	})
}

func TestFiguresAsOf(t *testing.T) {
	chain := claims(
		"c1 killed KG whole =24 on 2022-09-16",
		"c2 killed KG whole =46 on 2022-09-18 supersedes c1",
		"c3 killed KG whole =62 on 2022-09-25 supersedes c2",
		"c4 killed TJ whole =41 on 2022-09",
		"c5 killed KG whole =46 repeats c2",
		"c6 killed ALL whole =103 operands c3,c4",
	)
	for asOf, want := range map[string]string{
		"2022-09-15": "?..? none",
		"2022-09-16": "24..24 single_claim", // c5 is undated, but cannot repeat what was not said yet
		"2022-09-17": "24..24 single_claim",
		"2022-09-18": "46..46 converging",
		"2022-09-25": "62..62 converging",
		"2022-09-29": "62..62 converging",
		"2022-09-30": "103..103 converging", // a month counts from its last day
		"":           "103..103 converging",
	} {
		if got := killed(chain, asOf); got != want {
			t.Errorf("as of %q: %s, want %s", asOf, got, want)
		}
	}
}

func TestFiguresAsOfRetraction(t *testing.T) {
	cs := claims("c1 killed UN whole =1 on 1997-02-13 refuted 1997-02-17", "c2 killed UN whole =0 on 1997-02-20")
	for asOf, want := range map[string]string{
		"1997-02-12": "?..? none",
		"1997-02-13": "1..1 single_claim",
		"1997-02-16": "1..1 single_claim",
		"1997-02-17": "?..? none",
		"1997-02-20": "0..0 single_claim",
	} {
		if got := killed(cs, asOf); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
	}
}

func TestFiguresKeepParties(t *testing.T) {
	got := map[string]string{}
	figures := data.Figures(claims(
		"c1 injured KG whole =9", "c2 wounded KG whole =14 supersedes c1", "c3 wounded TJ share =3", "c4 injured TJ share =7",
		"c5 wounded TJ share =5 by B", "c6 injured TJ share =11 by B", "c7 wounded ALL whole =27", "c8 wounded KG part =3",
	), day(""))
	var names []string
	for _, f := range figures {
		names = append(names, f.Family)
	}
	if diff := cmp.Diff([]string{"killed", "wounded", "captured", "released"}, names); diff != "" {
		t.Fatalf("families (-want +got):\n%s", diff)
	}
	for party, r := range figures[1].ByParty {
		got[party] = ends(r)
	}
	if diff := cmp.Diff(map[string]string{"KG": "14..14", "TJ": "10..16", "ALL": "27..27"}, got); diff != "" {
		t.Errorf("ranges of the parties (-want +got):\n%s", diff)
	}
	if got := ends(figures[1].Range); got != "24..30" {
		t.Errorf("the sum is %s, want 24..30", got)
	}
	part := data.Figures(claims("c1 killed KG whole =26", "c2 killed MIL part =10"), day(""))[0]
	if got := slices.Collect(maps.Keys(part.ByParty)); !slices.Equal(got, []string{"KG"}) {
		t.Errorf("a figure that is not comparable keeps the range of %v, want KG", got)
	}
}

func TestWorstState(t *testing.T) {
	states := []string{"none", "single_claim", "agreed", "converging", "conflicting", "not_comparable"}
	for i, a := range states {
		for j, b := range states {
			want := states[max(i, j)]
			if got := data.WorstState([]data.Figure{{State: a}, {State: b}}); got != want {
				t.Errorf("the worst of %s and %s is %s, want %s", a, b, got, want)
			}
		}
	}
	if got := data.WorstState(nil); got != "none" {
		t.Errorf("no figures: %s, want none", got)
	}
	for i, term := range data.FigureStates() {
		if term.ID != states[i] {
			t.Errorf("FigureStates has %s where the order of states has %s", term.ID, states[i])
		}
	}
}
