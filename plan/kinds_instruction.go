package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// InstructionSource is how a leader's word came into the book.
type InstructionSource string

// The sources: 领导在系统内批示, 办公室据纸质批示录入.
const (
	InstructionOwn   InstructionSource = "own"   // the leader typed it himself
	InstructionPaper InstructionSource = "paper" // the office entered it, with a scan of the paper
)

// InstructionFacts: a leader's word (批示) to one or more units of this member, about an item, a list, or neither.
type InstructionFacts struct {
	Instruction string            `json:"instruction"`
	Year        int               `json:"year"`
	Number      int               `json:"number"` // in its year, from 1
	Source      InstructionSource `json:"given"`
	Leader      string            `json:"person"` // id of the person whose word it is; empty: known by name only
	Item        string            `json:"item"`   // empty: of no item
	Plan        string            `json:"plan"`   // empty: of no list
	Orgs        []string          `json:"orgs"`   // the units that sign for it and answer, each once
	Day         judge.Date        `json:"day"`    // when the leader gave it
	Due         judge.Date        `json:"due"`    // by which it is to be answered, that day included
}

func (f *InstructionFacts) ids() []*string { return []*string{&f.Item} }

// InstructionWords: the word itself, and with one from paper its scan.
type InstructionWords struct {
	Text   string    `json:"text"`
	Leader string    `json:"leader"` // name and office as they stand under the word
	Files  []FileRef `json:"files"`
}

// InstructionGiven 批示. All that is said of a leader's word stands in the member's own book, whatever circles its item is listed in.
var InstructionGiven = kind(node.Kind[InstructionFacts, InstructionWords]{
	Name: "plan.instruction.given/1", Action: string(region.PlanInstruct),
	Allow: allowInstruction,
	Check: checkInstruction,
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f InstructionFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_instruction (book, instruction, year, number, source, leader, item, plan, day, due, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.Instruction, f.Year, f.Number, string(f.Source), f.Leader, f.Item, f.Plan, string(f.Day), string(f.Due), own.Index)
		for i, org := range f.Orgs {
			if err != nil {
				break
			}
			_, err = own.Exec(ctx, `INSERT INTO plan_instruction_unit (book, instruction, org, ord) VALUES (?, ?, ?, ?)`, f.Instruction, org, i)
		}
		return nil, err
	},
})

// allowInstruction: a leader gives his own word on the day; the office enters what is on paper, and attaches that.
func allowInstruction(ctx context.Context, w *node.Writing, _ string, f InstructionFacts, said *InstructionWords) error {
	if said == nil || strings.TrimSpace(said.Text) == "" {
		return refuse.New("plan.instruction-text").At("text")
	}
	if strings.TrimSpace(said.Leader) == "" {
		return refuse.New("plan.instruction-leader").At("leader")
	}
	today := judge.DateIn(w.Now(), judge.Beijing)
	if region.Seat(w.Actor.Seat) == region.Leader {
		if f.Source != InstructionOwn || f.Leader != w.Actor.Person || f.Day != today {
			return refuse.New("plan.instruction-source").At("leader")
		}
	} else if f.Source != InstructionPaper {
		return refuse.New("plan.instruction-source").At("leader")
	} else if len(said.Files) == 0 {
		return refuse.New("plan.instruction-scan").At("files")
	}
	if f.Day > today {
		return refuse.New("plan.instruction-ahead", "day", string(f.Day)).At("day")
	}
	orgs, err := region.Orgs(ctx, w.Tx())
	for _, org := range f.Orgs {
		if err == nil && !slices.ContainsFunc(orgs, func(o region.Org) bool {
			return o.ID == org && !o.Group && !o.Closed && o.Side == w.Node().Member
		}) {
			err = refuse.New("plan.instruction-units").At("units")
		}
	}
	return err
}

func checkInstruction(ctx context.Context, own *node.Own, e book.Entry, f InstructionFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if !book.IsID(f.Instruction) || f.Number < 1 || f.Year < 2000 || f.Year > 2200 || f.Leader != "" && !book.IsID(f.Leader) ||
		f.Source != InstructionOwn && f.Source != InstructionPaper {
		return refuse.New("plan.instruction-form").At("instruction")
	}
	if len(f.Orgs) == 0 {
		return refuse.New("plan.instruction-units").At("units")
	}
	for i, org := range f.Orgs {
		if !book.IsID(org) || slices.Contains(f.Orgs[:i], org) {
			return refuse.New("plan.instruction-units").At("units")
		}
	}
	if f.Item != "" && f.Plan != "" {
		return refuse.New("plan.instruction-about").At("item")
	}
	if f.Plan != "" && !book.IsID(f.Plan) {
		return refuse.New("plan.key-form", "plan", f.Plan).At("plan")
	}
	if f.Item != "" {
		if err := needItem(ctx, own, f.Item); err != nil {
			return err
		}
	}
	if err := needDays(f.Day, "day", f.Due, "due"); err != nil {
		return err
	}
	if f.Due < f.Day {
		return refuse.New("plan.instruction-due", "day", string(f.Day)).At("due")
	}
	var taken int
	err := own.Row(ctx, `SELECT count(*) FROM plan_instruction WHERE book = ? AND (instruction = ? OR year = ? AND number = ?)`,
		f.Instruction, f.Year, f.Number).Scan(&taken)
	if err == nil && taken > 0 {
		err = refuse.New("plan.instruction-taken", "n", f.Number)
	}
	return err
}

// needDays: both are given, and are days.
func needDays(a judge.Date, fieldA string, b judge.Date, fieldB string) error {
	for _, d := range []struct {
		day   judge.Date
		field string
	}{{a, fieldA}, {b, fieldB}} {
		if d.day == "" {
			return refuse.New("plan.day", "day", "").At(d.field)
		}
		if err := needDay(d.day, d.field); err != nil {
			return err
		}
	}
	return nil
}

// InstructionSaidFacts: the word that a unit speaks to; the unit is the entry's own.
type InstructionSaidFacts struct {
	Instruction string `json:"instruction"`
}

// InstructionAnswerWords are what a unit did about a word.
type InstructionAnswerWords struct {
	Text  string    `json:"text"`
	Files []FileRef `json:"files"`
}

// InstructionSigned 签收批示, by a unit that it names. The first counts.
var InstructionSigned = &node.Kind[InstructionSaidFacts, region.NoWords]{
	Name: "plan.instruction.signed/1", Action: string(region.InstructAnswer),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionSaidFacts) error {
		if err := needNamed(ctx, own, e, f.Instruction, e.Org); err != nil {
			return err
		}
		var signed int
		err := own.Row(ctx, `SELECT count(*) FROM plan_instruction_signed WHERE book = ? AND instruction = ? AND org = ?`, f.Instruction, e.Org).Scan(&signed)
		if err == nil && signed > 0 {
			err = refuse.New("plan.instruction-signed")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_instruction_signed (book, instruction, org, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Instruction, e.Org, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// InstructionAnswered 报告办理情况, by a unit that it names; again where there is more to say, or where it was returned.
var InstructionAnswered = &node.Kind[InstructionSaidFacts, InstructionAnswerWords]{
	Name: "plan.instruction.answered/1", Action: string(region.InstructAnswer),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ InstructionSaidFacts, w *InstructionAnswerWords) error {
		if w == nil || strings.TrimSpace(w.Text) == "" {
			return refuse.New("plan.instruction-answer").At("answer")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionSaidFacts) error {
		return needNamed(ctx, own, e, f.Instruction, e.Org)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_instruction_answer (book, instruction, org, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Instruction, e.Org, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// InstructionReturnedFacts: which unit is to answer once more, and by when.
type InstructionReturnedFacts struct {
	Instruction string     `json:"instruction"`
	Org         string     `json:"org"`
	Due         judge.Date `json:"due"`
}

// InstructionReturned 退回重办: what a unit answered does not do. One book orders both, so it counts against the answers before it.
var InstructionReturned = &node.Kind[InstructionReturnedFacts, ReasonWords]{
	Name: "plan.instruction.returned/1", Action: string(region.PlanInstruct),
	Allow: func(_ context.Context, w *node.Writing, _ string, f InstructionReturnedFacts, said *ReasonWords) error {
		if f.Due < judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.slip-past", "day", string(f.Due)).At("due")
		}
		return needReason(said)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionReturnedFacts) error {
		if err := needNamed(ctx, own, e, f.Instruction, f.Org); err != nil {
			return err
		}
		if err := needDays(f.Due, "due", f.Due, "due"); err != nil {
			return err
		}
		var answered, returned int64
		err := own.Row(ctx, `SELECT COALESCE(max(idx), -1) FROM plan_instruction_answer WHERE book = ? AND instruction = ? AND org = ?`, f.Instruction, f.Org).Scan(&answered)
		if err == nil {
			err = own.Row(ctx, `SELECT COALESCE(max(idx), -1) FROM plan_instruction_return WHERE book = ? AND instruction = ? AND org = ?`, f.Instruction, f.Org).Scan(&returned)
		}
		if err == nil && answered <= returned {
			err = refuse.New("plan.instruction-unanswered")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionReturnedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_instruction_return (book, instruction, org, due, day, idx) VALUES (?, ?, ?, ?, ?, ?)`,
			f.Instruction, f.Org, string(f.Due), string(dayOf(e)), own.Index)
		return nil, err
	},
}

// InstructionOutcome is how a leader's word ended.
type InstructionOutcome string

// The outcomes: 办结, 撤销.
const (
	InstructionDone      InstructionOutcome = "done"
	InstructionCancelled InstructionOutcome = "cancelled" // it was entered by mistake
)

// InstructionClosedFacts: how it ended.
type InstructionClosedFacts struct {
	Instruction string             `json:"instruction"`
	Outcome     InstructionOutcome `json:"outcome"`
}

// InstructionClosed 办结或撤销批示, by the leader or the office.
var InstructionClosed = &node.Kind[InstructionClosedFacts, ReasonWords]{
	Name: "plan.instruction.closed/1", Action: string(region.PlanInstruct),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ InstructionClosedFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionClosedFacts) error {
		if f.Outcome != InstructionDone && f.Outcome != InstructionCancelled {
			return refuse.New("plan.instruction-outcome", "outcome", string(f.Outcome)).At("outcome")
		}
		return needOpenInstruction(ctx, own, e, f.Instruction)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f InstructionClosedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_instruction_closed (book, instruction, outcome, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Instruction, string(f.Outcome), string(dayOf(e)), own.Index)
		return nil, err
	},
}

// needOpenInstruction: it stands in this own book, and is not closed.
func needOpenInstruction(ctx context.Context, own *node.Own, e book.Entry, id string) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_instruction i WHERE i.book = ? AND i.instruction = ?
		AND NOT EXISTS (SELECT 1 FROM plan_instruction_closed c WHERE c.book = i.book AND c.instruction = i.instruction)`, id)
	return refuseMissing(err, "plan.instruction-unknown", "instruction", id)
}

// needNamed: an open word names the unit.
func needNamed(ctx context.Context, own *node.Own, e book.Entry, id, org string) error {
	if err := needOpenInstruction(ctx, own, e, id); err != nil {
		return err
	}
	err := needRow(ctx, own, `SELECT 1 FROM plan_instruction_unit WHERE book = ? AND instruction = ? AND org = ?`, id, org)
	return refuseMissing(err, "plan.instruction-not-asked")
}

// instructionRows all belong to own books: the word, whom it names, and what was said to it, in the order of the book.
const instructionRows = `
CREATE TABLE plan_instruction (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	year BIGINT NOT NULL,
	number BIGINT NOT NULL,
	source TEXT NOT NULL,
	leader TEXT NOT NULL,
	item TEXT NOT NULL,
	plan TEXT NOT NULL,
	day TEXT NOT NULL,
	due TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, instruction)
);
CREATE INDEX plan_instruction_item ON plan_instruction (item);
CREATE TABLE plan_instruction_unit (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	org TEXT NOT NULL,
	ord BIGINT NOT NULL,
	PRIMARY KEY (book, instruction, org)
);
CREATE INDEX plan_instruction_unit_org ON plan_instruction_unit (org, instruction);
CREATE TABLE plan_instruction_signed (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	org TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, instruction, org)
);
CREATE TABLE plan_instruction_answer (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	org TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_instruction_answer_to ON plan_instruction_answer (book, instruction, org, idx);
CREATE TABLE plan_instruction_return (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	org TEXT NOT NULL,
	due TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx, instruction)
);
CREATE INDEX plan_instruction_return_to ON plan_instruction_return (book, instruction, org, idx);
CREATE TABLE plan_instruction_closed (
	book TEXT NOT NULL,
	instruction TEXT NOT NULL,
	outcome TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, instruction)
);
`
