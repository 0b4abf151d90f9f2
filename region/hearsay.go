package region

import (
	"context"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/civil"
	"liandong/rules/refuse"
)

// Source is how a member without a node said something (转述来源).
type Source string

// The sources. Names in the interface: 来函, 电话, 会议, 电子邮件或即时消息, 来访.
const (
	ByLetter    Source = "letter"
	ByTelephone Source = "telephone"
	AtMeeting   Source = "meeting"
	ByMessage   Source = "message"
	ByVisit     Source = "visit"
)

// Sources lists all of them in the order of the interface.
var Sources = []Source{ByLetter, ByTelephone, AtMeeting, ByMessage, ByVisit}

// HearsayFacts: whose word it is, how it came, and when. The subjects of the entry are what it is about, by this member's ids.
type HearsayFacts struct {
	Member string `json:"member"` // GB/T 2260 code; not the author
	Source Source `json:"source"`
	Day    string `json:"day"` // civil day on which it was said: 2022-05-12
}

// HearsayWords are what was said, and who can be asked.
type HearsayWords struct {
	Text string `json:"text"`
	Who  string `json:"who"` // number of the letter, or who spoke to whom
}

// HearsaySaid 转述: what a member said that writes no book of this circle yet. It is shown with its source and counts nowhere, until that
// member joins and confirms or contradicts it in its own book (docs/decisions/0017).
var HearsaySaid = &node.Kind[HearsayFacts, HearsayWords]{
	Name: "region.hearsay.said/1", Action: string(HearsaySay),
	Allow: func(ctx context.Context, w *node.Writing, circle string, f HearsayFacts, words *HearsayWords) error {
		if words == nil || strings.TrimSpace(words.Text) == "" {
			return refuse.New("region.hearsay.empty").At("text")
		}
		if strings.TrimSpace(words.Who) == "" {
			return refuse.New("region.hearsay.who").At("who")
		}
		known, err := NeighbourIn(ctx, w.Tx(), w.Node().Member, circle, f.Member)
		if err == nil && known != nil && !known.Left {
			return refuse.New("region.hearsay.joined", "member", MemberName(f.Member)).At("member")
		}
		return err
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f HearsayFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		if err := needMember(f.Member); err != nil {
			return err
		}
		if f.Member == e.Member {
			return refuse.New("region.hearsay.oneself").At("member")
		}
		if !slices.Contains(Sources, f.Source) {
			return refuse.New("region.hearsay.source", "source", string(f.Source)).At("source")
		}
		if day, err := time.Parse(time.DateOnly, f.Day); err != nil || day.Format(time.DateOnly) > e.At.In(civil.Beijing).Format(time.DateOnly) {
			return refuse.New("region.hearsay.day", "day", f.Day).At("day")
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f HearsayFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_hearsay (book, idx, member, source, day, at) VALUES (?, ?, ?, ?, ?, ?)`,
			own.Index, f.Member, string(f.Source), f.Day, e.At.UnixMilli())
		return nil, err
	},
}

// HearsayWithdrawnFacts: which entry of the same book.
type HearsayWithdrawnFacts struct {
	Index int64 `json:"index"`
}

// HearsayWithdrawn 撤回转述: it was recorded by mistake. It stays to be read, with the reason.
var HearsayWithdrawn = &node.Kind[HearsayWithdrawnFacts, ReasonWords]{
	Name: "region.hearsay.withdrawn/1", Action: string(HearsaySay),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ HearsayWithdrawnFacts, words *ReasonWords) error {
		return needReason(words)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f HearsayWithdrawnFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		var stands int
		err := own.Row(ctx, `SELECT count(*) FROM region_hearsay h WHERE h.book = ? AND h.idx = ? AND NOT EXISTS (
			SELECT 1 FROM region_hearsay_withdrawn x WHERE x.book = h.book AND x.of_idx = h.idx)`, f.Index).Scan(&stands)
		if err == nil && stands == 0 {
			err = refuse.New("region.hearsay.unknown")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f HearsayWithdrawnFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_hearsay_withdrawn (book, of_idx, idx) VALUES (?, ?, ?)`, f.Index, own.Index)
		return nil, err
	},
}

// HearsayAnsweredFacts: whether it was so. The recording entry is the first cause.
type HearsayAnsweredFacts struct {
	Confirmed bool `json:"confirmed"`
}

// HearsayAnsweredWords are the member's own account: needed where it contradicts.
type HearsayAnsweredWords struct {
	Text string `json:"text"`
}

// HearsayAnswered 确认(不认可)转述: by the member whose word it is said to be. Its first answer counts.
var HearsayAnswered = &node.Kind[HearsayAnsweredFacts, HearsayAnsweredWords]{
	Name: "region.hearsay.answered/1", Action: string(HearsaySay),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f HearsayAnsweredFacts, words *HearsayAnsweredWords) error {
		if !f.Confirmed && (words == nil || strings.TrimSpace(words.Text) == "") {
			return refuse.New("region.hearsay.account").At("text")
		}
		return nil
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, _ HearsayAnsweredFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return err
		}
		var f HearsayFacts
		if cause.Kind != HearsaySaid.Name || cause.Circle != e.Circle || book.DecodeFacts(cause.Facts, &f) != nil || f.Member != e.Member {
			return refuse.New("region.hearsay.not-ours")
		}
		var answers int
		err = own.Row(ctx, `SELECT count(*) FROM region_hearsay_answer WHERE book = ? AND of_book = ? AND of_idx = ?`,
			cause.Member+"/"+cause.Circle, e.Causes[0].Index).Scan(&answers)
		if err == nil && answers > 0 {
			err = refuse.New("region.hearsay.answered")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f HearsayAnsweredFacts) ([]string, error) {
		cause, err := own.Cause(ctx, e, 0)
		if err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO region_hearsay_answer (book, of_book, of_idx, confirmed, idx) VALUES (?, ?, ?, ?, ?)`,
			cause.Member+"/"+cause.Circle, e.Causes[0].Index, bit(f.Confirmed), own.Index)
		return nil, err
	},
}

// hearsayRows: an answer stands in the book of the member whose word it is said to be, and names book and index of what it answers.
const hearsayRows = `
CREATE TABLE region_hearsay (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	member TEXT NOT NULL,
	source TEXT NOT NULL,
	day TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX region_hearsay_member ON region_hearsay (member, at);
CREATE TABLE region_hearsay_withdrawn (
	book TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, of_idx)
);
CREATE TABLE region_hearsay_answer (
	book TEXT NOT NULL,
	of_book TEXT NOT NULL,
	of_idx BIGINT NOT NULL,
	confirmed BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, of_book, of_idx)
);`

// WithdrawHearsay takes back what this member recorded in a circle.
func WithdrawHearsay(ctx context.Context, w *node.Writing, index int64, circle, reason string) error {
	_, err := HearsayWithdrawn.Say(ctx, w, node.Said[HearsayWithdrawnFacts, ReasonWords]{
		Circle: circle, Facts: HearsayWithdrawnFacts{Index: index}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
	})
	return err
}

// AnswerHearsay confirms or contradicts what another member recorded of this one.
func AnswerHearsay(ctx context.Context, w *node.Writing, h Hearsay, confirmed bool, text string) error {
	_, err := HearsayAnswered.Say(ctx, w, node.Said[HearsayAnsweredFacts, HearsayAnsweredWords]{
		Circle: h.Circle, Causes: []node.Position{h.Cause()}, Facts: HearsayAnsweredFacts{Confirmed: confirmed},
		Words: &HearsayAnsweredWords{Text: strings.TrimSpace(text)},
	})
	return err
}
