package main

import (
	"io"
	"sync"
	"time"
)

// lines gathers what is logged and writes many lines at once: a call of the system for
// each would cost more than the line. They wait flushAfter at the most; Flush writes
// what is left.
type lines struct {
	mu     sync.Mutex
	to     io.Writer
	held   []byte
	timer  *time.Timer // that flushes; nil before the first line
	waited bool        // whether it is running
}

const (
	// flushAfter is how long a line waits for others.
	flushAfter = 100 * time.Millisecond
	// flushFrom is from how many bytes on they do not wait.
	flushFrom = 32 << 10
)

// Write takes lines.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, p...)
	switch {
	case len(l.held) >= flushFrom:
		l.flush()
	case l.timer == nil:
		l.timer, l.waited = time.AfterFunc(flushAfter, l.Flush), true
	case !l.waited:
		l.timer.Reset(flushAfter)
		l.waited = true
	}
	return len(p), nil
}

// Flush writes the lines that wait.
func (l *lines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waited = false
	l.flush()
}

func (l *lines) flush() {
	if len(l.held) > 0 {
		_, _ = l.to.Write(l.held) // who would be told?
		l.held = l.held[:0]
	}
}
