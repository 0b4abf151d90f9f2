package twin

import "regexp"

// Work is one piece of work (事项) as an item has it, or one row of a task list (清单行) as it came in.
// Leads, Supports and Deadline are as written; LeadUnits, SupportUnits and Due are what they mean,
// so that one unit under two names is one. Everything but Title may be empty.
type Work struct {
	ID       string
	Title    string
	Measures string
	Target   string
	Leads    []string
	Supports []string
	Deadline string

	LeadUnits    []string // ids; nil: Leads are compared as written
	SupportUnits []string // the same for Supports
	Due          string   // civil date "2006-01-02"; empty: Deadline, where it is one
	Sections     []string
	Lists        []string // plans it already stands in
}

// units gives what the unit names mean.
func (w *Work) units() (leads, supports []string) {
	leads, supports = w.Leads, w.Supports
	if w.LeadUnits != nil {
		leads = w.LeadUnits
	}
	if w.SupportUnits != nil {
		supports = w.SupportUnits
	}
	return leads, supports
}

// due is the day of the deadline, empty where none is known.
func (w *Work) due() string {
	if w.Due == "" && civil.MatchString(w.Deadline) {
		return w.Deadline
	}
	return w.Due
}

var civil = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// Threshold is the score from which a proposal is a likely twin: ticked beforehand on a preview
// and linked by a general yes. A weaker one is only shown. The fitted weights are shifted so that it stands in the middle.
const Threshold = 0.5

// Proposal says that a row is likely the same work as an item.
type Proposal struct {
	Item    string       `json:"item"`
	Score   float64      `json:"score"` // 0..1, two decimals
	Reason  Reason       `json:"reason"`
	Differs []Difference `json:"differs"`
}

// Difference is one field in which two works are not alike.
// Field is one of title, measures, target, lead, support, deadline, section.
type Difference struct {
	Field string `json:"field"`
	Here  string `json:"here"`  // as the row has it
	There string `json:"there"` // as the item has it
}
