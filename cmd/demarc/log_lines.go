package main

import (
	"io"
	"sync"
	"time"
)

// lines gathers what is logged and writes many lines at once: a call of the system for
// each would cost more than the line. They wait flushAfter at the most; Flush writes
// what is left. Who logs does not wait while lines are written: where the disk has a
// commit to keep, that takes many milliseconds.
type lines struct {
	to io.Writer

	mu    sync.Mutex // taken after writing
	held  []byte
	timer *time.Timer // that flushes; nil before the first line
	due   bool        // whether it is running
	soon  bool        // whether it is to run at once

	writing sync.Mutex // so that lines stay in their order
	spare   []byte
}

const (
	// flushAfter is how long a line waits for others.
	flushAfter = 100 * time.Millisecond
	// flushFrom is from how many bytes on they do not wait.
	flushFrom = 32 << 10
	// flushMost is how many bytes may wait for a log that takes none.
	flushMost = 4 << 20
)

// Write takes lines.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.held = append(l.held, p...)
	full := len(l.held) >= flushMost
	switch enough := len(l.held) >= flushFrom; {
	case l.timer == nil:
		l.timer, l.due = time.AfterFunc(flushAfter, l.Flush), true
	case enough && !l.soon:
		l.timer.Reset(0)
		l.due, l.soon = true, true
	case !l.due:
		l.timer.Reset(flushAfter)
		l.due = true
	}
	l.mu.Unlock()
	if full {
		l.Flush()
	}
	return len(p), nil
}

// Flush writes the lines that wait.
func (l *lines) Flush() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	out := l.held
	l.held, l.spare = l.spare[:0], nil
	l.due, l.soon = false, false
	l.mu.Unlock()
	if len(out) > 0 {
		_, _ = l.to.Write(out) // who would be told?
	}
	l.spare = out
}
