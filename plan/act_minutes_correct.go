package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// MinutesCorrection are issued minutes as they are to hold (更正). It has the lines, points and decisions of the minutes in their order: none is added
// and none is left out.
type MinutesCorrection struct {
	Seen        int64 // index of the entry by which the minutes held when they were read; what was corrected since is not overwritten
	Reason      string
	Chair       string
	Recorder    string
	Present     []PresentWords    // Unit stays
	Points      []MinutesPoint    // Item and Stood stay
	Resolutions []DraftResolution // Point and Follow stay; Side is empty where the neighbour's unit stays
}

// CorrectMinutes 更正会议纪要 of a meeting of this member's: over says what is otherwise in the minutes as they hold; it may be called twice. Items
// that decisions became stay as they are: those are amended. Refused: plan.minutes-newer where somebody was faster, plan.correction-none.
func (d *Desk) CorrectMinutes(ctx context.Context, req node.Request, id string, over func(*MinutesCorrection)) error {
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.minuted(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		began, err := m.correction(ctx, w.Tx())
		if err != nil {
			return err
		}
		n := began
		n.Present, n.Points, n.Resolutions = slices.Clone(n.Present), slices.Clone(n.Points), slices.Clone(n.Resolutions)
		over(&n)
		if len(n.Present) != len(began.Present) || len(n.Points) != len(began.Points) || len(n.Resolutions) != len(began.Resolutions) || n.Seen != m.Minutes.Now {
			return refuse.New("plan.minutes-newer").At("seen") // a form of other minutes than hold
		}
		if err := n.check(); err != nil {
			return err
		}
		c := correcting{desk: d, w: w, m: m, n: n, began: began}
		return c.run(ctx)
	})
	return err
}

// CorrectionOf is what may be corrected of the minutes of a meeting of this member's, as it holds. Refused: plan.minutes-none, plan.minutes-erased.
func (d *Desk) CorrectionOf(ctx context.Context, id string) (n MinutesCorrection, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err := d.minuted(ctx, tx, id)
		if err == nil {
			n, err = m.correction(ctx, tx)
		}
		return err
	})
	return n, err
}

// CorrectionSeen is what held by the entry of an index, for who finds that it was corrected since. Where that is none of these minutes, it is as it holds.
func (d *Desk) CorrectionSeen(ctx context.Context, id string, seen int64) (n MinutesCorrection, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err := d.minuted(ctx, tx, id)
		if err != nil {
			return err
		}
		if seen == m.Minutes.Index || slices.ContainsFunc(m.Minutes.Corrections, func(c CorrectedMinutes) bool { return c.Index == seen }) {
			var raw, said []byte
			if err := tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`, m.Book, seen).Scan(&raw, &said); err != nil {
				return err
			}
			was, err := readMinuted(raw, said)
			if err != nil {
				return err
			}
			if !was.erased {
				m.Minutes.facts, m.Minutes.Words = was.facts, was.words
			}
		}
		n, err = m.correction(ctx, tx)
		return err
	})
	return n, err
}

// Onto puts what somebody changed in what he saw onto what holds now: what he left as it was is not set back.
func (n MinutesCorrection) Onto(seen, now MinutesCorrection) MinutesCorrection {
	onto(&now.Chair, seen.Chair, n.Chair)
	onto(&now.Recorder, seen.Recorder, n.Recorder)
	now.Reason = n.Reason
	for i := range min(len(now.Present), len(seen.Present), len(n.Present)) {
		onto(&now.Present[i], seen.Present[i], n.Present[i])
	}
	for i := range min(len(now.Points), len(seen.Points), len(n.Points)) {
		onto(&now.Points[i].Title, seen.Points[i].Title, n.Points[i].Title)
		onto(&now.Points[i].Text, seen.Points[i].Text, n.Points[i].Text)
	}
	for i := range min(len(now.Resolutions), len(seen.Resolutions), len(n.Resolutions)) {
		was, typed, r := seen.Resolutions[i], n.Resolutions[i], &now.Resolutions[i]
		onto(&r.Text, was.Text, typed.Text)
		onto(&r.Due, was.Due, typed.Due)
		r.Side = typed.Side
		if typed.Org != was.Org || typed.Member != was.Member {
			r.Org, r.Member = typed.Org, typed.Member
		}
		if !slices.Equal(was.Supports, typed.Supports) {
			r.Supports = typed.Supports
		}
	}
	return now
}

func onto[T comparable](now *T, seen, typed T) {
	if typed != seen {
		*now = typed
	}
}

// minuted is a meeting of this member's whose minutes are issued and can be read.
func (d *Desk) minuted(ctx context.Context, tx *store.Tx, id string) (*Meeting, error) {
	m, err := d.meeting(ctx, tx, id)
	switch {
	case err != nil:
		return nil, err
	case !m.Ours:
		return nil, notOurs(memberOf(m.ID))
	case m.Minutes == nil:
		return nil, refuse.New("plan.minutes-none")
	case m.Minutes.Erased:
		return nil, refuse.New("plan.minutes-erased")
	}
	return m, nil
}

// correction is what holds, as a correction that changes nothing. Who does a decision is read from the rows: a unit may have passed into another.
func (m *Meeting) correction(ctx context.Context, tx *store.Tx) (n MinutesCorrection, err error) {
	said := m.Minutes.Words
	n = MinutesCorrection{Seen: m.Minutes.Now, Chair: said.Chair, Recorder: said.Recorder, Present: slices.Clone(said.Present), Points: slices.Clone(said.Points)}
	for i, f := range m.Minutes.facts.Resolutions {
		r := DraftResolution{Point: f.Point, Org: f.Org, Member: f.Member, Supports: slices.Clone(f.Supports), Due: f.Due}
		if i < len(said.Resolutions) {
			r.Text = said.Resolutions[i].Text
		}
		err := tx.Row(ctx, `SELECT org FROM plan_resolution WHERE book = ? AND meeting = ? AND ord = ?`, m.Book, m.facts.Meeting, i).Scan(&r.Org)
		if err != nil {
			return n, err
		}
		n.Resolutions = append(n.Resolutions, r)
	}
	return n, nil
}

func (n MinutesCorrection) check() error {
	all := map[string]string{"reason": n.Reason, "chair": n.Chair, "recorder": n.Recorder}
	for i, p := range n.Present {
		if !slices.Contains(Attendances, p.State) {
			return refuse.New("plan.minutes-present").At(fmt.Sprintf("present-%d", i))
		}
		all[fmt.Sprintf("people-%d", i)] = p.People
	}
	for i, p := range n.Points {
		if strings.TrimSpace(p.Title) == "" {
			return refuse.New("plan.meeting-point").At(fmt.Sprintf("title-%d", i))
		}
		all[fmt.Sprintf("title-%d", i)], all[fmt.Sprintf("text-%d", i)] = p.Title, p.Text
	}
	for i, r := range n.Resolutions {
		all[fmt.Sprintf("decision-%d", i)] = r.Text
	}
	return textsShort(all)
}

type correcting struct {
	desk  *Desk
	w     *node.Writing
	m     *Meeting
	began MinutesCorrection // what holds
	n     MinutesCorrection // what is to hold
	facts CorrectionFacts
	words CorrectionWords
	orgs  []region.Org
}

func (c *correcting) run(ctx context.Context) (err error) {
	was, said := c.m.Minutes.facts, c.m.Minutes.Words
	c.facts = CorrectionFacts{Meeting: c.m.facts.Meeting, Number: len(c.m.Minutes.Corrections) + 1, Orgs: append([]string{}, was.Orgs...), Members: append([]string{}, was.Members...), Resolutions: []ResolutionFacts{}}
	c.words = CorrectionWords{Reason: strings.TrimSpace(c.n.Reason), MinutesWords: MinutesWords{
		Chair: strings.TrimSpace(c.n.Chair), Recorder: strings.TrimSpace(c.n.Recorder), Present: []PresentWords{}, Points: []MinutesPoint{}, Resolutions: []ResolutionWords{},
	}}
	if c.orgs, err = region.Orgs(ctx, c.w.Tx()); err != nil {
		return err
	}
	if err := c.present(); err != nil {
		return err
	}
	for i, p := range c.n.Points {
		q := said.Points[i]
		q.Title, q.Text = strings.TrimSpace(p.Title), strings.TrimSpace(p.Text)
		c.words.Points = append(c.words.Points, q)
	}
	for i := range c.n.Resolutions {
		if err := c.resolution(ctx, i); err != nil {
			return err
		}
	}
	names, err := c.desk.orgNames(ctx, c.w.Tx())
	if err != nil {
		return err
	}
	subjects := []string{c.facts.Meeting}
	for _, t := range correctedTexts(was, c.facts.minutes(), said, c.words.MinutesWords, namesOf(names, c.desk.node.Member)) {
		c.facts.Parts = append(c.facts.Parts, CorrectedPart{t.Part, t.At})
		if t.Item != "" && memberOf(t.Item) == c.desk.node.Member && !slices.Contains(subjects, t.Item) {
			subjects = append(subjects, t.Item)
		}
	}
	if len(c.facts.Parts) == 0 {
		return refuse.New("plan.correction-none").At("reason")
	}
	at, err := positionOf(ctx, c.w.Tx(), c.m.Book, c.m.Minutes.Now)
	if err != nil {
		return err
	}
	_, err = say(ctx, c.w, MinutesCorrected, node.Said[CorrectionFacts, CorrectionWords]{
		Circle: bookCircle(c.m.Circle), Subjects: subjects, Causes: []node.Position{at}, Facts: c.facts, Words: &c.words,
	})
	return err
}

// present are the lines of the attendance. Minutes name units in words: which unit a line is of is known by its name, or by its place in the
// invitation where a unit was renamed since.
func (c *correcting) present() error {
	said := c.m.Minutes.Words.Present
	for i, p := range c.n.Present {
		q := said[i]
		q.State, q.People = p.State, strings.TrimSpace(p.People)
		c.words.Present = append(c.words.Present, q)
		if q.State.There() == said[i].State.There() {
			continue
		}
		who := c.m.unitOfLine(i)
		if who.Who == "" || who.Who == c.m.facts.Convener && !who.Neighbour {
			return refuse.New("plan.correction-unit", "unit", q.Unit).At(fmt.Sprintf("present-%d", i))
		}
		list := &c.facts.Orgs
		if who.Neighbour {
			list = &c.facts.Members
		}
		*list = slices.DeleteFunc(*list, func(o string) bool { return o == who.Who })
		if q.State.There() {
			*list = append(*list, who.Who)
		}
	}
	return nil
}

// unitOfLine is whom a line of the attendance is of; empty: it cannot be known.
func (m *Meeting) unitOfLine(i int) MeetingUnit {
	all := m.Minutes.Words.Present
	named := func(u MeetingUnit) bool { return u.Name == all[i].Unit }
	if i == 0 {
		return m.ConvenerUnit()
	}
	for _, a := range m.Asked {
		if named(a.MeetingUnit) {
			return a.MeetingUnit
		}
	}
	if len(m.Asked) == len(all)-1 {
		return m.Asked[i-1].MeetingUnit
	}
	return MeetingUnit{}
}

// resolution is a decision as it is to hold. Who does it is named anew only where that was changed.
func (c *correcting) resolution(ctx context.Context, i int) (err error) {
	f, was, n := c.m.Minutes.facts.Resolutions[i], c.began.Resolutions[i], c.n.Resolutions[i]
	var w ResolutionWords
	if said := c.m.Minutes.Words.Resolutions; i < len(said) {
		w = said[i]
	}
	w.Text = strings.TrimSpace(n.Text)
	f.Org, f.Member, f.Due = saidID(n.Org), n.Member, n.Due
	if side := strings.TrimSpace(n.Side); f.Org != was.Org || f.Member != was.Member || side != "" {
		if w.Unit, err = c.unit(ctx, f, side); err != nil {
			return err
		}
		if w.Unit == "" && (f.Org != "" || f.Listing != "") {
			return refuse.New("plan.resolution-unit").At(fmt.Sprintf("unit-%d", i))
		}
	}
	f.Supports = slices.DeleteFunc(saidAll(n.Supports), func(o string) bool { return o == f.Org })
	c.facts.Resolutions, c.words.Resolutions = append(c.facts.Resolutions, f), append(c.words.Resolutions, w)
	return nil
}

// unit is what whoever does a decision is called; empty: nobody of that id.
func (c *correcting) unit(ctx context.Context, f ResolutionFacts, side string) (string, error) {
	if f.Member != "" {
		return region.UnitOf(f.Member, side), c.desk.neighboursOf(ctx, c.w, bookCircle(c.m.Circle), []string{f.Member})
	}
	for _, o := range c.orgs {
		if o.ID == f.Org && !o.Closed && !o.Group && o.Side == c.desk.node.Member {
			return o.Name, nil
		}
	}
	return "", nil
}

// namesOf are the names of a member's units by the ids of its entries.
func namesOf(names map[string]string, member string) func(string) string {
	return func(org string) string { return cmp.Or(names[idOf(member, org)], org) }
}
