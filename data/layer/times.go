package layer

import (
	"slices"
	"strings"

	"demarc/data"
	"demarc/geo"
)

// The names by which a field of days or instants is taken to tell a feature's
// time, in lower case without "_", "-" and blanks.
var (
	startNames = []string{"start", "startdate", "startdatetime", "starttime", "begin", "begindate", "datestart", "datefrom", "validfrom", "timestart"}
	endNames   = []string{"end", "enddate", "enddatetime", "endtime", "finish", "dateend", "dateto", "validto", "timeend"}
	onceNames  = []string{"date", "datetime", "time", "timestamp", "day", "eventdate", "eventtime", "acqdate", "observed", "observedon", "observedat"}
)

// timeFields returns the fields that tell the features' time: a start and an
// end, or one field twice. They are -1 where there are none, or more than one
// could be meant: a guess would answer datetime with the wrong features.
func timeFields(l *data.Layer) (start, end int) {
	starts, ends, once := timesNamed(l, startNames), timesNamed(l, endNames), timesNamed(l, onceNames)
	switch {
	case len(starts) == 1 && len(ends) == 1 && len(once) == 0 && ordered(l, starts[0], ends[0]):
		return starts[0], ends[0]
	case len(starts) == 0 && len(ends) == 0 && len(once) == 1:
		return once[0], once[0]
	}
	return -1, -1
}

// timesNamed returns the fields of days or instants that have one of the names.
func timesNamed(l *data.Layer, names []string) []int {
	var out []int
	for i, f := range l.Schema.Fields {
		plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(f.Name))
		if (f.Type == geo.Date || f.Type == geo.DateTime) && slices.Contains(names, plain) {
			out = append(out, i)
		}
	}
	return out
}

// ordered tells whether no feature ends before it begins; where one does, the
// fields mean something else.
func ordered(l *data.Layer, start, end int) bool {
	for i := range l.Features {
		from, _, begins := l.Features[i].Values[start].Unix()
		to, _, ends := l.Features[i].Values[end].Unix()
		if begins && ends && to < from {
			return false
		}
	}
	return true
}
