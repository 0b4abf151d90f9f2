package plan

import "liandong/plan/judge"

// window is a stretch of periods for which reports are owed, by the first days of the first
// period and of the first one no more owed; empty where none is.
type window struct{ from, until judge.Date }

// holds says whether a report for the period is owed.
func (w window) holds(period string) bool {
	day := judge.Period(period).First()
	return w.from != "" && w.from <= day && day < w.until
}

// meets says whether any of the window lies in the period.
func (w window) meets(p judge.Period) bool {
	return w.from != "" && p.First() < w.until && p.Last() >= w.from
}

// gap is the first day of the first owed period for which nothing was filed; "" if there is none.
// What waits for a report is found by it: for a period, it is among the rows whose gap is not later.
func (w window) gap(cycle judge.Cycle, filed map[string]bool) string {
	if w.from == "" {
		return ""
	}
	for p := judge.PeriodOf(cycle, w.from); p != "" && p.First() < w.until; p = p.Next() {
		if !filed[string(p)] {
			return string(p.First())
		}
	}
	return ""
}

// stretches are the windows of all lists that hold an item, in order and apart from each other: between a list that ended in
// June and one that began in September nobody waits for a report.
type stretches []window

// with joins a window; windows that touch become one.
func (s stretches) with(w window) stretches {
	if w.from == "" {
		return s
	}
	all := make(stretches, 0, len(s)+1)
	for _, had := range s {
		switch {
		case had.until < w.from || had.from > w.until:
			all = append(all, had)
		default:
			w = window{from: min(had.from, w.from), until: max(had.until, w.until)}
		}
	}
	at := 0
	for at < len(all) && all[at].from < w.from {
		at++
	}
	return append(all[:at:at], append(stretches{w}, all[at:]...)...)
}

// holds says whether a report for the period is owed.
func (s stretches) holds(period string) bool {
	for _, w := range s {
		if w.holds(period) {
			return true
		}
	}
	return false
}
