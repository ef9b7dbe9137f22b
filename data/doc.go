// Package data is the domain: incidents, the claims made about them, the
// sources those claims rest on, parties, places, border segments and areas;
// the rules that records must keep; and the figures derived from claims.
//
// An incident is one event. A claim is one attributed statement about it: who
// said which number of whom, when, in which source, how sure, and which
// earlier statement it takes the place of. A figure is derived from claims and
// never stored, so that a figure without claims cannot exist; it has a low and
// a high end and keeps the disagreement.
//
// Two times run through everything: valid time, when something happened, and
// known time, when it was said.
package data
