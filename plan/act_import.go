package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
)

// Confirmation is what a person decided on a preview.
type Confirmation struct {
	// Links: for a new row, by its place in Preview.Changes, the items it is the same work as.
	Links map[int][]string
	// KeepDropped leaves rows in the list that the file no longer has.
	KeepDropped bool
	// Reason says why deadlines or targets of rows are otherwise; empty: the revised list itself is the reason.
	Reason string
	// Source is the file itself, kept with the list so that it can go out in its layout again.
	Source *FileRef
}

// EveryProposal links each row to its twins at or above the threshold: `--yes`. An unknown unit is
// the near one that the preview takes it for, a new one where none is near enough.
func (p *Preview) EveryProposal() Confirmation {
	c := Confirmation{Links: map[int][]string{}, Reason: p.Options.Reason}
	for i, change := range p.Changes {
		if items := change.likely(); len(items) > 0 {
			c.Links[i] = items
		}
	}
	return c
}

// Imported says what an import wrote.
type Imported struct {
	Plan    string `json:"plan"`
	New     int    `json:"new"`
	Changed int    `json:"changed"`
	Same    int    `json:"same"`
	Moved   int    `json:"moved"` // only their place in the list changed
	Dropped int    `json:"dropped"`
	Linked  int    `json:"linked"`
	Units   int    `json:"units"` // new ones of the directory

	Links []LinkedRow `json:"links,omitempty"`

	Asking // of all rows of the list
}

// LinkedRow is a new row that was linked to an item of another list: what an undo needs.
type LinkedRow struct {
	Listing string `json:"listing"`
	Item    string `json:"item"`
}

// Wrote says whether the import wrote any row.
func (i Imported) Wrote() bool { return i.New+i.Changed+i.Moved+i.Dropped > 0 }

// Import writes what a preview showed and a person confirmed: all of it or nothing.
func (d *Desk) Import(ctx context.Context, req node.Request, p *Preview, c Confirmation) (Imported, error) {
	if err := p.ready(); err != nil {
		return Imported{}, err
	}
	return imported(d.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		now := *p
		if err := d.compare(ctx, w.Tx(), &now); err != nil { // somebody may have written since the preview
			return err
		}
		i := &importing{desk: d, w: w, preview: &now, confirmed: c, units: map[string][]string{}, shown: map[string]bool{}}
		i.done.Plan = p.Options.Plan
		if err := i.run(ctx); err != nil {
			return err
		}
		note, err := json.Marshal(i.done)
		w.Note(string(note))
		return err
	}))
}

// imported reads what an import wrote, or wrote when it was asked for the first time.
func imported(receipt node.Receipt, err error) (Imported, error) {
	if err != nil {
		return Imported{}, err
	}
	var done Imported
	if err := json.Unmarshal([]byte(receipt.Note), &done); err != nil {
		return Imported{}, fmt.Errorf("what the import wrote: %w", err)
	}
	return done, nil
}

// keyForm is a list's id: its member, and a key that is easily typed.
var keyForm = regexp.MustCompile(`^[0-9]{6}:[a-z0-9][a-z0-9-]{0,39}$`)

// ready refuses what no person should have been able to confirm.
func (p *Preview) ready() error {
	switch {
	case p.Options.Year == 0:
		return refuse.New("plan.year-missing").At("year")
	case p.Options.Title == "":
		return refuse.New("plan.title-missing").At("title")
	case p.Options.Plan == "":
		return refuse.New("plan.key-missing").At("plan")
	case p.head != nil && memberOfBook(p.head.Book) != p.member:
		return refuse.New("plan.not-ours", "member", region.MemberName(memberOfBook(p.head.Book))).At("plan")
	case !p.Existing && !keyForm.MatchString(p.Options.Plan):
		return refuse.New("plan.key-form", "plan", p.Options.Plan).At("plan")
	case p.Options.Circle == node.Self:
		return refuse.New("plan.circle-self").At("circle")
	}
	return nil
}

type importing struct {
	desk      *Desk
	w         *node.Writing
	preview   *Preview
	confirmed Confirmation
	units     map[string][]string // by sheet.UnitKey: ids, several for a group
	shown     map[string]bool     // organisations that the circle was told the names of
	asked     bool                // a unit asked for what is amended
	done      Imported
}

// circle is the book that the list stands in.
func (i *importing) circle() string {
	if i.preview.Options.Circle == "" {
		return node.Self
	}
	return i.preview.Options.Circle
}

func (i *importing) run(ctx context.Context) error {
	if c := i.circle(); c != node.Self {
		if err := region.OpenCircle(ctx, i.w, region.KnownCircle(c)); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context) error{i.openUnits, i.correctWords, i.issue, i.rows, i.remember, i.ask, i.made} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// openUnits names what the directory does not know yet, and resolves every name of the file.
func (i *importing) openUnits(ctx context.Context) error {
	for key, m := range i.preview.List.Resolved {
		switch {
		case len(m.Group) > 0:
			i.units[key] = m.Group
		case m.ID != "":
			i.units[key] = []string{m.ID}
		}
	}
	byName, err := i.known(ctx) // one unit, although several cells name it
	if err != nil {
		return err
	}
	aliases := map[string][]string{} // by side and name of the new unit
	for _, u := range i.preview.Unknown {
		if at := u.Side + "/" + u.As; u.As != "" && !slices.Contains(aliases[at], u.Name) {
			aliases[at] = append(aliases[at], u.Name)
		}
	}
	for _, u := range i.preview.Unknown {
		id := u.Is
		if id == "" {
			name := cmp.Or(u.As, u.Name)
			if id, err = i.openUnit(ctx, u.Side, name, aliases[u.Side+"/"+name], byName); err != nil {
				return err
			}
		}
		i.units[u.Key] = []string{id}
	}
	return nil
}

// openUnit gives the unit of that name, a new one of the directory if nobody named it since.
func (i *importing) openUnit(ctx context.Context, side, name string, aliases []string, byName map[string]string) (string, error) {
	if id := byName[side+"/"+name]; id != "" {
		return id, nil
	}
	id, err := region.LostOrg(ctx, i.w.Tx(), side, name)
	if err != nil {
		return "", err
	}
	if id == "" {
		id = i.desk.newID("o")
	}
	byName[side+"/"+name] = id
	_, err = region.OrgNamed.Say(ctx, i.w, node.Said[region.OrgFacts, region.OrgWords]{
		Circle: node.Self, Subjects: []string{id},
		Facts: region.OrgFacts{Org: id, Side: side, Sort: 1000},
		Words: &region.OrgWords{Name: name, Aliases: aliases},
	})
	i.done.Units++
	return id, err
}

// known are the units of the directory as it is now, by side and name: somebody may have named one
// since the preview.
func (i *importing) known(ctx context.Context) (map[string]string, error) {
	orgs, err := region.Orgs(ctx, i.w.Tx())
	if err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for _, o := range orgs {
		if !o.Closed && !o.Group {
			byName[o.Side+"/"+o.Name] = o.ID
		}
	}
	return byName, nil
}

// issue writes the head of the list if it is new or says something else now.
func (i *importing) issue(ctx context.Context) error {
	o := i.preview.Options
	facts := PlanFacts{Plan: o.Plan, Year: o.Year, Cycle: o.Cycle, Rhythm: o.Rhythm, WarnDays: o.WarnDays, Issued: o.Issued}
	words := PlanWords{Title: o.Title, DocumentNo: o.Number, Source: i.confirmed.Source, Shape: i.preview.List.Shape}
	head, err := planHead(ctx, i.w.Tx(), o.Plan)
	if err != nil {
		return err
	}
	if head != nil && head.Book != i.desk.node.BookName(i.circle()) {
		return refuse.New("plan.other-circle", "circle", head.Circle).At("circle")
	}
	if head != nil && !i.changes() && head.Facts == facts && head.Words.Title == words.Title {
		return nil
	}
	_, err = say(ctx, i.w, PlanIssued, node.Said[PlanFacts, PlanWords]{
		Circle: i.circle(), Subjects: []string{o.Plan}, Facts: facts, Words: &words,
	})
	return err
}

func (i *importing) changes() bool {
	return slices.ContainsFunc(i.preview.Changes, func(c Change) bool { return c.What != RowSame })
}

func (i *importing) rows(ctx context.Context) error {
	for n := range i.preview.Changes {
		c := &i.preview.Changes[n]
		var err error
		switch c.What {
		case RowSame:
			i.done.Same++
		case RowNew:
			i.done.New++
			err = i.newRow(ctx, n, c)
		case RowChanged:
			i.done.Changed++
			err = i.revise(ctx, c)
		case RowMoved:
			i.done.Moved++
			err = i.list(ctx, c, i.preview.standing[c.Listing].Facts.Items)
		case RowDropped:
			if i.confirmed.KeepDropped {
				continue
			}
			i.done.Dropped++
			_, err = say(ctx, i.w, ListingDropped, node.Said[DropFacts, ReasonWords]{
				Circle: i.circle(), Subjects: []string{c.Listing},
				Facts: DropFacts{Listing: c.Listing}, Words: &ReasonWords{Reason: "修订后的清单不再列入"},
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask asks the neighbours whose units the rows name, those too that this member recognises since the list stands.
func (i *importing) ask(ctx context.Context) error {
	head, err := planHead(ctx, i.w.Tx(), i.preview.Options.Plan)
	if err != nil || head == nil || head.Circle == node.Self {
		return err
	}
	all, _, err := i.desk.askRows(ctx, i.w, head)
	i.done.Asking = all
	return err
}

func (i *importing) remember(ctx context.Context) error {
	o := i.preview.Options
	if len(o.Columns)+len(o.Units) == 0 {
		return nil
	}
	s, err := recall(ctx, i.w.Tx(), i.preview.List.Shape)
	if err != nil {
		return err
	}
	kept := correct(s, i.preview.List.Shape, o)
	for key, id := range kept.Units {
		if _, opens := sheet.OpensNew(id); opens && len(i.units[key]) == 1 {
			of := i.units[key]
			kept.Units[key] = of[0] // it is a unit of the directory now
		}
	}
	return remember(ctx, i.w.Tx(), *kept, i.w.Now().UnixMilli())
}

// publish brings a circle's book up to date on an item: its description, and what was accepted of
// it and the book lacks. A list that holds the item there counts it like every other.
func (d *Desk) publish(ctx context.Context, w *node.Writing, circle, item string) error {
	if err := d.ours(item); err != nil {
		return err
	}
	self := d.node.BookName(node.Self)
	f, words, ok, err := readItemEntry(ctx, w.Tx(), self, item)
	if err != nil {
		return err
	}
	if !ok {
		return refuse.New("plan.item-unknown", "item", item)
	}
	if circle == node.Self {
		return nil
	}
	there, thereWords, ok, err := readItemEntry(ctx, w.Tx(), d.node.BookName(circle), item)
	if err != nil {
		return err
	}
	if !ok || !reflect.DeepEqual(there, f) || !reflect.DeepEqual(thereWords, words) {
		if err := sayItemShown(ctx, w, []string{circle}, f, words); err != nil {
			return err
		}
	}
	return d.publishAccepted(ctx, w, circle, item)
}

func (d *Desk) publishAccepted(ctx context.Context, w *node.Writing, circle, item string) error {
	ours, err := acceptedOf(ctx, w.Tx(), d.node.BookName(node.Self), item)
	if err != nil {
		return err
	}
	theirs, err := acceptedOf(ctx, w.Tx(), d.node.BookName(circle), item)
	if err != nil {
		return err
	}
	known := map[judge.Period]Accepted{}
	for _, a := range theirs {
		known[a.Facts.Report.Period] = a
	}
	now, _, _, err := readItemEntry(ctx, w.Tx(), d.node.BookName(circle), item)
	if err != nil {
		return err
	}
	for _, a := range ours {
		said := a.Words
		a.Facts.Report = a.Facts.Report.stillOf(now)
		out := acceptance(circle, a.Facts, &said)
		if a.Erased {
			out.Words = nil
		}
		if k, ok := known[a.Facts.Report.Period]; ok && reflect.DeepEqual(k.Facts, out.Facts) &&
			(out.Words == nil || reflect.DeepEqual(k.Words, *out.Words)) {
			continue
		}
		if err := region.Show(ctx, w, circle, a.Facts.Org); err != nil {
			return err
		}
		if _, err := say(ctx, w, ReportAccepted, out); err != nil {
			return err
		}
	}
	return nil
}

// stillOf leaves out what a report says of milestones and indicators that its item has no more: a book says nothing of these again.
func (f ReportFacts) stillOf(item ItemFacts) ReportFacts {
	f.Figures = slices.DeleteFunc(slices.Clone(f.Figures), func(x FigureFacts) bool {
		return !slices.ContainsFunc(item.Indicators, func(k IndicatorFacts) bool { return k.ID == x.Indicator })
	})
	f.Met = slices.DeleteFunc(slices.Clone(f.Met), func(x MetFacts) bool {
		return !slices.ContainsFunc(item.Milestones, func(m MilestoneFacts) bool { return m.ID == x.Milestone })
	})
	return complete(f)
}

// acceptance is what a circle is told of an acceptance: no cause, no parts, no answers, for all of
// these stay inside the member.
func acceptance(circle string, f AcceptFacts, words *ReportWords) node.Said[AcceptFacts, ReportWords] {
	f.Report.Parts = []int64{}
	return node.Said[AcceptFacts, ReportWords]{
		Circle: circle, Subjects: []string{f.Report.Item}, Facts: f, Words: outside(words),
	}
}
