package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// SubmissionQuery says of what a paper is laid before a leader (呈阅件): of an item or of a list.
type SubmissionQuery struct {
	Item string // id of one of this member's
	Plan string // key or id
	To   string // whom it is laid before; empty: left to be written in by hand
}

// mostLate is how many rows that are late a paper about a list names.
const mostLate = 5

// Submission writes the one page that is laid before a leader, as it stands today, with room for his word and with the last word that
// the viewer may read.
func (d *Desk) Submission(ctx context.Context, q SubmissionQuery, v Viewer) (s letter.Submission, err error) {
	s = letter.Submission{To: q.To, Date: string(d.Today()), AsOf: string(d.Today())}
	if s.From, err = d.Office(ctx, v.Org); err != nil {
		return s, err
	}
	if q.Item != "" {
		s.Matter, s.Rows, err = d.itemTold(ctx, q.Item, v)
	} else {
		s.Matter, s.Rows, err = d.listTold(ctx, q.Plan)
	}
	if err != nil {
		return s, err
	}
	last, err := d.lastWord(ctx, InstructionQuery{Item: q.Item, Plan: q.Plan}, v)
	s.Rows = append(s.Rows, letter.SubmissionRow{Label: "前次批示", Text: last})
	return s, err
}

// itemTold says in Chinese, for paper, how an item stands.
func (d *Desk) itemTold(ctx context.Context, item string, v Viewer) (title string, rows []letter.SubmissionRow, err error) {
	p, err := d.Item(ctx, item, "", v)
	if err != nil {
		return "", nil, err
	}
	if !p.Own {
		return "", nil, refuse.New("plan.not-ours", "member", memberOf(p.Item))
	}
	var lists []string
	for _, l := range p.Listings {
		text := "《" + l.PlanTitle + "》"
		if l.Words.Number != "" {
			text += "第" + l.Words.Number + "条"
		}
		if l.Words.Deadline != "" {
			text += "（" + l.Words.Deadline + "）"
		}
		lists = append(lists, text)
	}
	units := unitsZh(p.Leads)
	if len(p.Supports) > 0 {
		units += "（配合：" + unitsZh(p.Supports) + "）"
	}
	rows = []letter.SubmissionRow{
		{Label: "列入清单", Text: strings.Join(lists, "；")},
		{Label: "责任单位", Text: units},
		{Label: "目前状态", Text: stateZh(p.Legend, p.Work, p.WorkWhy, p.AsOf)},
	}
	if len(p.Reports) == 0 {
		return p.Words.Title, append(rows, letter.SubmissionRow{Label: "最新进展", Text: "尚无已采用的进展。"}), nil
	}
	r := p.Reports[0]
	progress := r.Facts.Report.Period.Zh() + "：" + r.Words.Progress
	for _, f := range r.Figures {
		progress += "\n" + f.Name + "：" + f.Value + f.Unit
	}
	rows = append(rows, letter.SubmissionRow{Label: "最新进展", Text: progress},
		letter.SubmissionRow{Label: "存在问题", Text: r.Words.Problem}, letter.SubmissionRow{Label: "下步打算", Text: r.Words.Next})
	return p.Words.Title, rows, nil
}

func unitsZh(all []ItemUnit) string {
	var names []string
	for _, u := range all {
		names = append(names, u.Name)
	}
	return strings.Join(names, "、")
}

func stateZh(l judge.Legend, s judge.WorkSpan, why string, asOf judge.Date) string {
	zh, _ := s.Reason.Words(why, asOf)
	return l.Word(s.State, false) + "：" + zh
}

// listTold says how a list stands: its rows by state, its reports of the period, and the first that are late or at risk.
func (d *Desk) listTold(ctx context.Context, key string) (title string, rows []letter.SubmissionRow, err error) {
	p, err := d.List(ctx, ListQuery{Plan: key, Size: 1})
	if err != nil {
		return "", nil, err
	}
	var states []string
	for _, s := range judge.WorkStates() {
		if n := p.States[s]; n > 0 {
			states = append(states, fmt.Sprintf("%s%d条", p.Legend.Word(s, false), n))
		}
	}
	rows = append(rows, letter.SubmissionRow{Label: "总体情况", Text: fmt.Sprintf("共%d条任务：%s。", p.States.Standing(), strings.Join(states, "，"))})
	if r := p.Report; r.Owed > 0 {
		text := fmt.Sprintf("%s应报%d条，已报%d条", r.Period.Zh(), r.Owed, r.Reported())
		if r.Missing+r.Returned > 0 {
			text += fmt.Sprintf("，尚缺%d条", r.Missing+r.Returned)
		}
		rows = append(rows, letter.SubmissionRow{Label: "填报情况", Text: text + "。"})
	}
	for _, of := range []struct {
		label string
		state judge.WorkState
	}{{"滞后事项", judge.Late}, {"风险事项", judge.AtRisk}} {
		late, err := d.List(ctx, ListQuery{Plan: key, State: of.state, Size: mostLate})
		if err != nil {
			return "", nil, err
		}
		var lines []string
		for _, r := range late.Rows {
			zh, _ := r.Work.Reason.Words(r.Why, late.Query.AsOf)
			lines = append(lines, fmt.Sprintf("%d．%s（%s）：%s", len(lines)+1, r.Words.Title, r.LeadName, zh))
		}
		if more := p.States[of.state] - len(lines); more > 0 {
			lines = append(lines, fmt.Sprintf("另有%d条。", more))
		}
		rows = append(rows, letter.SubmissionRow{Label: of.label, Text: strings.Join(lines, "\n")})
	}
	return "《" + p.Plan.Words.Title + "》推进情况", rows, nil
}

// lastWord is the newest word about an item or a list with the answers to it; empty: there is none, or it is not the viewer's to read.
func (d *Desk) lastWord(ctx context.Context, q InstructionQuery, v Viewer) (string, error) {
	all, err := d.Instructions(ctx, q, v)
	all = slices.DeleteFunc(all, func(i Instruction) bool { return i.Outcome == InstructionCancelled || i.Erased })
	if err != nil || len(all) == 0 {
		return "", err
	}
	last := slices.MaxFunc(all, func(a, b Instruction) int { return int(a.Index - b.Index) })
	lines := []string{last.Words.Leader + last.Day.Zh() + "批示：" + last.Words.Text}
	for _, u := range last.Units {
		if u.State == InstructionIsAnswered {
			lines = append(lines, u.Name+u.Answered.Zh()+"回复："+u.Answer)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// Leaders are those of this member who have a leader's seat, by name.
func (d *Desk) Leaders(ctx context.Context) (all []region.Person, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = region.People(ctx, tx)
		return err
	})
	return slices.DeleteFunc(all, func(p region.Person) bool {
		return p.Left || !slices.ContainsFunc(p.Seats, func(s region.SeatAt) bool { return s.Seat == region.Leader })
	}), err
}
