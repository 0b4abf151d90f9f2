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

// ResolutionFacts: one thing that a meeting decided (议定事项): who does it, by when, and by which item it is followed.
type ResolutionFacts struct {
	Resolution string     `json:"resolution"`
	Point      int        `json:"point"`    // of the minutes, from 1; 0: of none
	Org        string     `json:"org"`      // the unit of the convening member that does it; empty: a neighbour's, or nobody's alone
	Member     string     `json:"member"`   // the neighbour that does it instead: GB/T 2260 code
	Supports   []string   `json:"supports"` // units of the convening member that help, each once
	Due        judge.Date `json:"due"`      // that day included; empty: none is set
	Item       string     `json:"item"`     // of the convening member, that it is, or is tied to; empty: a neighbour's, or none
	Listing    string     `json:"listing"`  // the row that it became; empty: it is tied to what stood before, or to none
}

// MinutesFacts: the minutes (会议纪要) of a meeting: who was there and what was decided.
type MinutesFacts struct {
	Meeting     string            `json:"meeting"`
	Year        int               `json:"year"`
	Number      int               `json:"number"`  // in its year and book, from 1
	Orgs        []string          `json:"orgs"`    // units of the convening member that were there, without the convener
	Members     []string          `json:"members"` // neighbours that were there
	Resolutions []ResolutionFacts `json:"resolutions"`
}

func (f *MinutesFacts) ids() (all []*string) {
	f.Resolutions = slices.Clone(f.Resolutions)
	for i := range f.Resolutions {
		all = append(all, &f.Resolutions[i].Item, &f.Resolutions[i].Listing)
	}
	return all
}

// MinutesWords are what the minutes say.
type MinutesWords struct {
	Chair       string            `json:"chair,omitempty"`    // 主持人
	Recorder    string            `json:"recorder,omitempty"` // 记录人
	Present     []PresentWords    `json:"present"`            // attendance as it was
	Points      []MinutesPoint    `json:"points"`
	Resolutions []ResolutionWords `json:"resolutions"` // in the order of the facts
}

// Attendance is whether who was invited was there.
type Attendance string

// The attendances: 出席, 代表出席, 请假, 缺席.
const (
	WasPresent    Attendance = "present"
	WasSubstitute Attendance = "substitute"
	WasExcused    Attendance = "excused"
	WasAbsent     Attendance = "absent"
)

// Attendances lists them in the order of the interface.
var Attendances = []Attendance{WasPresent, WasSubstitute, WasExcused, WasAbsent}

// There says that somebody came.
func (a Attendance) There() bool { return a == WasPresent || a == WasSubstitute }

// PresentWords: who was there for whom.
type PresentWords struct {
	Unit   string     `json:"unit"` // by name
	State  Attendance `json:"state"`
	People string     `json:"people,omitempty"`
}

// MinutesPoint is one point of the agenda with what was said of it. Stood is how its item stood when the minutes were issued, for a
// state is otherwise told as of the day on which somebody reads.
type MinutesPoint struct {
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	Item  string `json:"item,omitempty"` // as the view knows it
	Stood string `json:"stood,omitempty"`
}

// ResolutionWords are a decision as it was taken. Ref is the item of a neighbour that it is tied to.
type ResolutionWords struct {
	Text string `json:"text"`
	Unit string `json:"unit,omitempty"` // who does it, by name
	Ref  string `json:"ref,omitempty"`
}

// MinutesIssued 印发会议纪要, once for a meeting: what somebody objects to stands beside it.
var MinutesIssued = kind(node.Kind[MinutesFacts, MinutesWords]{
	Name: "plan.meeting.minuted/1", Action: string(region.PlanMeeting),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f MinutesFacts, said *MinutesWords) error {
		if err := needBegun(ctx, w, circle, f.Meeting); err != nil {
			return err
		}
		if said == nil || len(said.Resolutions) != len(f.Resolutions) {
			return refuse.New("plan.minutes-form").At("resolutions")
		}
		if strings.TrimSpace(said.Chair) == "" {
			return refuse.New("plan.minutes-chair").At("chair")
		}
		for _, r := range said.Resolutions {
			if strings.TrimSpace(r.Text) == "" {
				return refuse.New("plan.resolution-text").At("resolutions")
			}
		}
		return nil
	},
	Check: checkMinutes,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f MinutesFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO plan_minutes (book, meeting, year, number, day, idx, now_idx) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			f.Meeting, f.Year, f.Number, string(dayOf(e)), own.Index, own.Index)
		if err != nil {
			return nil, err
		}
		return nil, applyMinuted(ctx, own, f)
	},
})

// needBegun refuses minutes before the hour of the meeting. It stands beside the check of the day, for books have minutes that were issued before it.
func needBegun(ctx context.Context, w *node.Writing, circle, meeting string) error {
	var day judge.Date
	var clock string
	err := w.Tx().Row(ctx, `SELECT day, clock FROM plan_meeting WHERE book = ? AND meeting = ?`, w.Node().BookName(circle), meeting).Scan(&day, &clock)
	if err != nil {
		return refuseMissing(err, "plan.meeting-unknown", "meeting", meeting)
	}
	if !begun(day, clock, w.Now()) {
		return refuse.New("plan.minutes-early", "day", string(day)+" "+clock)
	}
	return nil
}

func checkMinutes(ctx context.Context, own *node.Own, e book.Entry, f MinutesFacts) error {
	if f.Number < 1 || f.Year < 2000 || f.Year > 2200 || len(f.Resolutions) > mostPoints {
		return refuse.New("plan.minutes-form").At("number")
	}
	if err := needMeeting(ctx, own, f.Meeting); err != nil {
		return err
	}
	var day judge.Date
	if err := own.Row(ctx, `SELECT day FROM plan_meeting WHERE book = ? AND meeting = ?`, f.Meeting).Scan(&day); err != nil {
		return err
	}
	if dayOf(e) < day {
		return refuse.New("plan.minutes-early", "day", string(day))
	}
	if err := checkThere(f.Orgs, f.Members); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range f.Resolutions {
		if err := r.check(ctx, own, e); err != nil {
			return err
		}
		if seen[r.Resolution] {
			return refuse.New("plan.minutes-form").At("resolutions")
		}
		seen[r.Resolution] = true
	}
	var taken int
	err := own.Row(ctx, `SELECT count(*) FROM plan_minutes WHERE book = ? AND year = ? AND number = ?`, f.Year, f.Number).Scan(&taken)
	if err == nil && taken > 0 {
		err = refuse.New("plan.minutes-taken", "n", f.Number)
	}
	return err
}

// checkThere: who was there, each once.
func checkThere(orgs, members []string) error {
	for _, who := range [][]string{orgs, members} {
		for i, w := range who {
			if !book.IsID(w) || slices.Contains(who[:i], w) {
				return refuse.New("plan.minutes-form").At("present")
			}
		}
	}
	return nil
}

func (r ResolutionFacts) check(ctx context.Context, own *node.Own, e book.Entry) error {
	bad := refuse.New("plan.resolution-unit").At("resolutions")
	if !book.IsID(r.Resolution) || r.Point < 0 || r.Point > mostPoints || r.Org != "" && (!book.IsID(r.Org) || r.Member != "") {
		return bad
	}
	if r.Member != "" && (e.Circle == node.Self || !book.IsMember(r.Member) || r.Member == e.Member) {
		return bad
	}
	if err := eachOnce(slices.DeleteFunc(append([]string{r.Org}, r.Supports...), func(o string) bool { return o == "" })); err != nil {
		return err
	}
	if err := needDay(r.Due, "resolutions"); err != nil {
		return err
	}
	if r.Item != "" {
		if err := needItem(ctx, own, r.Item); err != nil {
			return err
		}
	}
	if r.Listing != "" {
		return needListing(ctx, own, r.Listing)
	}
	return nil
}

// MinutesAnswerFacts: whether who was there agrees with the minutes, the first cause.
type MinutesAnswerFacts struct {
	Meeting string `json:"meeting"`
	Agrees  bool   `json:"agrees"`
}

// MinutesAnswered 确认纪要, or 提出异议 with a reason, by who was there. The last counts; it changes nothing in the minutes.
var MinutesAnswered = &node.Kind[MinutesAnswerFacts, ReasonWords]{
	Name: "plan.minutes.answered/1", Action: string(region.MeetingAnswer), Allow: allowMinutesAnswer, Apply: applyMinutesAnswer,
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f MinutesAnswerFacts) error {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		var of MinutesFacts
		if cause.Kind != MinutesIssued.Name || book.DecodeFacts(cause.Facts, &of) != nil {
			return refuse.New("plan.minutes-not-there")
		}
		return wasThere(ctx, own, e, cause, f.Meeting, of)
	},
}

// wasThere: who speaks in an entry was at the meeting of the minutes that it answers, its first cause.
func wasThere(ctx context.Context, own *node.Own, e, cause book.Entry, meeting string, of MinutesFacts) error {
	if cause.Circle != e.Circle || of.Meeting != meeting {
		return refuse.New("plan.minutes-not-there")
	}
	there, err := invites(ctx, own, e, cause.Member, of.Orgs, of.Members)
	if err == nil && !there {
		err = refuse.New("plan.minutes-not-there")
	}
	return err
}

func allowMinutesAnswer(ctx context.Context, w *node.Writing, circle string, f MinutesAnswerFacts, said *ReasonWords) error {
	if err := onlyForMember(ctx, w, circle, f.Meeting); err != nil || f.Agrees {
		return err
	}
	return needReason(said)
}

func applyMinutesAnswer(ctx context.Context, own *node.Own, e book.Entry, f MinutesAnswerFacts) ([]string, error) {
	by, err := causedBy(ctx, own, e)
	if err != nil {
		return nil, err
	}
	who, neighbour := speaks(e, by)
	_, err = own.Exec(ctx, `INSERT INTO plan_minutes_answer (book, idx, origin, of_idx, meeting, who, neighbour, agrees, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		own.Index, e.Causes[0].Origin, e.Causes[0].Index, f.Meeting, who, neighbour, bit(f.Agrees), string(dayOf(e)))
	return nil, err
}

// meetingRows: a meeting, its minutes and what it decided stand in the convening member's book; what is said to it in the book of who says it,
// of the same circle, which names the calling, the minutes or their correction by origin and index. now_idx is the entry by which minutes hold.
const meetingRows = `
CREATE TABLE plan_meeting (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	grp TEXT NOT NULL,
	convener TEXT NOT NULL,
	day TEXT NOT NULL,
	clock TEXT NOT NULL,
	called TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, meeting)
);
CREATE INDEX plan_meeting_grp ON plan_meeting (book, grp, day);
CREATE TABLE plan_meeting_to (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	PRIMARY KEY (book, meeting, who, neighbour)
);
CREATE INDEX plan_meeting_to_who ON plan_meeting_to (who, neighbour);
CREATE TABLE plan_meeting_over (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, meeting)
);
CREATE TABLE plan_meeting_reply (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	origin TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	meeting TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	reply TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_meeting_reply_of ON plan_meeting_reply (origin, meeting);
CREATE TABLE plan_meeting_point (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	origin TEXT NOT NULL,
	meeting TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_meeting_point_of ON plan_meeting_point (origin, meeting);
CREATE TABLE plan_meeting_point_answer (
	book TEXT NOT NULL,
	origin TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	accepted BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, origin, of_idx)
);
CREATE TABLE plan_minutes (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	year BIGINT NOT NULL,
	number BIGINT NOT NULL,
	day TEXT NOT NULL,
	idx BIGINT NOT NULL,
	now_idx BIGINT NOT NULL,
	PRIMARY KEY (book, meeting)
);
CREATE TABLE plan_minutes_present (
	book TEXT NOT NULL,
	meeting TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	PRIMARY KEY (book, meeting, who, neighbour)
);
CREATE TABLE plan_minutes_answer (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	origin TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	meeting TEXT NOT NULL,
	who TEXT NOT NULL,
	neighbour BIGINT NOT NULL,
	agrees BIGINT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX plan_minutes_answer_of ON plan_minutes_answer (origin, meeting);
CREATE TABLE plan_resolution (
	book TEXT NOT NULL,
	resolution TEXT NOT NULL,
	meeting TEXT NOT NULL,
	ord BIGINT NOT NULL,
	item TEXT NOT NULL,
	listing TEXT NOT NULL,
	org TEXT NOT NULL,
	member TEXT NOT NULL,
	due TEXT NOT NULL,
	PRIMARY KEY (book, resolution)
);
CREATE INDEX plan_resolution_item ON plan_resolution (item);
`
