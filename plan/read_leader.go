package plan

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// WordNeeded is a piece of work on which a leader's word may help: it is late, and no word on it is open.
type WordNeeded struct {
	Item  string         `json:"item"`
	Title string         `json:"title"`
	Units []ItemUnit     `json:"units"`
	Work  judge.WorkSpan `json:"work"`
	Why   string         `json:"why"`   // name of the milestone or reason of the verdict that the state refers to
	Since judge.Date     `json:"since"` // late since; empty where that is not known
	Slip  string         `json:"slip"`  // id of a supervision slip of it that is overdue; empty: none
	Said  judge.Date     `json:"said"`  // day of the last word on it, closed since; empty: none
}

// LeaderPage is a leader's one screen: how the work stands and went, what needs his word, and what came back.
type LeaderPage struct {
	AsOf   judge.Date    `json:"asOf"`
	Board  Board         `json:"-"`
	Course []CoursePoint `json:"course"`
	Needs  []WordNeeded  `json:"needs"` // the gravest first, no more than wordsShown
	Late   int           `json:"late"`  // how many need a word in all
	Words  []Instruction `json:"words"` // open: those that were answered first
}

// CoursePoint is how many items were done and how many late at the end of a month, the last as of today.
type CoursePoint struct {
	Month judge.Period `json:"month"`
	Day   judge.Date   `json:"day"`
	Done  int          `json:"done"`
	Late  int          `json:"late"`
}

// How much stands on one screen.
const (
	wordsShown   = 8
	courseMonths = 6
)

// Leader reads the screen for an actor.
func (d *Desk) Leader(ctx context.Context, actor node.Actor) (p LeaderPage, err error) {
	p.AsOf = d.Today()
	v := ViewerOf(actor)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if p.Board, err = d.board(ctx, tx, BoardQuery{}); err != nil {
			return err
		}
		if p.Course, err = d.course(ctx, tx); err != nil {
			return err
		}
		if p.Words, err = d.instructions(ctx, tx, InstructionQuery{Open: true}, v); err != nil {
			return err
		}
		slices.SortStableFunc(p.Words, func(a, b Instruction) int { return cmp.Compare(wordRank[a.State], wordRank[b.State]) })
		p.Needs, p.Late, err = d.wordsNeeded(ctx, tx, v)
		return err
	})
	return p, err
}

// wordRank: what came back first, then what should have.
var wordRank = map[InstructionState]int{InstructionIsAnswered: 0, InstructionIsOverdue: 1, InstructionIsSigned: 2, InstructionIsNew: 3}

// course counts this member's items at the ends of the last months, each once.
func (d *Desk) course(ctx context.Context, tx *store.Tx) (all []CoursePoint, err error) {
	today := d.Today()
	month := judge.PeriodOf(judge.Month, today)
	for range courseMonths - 1 {
		month = month.Prev()
	}
	scope := allOf(d.node.Member)
	for range courseMonths {
		day := min(month.Last(), today)
		c := counting{ctx: ctx, tx: tx, asOf: day, today: today, sums: &d.sums}
		states, err := c.states([]string{scope}, judge.WorkStates())
		if err != nil {
			return nil, err
		}
		n := states[scope]
		all = append(all, CoursePoint{Month: month, Day: day, Done: n[judge.Done] + n[judge.DoneLate], Late: n[judge.Late]})
		month = month.Next()
	}
	return all, nil
}

// wordsNeeded are the items of this member that are late and on which no word is open: those first whose slip is overdue too, then
// those that have been late longest. No state is stored: a word or a report takes an item off, and midnight may put one on.
func (d *Desk) wordsNeeded(ctx context.Context, tx *store.Tx, v Viewer) (all []WordNeeded, n int, err error) {
	page, err := d.items(ctx, tx, ItemsQuery{State: judge.Late, Size: mostInstructions})
	if err != nil {
		return nil, 0, err
	}
	words, err := d.instructions(ctx, tx, InstructionQuery{}, v)
	if err != nil {
		return nil, 0, err
	}
	slips, err := d.slips(ctx, tx, SlipQuery{Open: true}, v)
	if err != nil {
		return nil, 0, err
	}
	for _, r := range page.Rows {
		if memberOf(r.Item) != d.node.Member || slices.ContainsFunc(words, func(i Instruction) bool { return i.Item == r.Item && i.Outcome == "" }) {
			continue
		}
		w := WordNeeded{Item: r.Item, Title: r.Title, Units: r.Leads, Work: r.Work, Since: lateSince(r.Work)}
		for _, i := range words { // the newest come first
			if i.Item == r.Item && i.Outcome == InstructionDone && w.Said == "" {
				w.Said = i.Day
			}
		}
		if at := slices.IndexFunc(slips, func(s Slip) bool { return s.Item == r.Item && s.State == SlipIsOverdue }); at >= 0 {
			w.Slip = string(slips[at].ID)
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b WordNeeded) int {
		return cmp.Or(bit(a.Slip == "")-bit(b.Slip == ""), cmp.Compare(a.Since, b.Since), cmp.Compare(a.Item, b.Item))
	})
	n = len(all)
	all = all[:min(n, wordsShown)]
	for i := range all {
		item, err := d.item(ctx, tx, all[i].Item, "", v)
		if err != nil {
			return nil, 0, err
		}
		all[i].Why = item.WorkWhy
	}
	return all, n, nil
}

// lateSince is the day from which a late item was late: that of its span, or the day after what it missed.
func lateSince(s judge.WorkSpan) judge.Date {
	if due := s.Reason.Date; s.From == "" && due != "" {
		return due.AddDays(1)
	}
	return s.From
}
