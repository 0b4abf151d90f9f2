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

// ConsultationFacts: a draft list (征求意见稿) that is sent for comment: to units of this member in the own book, to neighbours in their circle's. One
// that goes to both stands in both books under the same id.
type ConsultationFacts struct {
	Consultation string     `json:"consultation"`
	Year         int        `json:"year"`
	Rows         int        `json:"rows"`
	Orgs         []string   `json:"orgs"`    // units asked, in the own book; each once
	Members      []string   `json:"members"` // neighbours asked, in a circle's book: GB/T 2260 codes, each once
	Due          judge.Date `json:"due"`     // by which comments are asked for, that day included
}

// ConsultationWords are the draft list's title and what is asked.
type ConsultationWords struct {
	Title string `json:"title"`
	Note  string `json:"note,omitempty"` // 征求意见的说明
}

// mostDraftRows bounds a draft list: as many rows as a list that is taken in may have on one page.
const mostDraftRows = 10_000

// ConsultationOpened 征求意见. Its rows follow it in the same book.
var ConsultationOpened = &node.Kind[ConsultationFacts, ConsultationWords]{
	Name: "plan.consultation.opened/1", Action: string(region.PlanDraft),
	Allow: func(_ context.Context, w *node.Writing, _ string, f ConsultationFacts, said *ConsultationWords) error {
		if said == nil || strings.TrimSpace(said.Title) == "" {
			return refuse.New("plan.title-missing").At("title")
		}
		if f.Due < judge.DateIn(w.Now(), judge.Beijing) {
			return refuse.New("plan.consultation-past", "day", string(f.Due)).At("due")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f ConsultationFacts) error {
		if !book.IsID(f.Consultation) || f.Year < 2000 || f.Year > 2200 || f.Rows < 1 || f.Rows > mostDraftRows {
			return refuse.New("plan.consultation-form").At("consultation")
		}
		if f.Due == "" {
			return refuse.New("plan.day", "day", "").At("due")
		}
		if err := needDay(f.Due, "due"); err != nil {
			return err
		}
		if err := needAsked(e, f.Orgs, f.Members); err != nil {
			return err
		}
		var taken int
		err := own.Row(ctx, `SELECT count(*) FROM plan_consultation WHERE book = ? AND consultation = ?`, f.Consultation).Scan(&taken)
		if err == nil && taken > 0 {
			err = refuse.New("plan.consultation-form").At("consultation")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ConsultationFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_consultation (book, consultation, year, due, day, at, idx) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			f.Consultation, f.Year, string(f.Due), string(dayOf(e)), e.At.UnixMilli(), own.Index)
		if err != nil {
			return nil, err
		}
		return nil, askMore(ctx, own, f.Consultation, slices.Concat(f.Orgs, f.Members))
	},
}

// ConsultationRowFacts: one row of a draft list. Row names it in comments, Order is its place.
type ConsultationRowFacts struct {
	Consultation string `json:"consultation"`
	Row          int    `json:"row"`   // from 1, each once
	Order        int    `json:"order"` // from 1
}

// ConsultationRow 征求意见稿的一行, in the wording that was sent. A later entry on the same row is refused: who changes it asks again.
var ConsultationRow = &node.Kind[ConsultationRowFacts, ListingWords]{
	Name: "plan.consultation.row/1", Action: string(region.PlanDraft),
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f ConsultationRowFacts) error {
		if f.Row < 1 || f.Row > mostDraftRows || f.Order < 1 || f.Order > mostDraftRows {
			return refuse.New("plan.consultation-form").At("row")
		}
		if err := needConsultation(ctx, own, f.Consultation); err != nil {
			return err
		}
		var taken int
		err := own.Row(ctx, `SELECT count(*) FROM plan_consultation_row WHERE book = ? AND consultation = ? AND row_id = ?`, f.Consultation, f.Row).Scan(&taken)
		if err == nil && taken > 0 {
			err = refuse.New("plan.consultation-form").At("row")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f ConsultationRowFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_consultation_row (book, consultation, row_id, ord, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Consultation, f.Row, f.Order, own.Index)
		return nil, err
	},
}

// CommentFacts: on which rows of the draft list, its first cause, something is said; 0 is the list as a whole. None: no comments (无意见).
type CommentFacts struct {
	Rows []int `json:"rows"` // ascending
}

// CommentWords are what is said, by row.
type CommentWords struct {
	Texts map[int]string `json:"texts,omitempty"`
}

// CommentGiven 反馈意见, by a unit or a neighbour that was asked. A later one of the same replaces it.
var CommentGiven = &node.Kind[CommentFacts, CommentWords]{
	Name: "plan.comment.given/1", Action: string(region.PlanComment),
	Allow: func(_ context.Context, w *node.Writing, circle string, f CommentFacts, said *CommentWords) error {
		if circle != node.Self && !region.May(region.Seat(w.Actor.Seat), region.PlanDraft) { // a unit does not speak for its member
			return refuse.New("plan.consultation-not-asked")
		}
		for _, row := range f.Rows {
			if said == nil || strings.TrimSpace(said.Texts[row]) == "" {
				return refuse.New("plan.comment-empty").At("text")
			}
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f CommentFacts) error {
		if _, err := consultationOf(ctx, own, e); err != nil {
			return err
		}
		last := -1
		for _, row := range f.Rows {
			if row <= last || row > mostDraftRows {
				return refuse.New("plan.comment-rows").At("rows")
			}
			last = row
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f CommentFacts) ([]string, error) {
		asked := e.Org
		if e.Circle != node.Self {
			asked = e.Member
		}
		_, err := own.Exec(ctx, `INSERT INTO plan_comment (book, idx, origin, of_idx, asked, texts, day, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			own.Index, e.Causes[0].Origin, e.Causes[0].Index, asked, len(f.Rows), string(dayOf(e)), e.At.UnixMilli())
		return nil, err
	},
}

// consultationOf reads the draft list that an entry names as its first cause: one that asks this organisation, or this member, itself or by the
// entry that asked more of them, its second cause.
func consultationOf(ctx context.Context, own *node.Own, e book.Entry) (f ConsultationFacts, err error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return f, err
	}
	if cause.Kind != ConsultationOpened.Name || cause.Circle != e.Circle || book.DecodeFacts(cause.Facts, &f) != nil {
		return f, refuse.New("plan.consultation-not-asked")
	}
	orgs, members, since := f.Orgs, f.Members, e.Causes[0].Index
	if len(e.Causes) > 1 {
		more, err := own.Cause(ctx, e, 1)
		if err != nil {
			return f, err
		}
		var added ConsultationWidenedFacts
		if more.Kind != ConsultationWidened.Name || e.Causes[1].Origin != e.Causes[0].Origin || book.DecodeFacts(more.Facts, &added) != nil || added.Consultation != f.Consultation {
			return f, refuse.New("plan.consultation-not-asked")
		}
		orgs, members, since = added.Orgs, added.Members, e.Causes[1].Index
	}
	asked := slices.Contains(members, e.Member)
	if e.Circle == node.Self {
		asked, err = standsFor(ctx, own, since, orgs, e.Org)
	}
	if err == nil && !asked {
		err = refuse.New("plan.consultation-not-asked")
	}
	return f, err
}

// Decision is what becomes of a comment.
type Decision string

// The decisions: 采纳, 部分采纳, 未采纳.
const (
	Adopted       Decision = "adopted"
	PartlyAdopted Decision = "partly"
	NotAdopted    Decision = "declined"
)

// Decisions lists them in the order of the interface.
var Decisions = []Decision{Adopted, PartlyAdopted, NotAdopted}

// DecisionFacts: what becomes of what a comment, the first cause, says of a row.
type DecisionFacts struct {
	Consultation string   `json:"consultation"`
	Row          int      `json:"row"`
	Decision     Decision `json:"decision"`
}

// CommentDecided 意见采纳情况, by who asked; what is not adopted, or only in part, says why. The latest on a row of a comment holds.
var CommentDecided = &node.Kind[DecisionFacts, ReasonWords]{
	Name: "plan.comment.decided/1", Action: string(region.PlanDraft),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f DecisionFacts, w *ReasonWords) error {
		if f.Decision != Adopted && needReason(w) != nil {
			return refuse.New("plan.decision-reason").At("reason")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f DecisionFacts) error {
		if !slices.Contains(Decisions, f.Decision) {
			return refuse.New("plan.decision", "decision", string(f.Decision)).At("decision")
		}
		if err := needConsultation(ctx, own, f.Consultation); err != nil {
			return err
		}
		comment, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		var idx int64
		if err := own.Row(ctx, `SELECT idx FROM plan_consultation WHERE book = ? AND consultation = ?`, f.Consultation).Scan(&idx); err != nil {
			return err
		}
		var said CommentFacts
		if comment.Kind != CommentGiven.Name || comment.Circle != e.Circle || len(comment.Causes) == 0 || comment.Causes[0].Index != idx ||
			book.DecodeFacts(comment.Facts, &said) != nil || !slices.Contains(said.Rows, f.Row) {
			return refuse.New("plan.comment-unknown").At("row")
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f DecisionFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_comment_decision (book, origin, of_idx, row_id, decision, day, idx) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (book, origin, of_idx, row_id) DO UPDATE SET decision = excluded.decision, day = excluded.day, idx = excluded.idx`,
			e.Causes[0].Origin, e.Causes[0].Index, f.Row, string(f.Decision), string(dayOf(e)), own.Index)
		return nil, err
	},
}

// ConsultationOutcome is how a consultation ended.
type ConsultationOutcome string

// The outcomes: 已印发, 已撤回, 另行征求意见.
const (
	ConsultationIssued    ConsultationOutcome = "issued"
	ConsultationWithdrawn ConsultationOutcome = "withdrawn"
	ConsultationRepeated  ConsultationOutcome = "repeated" // another round asks about a newer draft
)

// ConsultationClosedFacts: how it ended, and the list that became of it where it was issued.
type ConsultationClosedFacts struct {
	Consultation string              `json:"consultation"`
	Outcome      ConsultationOutcome `json:"outcome"`
	Plan         string              `json:"plan"` // empty: none was issued
}

// ConsultationClosed 结束征求意见, by who asked.
var ConsultationClosed = &node.Kind[ConsultationClosedFacts, ReasonWords]{
	Name: "plan.consultation.closed/1", Action: string(region.PlanDraft),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f ConsultationClosedFacts, w *ReasonWords) error {
		if f.Outcome == ConsultationWithdrawn {
			return needReason(w)
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, _ book.Entry, f ConsultationClosedFacts) error {
		switch f.Outcome {
		case ConsultationIssued, ConsultationWithdrawn, ConsultationRepeated:
		default:
			return refuse.New("plan.consultation-outcome", "outcome", string(f.Outcome)).At("outcome")
		}
		if (f.Outcome == ConsultationIssued) != book.IsID(f.Plan) {
			return refuse.New("plan.key-form", "plan", f.Plan).At("plan")
		}
		return needConsultation(ctx, own, f.Consultation)
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f ConsultationClosedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_consultation_closed (book, consultation, outcome, plan, day, idx) VALUES (?, ?, ?, ?, ?, ?)`,
			f.Consultation, string(f.Outcome), f.Plan, string(dayOf(e)), own.Index)
		return nil, err
	},
}

// needConsultation: one of this book that has not ended.
func needConsultation(ctx context.Context, own *node.Own, id string) error {
	err := needRow(ctx, own, `SELECT 1 FROM plan_consultation s WHERE s.book = ? AND s.consultation = ?
		AND NOT EXISTS (SELECT 1 FROM plan_consultation_closed c WHERE c.book = s.book AND c.consultation = s.consultation)`, id)
	return refuseMissing(err, "plan.consultation-unknown", "consultation", id)
}

// consultRows: a consultation, its rows and the decisions stand in the asking member's books; a comment in the book of who was asked, of the same
// circle, which names the consultation by origin and index, as a decision names the comment.
const consultRows = `
CREATE TABLE plan_consultation (
	book TEXT NOT NULL,
	consultation TEXT NOT NULL,
	year BIGINT NOT NULL,
	due TEXT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, consultation)
);
CREATE TABLE plan_consultation_to (
	book TEXT NOT NULL,
	consultation TEXT NOT NULL,
	asked TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, consultation, asked)
);
CREATE INDEX plan_consultation_to_asked ON plan_consultation_to (asked);
CREATE TABLE plan_consultation_row (
	book TEXT NOT NULL,
	consultation TEXT NOT NULL,
	row_id BIGINT NOT NULL,
	ord BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, consultation, row_id)
);
CREATE TABLE plan_comment (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	origin TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	asked TEXT NOT NULL,
	texts BIGINT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_comment_of ON plan_comment (origin, of_idx, asked);
CREATE TABLE plan_comment_decision (
	book TEXT NOT NULL,
	origin TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	row_id BIGINT NOT NULL,
	decision TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, origin, of_idx, row_id)
);
CREATE TABLE plan_consultation_closed (
	book TEXT NOT NULL,
	consultation TEXT NOT NULL,
	outcome TEXT NOT NULL,
	plan TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, consultation)
);
`
