package plan

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Happening is one thing that was said about an item.
type Happening struct {
	Kind    string // name of the kind, without version: "plan.report.accepted"
	At      time.Time
	Org     string // name
	Person  string // name; only of this member's people
	For     string // name of the person for whom he acted (代)
	Member  string // GB/T 2260 code
	Period  judge.Period
	State   judge.WorkState
	Done    bool // a claim of done was confirmed
	Listing string
	Plan    string // title of the list that it is about
	Text    string // progress, reason, title
	Problem string
	Next    string
	Reason  string // of a correction
	Changed []Changed
	Figures []ReportFigure
	Files   []ToldFile // in the order in which the entry names them
	Erased  bool
	Unit    string          // of which a part is asked
	Used    []UsedPart      // the parts that a report took up
	AsFiled bool            // what was accepted is word for word what was filed just before
	Places  []node.Position // the entry in each book it stands in; Leaf is left empty
	Parts   []Happening     // what was written together with it and tells no other story, see foldAmended
}

// Changed is what an amendment gives a row, or a unit asks for: of its deadline or target.
type Changed struct {
	Field   string // "deadline" or "target"
	Was, Is string
}

// UsedPart is a part that a report took up: whose it is, and its entry.
type UsedPart struct {
	Name string
	At   node.Position // Leaf is left empty
}

// ToldFile is a file that lies with what was said. A neighbour's comes after its entry.
type ToldFile struct {
	FileRef
	Here bool
}

// StoryPage is what happened to an item, newest first.
type StoryPage struct {
	Events  []Happening
	Next    string          // cursor
	Circles []region.Circle // of this member, for the names of places
}

// storySize is how many happenings stand on a page.
const storySize = 50

// Story reads what was said about an item in all books, as a viewer may see it; after is the
// cursor of the page before.
func (d *Desk) Story(ctx context.Context, item, after string, v Viewer) (p StoryPage, err error) {
	item = d.ID(item)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		reach, err := d.sightOf(ctx, tx, v)
		if err != nil {
			return err
		}
		role, err := v.roleIn(ctx, tx, item)
		if err != nil {
			return err
		}
		s := storyReading{ctx: ctx, tx: tx, d: d, viewer: reach, role: role, item: item, people: map[string]string{}, plans: map[string]string{}}
		if s.lines, err = d.indicatorsOf(ctx, tx, item); err != nil {
			return err
		}
		if p, err = s.page(item, after); err != nil {
			return err
		}
		p.Circles, err = region.CirclesOf(ctx, tx, d.node.Member)
		return err
	})
	return p, err
}

type storyReading struct {
	ctx    context.Context
	tx     *store.Tx
	d      *Desk
	viewer sight
	role   role // of the viewer's organisation
	orgs   map[string]string
	people map[string]string
	plans  map[string]string
	lines  []IndicatorLine // of the item
	item   string          // as the view knows it
}

// told is an entry with where it stands.
type told struct {
	book  string
	idx   int64
	entry book.Entry
	words []byte
}

func (s storyReading) page(item, after string) (p StoryPage, err error) {
	if s.orgs, err = s.d.orgNames(s.ctx, s.tx); err != nil {
		return p, err
	}
	all, err := s.entries(item)
	if err != nil {
		return p, err
	}
	merged := foldAmended(mergeTold(all))
	from := 0
	if after != "" {
		if from = int(atoi(after)); from < 0 || from > len(merged) {
			return p, refuse.New("plan.cursor").At("after")
		}
	}
	for i := len(merged) - 1 - from; i >= 0; i-- {
		if len(p.Events) == storySize {
			p.Next = itoa(len(merged) - 1 - i)
			break
		}
		h, err := s.happening(merged[i].said)
		for _, part := range merged[i].with {
			if err != nil {
				break
			}
			var with Happening
			with, err = s.happening(part)
			h.Parts = append(h.Parts, with)
		}
		if err != nil {
			return p, err
		}
		p.Events = append(p.Events, h)
	}
	for i := range p.Events {
		p.Events[i].AsFiled = asFiled(p.Events, i)
	}
	return p, nil
}

// entries are all that name the item or a row that stands for it, and that may be seen.
func (s storyReading) entries(item string) ([]told, error) {
	rows, err := s.tx.Query(s.ctx, `SELECT e.book, e.idx, e.entry, e.words FROM (
		SELECT book, idx FROM node_subject WHERE subject = ? AND substr(book, 1, 6) = ?
		UNION SELECT s.book, s.idx FROM plan_pointer p JOIN node_subject s ON s.subject = `+saidInSQL("p.listing")+` AND s.book = p.book
		WHERE p.item = ?
		UNION SELECT w.book, w.idx FROM plan_pointer p JOIN plan_answer w ON w.listing = p.listing WHERE p.item = ?) AS k JOIN book_entry e ON e.book = k.book AND e.idx = k.idx`,
		saidID(item), memberOf(item), item, item)
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (t told, err error) {
		var raw []byte
		if err := scan(&t.book, &t.idx, &raw, &t.words); err != nil {
			return t, err
		}
		t.entry, err = book.Scan(raw)
		return t, err
	})
	if err != nil {
		return nil, err
	}
	spoken, err := s.meetingsOf(item)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(append(all, spoken...), func(t told) bool { return err != nil || !s.seesTold(t, &err) })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b told) int {
		if c := a.entry.At.Compare(b.entry.At); c != 0 {
			return c
		}
		if a.book != b.book { // the own book tells the order of what was said in one moment
			return cmp.Or(bit(!ownBook(a.book))-bit(!ownBook(b.book)), strings.Compare(a.book, b.book))
		}
		return int(a.idx - b.idx)
	})
	return all, nil
}

// seesTold: what a leader said, what a lead asked for a part, and what stands on an agenda, is for those whom it concerns, whatever they have to do with the item.
func (s storyReading) seesTold(t told, failed *error) (sees bool) {
	if isInstruction(t.entry.Kind) {
		sees, *failed = s.viewer.seesInstruction(s.ctx, s.tx, t.entry)
		return sees
	}
	if isShare(t.entry.Kind) {
		sees, *failed = s.viewer.seesShare(s.ctx, s.tx, t.entry)
		return sees
	}
	if isMeeting(t.entry.Kind) { // who does the work knows what a meeting said of it, though he was not invited
		if sees, *failed = s.viewer.seesMeetingEntry(s.ctx, s.tx, t.entry); s.role != "" && region.May(s.viewer.Seat, region.MeetingRead) {
			sees = true
		}
		return sees
	}
	return s.viewer.sees(t.entry.Kind, t.entry.Org, s.role)
}

// indicatorsOf are the indicators of an item as this member knows it now.
func (d *Desk) indicatorsOf(ctx context.Context, tx *store.Tx, item string) (all []IndicatorLine, err error) {
	var of string
	err = tx.Row(ctx, `SELECT book FROM plan_item_now WHERE item = ?`, item).Scan(&of)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, w, _, err := readItemEntry(ctx, tx, of, item)
	for _, k := range f.Indicators {
		all = append(all, IndicatorLine{IndicatorFacts: k, Name: w.Indicators[k.ID]})
	}
	return all, err
}
