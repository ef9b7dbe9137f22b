//go:build !linux

package background

// giveWay does nothing: other systems find a free processor for a thread that wakes.
func giveWay() {}
