package plan

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// InstructionState is how far a leader's word is on a day, or a unit with it.
type InstructionState string

// The states: 待签收, 办理中, 逾期未报, 已回复, 已办结, 已撤销. The last two are of the word as a whole.
const (
	InstructionIsNew       InstructionState = "new"
	InstructionIsSigned    InstructionState = "signed"
	InstructionIsOverdue   InstructionState = "overdue"
	InstructionIsAnswered  InstructionState = "answered"
	InstructionIsDone      InstructionState = "done"
	InstructionIsCancelled InstructionState = "cancelled"
)

// Instruction is a leader's word (批示) with what became of it.
type Instruction struct {
	ID        string             `json:"id"`
	Year      int                `json:"year"`
	Number    int                `json:"number"`
	Source    InstructionSource  `json:"source"`
	Leader    string             `json:"leader"` // id of the person; empty: known by name only
	Item      string             `json:"item"`
	ItemTitle string             `json:"itemTitle"`
	Plan      string             `json:"plan"`
	PlanTitle string             `json:"planTitle"`
	Day       judge.Date         `json:"day"`
	Due       judge.Date         `json:"due"` // as first given
	Words     InstructionWords   `json:"words"`
	Erased    bool               `json:"erased"`
	Units     []InstructionUnit  `json:"units"`
	State     InstructionState   `json:"state"`
	Outcome   InstructionOutcome `json:"outcome"`
	Closed    judge.Date         `json:"closed"`
	Book      string             `json:"book"`
	Index     int64              `json:"index"`
	Story     []InstructionEvent `json:"story"` // in the order of the book; of one word only
	heirs     []string           // who took over from the leader
}

// InstructionUnit is how far one of the units is.
type InstructionUnit struct {
	Org      string           `json:"org"`
	Name     string           `json:"name"`
	Due      judge.Date       `json:"due"`      // now: later where an answer was returned
	Signed   judge.Date       `json:"signed"`   // empty: not yet
	Answered judge.Date       `json:"answered"` // of the last answer
	Answer   string           `json:"answer"`   // its words
	State    InstructionState `json:"state"`
	answer   int64            // index of the last; -1: none
	returned int64
}

// InstructionEvent is one thing that was said to a word.
type InstructionEvent struct {
	Kind  string     `json:"kind"` // name of the kind, without version
	Unit  string     `json:"unit"` // that said it, or whose answer was returned
	Day   judge.Date `json:"day"`
	Due   judge.Date `json:"due"`
	Text  string     `json:"text"`
	Files []ToldFile `json:"files"`
	Book  string     `json:"book"`
	Index int64      `json:"index"`
}

// unitState: the last answer counts unless it was returned.
func (u InstructionUnit) state(today judge.Date) InstructionState {
	switch {
	case u.answer > u.returned:
		return InstructionIsAnswered
	case today > u.Due:
		return InstructionIsOverdue
	case u.Signed != "":
		return InstructionIsSigned
	}
	return InstructionIsNew
}

// instructionState: answered when every unit has answered, overdue as soon as one is, new until every one has signed.
func instructionState(outcome InstructionOutcome, units []InstructionUnit) InstructionState {
	switch outcome {
	case InstructionDone:
		return InstructionIsDone
	case InstructionCancelled:
		return InstructionIsCancelled
	}
	in := func(s InstructionState) bool {
		return slices.ContainsFunc(units, func(u InstructionUnit) bool { return u.State == s })
	}
	for _, s := range []InstructionState{InstructionIsOverdue, InstructionIsNew, InstructionIsSigned} {
		if in(s) {
			return s
		}
	}
	return InstructionIsAnswered
}

// InstructionQuery says which words are wanted.
type InstructionQuery struct {
	Open bool   // only those that are not closed
	Item string // id; empty: all
	Plan string // key or id; empty: all
}

// mostInstructions bounds what a page lists.
const mostInstructions = 500

// Instructions lists the words that a viewer may read, the open ones first, then the newest: leaders, coordinators and auditors all,
// others those that name their own organisation.
func (d *Desk) Instructions(ctx context.Context, q InstructionQuery, v Viewer) (all []Instruction, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.instructions(ctx, tx, q, v)
		return err
	})
	return all, err
}

func (d *Desk) instructions(ctx context.Context, tx *store.Tx, q InstructionQuery, v Viewer) ([]Instruction, error) {
	which, args := `1 = 1`, []any{}
	if q.Open {
		which += ` AND c.outcome IS NULL`
	}
	if q.Item != "" {
		which, args = which+` AND i.item = ?`, append(args, d.ID(q.Item))
	}
	if q.Plan != "" {
		which, args = which+` AND i.plan = ?`, append(args, d.PlanID(q.Plan))
	}
	return d.instructionsWhere(ctx, tx, v, which, args...)
}

// instruction reads one, without its story. Refused: plan.instruction-unknown, also for one that is not the viewer's to read.
func (d *Desk) instruction(ctx context.Context, tx *store.Tx, id string, v Viewer) (Instruction, error) {
	all, err := d.instructionsWhere(ctx, tx, v, `i.instruction = ?`, id)
	if err != nil {
		return Instruction{}, err
	}
	if len(all) == 0 {
		return Instruction{}, refuse.New("plan.instruction-unknown", "instruction", id)
	}
	return all[0], nil
}

// Instruction reads one word with its story. Refused: plan.instruction-unknown, also for one that is not the viewer's to read.
func (d *Desk) Instruction(ctx context.Context, id string, v Viewer) (i Instruction, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if i, err = d.instruction(ctx, tx, id, v); err != nil {
			return err
		}
		i.Story, err = d.instructionStory(ctx, tx, i)
		return err
	})
	return i, err
}

// allInstructions says that a viewer reads what leaders said to all units.
func (v Viewer) allInstructions() bool {
	return v.Seat == region.Leader || v.Seat == region.Coordinator || v.Seat == region.Auditor
}

func (d *Desk) instructionsWhere(ctx context.Context, tx *store.Tx, v Viewer, which string, args ...any) ([]Instruction, error) {
	if !region.May(v.Seat, region.InstructRead) {
		return nil, nil
	}
	self := d.node.BookName(node.Self)
	args = append([]any{self}, args...)
	if !v.allInstructions() {
		which, args = which+` AND EXISTS (SELECT 1 FROM plan_instruction_unit u WHERE u.book = i.book AND u.instruction = i.instruction AND u.org = ?)`, append(args, v.Org)
	}
	rows, err := tx.Query(ctx, `SELECT i.instruction, i.year, i.number, i.source, i.leader, i.item, i.plan, i.day, i.due, i.book, i.idx, e.words,
		COALESCE(c.outcome, ''), COALESCE(c.day, '')
		FROM plan_instruction i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		LEFT JOIN plan_instruction_closed c ON c.book = i.book AND c.instruction = i.instruction
		WHERE i.book = ? AND `+which+` ORDER BY CASE WHEN c.outcome IS NULL THEN 0 ELSE 1 END, i.day DESC, i.number DESC LIMIT `+strconv.Itoa(mostInstructions), args...)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (i Instruction, err error) {
		var said []byte
		err = scan(&i.ID, &i.Year, &i.Number, &i.Source, &i.Leader, &i.Item, &i.Plan, &i.Day, &i.Due, &i.Book, &i.Index, &said, &i.Outcome, &i.Closed)
		if err != nil {
			return i, err
		}
		i.Words, i.Erased, err = words[InstructionWords](said)
		return i, err
	})
	if err != nil || len(all) == 0 { // as on most days of most people
		return nil, err
	}
	heirs, err := region.Heirs(ctx, tx, region.Leader)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].heirs = heirs[all[i].Leader]
	}
	return all, d.finishInstructions(ctx, tx, all)
}

// finishInstructions joins units, states and titles.
func (d *Desk) finishInstructions(ctx context.Context, tx *store.Tx, all []Instruction) error {
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	at := map[string]int{}
	for n, i := range all {
		ids[n], at[i.ID] = i.ID, n
	}
	in, args := places(ids)
	rows, err := tx.Query(ctx, `SELECT u.instruction, u.org, COALESCE(s.day, ''),
		COALESCE((SELECT max(a.idx) FROM plan_instruction_answer a WHERE a.book = u.book AND a.instruction = u.instruction AND a.org = u.org), -1),
		COALESCE((SELECT max(r.idx) FROM plan_instruction_return r WHERE r.book = u.book AND r.instruction = u.instruction AND r.org = u.org), -1)
		FROM plan_instruction_unit u LEFT JOIN plan_instruction_signed s ON s.book = u.book AND s.instruction = u.instruction AND s.org = u.org
		WHERE u.book = ? AND u.instruction IN (`+in+`) ORDER BY u.ord`, append([]any{all[0].Book}, args...)...)
	if err != nil {
		return err
	}
	type line struct {
		of string
		InstructionUnit
	}
	units, err := store.Collect(rows, func(scan func(...any) error) (l line, err error) {
		err = scan(&l.of, &l.Org, &l.Signed, &l.answer, &l.returned)
		return l, err
	})
	if err != nil {
		return err
	}
	today := d.Today()
	for _, l := range units {
		i := &all[at[l.of]]
		u := l.InstructionUnit
		u.Name, u.Due = cmp.Or(names[u.Org], u.Org), i.Due
		if err := u.read(ctx, tx, i.Book, i.ID); err != nil {
			return err
		}
		u.State = u.state(today)
		i.Units = append(i.Units, u)
	}
	for n := range all {
		i := &all[n]
		i.State = instructionState(i.Outcome, i.Units)
		if err := i.titles(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// read joins the last answer and the last return of a unit.
func (u *InstructionUnit) read(ctx context.Context, tx *store.Tx, own, instruction string) error {
	if u.returned >= 0 {
		if err := tx.Row(ctx, `SELECT due FROM plan_instruction_return WHERE book = ? AND idx = ? AND instruction = ?`, own, u.returned, instruction).Scan(&u.Due); err != nil {
			return err
		}
	}
	if u.answer < 0 {
		return nil
	}
	err := tx.Row(ctx, `SELECT day FROM plan_instruction_answer WHERE book = ? AND idx = ?`, own, u.answer).Scan(&u.Answered)
	if err != nil {
		return err
	}
	said, _, err := wordsAt[InstructionAnswerWords](ctx, tx, own, u.answer)
	u.Answer = said.Text
	return err
}

// titles joins the names of what a word is about.
func (i *Instruction) titles(ctx context.Context, tx *store.Tx) error {
	if i.Plan != "" {
		head, err := planHead(ctx, tx, i.Plan)
		if err != nil {
			return err
		}
		if head != nil {
			i.PlanTitle = head.Words.Title
		}
	}
	if i.Item == "" {
		return nil
	}
	_, w, _, err := readItemEntry(ctx, tx, i.Book, i.Item)
	i.ItemTitle = w.Title
	return err
}
