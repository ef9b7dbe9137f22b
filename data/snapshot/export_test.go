package snapshot

// LeaveApart lets With leave parts apart from so many rows on, until restore.
func LeaveApart(rows int) (restore func()) {
	was := atOnce
	atOnce = rows
	return func() { atOnce = was }
}

// CountAside lets so many counts wait until their collection is made aside, until restore.
func CountAside(counts int) (restore func()) {
	was := mostCounts
	mostCounts = counts
	return func() { mostCounts = was }
}
