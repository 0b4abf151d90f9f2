package judge

// Cycle is how often a plan wants to hear (填报周期).
type Cycle string

// The cycles, from the shortest to the longest; AdHoc (临时调度) has no rhythm of its own.
const (
	TenDay   Cycle = "ten-day"   // 旬
	Month    Cycle = "month"     // 月
	Quarter  Cycle = "quarter"   // 季度
	HalfYear Cycle = "half-year" // 半年
	Year     Cycle = "year"      // 年
	AdHoc    Cycle = "adhoc"     // 临时
)

type cycleFact struct {
	cycle   Cycle
	perYear int // 0: no rhythm
	zh, en  string
}

// cycles stands in the order of choice: the shortest rhythm first, none last.
var cycles = []cycleFact{
	{TenDay, 36, "每旬", "every ten days"},
	{Month, 12, "每月", "monthly"},
	{Quarter, 4, "每季度", "quarterly"},
	{HalfYear, 2, "每半年", "half-yearly"},
	{Year, 1, "每年", "yearly"},
	{AdHoc, 0, "临时调度", "ad hoc"},
}

// Cycles lists all cycles, shortest first, AdHoc last.
func Cycles() []Cycle {
	all := make([]Cycle, 0, len(cycles))
	for _, c := range cycles {
		all = append(all, c.cycle)
	}
	return all
}

// ParseCycle reads a cycle's code.
func ParseCycle(code string) (Cycle, error) {
	if _, ok := Cycle(code).fact(); !ok {
		return "", problem("cycle-unknown",
			"填报周期“%s”无法识别，可选：ten-day、month、quarter、half-year、year、adhoc",
			"cycle %q is none of ten-day, month, quarter, half-year, year, adhoc", code)
	}
	return Cycle(code), nil
}

// Shortest is the cycle at which a unit files an item that stands in lists of these cycles:
// once, at the shortest; the longer ones are composed from it. AdHoc has no rhythm and is
// chosen only where nothing else is. Of none, or of unknown cycles only, it is "".
func Shortest(of ...Cycle) Cycle {
	for _, c := range cycles {
		for _, given := range of {
			if given == c.cycle {
				return given
			}
		}
	}
	return ""
}

// Zh is the word on pages: 每月.
func (c Cycle) Zh() string { f, _ := c.fact(); return f.zh }

// En is the English word: monthly.
func (c Cycle) En() string { f, _ := c.fact(); return f.en }

// PerYear is the number of periods in a year: 36, 12, 4, 2, 1; 0 for AdHoc.
func (c Cycle) PerYear() int { f, _ := c.fact(); return f.perYear }

func (c Cycle) fact() (cycleFact, bool) {
	for _, f := range cycles {
		if f.cycle == c {
			return f, true
		}
	}
	return cycleFact{}, false
}
