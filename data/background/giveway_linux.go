package background

import (
	"time"

	"golang.org/x/sys/unix"
)

const (
	// nice is how the thread shares a processor with others of the process that want
	// it too: a tenth of it. With less, an import beside other programs that keep all
	// processors busy comes to no end, and one that is stopped while the garbage
	// collector waits for it is waited for too long.
	nice = 10
	// slice is for how long it may keep a processor that nobody else wants. Linux, from
	// 6.12 on, lets a thread that wakes take the place of one whose slice is longer
	// than its own at once, and else at the next tick of the clock, which may be 4
	// milliseconds away (sched(7), sched_setattr(2)).
	slice = 50 * time.Millisecond
)

// giveWay lets the thread of the goroutine, which is locked to it, give way to others.
// As one of SCHED_BATCH it does not take a processor from another thread when it wakes.
// Where the system does not allow it, and where the whole program gives way or comes
// first by another policy, it stays as it is.
func giveWay() {
	now, err := unix.SchedGetAttr(0, 0)
	if err != nil || now.Policy != unix.SCHED_NORMAL && now.Policy != unix.SCHED_BATCH {
		return
	}
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_BATCH, Nice: max(now.Nice, nice), Runtime: uint64(slice)}, 0)
}
