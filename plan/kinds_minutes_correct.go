package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// CorrectionFacts: minutes that were issued as they hold from now on (更正). What they correct, the minutes or the correction before, is the first
// cause: it stays in the book, and what is otherwise is what the two differ in.
type CorrectionFacts struct {
	Meeting     string            `json:"meeting"`
	Number      int               `json:"number"` // of these minutes, from 1
	Parts       []CorrectedPart   `json:"parts"`  // what is otherwise, each once, at least one: it is known also where the words are erased
	Orgs        []string          `json:"orgs"`   // as in MinutesFacts
	Members     []string          `json:"members"`
	Resolutions []ResolutionFacts `json:"resolutions"` // the same ones in the same order: who does them and by when may be otherwise
}

func (f *CorrectionFacts) ids() []*string {
	m := MinutesFacts{Resolutions: f.Resolutions}
	ids := m.ids()
	f.Resolutions = m.Resolutions
	return ids
}

// minutes are what the minutes say from now on, but for their year and number, which stay.
func (f CorrectionFacts) minutes() MinutesFacts {
	return MinutesFacts{Meeting: f.Meeting, Orgs: f.Orgs, Members: f.Members, Resolutions: f.Resolutions}
}

// MinutesPart names a part of minutes that may be corrected.
type MinutesPart string

// The parts: 主持人, 记录人, 出席情况, 讨论情况, 议定事项, 责任单位, 配合单位, 完成时限.
const (
	PartChair    MinutesPart = "chair"
	PartRecorder MinutesPart = "recorder"
	PartPresent  MinutesPart = "present"
	PartPoint    MinutesPart = "point"
	PartDecision MinutesPart = "decision"
	PartUnit     MinutesPart = "unit"
	PartSupports MinutesPart = "supports"
	PartDue      MinutesPart = "due"
)

// MinutesParts lists them in the order of the minutes.
var MinutesParts = []MinutesPart{PartChair, PartRecorder, PartPresent, PartPoint, PartDecision, PartUnit, PartSupports, PartDue}

// CorrectedPart is a part that is otherwise than before. At is its place from 1: the line of the attendance, the point, the decision; 0: there is one.
type CorrectedPart struct {
	Part MinutesPart `json:"part"`
	At   int         `json:"at"`
}

// mostCorrected bounds the parts of one correction: all of minutes of the largest size.
const mostCorrected = 8 * mostPoints

// CorrectionWords are what the minutes say from now on, and why.
type CorrectionWords struct {
	Reason string `json:"reason"`
	MinutesWords
}

// MinutesCorrected 更正会议纪要: by who may issue them. Two who correct at once do not overwrite each other: only what holds is corrected. The item of
// a decision is not changed by it.
var MinutesCorrected = kind(node.Kind[CorrectionFacts, CorrectionWords]{
	Name: "plan.minutes.corrected/1", Action: string(region.PlanMeeting),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f CorrectionFacts, said *CorrectionWords) error {
		if said == nil || len(said.Resolutions) != len(f.Resolutions) {
			return refuse.New("plan.minutes-form").At("resolutions")
		}
		if strings.TrimSpace(said.Reason) == "" {
			return refuse.New("plan.reason-missing").At("reason")
		}
		if strings.TrimSpace(said.Chair) == "" {
			return refuse.New("plan.minutes-chair").At("chair")
		}
		for i, r := range said.Resolutions {
			if strings.TrimSpace(r.Text) == "" {
				return refuse.New("plan.resolution-text").At(fmt.Sprintf("decision-%d", i))
			}
		}
		return nil
	},
	Check: checkCorrection,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f CorrectionFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_minutes_correction (book, meeting, number, day, idx) VALUES (?, ?, ?, ?, ?)`,
			f.Meeting, f.Number, string(dayOf(e)), own.Index)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO plan_minutes (book, meeting, year, number, day, idx, now_idx) VALUES (?, ?, 0, 0, '', -1, ?)
			ON CONFLICT (book, meeting) DO UPDATE SET now_idx = excluded.now_idx`, f.Meeting, own.Index) // it stands: Check
		if err != nil {
			return nil, err
		}
		return nil, applyMinuted(ctx, own, f.minutes())
	},
})

// applyMinuted writes who was there and who does what by when, in place of what stood.
func applyMinuted(ctx context.Context, own *node.Own, f MinutesFacts) error {
	for _, table := range []string{"plan_minutes_present", "plan_resolution"} {
		if _, err := own.Exec(ctx, `DELETE FROM `+table+` WHERE book = ? AND meeting = ?`, f.Meeting); err != nil {
			return err
		}
	}
	for i, r := range f.Resolutions {
		_, err := own.Exec(ctx, `INSERT INTO plan_resolution (book, resolution, meeting, ord, item, listing, org, member, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.Resolution, f.Meeting, i, r.Item, r.Listing, r.Org, r.Member, string(r.Due))
		if err != nil {
			return err
		}
	}
	return eachInvited("", f.Orgs, f.Members, func(who string, neighbour int) error {
		_, err := own.Exec(ctx, `INSERT INTO plan_minutes_present (book, meeting, who, neighbour) VALUES (?, ?, ?, ?)`, f.Meeting, who, neighbour)
		return err
	})
}

func checkCorrection(ctx context.Context, own *node.Own, e book.Entry, f CorrectionFacts) error {
	was, err := correctedBy(ctx, own, e, f.Meeting)
	if err != nil {
		return err
	}
	var now, done int64
	err = own.Row(ctx, `SELECT now_idx, (SELECT count(*) FROM plan_minutes_correction c WHERE c.book = x.book AND c.meeting = x.meeting)
		FROM plan_minutes x WHERE x.book = ? AND x.meeting = ?`, f.Meeting).Scan(&now, &done)
	if err := refuseMissing(err, "plan.minutes-none"); err != nil {
		return err
	}
	if e.Causes[0].Index != now || int64(f.Number) != done+1 {
		return refuse.New("plan.minutes-newer").At("seen")
	}
	if err := checkParts(f); err != nil {
		return err
	}
	if err := checkThere(f.Orgs, f.Members); err != nil {
		return err
	}
	if len(f.Resolutions) != len(was.Resolutions) {
		return refuse.New("plan.minutes-form").At("resolutions")
	}
	for i, r := range f.Resolutions {
		if q := was.Resolutions[i]; r.Resolution != q.Resolution || r.Point != q.Point || r.Item != q.Item || r.Listing != q.Listing {
			return refuse.New("plan.minutes-form").At("resolutions")
		}
		if err := r.check(ctx, own, e); err != nil {
			return err
		}
	}
	return nil
}

// correctedBy reads what a correction corrects, its first cause: the minutes as they were issued, or the correction before it, in the same book.
func correctedBy(ctx context.Context, own *node.Own, e book.Entry, meeting string) (f MinutesFacts, err error) {
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return f, err
	}
	ok := cause.Member == e.Member && cause.Circle == e.Circle
	switch cause.Kind {
	case MinutesIssued.Name:
		ok = ok && factsIn(cause, &f) == nil
	case e.Kind:
		var c CorrectionFacts
		ok = ok && factsIn(cause, &c) == nil
		f = c.minutes()
	default:
		ok = false
	}
	if !ok || f.Meeting != meeting {
		return f, refuse.New("plan.minutes-none")
	}
	return f, nil
}

func checkParts(f CorrectionFacts) error {
	if len(f.Parts) == 0 {
		return refuse.New("plan.correction-none").At("reason")
	}
	if len(f.Parts) > mostCorrected {
		return refuse.New("plan.minutes-form").At("parts")
	}
	seen := map[CorrectedPart]bool{}
	for _, p := range f.Parts {
		if !slices.Contains(MinutesParts, p.Part) || p.At < 0 || p.At > 2*mostPoints || seen[p] {
			return refuse.New("plan.minutes-form").At("parts")
		}
		seen[p] = true
	}
	return nil
}

// CorrectionAnswered 确认更正后的纪要, or 提出异议, by who was there: the correction is the first cause. plan.minutes.answered/1 answers minutes as they
// were issued.
var CorrectionAnswered = &node.Kind[MinutesAnswerFacts, ReasonWords]{
	Name: "plan.minutes.answered/2", Action: string(region.MeetingAnswer), Allow: allowMinutesAnswer, Apply: applyMinutesAnswer,
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f MinutesAnswerFacts) error {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		var of CorrectionFacts
		if cause.Kind != MinutesCorrected.Name || book.DecodeFacts(cause.Facts, &of) != nil {
			return refuse.New("plan.minutes-not-there")
		}
		return wasThere(ctx, own, e, cause, f.Meeting, of.minutes())
	},
}

// correctionRows: the entries that corrected minutes, in their order.
const correctionRows = `
CREATE TABLE plan_minutes_correction (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	number BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, meeting, number)
);
`
