package snapshot

// LeaveApart lets With leave parts apart from so many rows on, until restore.
func LeaveApart(rows int) (restore func()) {
	was := atOnce
	atOnce = rows
	return func() { atOnce = was }
}
