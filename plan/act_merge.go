package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// UnitMerging is a reform (机构改革): units that end, and the one that does their work from a day on.
type UnitMerging struct {
	From     []string   `json:"from"`    // ids of the units that end
	Into     string     `json:"into"`    // id of the one that goes on; empty: a new one
	NewName  string     `json:"newName"` // what the new one is called
	Day      judge.Date `json:"day"`
	Document string     `json:"document"` // that says so
	Note     string     `json:"note"`
}

// MergeUnits 撤并单位, in one transaction: the units end, their people keep their seats in the one that goes on, and all that they owe is
// owed by it. Gives the id of the one that goes on.
func (d *Desk) MergeUnits(ctx context.Context, req node.Request, m UnitMerging) (string, error) {
	if err := textsShort(map[string]string{"document": m.Document, "note": m.Note}); err != nil {
		return "", err
	}
	if len(m.From) == 0 {
		return "", refuse.New("region.reform.nobody").At("from")
	}
	if m.Day == "" {
		m.Day = d.Today()
	}
	receipt, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		into, err := d.heirOf(ctx, w, m)
		if err != nil {
			return err
		}
		m.Into = into
		w.Note(into)
		items, err := d.itemsToPass(ctx, w.Tx(), m.From)
		if err != nil {
			return err
		}
		groups, err := d.groupsToPass(ctx, w.Tx(), m.From)
		if err != nil {
			return err
		}
		if err := d.passWork(ctx, w, m, items); err != nil {
			return err
		}
		for _, g := range groups {
			if err := d.passGroup(ctx, w, m, g); err != nil {
				return err
			}
		}
		if err := passDrafts(ctx, w.Tx(), m.From, m.Into); err != nil {
			return err
		}
		// Last, for who says it may sit in one of the units that end.
		return region.Merge(ctx, w, region.Merging{From: m.From, Into: m.Into, Day: string(m.Day), Document: m.Document, Note: m.Note})
	})
	return receipt.Note, err
}

// MergeFits refuses, before anything is counted, a merge that could not be said: no unit that ends or goes on, one of another member, one that
// is ended already, no document, or a day to come.
func (d *Desk) MergeFits(ctx context.Context, m UnitMerging) error {
	return d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Orgs(ctx, tx)
		if err != nil {
			return err
		}
		find := func(id string) *region.Org {
			if at := slices.IndexFunc(all, func(o region.Org) bool { return o.ID == id }); at >= 0 {
				return &all[at]
			}
			return nil
		}
		if len(m.From) == 0 {
			return refuse.New("region.reform.nobody").At("from")
		}
		side := ""
		for _, id := range m.From {
			o := find(id)
			switch {
			case o == nil:
				return refuse.New("region.org.unknown", "org", id).At("from")
			case o.Closed || o.Group:
				return refuse.New("region.reform.ended").At("from")
			case id == m.Into:
				return refuse.New("region.reform.itself").At("into")
			case side != "" && side != o.Side:
				return refuse.New("region.reform.sides").At("from")
			}
			side = o.Side
		}
		heir := find(m.Into)
		switch {
		case m.Into == "" && strings.TrimSpace(m.NewName) == "":
			return refuse.New("region.reform.heir").At("into")
		case m.Into != "" && strings.TrimSpace(m.NewName) != "":
			return refuse.New("region.reform.two-heirs").At("newName")
		case m.Into != "" && (heir == nil || heir.Closed || heir.Group || heir.Side != side):
			return refuse.New("region.reform.heir").At("into")
		case m.Into == "":
			if err := region.NameFree(ctx, tx, side, strings.TrimSpace(m.NewName), m.From...); err != nil {
				return err
			}
		}
		if err := needDay(m.Day, "day"); err != nil {
			return err
		}
		if m.Day > d.Today() {
			return refuse.New("region.reform.ahead").At("day")
		}
		if strings.TrimSpace(m.Document) == "" {
			return refuse.New("region.reform.document").At("document")
		}
		return nil
	})
}

// heirOf is the unit that goes on; a new one is registered.
func (d *Desk) heirOf(ctx context.Context, w *node.Writing, m UnitMerging) (string, error) {
	if m.Into != "" {
		return m.Into, nil
	}
	name := strings.TrimSpace(m.NewName)
	if name == "" {
		return "", refuse.New("region.reform.heir").At("into")
	}
	all, err := region.Orgs(ctx, w.Tx())
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(all, func(o region.Org) bool { return o.ID == m.From[0] })
	if at < 0 {
		return "", refuse.New("region.org.unknown", "org", m.From[0]).At("from")
	}
	if err := region.NameFree(ctx, w.Tx(), all[at].Side, name, m.From...); err != nil {
		return "", err
	}
	var sort int
	if err := w.Tx().Row(ctx, `SELECT sort FROM region_org WHERE org = ?`, m.From[0]).Scan(&sort); err != nil {
		return "", err
	}
	id := d.newID("o")
	_, err = region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
		Circle: node.Self, Subjects: []string{id}, Facts: region.OrgFacts{Org: id, Side: all[at].Side, Sort: sort}, Words: &region.OrgWords{Name: name},
	})
	return id, err
}

// passWork says in the own book and in each circle's that asked anything of the units that it is another's, and the items with their new
// leads after it.
func (d *Desk) passWork(ctx context.Context, w *node.Writing, m UnitMerging, items []string) error {
	byCircle := map[string][]string{node.Self: nil}
	for _, item := range items {
		circles, err := itemCircles(ctx, w.Tx(), d.node.Member, item)
		if err != nil {
			return err
		}
		for _, c := range circles {
			byCircle[c] = append(byCircle[c], item)
		}
	}
	circles, err := node.Circles(ctx, w.Tx(), d.node.Member)
	if err != nil {
		return err
	}
	for _, c := range circles {
		asks, err := asksIn(ctx, w.Tx(), d.node.BookName(c), m.From)
		if err != nil {
			return err
		}
		if asks && byCircle[c] == nil {
			byCircle[c] = []string{}
		}
	}
	for _, c := range sortedKeys(byCircle) {
		if err := region.Show(ctx, w, c, append([]string{m.Into}, m.From...)...); err != nil {
			return err
		}
		at, err := say(ctx, w, WorkPassed, node.Said[PassedFacts, PassedWords]{
			Circle: c, Subjects: append([]string{m.Into}, m.From...), Facts: PassedFacts{From: m.From, Into: m.Into, Day: m.Day},
			Words: &PassedWords{Document: strings.TrimSpace(m.Document)},
		})
		if err != nil {
			return err
		}
		for _, item := range byCircle[c] {
			f, said, ok, err := readItemEntry(ctx, w.Tx(), d.node.BookName(c), item)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			f.Leads = passedTo(f.Leads, m, nil)
			f.Supports = passedTo(f.Supports, m, f.Leads)
			_, err = say(ctx, w, ItemOpened, node.Said[ItemFacts, ItemWords]{
				Circle: c, Subjects: []string{item}, Causes: []node.Position{at}, Facts: f, Words: &said,
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// passedTo puts the one that goes on in the place of those that end, once, and not where it stands already.
func passedTo(ids []string, m UnitMerging, taken []string) []string {
	all := []string{}
	for _, id := range ids {
		if slices.Contains(m.From, id) {
			id = m.Into
		}
		if !slices.Contains(all, id) && !slices.Contains(taken, id) {
			all = append(all, id)
		}
	}
	return all
}

// asksIn says whether a circle's book invites one of the units to a meeting that is not over.
func asksIn(ctx context.Context, tx *store.Tx, book string, units []string) (bool, error) {
	in, args := places(units)
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM plan_meeting m WHERE m.book = ? AND (m.convener IN (`+in+`) OR EXISTS (SELECT 1 FROM plan_meeting_to t
		WHERE t.book = m.book AND t.meeting = m.meeting AND t.neighbour = 0 AND t.who IN (`+in+`)))
		AND NOT EXISTS (SELECT 1 FROM plan_meeting_over o WHERE o.book = m.book AND o.meeting = m.meeting)`, slices.Concat([]any{book}, args, args)...).Scan(&n)
	return n > 0, err
}

// itemsToPass are this member's items that units lead or support and that are not over: an item whose every row was dropped, or is done
// with all its reports, stays with whom it was.
func (d *Desk) itemsToPass(ctx context.Context, tx *store.Tx, units []string) ([]string, error) {
	in, args := places(units)
	today := string(d.Today())
	rows, err := tx.Query(ctx, `SELECT DISTINCT u.item FROM plan_item_unit u WHERE u.book = ? AND u.org IN (`+in+`) AND (
		NOT EXISTS (SELECT 1 FROM plan_pointer p WHERE p.item = u.item)
		OR EXISTS (SELECT 1 FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing AND n.book = p.book
			LEFT JOIN plan_dropped x ON x.book = p.book AND x.listing = p.listing
			WHERE p.item = u.item AND x.listing IS NULL AND (n.gap <> '' OR NOT EXISTS (SELECT 1 FROM plan_span s
				WHERE s.listing = n.listing AND s.state = 'done' AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)))))
		ORDER BY u.item`, slices.Concat([]any{d.node.BookName(node.Self)}, args, []any{today, today})...)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// groupsToPass are this member's groups that units convene or belong to.
func (d *Desk) groupsToPass(ctx context.Context, tx *store.Tx, units []string) ([]Group, error) {
	all, err := d.groupsWhere(ctx, tx, ``)
	return slices.DeleteFunc(all, func(g Group) bool {
		return !g.Ours || g.Over != "" || !slices.ContainsFunc(append([]string{g.facts.Convener}, g.facts.Orgs...), func(o string) bool { return slices.Contains(units, o) })
	}), err
}

// passGroup changes who belongs to a group. One that would have nobody left beside its convener is dissolved.
func (d *Desk) passGroup(ctx context.Context, w *node.Writing, m UnitMerging, g Group) error {
	f, circle := g.facts, bookCircle(g.Circle)
	f.Convener = passedTo([]string{f.Convener}, m, nil)[0]
	f.Orgs = passedTo(f.Orgs, m, []string{f.Convener})
	if len(f.Orgs)+len(f.Members) == 0 {
		_, err := GroupDissolved.Say(ctx, w, node.Said[GroupSaidFacts, ReasonWords]{
			Circle: circle, Subjects: []string{f.Group}, Facts: GroupSaidFacts{Group: f.Group}, Words: &ReasonWords{Reason: m.Document},
		})
		return err
	}
	if err := region.Show(ctx, w, circle, m.Into); err != nil {
		return err
	}
	said := g.Words
	said.Reason = m.Document
	_, err := GroupSet.Say(ctx, w, node.Said[GroupFacts, GroupWords]{Circle: circle, Subjects: []string{f.Group}, Facts: f.whole(), Words: &said})
	return err
}

// passDrafts gives the one that goes on what the others had begun to write, where it has no draft of its own of the same report.
func passDrafts(ctx context.Context, tx *store.Tx, from []string, into string) error {
	for _, org := range from {
		for _, step := range []string{
			`UPDATE plan_report_draft SET org = ? WHERE org = ? AND NOT EXISTS (SELECT 1 FROM plan_report_draft x WHERE x.name = plan_report_draft.name AND x.org = ?)`,
			`UPDATE plan_import SET org = ? WHERE org = ? AND '' <> ?`,
		} {
			if _, err := tx.Exec(ctx, step, into, org, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// Passes is how much passes where units end, for the page that asks before it.
type Passes struct {
	Leads        int `json:"leads"`        // items that they lead
	Supports     int `json:"supports"`     // items that they support only
	Stay         int `json:"stay"`         // items that are over and stay theirs
	Slips        int `json:"slips"`        // not closed
	Shares       int `json:"shares"`       // parts asked of them or by them
	Instructions int `json:"instructions"` // not closed
	Meetings     int `json:"meetings"`     // to come or to be minuted
	Groups       int `json:"groups"`
	Drafts       int `json:"drafts"`      // lists sent for comment, without theirs
	Submissions  int `json:"submissions"` // reports that wait for a signature
	Amendments   int `json:"amendments"`  // applications that wait for an answer
	Seats        int `json:"seats"`
	People       int `json:"people"`
	Sections     int `json:"sections"` // units that stand below them
}

// Passing counts what would pass. Nothing is written.
func (d *Desk) Passing(ctx context.Context, units []string) (p Passes, err error) {
	if len(units) == 0 {
		return p, nil
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		items, err := d.itemsToPass(ctx, tx, units)
		if err != nil {
			return err
		}
		groups, err := d.groupsToPass(ctx, tx, units)
		if err != nil {
			return err
		}
		p.Groups = len(groups)
		in, args := places(units)
		self := d.node.BookName(node.Self)
		led := map[string]bool{}
		rows, err := tx.Query(ctx, `SELECT DISTINCT item FROM plan_item_unit WHERE book = ? AND leads = 1 AND org IN (`+in+`)`, append([]any{self}, args...)...)
		if err != nil {
			return err
		}
		leads, err := texts(rows)
		if err != nil {
			return err
		}
		for _, item := range leads {
			led[item] = true
		}
		for _, item := range items {
			if led[item] {
				p.Leads++
			} else {
				p.Supports++
			}
		}
		for _, c := range []struct {
			n     *int
			query string
		}{
			{&p.Stay, `SELECT count(DISTINCT u.item) FROM plan_item_unit u WHERE u.book = ? AND u.org IN (` + in + `)`},
			{&p.Slips, `SELECT count(*) FROM plan_slip s WHERE s.book = ? AND s.org IN (` + in + `)
				AND NOT EXISTS (SELECT 1 FROM plan_slip_closed c WHERE c.book = s.book AND c.slip = s.slip)`},
			{&p.Shares, `SELECT count(*) FROM plan_share s WHERE s.book = ? AND (s.org IN (` + in + `) OR s.lead IN (` + in + `))
				AND NOT EXISTS (SELECT 1 FROM plan_share_end x WHERE x.book = s.book AND x.share = s.share AND x.what = 'withdrawn' AND x.idx > s.idx)`},
			{&p.Instructions, `SELECT count(DISTINCT i.instruction) FROM plan_instruction i JOIN plan_instruction_unit u ON u.book = i.book AND u.instruction = i.instruction
				WHERE i.book = ? AND u.org IN (` + in + `) AND ` + openInstruction},
			{&p.Meetings, `SELECT count(*) FROM plan_meeting m WHERE substr(m.book, 1, 7) = substr(?, 1, 7) AND (m.convener IN (` + in + `) OR EXISTS (SELECT 1 FROM plan_meeting_to t
				WHERE t.book = m.book AND t.meeting = m.meeting AND t.neighbour = 0 AND t.who IN (` + in + `))) AND ` + openMeeting},
			{&p.Drafts, `SELECT count(*) FROM plan_consultation_to t WHERE t.book = ? AND t.asked IN (` + in + `) AND ` + uncommented},
			{&p.Submissions, `SELECT count(*) FROM plan_submitted s WHERE s.book = ? AND s.org IN (` + in + `) AND ` + submissionWaits},
			{&p.Amendments, `SELECT count(*) FROM plan_amendment s WHERE s.book = ? AND s.org IN (` + in + `)
				AND NOT EXISTS (SELECT 1 FROM plan_amendment_answer a WHERE a.book = s.book AND a.amendment = s.amendment)`},
			{&p.Seats, `SELECT count(*) FROM region_seat WHERE book = ? AND org IN (` + in + `)`},
			{&p.People, `SELECT count(DISTINCT person) FROM region_seat WHERE book = ? AND org IN (` + in + `)`},
			{&p.Sections, `SELECT count(*) FROM region_place WHERE book = ? AND under IN (` + in + `)`},
		} {
			all := append([]any{self}, args...)
			for len(all) < strings.Count(c.query, "?") { // one that asks for the units twice
				all = append(all, args...)
			}
			if err := tx.Row(ctx, c.query, all...).Scan(c.n); err != nil {
				return err
			}
		}
		p.Stay -= len(items)
		return nil
	})
	return p, err
}
