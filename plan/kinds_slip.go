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

// SlipGround is why a slip is issued.
type SlipGround string

// The grounds: 工作滞后, 应报未报, 其他.
const (
	SlipLate   SlipGround = "late"
	SlipMissed SlipGround = "missed"
	SlipOther  SlipGround = "other"
)

// SlipGrounds lists them in the order of the interface.
var SlipGrounds = []SlipGround{SlipLate, SlipMissed, SlipOther}

// SlipFacts: one slip for one matter (一事一单), asked of one unit of this member or of one neighbour.
type SlipFacts struct {
	Slip    string     `json:"slip"`
	Year    int        `json:"year"`
	Number  int        `json:"number"`  // in its year and book, from 1
	Item    string     `json:"item"`    // the work; empty where a neighbour is asked by a row
	Listing string     `json:"listing"` // the row of this member's; empty: none
	Org     string     `json:"org"`     // the unit that answers
	Member  string     `json:"member"`  // the neighbour that answers instead: GB/T 2260 code; empty: none
	Ground  SlipGround `json:"ground"`
	Level   string     `json:"level"` // of the ladder
	Due     judge.Date `json:"due"`   // by which it is to be answered, that day included
}

func (f *SlipFacts) ids() []*string { return []*string{&f.Item, &f.Listing} }

// SlipWords are what the slip says.
type SlipWords struct {
	Matter string `json:"matter"` // 督办事项
	Basis  string `json:"basis"`  // 督办依据: which list, which words of whom
	Demand string `json:"demand"` // 办理要求
	Signer string `json:"signer"` // 签发人, by name or office
}

// SlipIssued 印发督办单: in the own book for a unit of this member, in a circle's for a neighbour, where it is a request between equals.
var SlipIssued = kind(node.Kind[SlipFacts, SlipWords]{
	Name: "plan.slip.issued/1", Action: string(region.PlanSlip),
	Allow: func(_ context.Context, w *node.Writing, _ string, f SlipFacts, said *SlipWords) error {
		if said == nil || strings.TrimSpace(said.Matter) == "" {
			return refuse.New("plan.slip-matter").At("matter")
		}
		if strings.TrimSpace(said.Demand) == "" {
			return refuse.New("plan.slip-demand").At("demand")
		}
		if f.Due < judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.slip-past", "day", string(f.Due)).At("due")
		}
		return nil
	},
	Check: checkSlip,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f SlipFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_slip (book, slip, year, number, item, listing, org, member, ground, level, due, issued, idx)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.Slip, f.Year, f.Number, f.Item, f.Listing, f.Org, f.Member, string(f.Ground),
			f.Level, string(f.Due), string(dayOf(e)), own.Index)
		return nil, err
	},
})

func checkSlip(ctx context.Context, own *node.Own, e book.Entry, f SlipFacts) error {
	if !book.IsID(f.Slip) || f.Number < 1 || f.Year < 2000 || f.Year > 2200 {
		return refuse.New("plan.slip-form").At("slip")
	}
	if !slices.Contains(SlipGrounds, f.Ground) {
		return refuse.New("plan.slip-ground", "ground", string(f.Ground)).At("ground")
	}
	if !book.IsID(f.Level) {
		return refuse.New("plan.slip-level", "level", f.Level).At("level")
	}
	if f.Due == "" {
		return refuse.New("plan.day", "day", "").At("due")
	}
	if err := needDay(f.Due, "due"); err != nil {
		return err
	}
	inside := e.Circle == node.Self
	switch {
	case inside && (f.Member != "" || !book.IsID(f.Org)), !inside && (f.Org != "" || !book.IsMember(f.Member) || f.Member == e.Member):
		return refuse.New("plan.slip-to").At("org")
	case inside && f.Item != "":
		if err := needItem(ctx, own, f.Item); err != nil {
			return err
		}
	case !inside && f.Listing != "":
		if err := needListing(ctx, own, f.Listing); err != nil {
			return err
		}
	}
	var taken int
	err := own.Row(ctx, `SELECT count(*) FROM plan_slip WHERE book = ? AND (slip = ? OR year = ? AND number = ?)`, f.Slip, f.Year, f.Number).Scan(&taken)
	if err == nil && taken > 0 {
		err = refuse.New("plan.slip-taken", "n", f.Number)
	}
	return err
}

// SlipSaidFacts: the slip is the first cause.
type SlipSaidFacts struct{}

// SlipTextWords are what is said to a slip, with the files that lie with it.
type SlipTextWords struct {
	Text  string    `json:"text"`
	Files []FileRef `json:"files,omitempty"`
}

// slipOf reads the slip that an entry names as its first cause: one that asks this organisation, or this member.
func slipOf(ctx context.Context, own *node.Own, e book.Entry) (f SlipFacts, err error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return f, err
	}
	if cause.Kind != SlipIssued.Name || cause.Circle != e.Circle || book.DecodeFacts(cause.Facts, &f) != nil ||
		e.Circle != node.Self && f.Member != e.Member {
		return f, refuse.New("plan.slip-not-asked")
	}
	if e.Circle != node.Self {
		return f, nil
	}
	asked, err := standsFor(ctx, own, e.Causes[0].Index, []string{f.Org}, e.Org)
	if err == nil && !asked {
		err = refuse.New("plan.slip-not-asked")
	}
	return f, err
}

// SlipSigned 签收督办单, by the one asked. The first counts.
var SlipSigned = &node.Kind[SlipSaidFacts, region.NoWords]{
	Name: "plan.slip.signed/1", Action: string(region.SlipAnswer),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ SlipSaidFacts) error {
		if _, err := slipOf(ctx, own, e); err != nil {
			return err
		}
		var signed int
		err := own.Row(ctx, `SELECT count(*) FROM plan_slip_signed WHERE book = ? AND origin = ? AND slip_idx = ?`, e.Causes[0].Origin, e.Causes[0].Index).Scan(&signed)
		if err == nil && signed > 0 {
			err = refuse.New("plan.slip-signed")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ SlipSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_slip_signed (book, origin, slip_idx, day, idx) VALUES (?, ?, ?, ?, ?)`,
			e.Causes[0].Origin, e.Causes[0].Index, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// SlipAnswered 反馈办理情况, by the one asked; again where it was returned.
var SlipAnswered = &node.Kind[SlipSaidFacts, SlipTextWords]{
	Name: "plan.slip.answered/1", Action: string(region.SlipAnswer),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ SlipSaidFacts, w *SlipTextWords) error {
		if w == nil || strings.TrimSpace(w.Text) == "" {
			return refuse.New("plan.slip-text").At("text")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ SlipSaidFacts) error {
		_, err := slipOf(ctx, own, e)
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, _ SlipSaidFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_slip_answer (book, origin, slip_idx, day, at, idx) VALUES (?, ?, ?, ?, ?, ?)`,
			e.Causes[0].Origin, e.Causes[0].Index, string(dayOf(e)), e.At.UnixMilli(), own.Index)
		return nil, err
	},
}

// SlipMovedFacts: what its issuer does with an open slip.
type SlipMovedFacts struct {
	Slip  string     `json:"slip"`
	Level string     `json:"level"` // where it goes up the ladder; empty: it stays
	Due   judge.Date `json:"due"`   // new day by which it is to be answered
}

// SlipReturned 复核退回: the answer, its first cause, does not do; by when another is waited for. Only by the issuer.
var SlipReturned = &node.Kind[SlipMovedFacts, ReasonWords]{
	Name: "plan.slip.returned/1", Action: string(region.PlanSlip),
	Allow: allowSlipMove,
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f SlipMovedFacts) error {
		if f.Level != "" {
			return refuse.New("plan.slip-level", "level", f.Level).At("level")
		}
		answer, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		if err := needAnswerTo(ctx, own, e, answer, f.Slip); err != nil {
			return err
		}
		return checkSlipMove(ctx, own, f)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f SlipMovedFacts) ([]string, error) {
		return nil, applySlipMove(ctx, own, e, f, e.Causes[0].Index)
	},
}

// SlipRaised 升级督办: it was not answered in time, and goes up the ladder. Only by the issuer.
var SlipRaised = &node.Kind[SlipMovedFacts, ReasonWords]{
	Name: "plan.slip.raised/1", Action: string(region.PlanSlip),
	Allow: allowSlipMove,
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f SlipMovedFacts) error {
		if !book.IsID(f.Level) {
			return refuse.New("plan.slip-level", "level", f.Level).At("level")
		}
		return checkSlipMove(ctx, own, f)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f SlipMovedFacts) ([]string, error) {
		return nil, applySlipMove(ctx, own, e, f, -1)
	},
}

func allowSlipMove(_ context.Context, w *node.Writing, _ string, f SlipMovedFacts, said *ReasonWords) error {
	if f.Due < judge.DateIn(w.Now(), judge.Beijing) {
		return refuse.New("plan.slip-past", "day", string(f.Due)).At("due")
	}
	return needReason(said)
}

func checkSlipMove(ctx context.Context, own *node.Own, f SlipMovedFacts) error {
	if f.Due == "" {
		return refuse.New("plan.day", "day", "").At("due")
	}
	if err := needDay(f.Due, "due"); err != nil {
		return err
	}
	return needOpenSlip(ctx, own, f.Slip)
}

func applySlipMove(ctx context.Context, own *node.Own, e book.Entry, f SlipMovedFacts, answer int64) error {
	_, err := own.Exec(ctx, `INSERT INTO plan_slip_move (book, slip, level, due, day, answer, at, idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		f.Slip, f.Level, string(f.Due), string(dayOf(e)), answer, e.At.UnixMilli(), own.Index)
	return err
}

// needAnswerTo: an answer names the slip as its own first cause.
func needAnswerTo(ctx context.Context, own *node.Own, e, answer book.Entry, slip string) error {
	var idx int64
	err := own.Row(ctx, `SELECT idx FROM plan_slip WHERE book = ? AND slip = ?`, slip).Scan(&idx)
	if err := refuseMissing(err, "plan.slip-unknown", "slip", slip); err != nil {
		return err
	}
	if answer.Kind != SlipAnswered.Name || answer.Circle != e.Circle || len(answer.Causes) == 0 || answer.Causes[0].Index != idx {
		return refuse.New("plan.slip-unanswered")
	}
	return nil
}

// SlipOutcome is how a slip ended.
type SlipOutcome string

// The outcomes: 销号, 撤销.
const (
	SlipDone      SlipOutcome = "done"
	SlipCancelled SlipOutcome = "cancelled" // it was issued by mistake, and counts nowhere
)

// SlipClosedFacts: how it ended.
type SlipClosedFacts struct {
	Slip    string      `json:"slip"`
	Outcome SlipOutcome `json:"outcome"`
}

// SlipClosed 销号, only by the issuer: a slip is its author's book's own.
var SlipClosed = &node.Kind[SlipClosedFacts, ReasonWords]{
	Name: "plan.slip.closed/1", Action: string(region.PlanSlip),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ SlipClosedFacts, w *ReasonWords) error {
		return needReason(w)
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f SlipClosedFacts) error {
		if f.Outcome != SlipDone && f.Outcome != SlipCancelled {
			return refuse.New("plan.slip-outcome", "outcome", string(f.Outcome)).At("outcome")
		}
		return needOpenSlip(ctx, own, f.Slip)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f SlipClosedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_slip_closed (book, slip, outcome, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Slip, string(f.Outcome), string(dayOf(e)), own.Index)
		return nil, err
	},
}

func needOpenSlip(ctx context.Context, own *node.Own, slip string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_slip s WHERE s.book = ? AND s.slip = ?
		AND NOT EXISTS (SELECT 1 FROM plan_slip_closed c WHERE c.book = s.book AND c.slip = s.slip)`, slip)
	return refuseMissing(err, "plan.slip-unknown", "slip", slip)
}

// slipRows: a slip and what its issuer did with it stand in the issuer's book; what was said to it in that of the one asked, which names
// the slip by origin and index. A move that returns an answer has that one's index in its book, another -1.
const slipRows = `
CREATE TABLE plan_slip (
	book TEXT NOT NULL,
	slip TEXT NOT NULL,
	year BIGINT NOT NULL,
	number BIGINT NOT NULL,
	item TEXT NOT NULL,
	listing TEXT NOT NULL,
	org TEXT NOT NULL,
	member TEXT NOT NULL,
	ground TEXT NOT NULL,
	level TEXT NOT NULL,
	due TEXT NOT NULL,
	issued TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, slip)
);
CREATE INDEX plan_slip_item ON plan_slip (item);
CREATE INDEX plan_slip_org ON plan_slip (org);
CREATE TABLE plan_slip_closed (
	book TEXT NOT NULL,
	slip TEXT NOT NULL,
	outcome TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, slip)
);
CREATE TABLE plan_slip_move (
	book TEXT NOT NULL,
	slip TEXT NOT NULL,
	level TEXT NOT NULL,
	due TEXT NOT NULL,
	day TEXT NOT NULL,
	answer BIGINT NOT NULL,
	at BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_slip_move_slip ON plan_slip_move (book, slip);
CREATE TABLE plan_slip_signed (
	book TEXT NOT NULL,
	origin TEXT NOT NULL,
	slip_idx BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, origin, slip_idx)
);
CREATE TABLE plan_slip_answer (
	book TEXT NOT NULL,
	origin TEXT NOT NULL,
	slip_idx BIGINT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_slip_answer_slip ON plan_slip_answer (origin, slip_idx);
`
