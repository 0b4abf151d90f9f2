package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// CorrectedMinutes is one correction (更正) of minutes: who said it, when, why, and what is otherwise.
type CorrectedMinutes struct {
	Number int             `json:"number"`
	Day    judge.Date      `json:"day"`
	Unit   string          `json:"unit"`   // name
	Person string          `json:"person"` // name; only of this member's people
	For    string          `json:"for"`    // name of the person for whom he acted (代)
	Reason string          `json:"reason"`
	Texts  []CorrectedText `json:"texts"`
	Erased bool            `json:"erased"` // its words are
	Book   string          `json:"book"`
	Index  int64           `json:"index"`
}

// CorrectedText is a part of minutes with what stood there and what stands since.
type CorrectedText struct {
	CorrectedPart
	Of       string     `json:"of"` // the unit, the point or the decision that it is a part of
	WasState Attendance `json:"wasState,omitempty"`
	IsState  Attendance `json:"isState,omitempty"` // of a line of the attendance, beside who was there
	Was      string     `json:"was"`               // of a time limit the civil day
	Is       string     `json:"is"`
	Unread   bool       `json:"unread"`  // the words before, or those after, are erased: what they were is not known
	Item     string     `json:"item"`    // by which the decision is followed, or of which the point was: it did not change
	Listing  string     `json:"listing"` // the row that the decision became
}

// Follows says that it is part of a decision that is followed by an item, which stays as it is until it is amended.
func (t CorrectedText) Follows() bool {
	return t.Item != "" && slices.Contains([]MinutesPart{PartDecision, PartUnit, PartSupports, PartDue}, t.Part)
}

// Corrected are the corrections of a part, in their order.
func (n *Minutes) Corrected(at int, parts ...MinutesPart) (all []CorrectedMinutes) {
	for _, c := range n.Corrections {
		c.Texts = slices.DeleteFunc(slices.Clone(c.Texts), func(t CorrectedText) bool { return t.At != at || !slices.Contains(parts, t.Part) })
		if len(c.Texts) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// minutesFacts reads what minutes say by the entry by which they hold.
func minutesFacts(raw []byte) (f MinutesFacts, err error) {
	e, err := book.Scan(raw)
	if err != nil {
		return f, err
	}
	if e.Kind != MinutesCorrected.Name {
		return f, factsIn(e, &f)
	}
	var c CorrectionFacts
	err = factsIn(e, &c)
	return c.minutes(), err
}

// minutedAt are minutes as an entry says them.
type minutedAt struct {
	facts  MinutesFacts
	words  MinutesWords
	erased bool
}

func readMinuted(raw, said []byte) (n minutedAt, err error) {
	if n.facts, err = minutesFacts(raw); err == nil {
		n.words, n.erased, err = words[MinutesWords](said)
	}
	return n, err
}

// readCorrections joins the corrections of a meeting's minutes, each compared with what held before it.
func (d *Desk) readCorrections(ctx context.Context, tx *store.Tx, m *Meeting, names map[string]string) error {
	n := m.Minutes
	if n.Now == n.Index {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT 0, e.idx, e.entry, e.words FROM book_entry e WHERE e.book = ? AND e.idx = ?
		UNION ALL SELECT c.number, e.idx, e.entry, e.words FROM plan_minutes_correction c JOIN book_entry e ON e.book = c.book AND e.idx = c.idx
		WHERE c.book = ? AND c.meeting = ? ORDER BY 1`, m.Book, n.Index, m.Book, m.facts.Meeting)
	if err != nil {
		return err
	}
	var before minutedAt
	n.Corrections, err = store.Collect(rows, func(scan func(...any) error) (c CorrectedMinutes, err error) {
		var raw, said []byte
		c.Book = m.Book
		if err := scan(&c.Number, &c.Index, &raw, &said); err != nil {
			return c, err
		}
		now, err := readMinuted(raw, said)
		if err != nil {
			return c, err
		}
		if c.Number > 0 {
			e, err := book.Scan(raw)
			if err != nil {
				return c, err
			}
			if err := c.read(e, said, before, now, namesOf(names, e.Member)); err != nil {
				return c, err
			}
			c.Unit, c.Person, c.For = cmp.Or(names[idOf(e.Member, e.Org)], e.Org), e.Person, node.ForOf(e)
		}
		before = now
		return c, nil
	})
	if err != nil || len(n.Corrections) == 0 {
		return err
	}
	n.Corrections = n.Corrections[1:]
	for i := range n.Corrections {
		c := &n.Corrections[i]
		for _, person := range []*string{&c.Person, &c.For} {
			switch {
			case *person == "":
			case !m.Ours:
				*person = "" // a neighbour's people are not named here
			default:
				if *person, err = region.PersonName(ctx, tx, *person); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// read takes what a correction says out of its entry and of what held before it.
func (c *CorrectedMinutes) read(e book.Entry, said []byte, was, is minutedAt, name func(string) string) error {
	var f CorrectionFacts
	if err := factsIn(e, &f); err != nil {
		return err
	}
	w, erased, err := words[struct {
		Reason string `json:"reason"`
	}](said)
	if err != nil {
		return err
	}
	c.Day, c.Reason, c.Erased = dayOf(e), w.Reason, erased
	if !was.erased && !is.erased {
		c.Texts = correctedTexts(was.facts, is.facts, was.words, is.words, name)
		return nil
	}
	for _, p := range f.Parts { // which parts they were is known all the same, and days stand in the facts
		t := CorrectedText{CorrectedPart: p, Unread: true}
		if at := p.At - 1; p.Part != PartPoint && p.Part != PartPresent && at >= 0 && at < len(f.Resolutions) {
			t.Item, t.Listing = f.Resolutions[at].Item, f.Resolutions[at].Listing
			if p.Part == PartDue && at < len(was.facts.Resolutions) {
				t.Was, t.Is, t.Unread = string(was.facts.Resolutions[at].Due), string(f.Resolutions[at].Due), false
			}
		}
		c.Texts = append(c.Texts, t)
	}
	return nil
}

// correctedTexts are the parts in which minutes differ, in the order of the minutes.
func correctedTexts(was, is MinutesFacts, wasSaid, said MinutesWords, name func(string) string) (all []CorrectedText) {
	add := func(part MinutesPart, at int, of, before, after string, more ...string) {
		if before == after {
			return
		}
		t := CorrectedText{CorrectedPart: CorrectedPart{part, at}, Of: of, Was: before, Is: after}
		if len(more) == 2 {
			t.Item, t.Listing = more[0], more[1]
		}
		all = append(all, t)
	}
	add(PartChair, 0, "", wasSaid.Chair, said.Chair)
	add(PartRecorder, 0, "", wasSaid.Recorder, said.Recorder)
	for i, p := range said.Present {
		if i < len(wasSaid.Present) && wasSaid.Present[i] != p {
			q := wasSaid.Present[i]
			all = append(all, CorrectedText{CorrectedPart: CorrectedPart{PartPresent, i + 1}, Of: p.Unit, WasState: q.State, IsState: p.State, Was: q.People, Is: p.People})
		}
	}
	for i, p := range said.Points {
		if i >= len(wasSaid.Points) {
			break
		}
		before, after := wasSaid.Points[i].Text, p.Text
		if q := wasSaid.Points[i]; q.Title != p.Title {
			before, after = strings.TrimSpace(q.Title+"\n"+q.Text), strings.TrimSpace(p.Title+"\n"+p.Text)
		}
		add(PartPoint, i+1, p.Title, before, after, p.Item, "")
	}
	for i, w := range said.Resolutions {
		if i >= len(wasSaid.Resolutions) || i >= len(is.Resolutions) || i >= len(was.Resolutions) {
			break
		}
		f, q, before := is.Resolutions[i], was.Resolutions[i], wasSaid.Resolutions[i]
		item := cmp.Or(f.Item, w.Ref)
		add(PartDecision, i+1, w.Text, before.Text, w.Text, item, f.Listing)
		add(PartUnit, i+1, w.Text, before.Unit, w.Unit, item, f.Listing)
		add(PartSupports, i+1, w.Text, joinNames(q.Supports, name), joinNames(f.Supports, name), item, f.Listing)
		add(PartDue, i+1, w.Text, string(q.Due), string(f.Due), item, f.Listing)
	}
	return all
}

func joinNames(orgs []string, name func(string) string) string {
	all := make([]string, len(orgs))
	for i, o := range orgs {
		all[i] = name(o)
	}
	return strings.Join(all, "、")
}
