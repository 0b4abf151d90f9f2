package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// IssueMinutes 印发会议纪要: freezes the minutes with their number. A decision that is followed by a new item becomes a row of the list of what
// meetings decided in that year, so that it is reported, judged and counted as all others; one that a neighbour does asks it there.
func (d *Desk) IssueMinutes(ctx context.Context, req node.Request, id string, n MinutesDraft) error {
	if err := n.check(); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.openMeeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		i := issuing{d, w, m, bookCircle(m.Circle), n, MinutesFacts{}, &MinutesWords{}, nil, nil}
		return i.run(ctx)
	})
	return err
}

type issuing struct {
	desk     *Desk
	w        *node.Writing
	meeting  *Meeting
	circle   string
	draft    MinutesDraft
	facts    MinutesFacts
	words    *MinutesWords
	subjects []string
	orgs     []region.Org
}

func (i *issuing) run(ctx context.Context) (err error) {
	i.facts = MinutesFacts{Meeting: i.meeting.facts.Meeting, Year: yearOfDay(i.desk.Today()), Orgs: []string{}, Members: []string{}, Resolutions: []ResolutionFacts{}}
	*i.words = MinutesWords{
		Chair: strings.TrimSpace(i.draft.Chair), Recorder: strings.TrimSpace(i.draft.Recorder),
		Present: []PresentWords{}, Points: []MinutesPoint{}, Resolutions: []ResolutionWords{},
	}
	i.subjects = []string{i.facts.Meeting}
	if i.orgs, err = region.Orgs(ctx, i.w.Tx()); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{i.present, i.points, i.resolutions} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	err = i.w.Tx().Row(ctx, `SELECT COALESCE(max(number), 0) + 1 FROM plan_minutes WHERE book = ? AND year = ?`, i.meeting.Book, i.facts.Year).Scan(&i.facts.Number)
	if err != nil {
		return err
	}
	_, err = say(ctx, i.w, MinutesIssued, node.Said[MinutesFacts, MinutesWords]{Circle: i.circle, Subjects: i.subjects, Facts: i.facts, Words: i.words})
	if err != nil {
		return err
	}
	return dropDraft(ctx, i.w.Tx(), minutesDraftID(i.meeting.ID))
}

// present are those who were there: the convener's own unit first, the others in the order of the invitation.
func (i *issuing) present(context.Context) error {
	own := PresentWords{Unit: i.meeting.Convener, State: WasPresent}
	for _, p := range i.draft.Present {
		if p.Who == i.meeting.facts.Convener && !p.Neighbour {
			own.People = strings.TrimSpace(p.People)
		}
	}
	i.words.Present = append(i.words.Present, own)
	for n, a := range i.meeting.Asked {
		at := slices.IndexFunc(i.draft.Present, func(p DraftPresent) bool { return p.Who == a.Who && p.Neighbour == a.Neighbour })
		if at < 0 || !slices.Contains(Attendances, i.draft.Present[at].State) {
			return refuse.New("plan.minutes-present").At(fmt.Sprintf("present-%d", n))
		}
		p := i.draft.Present[at]
		i.words.Present = append(i.words.Present, PresentWords{Unit: a.Name, State: p.State, People: strings.TrimSpace(p.People)})
		switch {
		case !p.State.There():
		case a.Neighbour:
			i.facts.Members = append(i.facts.Members, a.Who)
		default:
			i.facts.Orgs = append(i.facts.Orgs, a.Who)
		}
	}
	return nil
}

// points are what was said of each point, and how its item stood.
func (i *issuing) points(ctx context.Context) error {
	for _, p := range i.draft.Points {
		if strings.TrimSpace(p.Title) == "" {
			continue
		}
		p.Stood = ""
		if p.Item != "" {
			p.Item = i.desk.ID(p.Item)
			look, err := i.desk.look(ctx, i.w.Tx(), p.Item, ViewerOf(i.w.Actor))
			if err != nil {
				return err
			}
			if look != nil {
				p.Stood = stateZh(look.Legend, look.Work, look.Why, look.AsOf)
			}
			i.about(p.Item)
		}
		i.words.Points = append(i.words.Points, MinutesPoint{Title: strings.TrimSpace(p.Title), Text: strings.TrimSpace(p.Text), Item: p.Item, Stood: p.Stood})
	}
	return nil
}

// about makes the minutes stand in the story of what they are about.
func (i *issuing) about(id string) {
	if memberOf(id) == i.desk.node.Member && !slices.Contains(i.subjects, id) {
		i.subjects = append(i.subjects, id)
	}
}

func (i *issuing) resolutions(ctx context.Context) error {
	asks := ""
	for n, r := range i.draft.Resolutions {
		field := fmt.Sprintf("decision-%d", n)
		if r.Text = strings.TrimSpace(r.Text); r.Text == "" {
			continue
		}
		f := ResolutionFacts{Resolution: i.desk.newID("r"), Point: r.Point, Org: saidID(r.Org), Member: r.Member, Supports: saidAll(r.Supports), Due: r.Due}
		f.Supports = slices.DeleteFunc(f.Supports, func(o string) bool { return o == f.Org })
		w := ResolutionWords{Text: r.Text, Unit: i.unit(f.Org)}
		if f.Member != "" {
			if err := i.desk.neighboursOf(ctx, i.w, i.circle, []string{f.Member}); err != nil {
				return err
			}
			w.Unit = region.UnitOf(f.Member, strings.TrimSpace(r.Side))
		}
		if f.Org != "" && w.Unit == "" {
			return refuse.New("plan.resolution-unit").At(field)
		}
		switch r.Follow {
		case FollowNone, "":
		case FollowNew:
			if w.Unit == "" {
				return refuse.New("plan.resolution-unit").At(field)
			}
			key, err := i.listed(ctx, r, &f)
			if err != nil {
				return err
			}
			if f.Member != "" {
				asks = key
			}
			i.about(f.Item)
			i.about(f.Listing)
		default:
			if err := i.tie(ctx, i.desk.ID(r.Follow), &f, &w); err != nil {
				return err
			}
		}
		i.facts.Resolutions, i.words.Resolutions = append(i.facts.Resolutions, f), append(i.words.Resolutions, w)
	}
	if asks == "" {
		return nil
	}
	head, err := planHead(ctx, i.w.Tx(), asks)
	if err == nil {
		_, _, err = i.desk.askRows(ctx, i.w, head)
	}
	return err
}

// tie follows a decision by an item that stands already: one of this member's in the book of the meeting, or a neighbour's.
func (i *issuing) tie(ctx context.Context, item string, f *ResolutionFacts, w *ResolutionWords) error {
	var known int
	if err := i.w.Tx().Row(ctx, `SELECT count(*) FROM plan_item_now WHERE item = ?`, item).Scan(&known); err != nil {
		return err
	}
	if known == 0 {
		return refuse.New("plan.item-unknown", "item", item).At("resolutions")
	}
	if memberOf(item) != i.desk.node.Member {
		w.Ref = item
		return nil
	}
	point, _, err := i.desk.agendaPoint(ctx, i.w.Tx(), i.circle, DraftPoint{Item: item})
	f.Item = point.Item
	i.about(item)
	return err
}

// listed makes a decision a row of the list of the year, and the item by which it is done; the list's id.
func (i *issuing) listed(ctx context.Context, r DraftResolution, f *ResolutionFacts) (plan string, err error) {
	d := i.desk
	key := fmt.Sprintf("meeting-%d", i.facts.Year)
	title := fmt.Sprintf("会议议定事项（%d年）", i.facts.Year)
	if i.circle != node.Self {
		key += "-" + i.circle
		title = i.circleName(ctx) + title
	}
	plan = d.PlanID(key)
	head := PlanFacts{Plan: plan, Year: i.facts.Year, Cycle: judge.Month}
	if err := d.openList(ctx, i.w, i.circle, head, title); err != nil {
		return "", err
	}
	item := ItemFacts{Item: d.ID(d.newID("i")), Leads: []string{}, Supports: f.Supports, Milestones: []MilestoneFacts{}}
	row := ListingWords{Title: r.Text, Note: "“" + i.meeting.Words.Title + "”（" + i.meeting.Day.Zh() + "）议定", Support: i.unitNames(f.Supports)}
	if f.Org != "" {
		item.Leads, row.Lead = []string{f.Org}, []string{i.unit(f.Org)}
	} else {
		row.Sides = map[string]Side{f.Member: {Lead: []string{cmp.Or(strings.TrimSpace(r.Side), region.MemberName(f.Member))}}}
	}
	words := ItemWords{Title: r.Text}
	item.Indicators, words.Indicators, words.Targets = indicatorsOf("")
	circles := []string{node.Self}
	if i.circle != node.Self {
		circles = append(circles, i.circle)
	}
	if err := sayItemShown(ctx, i.w, circles, item, words); err != nil {
		return "", err
	}
	deadline := judge.Deadline{Kind: judge.Ongoing}
	if f.Due != "" {
		deadline, row.Deadline = judge.Deadline{Kind: judge.By, Date: f.Due}, f.Due.Zh()+"前"
	}
	f.Item = item.Item
	f.Listing, err = d.appendRow(ctx, i.w, i.circle, ListingFacts{Plan: plan, Items: []string{item.Item}, Deadline: deadline}, row)
	return plan, err
}

func (i *issuing) circleName(ctx context.Context) string {
	name, err := i.desk.circleName(ctx, i.w.Tx(), i.circle)
	if err != nil {
		return ""
	}
	return name
}

// unit is what a unit of this member is called; empty: there is none of that id.
func (i *issuing) unit(id string) string {
	for _, o := range i.orgs {
		if o.ID == id && !o.Closed && !o.Group && o.Side == i.desk.node.Member {
			return o.Name
		}
	}
	return ""
}

func (i *issuing) unitNames(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, cmp.Or(i.unit(id), id))
	}
	return names
}

// AnyMinutes is said instead of an index by who answers minutes as they hold, whichever that is.
const AnyMinutes int64 = -1

// AnswerMinutes 确认纪要, or 提出异议 with a reason, of the actor's unit or of this member. seen is the index of the entry by which they held when they were
// read: minutes that were corrected since are not answered unread. Refused: plan.minutes-not-there, plan.minutes-newer.
func (d *Desk) AnswerMinutes(ctx context.Context, req node.Request, id string, seen int64, agrees bool, reason string) error {
	if err := textsShort(map[string]string{"reason": reason}); err != nil {
		return err
	}
	_, err := d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		m, err := d.meeting(ctx, w.Tx(), id)
		if err != nil {
			return err
		}
		if a := d.AsInvited(m, w.Actor); m.Minutes == nil || a == nil || !a.Was {
			return refuse.New("plan.minutes-not-there")
		}
		if seen != AnyMinutes && seen != m.Minutes.Now {
			return refuse.New("plan.minutes-newer").At("seen")
		}
		at, err := positionOf(ctx, w.Tx(), m.Minutes.Book, m.Minutes.Now)
		if err != nil {
			return err
		}
		answer := MinutesAnswered
		if m.Minutes.Now != m.Minutes.Index {
			answer = CorrectionAnswered
		}
		_, err = answer.Say(ctx, w, node.Said[MinutesAnswerFacts, ReasonWords]{
			Circle: bookCircle(m.Circle), Causes: []node.Position{at}, Facts: MinutesAnswerFacts{m.facts.Meeting, agrees}, Words: &ReasonWords{Reason: strings.TrimSpace(reason)},
		})
		return err
	})
	return err
}
