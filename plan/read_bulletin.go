package plan

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// BulletinQuery says which bulletin is wanted. A bulletin of a circle (圈内通报) is made of the lists of all the
// circle's members and of what stands in the circle's books, and of nothing else: it may be sent to the neighbours, and its figures
// are the same on every node that has the same books. One of the member itself (circle "") may take in any list of its own.
type BulletinQuery struct {
	Month  judge.Period // a month; half a year or a year: their summary
	Circle string       // "": the member's own bulletin
	AsOf   judge.Date   // "": as the draft says; else the last of the month, or today while it lasts
	Office string       // who issues it where the draft does not say
}

// BulletinHead is what stands around the text of a bulletin.
type BulletinHead struct {
	Head      string   `json:"head"`   // 发文机关标志
	Number    string   `json:"number"` // 发文字号
	Title     string   `json:"title"`
	To        string   `json:"to"` // 主送
	Signer    string   `json:"signer"`
	Date      string   `json:"date"` // civil, 成文日期
	CopyTo    []string `json:"copyTo"`
	PrintedBy string   `json:"printedBy"`
}

// BulletinList is a list that a bulletin may take in.
type BulletinList struct {
	Plan, Title, Circle string
	Chosen              bool
}

// BulletinPage is a month's bulletin as it is being made, and those that were issued.
type BulletinPage struct {
	Month     judge.Period
	Circle    string          // "": the member's own bulletin
	Circles   []region.Circle // for which there may be one
	AsOf      judge.Date
	AsOfAsked judge.Date // as a person set it; "": as the calendar goes
	Head      BulletinHead
	Draft     letter.Bulletin
	Lists     []BulletinList
	Saved     bool // somebody has chosen or edited
	Edited    bool // the text is a person's: it is not composed anew

	written    []letter.Section         // the text as it was saved
	quoted     map[string]node.Position // by item and period: the reports as they stood when it was written
	Version    int64                    // of the draft: saving over another's is refused
	Candidates []Candidate
	Heads      []HeadFacts // of the books it was read from
	Heard      []Heard     // from the neighbours whose lists a circle's bulletin counts
	Issued     []IssuedBulletin
	Seen       int // so many were issued when a person confirmed this one: another is not issued over a colleague's
}

// bulletinDraft is what people chose and typed. Without sections the text is composed of the
// chosen reports each time.
type bulletinDraft struct {
	Head     BulletinHead     `json:"head"`
	Sections []letter.Section `json:"sections,omitempty"`
	AsOf     judge.Date       `json:"asOf,omitempty"`
	Plans    []string         `json:"plans,omitempty"`
	// Quoted are, by item and period, the reports as they stood when a person last wrote the text.
	Quoted map[string]node.Position `json:"quoted,omitempty"`
}

// draftKey is where the draft of a month's bulletin lies.
func draftKey(month judge.Period, circle string) string {
	return strings.TrimSpace(string(month) + " " + circle)
}

// Bulletin composes the bulletin of a month as it stands on a day.
func (d *Desk) Bulletin(ctx context.Context, q BulletinQuery) (p BulletinPage, err error) {
	if !hasBulletin(q.Month) {
		return p, refuse.New("plan.period", "period", string(q.Month)).At("month")
	}
	p.Month, p.Circle = q.Month, q.Circle
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		return d.bulletin(ctx, tx, &p, q)
	})
	return p, err
}

func (d *Desk) bulletin(ctx context.Context, tx *store.Tx, p *BulletinPage, q BulletinQuery) (err error) {
	if p.Circles, err = region.CirclesOf(ctx, tx, d.node.Member); err != nil {
		return err
	}
	if p.Circle != "" && !slices.ContainsFunc(p.Circles, func(c region.Circle) bool { return c.ID == p.Circle }) {
		return refuse.New("plan.bulletin-circle", "circle", p.Circle).At("circle")
	}
	draft, items, err := p.readDraft(ctx, tx)
	if err != nil {
		return err
	}
	items = d.knownAll(items)
	p.AsOfAsked = draft.AsOf
	p.AsOf = judge.Date(cmp.Or(string(q.AsOf), string(draft.AsOf), string(min(d.Today(), p.Month.Last()))))
	if _, err := d.asOf(p.AsOf); err != nil {
		return err
	}
	r := bulletinReading{
		counting: counting{ctx: ctx, tx: tx, asOf: p.AsOf, today: d.Today(), sums: &d.sums},
		d:        d, month: p.Month, circle: p.Circle, named: p.Circles, chosen: draft.Plans, items: map[string]*bulletinItem{}, rowsOf: map[string][]Row{}, byID: map[string]PlanHead{},
	}
	in, err := r.input()
	if err != nil {
		return err
	}
	p.Lists = r.lists
	if p.Heads, err = headsNow(ctx, tx, d.node.Member, p.Circle); err != nil {
		return err
	}
	if p.Circle != "" {
		if p.Heard, err = d.heard(ctx, tx, p.Circle); err != nil {
			return err
		}
		in.Seen = seenText(p.Heard)
	}
	if p.Candidates, err = r.candidates(); err != nil {
		return err
	}
	p.choose(items)
	p.Head = draft.Head.orDefault(q.Office, p.AsOf)
	p.fillInput(&in)
	p.Edited = len(draft.Sections) > 0
	p.written, p.quoted = slices.Clone(draft.Sections), draft.Quoted
	if p.Edited {
		p.Draft = letter.Resume(in, draft.Sections)
	} else {
		p.Draft = letter.Compose(in)
	}
	err = p.readIssued(ctx, tx)
	p.Seen = len(p.Issued)
	return err
}

func (p *BulletinPage) readIssued(ctx context.Context, tx *store.Tx) (err error) {
	p.Issued, err = issuedBulletins(ctx, tx, p.Month)
	p.Issued = slices.DeleteFunc(p.Issued, func(b IssuedBulletin) bool { return b.Facts.Circle != p.Circle })
	return err
}

// Office names an organisation as a document does.
func (d *Desk) Office(ctx context.Context, org string) (name string, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		name, err = region.OfficialName(ctx, tx, d.node.Name, org)
		return err
	})
	return name, err
}

// orDefault: RULES 2.3 fixes the form of a bulletin, not who issues it: the acting office does
// until somebody types another.
func (h BulletinHead) orDefault(office string, asOf judge.Date) BulletinHead {
	h.Head, h.Signer, h.PrintedBy = cmp.Or(h.Head, office), cmp.Or(h.Signer, office), cmp.Or(h.PrintedBy, office)
	h.Date = cmp.Or(h.Date, string(asOf))
	h.To = cmp.Or(h.To, "各县（市、区）人民政府，市级有关部门")
	return h
}

func (p *BulletinPage) readDraft(ctx context.Context, tx *store.Tx) (draft bulletinDraft, items []string, err error) {
	var text, chosen string
	err = tx.Row(ctx, `SELECT text, chosen, version FROM plan_bulletin_draft WHERE month = ?`, draftKey(p.Month, p.Circle)).
		Scan(&text, &chosen, &p.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return draft, nil, nil
	}
	if err != nil {
		return draft, nil, fmt.Errorf("draft of the bulletin: %w", err)
	}
	p.Saved = true
	if err := json.Unmarshal([]byte(text), &draft); err != nil {
		return draft, nil, fmt.Errorf("draft of the bulletin: %w", err)
	}
	return draft, strings.Fields(chosen), nil
}

// firstChoice is how many reports a new draft quotes; a person chooses others.
const firstChoice = 12

// choose marks what is quoted: what the draft says, or at first what is done or at risk and what
// stands in most lists.
func (p *BulletinPage) choose(items []string) {
	if p.Saved {
		for i := range p.Candidates {
			p.Candidates[i].Chosen = slices.Contains(items, p.Candidates[i].Item)
		}
		return
	}
	order := make([]int, len(p.Candidates))
	for i := range order {
		order[i] = i
	}
	weight := func(c Candidate) int {
		w := 2 * c.Lists
		if c.Claim == judge.Done || c.Claim == judge.AtRisk {
			w += 3
		}
		return w
	}
	slices.SortStableFunc(order, func(a, b int) int { return weight(p.Candidates[b]) - weight(p.Candidates[a]) })
	for _, i := range order[:min(firstChoice, len(order))] {
		p.Candidates[i].Chosen = true
	}
}

func (p *BulletinPage) fillInput(in *letter.BulletinInput) {
	h := p.Head
	in.Head, in.Number, in.Title, in.To, in.Signer, in.Date = h.Head, h.Number, h.Title, h.To, h.Signer, h.Date
	in.CopyTo, in.PrintedBy, in.PrintedOn = h.CopyTo, h.PrintedBy, h.Date
	for _, c := range p.Candidates {
		if !c.Chosen {
			continue
		}
		in.Chosen = append(in.Chosen, letter.Chosen{
			Work: c.work, List: c.List, Section: c.Section, Item: c.Title, Unit: c.Unit,
			Progress: c.Words.Progress, Problem: c.Words.Problem, Next: c.Words.Next,
		})
		in.Sources = append(in.Sources, letter.Source{
			Item: c.Title, Unit: c.Unit, Period: c.Period.Zh(), Book: c.Position.Book,
			Entry: strconv.FormatInt(c.Position.Index, 10), Hash: c.Position.Leaf.String(), FiledAt: string(c.Filed),
		})
	}
}

// Chosen is how many reports the bulletin quotes.
func (p *BulletinPage) Chosen() (n int) {
	for _, c := range p.Candidates {
		if c.Chosen {
			n++
		}
	}
	return n
}

// key names a report whatever its version.
func (c Candidate) key() string { return c.Item + " " + string(c.Period) }

// Outdated are the reports quoted that were accepted in another version after a person wrote the text: it may say what holds
// no more.
func (p *BulletinPage) Outdated() (all []Candidate) {
	for _, c := range p.Candidates {
		if q, ok := p.quoted[c.key()]; p.Edited && c.Chosen && ok && q != c.Position {
			all = append(all, c)
		}
	}
	return all
}

// sources are the reports that the text was written from: of one that was corrected since, the version before.
func (p *BulletinPage) sources() (all []node.Position) {
	for _, c := range p.Candidates {
		if !c.Chosen {
			continue
		}
		if q, ok := p.quoted[c.key()]; p.Edited && ok {
			all = append(all, q)
			continue
		}
		all = append(all, c.Position)
	}
	return all
}

// Candidate is a report of the month that the bulletin may quote.
type Candidate struct {
	Chosen   bool
	Item     string
	Title    string // as the first of its lists words it
	Section  string
	List     string
	Unit     string
	Claim    judge.WorkState
	Lists    int // of the bulletin
	Words    ReportWords
	Position node.Position
	Period   judge.Period
	Filed    judge.Date
	work     string // the row that several members do together, or its item
}

// candidates are the reports of periods that end in the month and were accepted by the day, each
// item's newest version, in the order of the lists. A circle's bulletin quotes the circle's books.
func (r bulletinReading) candidates() ([]Candidate, error) {
	names, err := r.d.orgNames(r.ctx, r.tx)
	if err != nil {
		return nil, err
	}
	in, of := `a.book = ?`, r.d.node.BookName(node.Self)
	if r.circle != "" {
		in, of = `a.circle = ?`, r.circle
	}
	rows, err := r.tx.Query(r.ctx, `SELECT a.book, a.item, a.idx, a.org, a.claim, a.filed, a.period, e.leaf, e.words, e.entry, o.words, o.entry
		FROM plan_accepted a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		LEFT JOIN plan_item i ON i.book = a.book AND i.item = a.item
		LEFT JOIN book_entry o ON o.book = i.book AND o.idx = i.idx
		WHERE `+in+` AND a.period_last >= ? AND a.period_last <= ? AND a.day <= ? ORDER BY a.period_last, a.book, a.idx`,
		of, string(r.month.First()), string(r.month.Last()), string(r.asOf))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (c Candidate, err error) {
		var leaf []byte
		var said saidReport
		err = scan(&c.Position.Book, &c.Item, &c.Position.Index, &c.Unit, &c.Claim, &c.Filed, &c.Period, &leaf, &said.words, &said.entry, &said.itemWords, &said.itemEntry)
		if err != nil {
			return c, err
		}
		unit := idOf(memberOfBook(c.Position.Book), c.Unit)
		c.Unit = r.unit(unit, cmp.Or(names[unit], c.Unit))
		copy(c.Position.Leaf[:], leaf)
		c.Words, err = said.told()
		return c, err
	})
	return r.inLists(all), err
}

// inLists keeps the newest report of each item of the lists; of a month and a quarter that end
// together the month's.
func (r bulletinReading) inLists(all []Candidate) (kept []Candidate) {
	newest := map[string]Candidate{}
	for _, c := range all {
		if was, ok := newest[c.Item]; !ok || c.Period == r.month || was.Period != r.month {
			newest[c.Item] = c
		}
	}
	for id, c := range newest {
		if at, ok := r.items[id]; ok {
			c.Title, c.Section, c.List, c.Lists, c.work = at.said.title, at.said.section, at.said.list, at.lists, cmp.Or(at.row, id)
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b Candidate) int {
		x, y := r.items[a.Item], r.items[b.Item]
		return cmp.Or(x.place-y.place, x.turn-y.turn, x.order-y.order)
	})
	return kept
}
