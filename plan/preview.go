package plan

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/plan/twin"
	"liandong/region"
	"liandong/store"
)

// ImportOptions say which list a file becomes.
type ImportOptions struct {
	Plan     string       `json:"plan"` // key or id
	Year     int          `json:"year"`
	Circle   string       `json:"circle"` // empty: the member's own list
	Title    string       `json:"title"`  // empty: as the file says
	Number   string       `json:"number"` // 发文字号
	Cycle    judge.Cycle  `json:"cycle"`  // empty: as it is, or monthly
	Rhythm   judge.Rhythm `json:"rhythm"`
	WarnDays int          `json:"warnDays"`
	Issued   judge.Date   `json:"issued"`

	// Columns and Units are a person's corrections, remembered for files of this shape.
	Columns map[string]sheet.Field `json:"columns,omitempty"`
	Units   map[string]string      `json:"units,omitempty"`
	// Another says that this is a list of its own, though its rows stand in one already.
	Another bool `json:"another,omitempty"`
	// Reason says why deadlines or targets of rows that stand are otherwise; empty: by a command the revised list itself is the reason.
	Reason string `json:"reason,omitempty"`
	// Making is the list in the making (清单编制) that is issued by this; empty: the file comes from elsewhere.
	Making string `json:"making,omitempty"`
	// Hidden are the names of the hidden sheets to take; nil: those that the list took before.
	Hidden []string `json:"hidden"`
}

// SetUnit says which unit an unknown name of the file means: an id, or sheet.AsNew for a new one.
func (o *ImportOptions) SetUnit(key, is string) {
	if o.Units == nil {
		o.Units = map[string]string{}
	}
	o.Units[key] = is
}

// Preview is what was understood of a file and what importing it would change. Nothing of it is
// written yet.
type Preview struct {
	Options  ImportOptions
	List     *sheet.List
	Existing bool     // the plan stands already: this is a revision
	Changes  []Change // in the order of the file; then what would be dropped
	Unknown  []UnknownUnit
	NewBook  bool      // the circle's book would be opened
	Same     *SameList // a new list whose rows stand in another already
	Asking             // what its rows would ask
	member   string    // that takes it in
	head     *PlanHead
	standing map[string]ListingRow
}

// Change is what importing would do with one row.
type Change struct {
	What    ChangeKind
	Row     *sheet.Row // nil for a dropped one
	Sheet   string
	Listing string // id of the listing that stands
	Title   string
	Differs []twin.Difference
	Twins   []twin.Proposal
	// Discloses is, by item of Twins, how many accepted reports of it a link would show to the list's circle for the first
	// time; none are left out.
	Discloses map[string]int
	// unasked: the row stands in a list that this may be once more; nothing is linked unless somebody says so.
	unasked bool
	Words   ListingWords
	Facts   ListingFacts
}

// ChangeKind is how a row of the file relates to the list that stands.
type ChangeKind string

// The kinds of change.
const (
	RowNew     ChangeKind = "new"
	RowChanged ChangeKind = "changed"
	RowSame    ChangeKind = "same"
	RowMoved   ChangeKind = "moved" // only its place in the list is another
	RowDropped ChangeKind = "dropped"
)

// UnknownUnit is a name that the directory does not know.
type UnknownUnit struct {
	Key, Name, Side string
	Is              string // id of the near unit that it is taken for; empty: it becomes a new unit
	Chosen          bool   // a person said that it is a new one
	Of              string // the other member whose new unit it becomes, for its name begins with that one's
	Place           string // that member, though a person said otherwise
	As              string // name of the new unit where the file names it otherwise too: 市经信局 as 市经济和信息化局
	Proposals       []sheet.Proposal
}

// NewUnits are the names that become new units of the directory.
func (p *Preview) NewUnits() (names []string) {
	for _, u := range p.Unknown {
		if name := cmp.Or(u.As, u.Name); u.Is == "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Preview reads a file and compares it with what stands. The error is a *sheet.Refusal when the
// file is not read at all.
func (d *Desk) Preview(ctx context.Context, src sheet.Source, opt ImportOptions) (*Preview, error) {
	opt.Plan = d.PlanID(opt.Plan)
	p := &Preview{Options: opt, member: d.node.Member}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if err := d.readFile(ctx, tx, src, p); err != nil {
			return err
		}
		if err := d.compare(ctx, tx, p); err != nil {
			return err
		}
		if err := d.reckonAsks(ctx, tx, p); err != nil {
			return err
		}
		return d.proposeTwins(ctx, tx, p)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (d *Desk) readFile(ctx context.Context, tx *store.Tx, src sheet.Source, p *Preview) error {
	dir, err := directory(ctx, tx, d.node.Member)
	if err != nil {
		return err
	}
	if p.head, err = planHead(ctx, tx, p.Options.Plan); err != nil {
		return err
	}
	if p.head != nil {
		p.Existing = true
		p.Options.adopt(*p.head)
	}
	circle, err := recognised(ctx, tx, d.node.Member, p.Options.Circle)
	if err != nil {
		return err
	}
	dir.Sides = sidesOf(circle)
	var recalled error
	p.List, err = sheet.Read(ctx, src, sheet.Options{
		Year: p.Options.Year, Directory: dir,
		Recall: func(shape string) *sheet.Shape {
			s, err := d.recallFor(ctx, tx, shape, p.head)
			recalled = err
			return correct(s, shape, p.Options)
		},
	})
	if err != nil {
		return err
	}
	if recalled != nil {
		return recalled
	}
	if p.Options.Year == 0 {
		p.Options.Year = p.List.Year
	}
	p.Options.Title = cmp.Or(p.Options.Title, p.List.Title)
	p.Options.Number = cmp.Or(p.Options.Number, p.List.DocumentNo)
	p.Unknown = unknownUnits(p.List, d.node.Member)
	return nil
}

// recallFor finds the corrections for a file's shape, or else those for the shape in which the list
// came before: a file that went out with its progress has more columns than it came with.
func (d *Desk) recallFor(ctx context.Context, tx *store.Tx, shape string, head *PlanHead) (*sheet.Shape, error) {
	s, err := recall(ctx, tx, shape)
	if s != nil || err != nil || head == nil || head.Words.Shape == "" {
		return s, err
	}
	return recall(ctx, tx, head.Words.Shape)
}

// correct lays this preview's corrections over those remembered for the shape.
func correct(remembered *sheet.Shape, shape string, opt ImportOptions) *sheet.Shape {
	s := sheet.Shape{Hash: shape, Columns: map[string]sheet.Field{}, Units: map[string]string{}}
	if remembered != nil {
		maps.Copy(s.Columns, remembered.Columns)
		maps.Copy(s.Units, remembered.Units)
	}
	maps.Copy(s.Columns, opt.Columns)
	maps.Copy(s.Units, opt.Units)
	return &s
}

// unknownUnits are the names that the directory does not know. Names of one form are one unit, as they
// would be if it stood in the directory: it gets the longest, and the others are its aliases.
func unknownUnits(l *sheet.List, member string) []UnknownUnit {
	var all []UnknownUnit
	longest := map[string]string{}
	form := func(u UnknownUnit) string { return u.Side + " " + l.Resolved[u.Key].Form }
	for _, key := range slices.Sorted(maps.Keys(l.Resolved)) {
		m := l.Resolved[key]
		if m.Known() {
			continue
		}
		is, _ := m.Taken()
		u := UnknownUnit{Key: key, Name: m.Name, Side: cmp.Or(m.Side, m.Of, member), Is: is, Chosen: m.By == sheet.AsNew, As: m.As, Place: m.Place, Proposals: m.Proposals}
		if is == "" {
			u.Of = m.Of
		}
		if all = append(all, u); u.opens() && len(u.Name) > len(longest[form(u)]) {
			longest[form(u)] = u.Name
		}
	}
	for i, u := range all {
		if as := longest[form(u)]; u.opens() && as != u.Name {
			all[i].As = as
		}
	}
	return all
}

// opens says that nobody decided what the name means, and no unit comes near: a new unit is opened for it.
func (u UnknownUnit) opens() bool { return u.Is == "" && !u.Chosen }

// compare matches the file's rows with the listings that stand: the same number and title first,
// then the same title, then the same number with a like title. What is left over is new here,
// or dropped there.
func (d *Desk) compare(ctx context.Context, tx *store.Tx, p *Preview) error {
	p.Options.Cycle = cmp.Or(p.Options.Cycle, judge.Month)
	if err := d.needsBook(ctx, tx, p); err != nil {
		return err
	}
	standing, err := listingsOf(ctx, tx, p.Options.Plan)
	if err != nil {
		return err
	}
	p.standing = map[string]ListingRow{}
	for _, s := range standing {
		p.standing[s.ID] = s
	}
	p.chooseSheets(standing)
	p.Changes = changes(p, standing)
	return nil
}

// chooseSheets takes in the hidden sheets that a person ticked, and those whose rows stand in the
// list already.
func (p *Preview) chooseSheets(standing []ListingRow) {
	taken := map[string]bool{}
	for _, l := range standing {
		taken[l.Words.Sheet] = taken[l.Words.Sheet] || l.Dropped == ""
	}
	for i := range p.List.Sheets {
		s := &p.List.Sheets[i]
		if s.Hidden && len(s.Rows) > 0 {
			s.Import = slices.Contains(p.Options.Hidden, s.Name) || taken[s.Name] && p.Options.Hidden == nil
		}
	}
}

// adopt keeps what the plan's head says where the options are silent.
func (o *ImportOptions) adopt(h PlanHead) {
	if o.Circle = h.Circle; o.Circle == node.Self {
		o.Circle = "" // the member's own list
	}
	o.Year = cmp.Or(o.Year, h.Facts.Year)
	o.Title = cmp.Or(o.Title, h.Words.Title)
	o.Number = cmp.Or(o.Number, h.Words.DocumentNo)
	o.Cycle = cmp.Or(o.Cycle, h.Facts.Cycle)
	o.Issued = cmp.Or(o.Issued, h.Facts.Issued)
	o.WarnDays = cmp.Or(o.WarnDays, h.Facts.WarnDays)
	o.Rhythm = judge.Rhythm{ // a page that asks for one of them leaves the others as they are
		CutoffDay: cmp.Or(o.Rhythm.CutoffDay, h.Facts.Rhythm.CutoffDay), TenDayGrace: cmp.Or(o.Rhythm.TenDayGrace, h.Facts.Rhythm.TenDayGrace),
		OpenDays: cmp.Or(o.Rhythm.OpenDays, h.Facts.Rhythm.OpenDays),
	}
}

func (d *Desk) needsBook(ctx context.Context, tx *store.Tx, p *Preview) error {
	if p.Options.Circle == "" {
		return nil
	}
	circles, err := region.CirclesOf(ctx, tx, d.node.Member)
	if err != nil {
		return err
	}
	p.NewBook = !slices.ContainsFunc(circles, func(c region.Circle) bool { return c.ID == p.Options.Circle })
	return nil
}

func changes(p *Preview, standing []ListingRow) []Change {
	var all []Change
	for si := range p.List.Sheets {
		s := &p.List.Sheets[si]
		if !s.Import {
			continue
		}
		for ri := range s.Rows {
			all = append(all, Change{What: RowNew, Row: &s.Rows[ri], Sheet: s.Name, Title: s.Rows[ri].Title, Words: wordsOf(s, &s.Rows[ri])})
		}
	}
	left := match(all, standing)
	for i := range all {
		all[i].Facts = ListingFacts{Plan: p.Options.Plan, Listing: all[i].Listing, Order: i + 1, Deadline: deadlineOf(all[i].Row)}
		all[i].weigh(p.standing)
	}
	for _, l := range left {
		if l.Dropped == "" {
			all = append(all, Change{What: RowDropped, Listing: l.ID, Title: l.Words.Title, Words: l.Words})
		}
	}
	return all
}

// weigh says whether a matched row is the same as it stands or a revision.
func (c *Change) weigh(standing map[string]ListingRow) {
	old, ok := standing[c.Listing]
	if !ok {
		return
	}
	c.Differs = differences(c.Words, old.Words)
	c.What = RowChanged
	same := len(c.Differs) == 0 && old.Dropped == "" && sameListing(c.Words, old.Words) &&
		old.Facts.Deadline == c.Facts.Deadline
	switch {
	case same && old.Facts.Order == c.Facts.Order:
		c.What = RowSame
	case same:
		c.What = RowMoved
	}
}
