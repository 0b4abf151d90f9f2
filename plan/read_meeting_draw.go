package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// DrawnPoint is a point that is proposed for an agenda, with how its work stands.
type DrawnPoint struct {
	DraftPoint
	Look *ItemLook `json:"look,omitempty"` // nil: it is about no item
	Day  string    `json:"day"`            // civil day that matters: the deadline, that of the earlier meeting
}

// Key names the point among those drawn.
func (p DrawnPoint) Key() string {
	return strings.Join([]string{string(p.Ground), p.Item, p.Resolution, p.Title}, "|")
}

// How far an agenda looks ahead. The figures have no source; they are ours.
const (
	AgendaDays = 15  // what the form proposes
	MostAhead  = 366 // what it takes
	mostDrawn  = 100
)

// DrawAgenda 拟议程: what a meeting could speak of today: what earlier meetings decided and is not done, minutes that somebody objects to, what is
// disputed between equals or asked for by a unit, work that is late or at risk, and what is due within so many days. Each piece of work stands once, for
// the first of these grounds.
func (d *Desk) DrawAgenda(ctx context.Context, draft string, days int, v Viewer) (all []DrawnPoint, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err := meetingDraft(ctx, tx, draft)
		if err != nil {
			return err
		}
		all, err = d.drawAgenda(ctx, tx, m, min(max(days, 0), MostAhead), v)
		return err
	})
	return all, err
}

// DrawFor is DrawAgenda for a meeting of which no draft is kept.
func (d *Desk) DrawFor(ctx context.Context, m MeetingDraft, days int, v Viewer) (all []DrawnPoint, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.drawAgenda(ctx, tx, m, min(max(days, 0), MostAhead), v)
		return err
	})
	return all, err
}

type drawing struct {
	d     *Desk
	ctx   context.Context
	tx    *store.Tx
	m     MeetingDraft
	book  string
	days  int
	v     Viewer
	plans []string
	all   []DrawnPoint
}

func (d *Desk) drawAgenda(ctx context.Context, tx *store.Tx, m MeetingDraft, days int, v Viewer) ([]DrawnPoint, error) {
	r := &drawing{d: d, ctx: ctx, tx: tx, m: m, book: d.node.BookName(bookCircle(m.Circle)), days: days, v: v}
	if m.Group != "" {
		g, err := d.group(ctx, tx, m.Group)
		if err != nil {
			return nil, err
		}
		r.plans = g.Plans
	}
	for _, step := range []func() error{r.decided, r.objected, r.disputed, r.asked, r.work} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return r.all, nil
}

// add puts a point behind the others, unless its work stands there, or on the agenda, already.
func (r *drawing) add(p DrawnPoint) error {
	if len(r.all) >= mostDrawn || slices.ContainsFunc(r.m.Points, p.same) {
		return nil
	}
	if slices.ContainsFunc(r.all, func(q DrawnPoint) bool { return p.Item != "" && q.Item == p.Item || q.Key() == p.Key() }) {
		return nil
	}
	if p.Item != "" && p.Look == nil {
		var err error
		if p.Look, err = r.d.look(r.ctx, r.tx, p.Item, r.v); err != nil || p.Look == nil {
			return err
		}
	}
	r.all = append(r.all, p)
	return nil
}

// decided is what earlier meetings of the group, or of the book where it is of none, decided and is not done.
func (r *drawing) decided() error {
	which, args := `WHERE r.book = ?`, []any{r.book}
	if r.m.Group != "" {
		which, args = which+` AND m.grp = ?`, append(args, saidID(r.m.Group))
	}
	all, err := r.d.resolutionsWhere(r.ctx, r.tx, r.v, which, args...)
	if err != nil {
		return err
	}
	newest := map[string]int{} // by item: of several decisions that one item follows, the last holds
	var order []string
	before := map[string]string{}
	for i, one := range all {
		if !one.Open || one.Erased {
			continue
		}
		if at, known := newest[one.Item]; !known {
			order = append(order, one.Item)
		} else {
			before[one.Item] = strings.TrimPrefix(before[one.Item]+"\n"+all[at].said(), "\n")
		}
		newest[one.Item] = i
	}
	for _, item := range order {
		one := all[newest[item]]
		if err := r.add(DrawnPoint{DraftPoint{AgendaOpen, one.Item, saidID(one.ID), one.Text, before[item]}, one.Look, string(one.Day)}); err != nil {
			return err
		}
	}
	return nil
}

// said is a decision that a later one on the same item took the place of, as the text of a point.
func (r Resolution) said() string {
	return "此前“" + r.Title + "”（" + r.Day.Zh() + "）议定：" + r.Text
}

// objected are the minutes of earlier meetings that somebody who was there objects to.
func (r *drawing) objected() error {
	which, args := `WHERE m.book = ? AND x.idx IS NOT NULL`, []any{r.book}
	if r.m.Group != "" {
		which, args = which+` AND m.grp = ?`, append(args, saidID(r.m.Group))
	}
	all, err := r.d.meetingsWhere(r.ctx, r.tx, which, args...)
	for _, m := range all {
		for _, a := range m.Asked {
			if err == nil && a.Objected != "" && !a.Before { // what was objected to before a correction is asked about again
				err = r.add(DrawnPoint{DraftPoint{Ground: AgendaMinutes, Title: "《" + m.Words.Title + "》会议纪要：" + a.Name + "有异议", Text: a.Objection}, nil, string(m.Day)})
			}
		}
	}
	return err
}

// disputed is what is not agreed between this member and its neighbours: proposals that wait or were declined, verdicts that were objected to.
func (r *drawing) disputed() error {
	changes, err := r.d.changes(r.ctx, r.tx, `substr(c.book, 8) LIKE ?`, cmp.Or(r.m.Circle, "%"))
	if err != nil {
		return err
	}
	last := map[string]PartChange{}
	order := []string{}
	for _, c := range changes { // in the order of rounds
		key := c.Listing + " " + c.Member
		if _, known := last[key]; !known {
			order = append(order, key)
		}
		last[key] = c
	}
	for _, key := range order {
		c := last[key]
		if c.Answered && c.Accepted || c.Erased {
			continue
		}
		asks := changeZh(cmp.Or(c.Words.Deadline, c.Deadline.Date.Zh()), c.Words.Target)
		text := c.By + "提出调整" + asks
		if c.Answered {
			text += "。" + c.To + "未同意：" + c.Reason
		} else {
			text += "。等" + c.To + "答复"
		}
		if err := r.listing(c.Listing, c.Title, text); err != nil {
			return err
		}
	}
	rows, err := r.tx.Query(r.ctx, `SELECT DISTINCT v.listing FROM plan_part_verdict v JOIN plan_objection o ON o.of_book = v.book AND o.of_idx = v.idx
		WHERE ? = '' OR substr(v.book, 8) = ? ORDER BY v.listing`, r.m.Circle, r.m.Circle)
	if err != nil {
		return err
	}
	listings, err := texts(rows)
	for _, l := range listings {
		if err != nil {
			return err
		}
		var verdicts []PartVerdict
		if verdicts, err = r.d.partVerdicts(r.ctx, r.tx, l); err != nil {
			return err
		}
		for _, v := range verdicts {
			if v.ObjectedIn != "" && !v.Over && err == nil {
				err = r.listing(l, v.Title, v.By+"认定："+v.Reason+"。"+v.Member+"有异议："+v.Objection)
			}
		}
	}
	return err
}

// changeZh says what is asked to be otherwise.
func changeZh(deadline, target string) (text string) {
	if deadline != "" {
		text = "时限为" + deadline
	}
	if target != "" {
		text = strings.TrimPrefix(text+"，目标为"+target, "，")
	}
	return text
}

// listing adds what is disputed of a row.
func (r *drawing) listing(listing, title, text string) error {
	row, err := listingByID(r.ctx, r.tx, listing)
	if err != nil {
		return err
	}
	if len(r.plans) > 0 && !slices.Contains(r.plans, row.Facts.Plan) || row.Dropped != "" {
		return nil
	}
	return r.add(DrawnPoint{DraftPoint{AgendaDisputed, first(row.Facts.Items), "", title, text}, nil, string(row.Facts.Deadline.Date)})
}

// asked are the applications of this member's units that nobody has answered, for a meeting inside.
func (r *drawing) asked() error {
	if r.m.Circle != "" {
		return nil
	}
	all, err := r.d.amendmentsWhere(r.ctx, r.tx, `WHERE b.amendment IS NULL`)
	for _, a := range all {
		if err != nil || len(r.plans) > 0 && !slices.Contains(r.plans, a.Plan) {
			continue
		}
		text := a.Unit + "申请调整" + changeZh(a.Words.Deadline, a.Words.Target) + "。理由：" + a.Words.Reason
		err = r.add(DrawnPoint{DraftPoint{AgendaDisputed, a.Item, "", a.Row.Title, text}, nil, string(a.Day)})
	}
	return err
}

// work is what is late, at risk, or due within the days asked for, in the lists of the meeting: the gravest first, then the nearest.
func (r *drawing) work() error {
	today := r.d.Today()
	which, args := `substr(n.book, 1, 6) = ?`, []any{r.d.node.Member}
	if r.m.Circle != "" {
		which, args = `n.circle = ?`, []any{r.m.Circle}
	}
	if len(r.plans) > 0 {
		in, more := places(r.plans)
		which, args = which+` AND n.plan IN (`+in+`)`, append(args, more...)
	}
	rows, err := r.tx.Query(r.ctx, `SELECT n.item, s.state, l.deadline_kind, l.deadline, e.words FROM plan_now n
		JOIN plan_listing l ON l.book = n.book AND l.listing = n.listing JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		JOIN plan_span s ON s.listing = n.listing AND s.from_day <= ? AND (s.until_day = '' OR s.until_day > ?)
		WHERE `+which+` AND s.state IN ('late', 'at-risk', 'planned', 'on-time')
		ORDER BY CASE s.state WHEN 'late' THEN 0 WHEN 'at-risk' THEN 1 ELSE 2 END, CASE l.deadline WHEN '' THEN 1 ELSE 0 END, l.deadline, n.plan, n.ord`,
		append([]any{string(today), string(today)}, args...)...)
	if err != nil {
		return err
	}
	type found struct {
		DrawnPoint
		due judge.Deadline
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (f found, err error) {
		var state judge.WorkState
		var raw []byte
		if err := scan(&f.Item, &state, &f.due.Kind, &f.due.Date, &raw); err != nil {
			return f, err
		}
		switch state {
		case judge.Late:
			f.Ground = AgendaLate
		case judge.AtRisk:
			f.Ground = AgendaRisk
		default:
			f.Ground = AgendaDue
		}
		w, _, err := words[ListingWords](raw)
		f.Title, f.Day = w.Title, string(f.due.Date)
		return f, err
	})
	if err != nil {
		return err
	}
	for _, f := range all {
		near := f.due.Kind == judge.By && f.due.Date >= today && f.due.Date <= today.AddDays(r.days)
		if f.Ground == AgendaDue && !near || f.Title == "" || f.Item == "" {
			continue
		}
		if err := r.add(f.DrawnPoint); err != nil {
			return err
		}
	}
	return nil
}

// MeetingChoices are whom a meeting or a group may have: units of this member's directory, its circles, and the neighbours of one of them.
func (d *Desk) MeetingChoices(ctx context.Context, circle string) (orgs, members []Choice, circles []region.Circle, err error) {
	all, err := d.ConsultChoices(ctx, Making{Circle: circle})
	if err != nil {
		return nil, nil, nil, err
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err = region.CirclesOf(ctx, tx, d.node.Member)
		return err
	})
	return all.Orgs, all.Members, slices.DeleteFunc(circles, func(c region.Circle) bool { return c.ID == node.Self }), err
}
