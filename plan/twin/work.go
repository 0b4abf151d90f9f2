package twin

// Work is one piece of work (事项) as an item has it, or one row of a task list (清单行) as it came in.
// Leads and Supports are canonical names or ids of units; what is the same unit must be the same string.
// Deadline is a civil date "2006-01-02" or empty. Everything but Title may be empty.
type Work struct {
	ID       string
	Title    string
	Measures string
	Target   string
	Leads    []string
	Supports []string
	Deadline string
	Sections []string
	Lists    []string // plans it already stands in
}

// Threshold is the score from which a proposal is shown as a likely twin and linked by a
// general yes. The fitted weights are shifted so that it stands in the middle.
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
