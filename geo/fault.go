package geo

import (
	"strconv"
	"strings"
)

// Fault is one thing that is wrong with an input, said so that the sender can
// mend it without asking.
type Fault struct {
	// Where is the parameter's name, a JSON Pointer (RFC 6901), or
	// file:line:column.
	Where string
	// Found is what was sent, cut short where it is long; empty where
	// something is missing.
	Found string
	// Problem says what is wrong with it.
	Problem string
	// Mend says what would be right.
	Mend string
}

// String returns the fault on one line: where: problem (found …); mend.
func (f Fault) String() string {
	var b strings.Builder
	if f.Where != "" {
		b.WriteString(f.Where + ": ")
	}
	b.WriteString(f.Problem)
	if f.Found != "" {
		b.WriteString(" (found " + quoteShort(f.Found) + ")")
	}
	if f.Mend != "" {
		b.WriteString("; " + f.Mend)
	}
	return b.String()
}

// quoteShort quotes s, line ends escaped, and cuts it after 80 characters.
func quoteShort(s string) string {
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80]) + "…"
	}
	return strconv.Quote(s)
}

// InputError says that what a caller sent is wrong, and names all of it.
type InputError struct{ Faults []Fault }

// Error returns the faults, one a line.
func (e *InputError) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Faults gathers what is wrong; its zero value is ready.
type Faults []Fault

// Add appends one fault.
func (fs *Faults) Add(where, found, problem, mend string) {
	*fs = append(*fs, Fault{where, found, problem, mend})
}

// Err returns an *InputError with all faults, or nil when there are none.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &InputError{Faults: fs}
}
