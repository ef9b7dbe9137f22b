package cql2

import "strings"

// nearest returns the name that a typo of name most likely means: the one that
// takes fewest insertions, deletions, substitutions and swaps of neighbours, case
// aside, if those are at most a third of its length.
func nearest(name string, names []string) (string, bool) {
	if len(name) > 64 {
		return "", false
	}
	typed := []rune(strings.ToLower(name))
	best, least := "", len(typed)/3+1
	for _, n := range names {
		if d := distance(typed, []rune(strings.ToLower(n))); d < least || d == 0 {
			best, least = n, d
		}
	}
	return best, best != ""
}

// distance is the optimal string alignment distance of a and b.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// listed returns names for a message, cut after twenty.
func listed(names []string) string {
	if len(names) > 20 {
		names = append(names[:20:20], "…")
	}
	return strings.Join(names, ", ")
}
