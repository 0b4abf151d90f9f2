package judge

// The defaults of a plan's rhythm. RULES §2.1: monthly reports are often due by the 25th; how
// long before that a report is waited for has no source and is ours.
const (
	DefaultCutoffDay = 25
	DefaultOpenDays  = 10
)

// Rhythm is when a plan wants its reports: data of the plan. The zero value is the default.
type Rhythm struct {
	// CutoffDay is the day of the period's last month by which its report is due, that day
	// included: 1..31, a day the month does not have means its last; 0 = DefaultCutoffDay.
	CutoffDay int `json:"cutoffDay,omitempty"`
	// TenDayGrace is how many days after its last day a 旬's report is due; 0 = that day.
	TenDayGrace int `json:"tenDayGrace,omitempty"`
	// OpenDays is how many days before the cut-off a report begins to be waited for, but never
	// before the period begins; 0 = DefaultOpenDays, 366 = the period's first day.
	OpenDays int `json:"openDays,omitempty"`
}

// Check refuses what is out of range.
func (r Rhythm) Check() error {
	switch {
	case r.CutoffDay < 0 || r.CutoffDay > 31:
		return problem("cutoff-day-range", "填报截止日应为每月1日至31日，现为%d", "the cut-off day must be 1 to 31, it is %d", r.CutoffDay)
	case r.TenDayGrace < 0 || r.TenDayGrace > 10:
		return problem("ten-day-grace-range", "旬报顺延天数应为0至10天，现为%d", "the grace of ten-day reports must be 0 to 10 days, it is %d", r.TenDayGrace)
	case r.OpenDays < 0 || r.OpenDays > 366:
		return problem("open-days-range", "提前开放天数应为1至366天，现为%d", "the days a report is open must be 1 to 366, they are %d", r.OpenDays)
	}
	return nil
}

// Cutoff is the last day, included, on which the period's report is in time: for months and
// longer the CutoffDay of the period's last month, for a 旬 its last day and the grace, for an
// ad hoc call its day.
func (r Rhythm) Cutoff(p Period) Date {
	last := p.Last()
	switch p.Cycle() {
	case "":
		return ""
	case AdHoc:
		return last
	case TenDay:
		return last.AddDays(r.TenDayGrace)
	}
	day := r.CutoffDay
	if day == 0 {
		day = DefaultCutoffDay
	}
	return min(last, (last[:len("2006-01-")] + "01").AddDays(day-1))
}

// Opens is the first day on which the period's report is waited for. An ad hoc call has no
// first day of its own and opens OpenDays before.
func (r Rhythm) Opens(p Period) Date {
	days := r.OpenDays
	if days == 0 {
		days = DefaultOpenDays
	}
	opens := r.Cutoff(p).AddDays(-days)
	if p.Cycle() == AdHoc {
		return opens
	}
	return max(opens, p.First())
}

// Active is when a listing owes reports; "" is none of each.
type Active struct {
	From    Date // issued (印发) or added to the plan
	Until   Date // the plan's last day: its last period is the one that contains it
	Done    Date // completion confirmed: the period of that day is the last one owed
	Dropped Date // dropped: periods whose cut-off was not over before that day are not owed
}

// Expected lists the periods, in order, that have begun by the as-of date and for which the
// listing owes a report. A period whose cut-off had passed when the listing was issued is not
// owed: nothing is missed at birth. AdHoc has no periods of its own.
func Expected(cycle Cycle, r Rhythm, active Active, asOf Date) []Period {
	end := asOf
	for _, d := range []Date{active.Until, active.Done} {
		if d != "" {
			end = min(end, d)
		}
	}
	if active.From == "" || cycle.PerYear() == 0 {
		return nil
	}
	var owed []Period
	for p := PeriodOf(cycle, active.From); p != "" && p.First() <= end; p = p.Next() {
		cutoff := r.Cutoff(p)
		if cutoff >= active.From && (active.Dropped == "" || cutoff < active.Dropped) {
			owed = append(owed, p)
		}
	}
	return owed
}

// CallOwed tells whether a listing owes the report that was called for by hand (临时调度) on a day,
// due on another. It does not where it was added to the list after the due day, dropped by then,
// or confirmed done before the call.
func CallOwed(active Active, called, due Date) bool {
	return active.From != "" && active.From <= due &&
		(active.Dropped == "" || due < active.Dropped) &&
		(active.Done == "" || called <= active.Done)
}

// OfCall is the rhythm of one call: its report is waited for from the day of the call on, but not
// earlier than 366 days before it is due.
func (r Rhythm) OfCall(called, due Date) Rhythm {
	r.OpenDays = 1
	from, ok := called.time()
	to, valid := due.time()
	if ok && valid {
		r.OpenDays = min(max(int(to.Sub(from).Hours()/24), 1), 366)
	}
	return r
}
