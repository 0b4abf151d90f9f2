package plan

import (
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

// Candidate is a report of the month that the bulletin may quote.
type Candidate struct {
	Chosen   bool
	Item     string
	Title    string
	Section  string
	List     string
	Unit     string
	Claim    judge.WorkState
	Lists    int
	Words    ReportWords
	Position node.Position
	Filed    judge.Date
}

// BulletinPage is a month's bulletin as it is being made, and those that were issued.
type BulletinPage struct {
	Month      judge.Period
	AsOf       judge.Date
	Head       BulletinHead
	Draft      letter.Bulletin
	Saved      bool  // somebody has edited it
	Version    int64 // of the draft: saving over another's is refused
	Candidates []Candidate
	Heads      []HeadFacts // of the books it was read from
	Issued     []IssuedBulletin
}

// IssuedBulletin is a bulletin as it was issued; nothing in it changes any more.
type IssuedBulletin struct {
	ID    string
	Month judge.Period
	AsOf  judge.Date
	Book  string
	Index int64
	Facts BulletinFacts
	Words BulletinWords
}

type bulletinDraft struct {
	Head     BulletinHead     `json:"head"`
	Sections []letter.Section `json:"sections"`
}

// Bulletin composes the bulletin of a month as it stands on a day: the last of the month, or
// today while the month lasts. office names who issues it where the draft does not say.
func (d *Desk) Bulletin(ctx context.Context, month judge.Period, asOf judge.Date, office string) (p BulletinPage, err error) {
	if _, err := judge.ParsePeriod(string(month)); err != nil || month.Cycle() != judge.Month {
		return p, refuse.New("plan.period", "period", string(month)).At("month")
	}
	p.Month, p.AsOf = month, asOf
	if p.AsOf == "" {
		p.AsOf = min(d.Today(), month.Last())
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		return d.bulletin(ctx, tx, &p, office)
	})
	return p, err
}

func (d *Desk) bulletin(ctx context.Context, tx *store.Tx, p *BulletinPage, office string) error {
	in, err := d.bulletinInput(ctx, tx, p.Month, p.AsOf)
	if err != nil {
		return err
	}
	if p.Heads, err = headsNow(ctx, tx, d.node.Member); err != nil {
		return err
	}
	if p.Candidates, err = d.candidates(ctx, tx, p.Month, p.AsOf); err != nil {
		return err
	}
	draft, chosen, err := p.readDraft(ctx, tx)
	if err != nil {
		return err
	}
	p.choose(chosen)
	p.Head = draft.Head.orDefault(office, p.AsOf)
	p.fillInput(&in)
	if p.Saved {
		p.Draft = letter.Resume(in, draft.Sections)
	} else {
		p.Draft = letter.Compose(in)
	}
	p.Issued, err = issuedBulletins(ctx, tx, p.Month)
	return err
}

// orDefault: RULES 2.3 fixes the form of a bulletin, not who issues it: the acting office does
// until somebody types another.
func (h BulletinHead) orDefault(office string, asOf judge.Date) BulletinHead {
	if h.Head == "" {
		h.Head = office
	}
	if h.Signer == "" {
		h.Signer = office
	}
	if h.Date == "" {
		h.Date = string(asOf)
	}
	if h.To == "" {
		h.To = "各县（市、区）人民政府，市级有关部门"
	}
	return h
}

func (p *BulletinPage) readDraft(ctx context.Context, tx *store.Tx) (draft bulletinDraft, chosen []string, err error) {
	var text, items string
	err = tx.Row(ctx, `SELECT text, chosen, version FROM plan_bulletin_draft WHERE month = ?`, string(p.Month)).
		Scan(&text, &items, &p.Version)
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
	return draft, strings.Fields(items), nil
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
			List: c.List, Section: c.Section, Item: c.Title, Unit: c.Unit,
			Progress: c.Words.Progress, Problem: c.Words.Problem, Next: c.Words.Next,
		})
		in.Sources = append(in.Sources, letter.Source{
			Item: c.Title, Unit: c.Unit, Period: p.Month.Zh(), Book: c.Position.Book,
			Entry: strconv.FormatInt(c.Position.Index, 10), Hash: c.Position.Leaf.String(), FiledAt: string(c.Filed),
		})
	}
}

// bulletinInput reads the lists of the month's year with their rows, and the totals now and a
// month before.
func (d *Desk) bulletinInput(ctx context.Context, tx *store.Tx, month judge.Period, asOf judge.Date) (in letter.BulletinInput, err error) {
	year := yearNumber(month.First())
	board, err := d.board(ctx, tx, BoardQuery{Year: year, AsOf: asOf, Period: month})
	if err != nil {
		return in, err
	}
	in = letter.BulletinInput{
		Subject: "区域协同发展重点任务", Month: string(month), AsOf: string(asOf),
		Total: figuresOf(board.Totals, reportsOf(board, month), asOf),
	}
	in.Total.Lists, in.Total.Items = board.Lists, board.Totals.Standing()
	in.NextDue = string(judge.Rhythm{}.Cutoff(month.Next()))
	for _, row := range board.Rows {
		list, missing, err := d.bulletinList(ctx, tx, row, month, asOf)
		if err != nil {
			return in, err
		}
		in.Total.Listings += list.Figures.Listings
		in.Lists, in.Missing = append(in.Lists, list), append(in.Missing, missing...)
	}
	prev := month.Prev()
	before, err := d.board(ctx, tx, BoardQuery{Year: year, AsOf: prev.Last(), Period: prev})
	if err == nil && before.Totals.Total() > 0 {
		f := figuresOf(before.Totals, reportsOf(before, prev), prev.Last())
		f.Lists, f.Items = before.Lists, before.Totals.Standing()
		in.Previous = &f
	}
	return in, err
}

// reportsOf sums the reports of the lists that ask monthly: a quarter's are not this month's.
func reportsOf(b Board, month judge.Period) (sum Reporting) {
	for _, row := range b.Rows {
		if row.Report.Period != month {
			continue
		}
		if sum.Period == "" {
			sum = row.Report
			continue
		}
		cutoff := max(sum.Cutoff, row.Report.Cutoff)
		sum = sum.add(row.Report)
		sum.Cutoff = cutoff
	}
	return sum
}

func figuresOf(c Counts, r Reporting, asOf judge.Date) letter.Figures {
	f := letter.Figures{
		Items: c.Standing(), Planned: c[judge.Planned], OnTime: c[judge.OnTime], AtRisk: c[judge.AtRisk],
		Late: c[judge.Late], Done: c[judge.Done], DoneLate: c[judge.DoneLate], Dropped: c[judge.Dropped],
		Due: r.Owed, FiledOnTime: r.OnTime, FiledLate: max(0, r.Filed+r.Accepted+r.Returned-r.OnTime),
	}
	if r.Cutoff != "" && r.Cutoff < asOf {
		f.Missed = r.Missing
	}
	return f
}

var letterStates = map[judge.WorkState]letter.State{
	judge.Planned: letter.Planned, judge.OnTime: letter.OnTime, judge.AtRisk: letter.AtRisk, judge.Late: letter.Late,
	judge.Done: letter.Done, judge.DoneLate: letter.DoneLate, judge.Dropped: letter.Dropped,
}

// shortTitle fits under a column of a chart and on the tab of a sheet.
func shortTitle(title string) string {
	const most = 12 // characters
	if r := []rune(title); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return title
}

func (d *Desk) bulletinList(ctx context.Context, tx *store.Tx, b BoardRow, month judge.Period, asOf judge.Date) (letter.List, []letter.Missing, error) {
	report := b.Report
	if report.Period != month {
		report = Reporting{} // asked for by the quarter or the year
	}
	list := letter.List{Title: b.Plan.Words.Title, Short: shortTitle(b.Plan.Words.Title), Figures: figuresOf(b.States, report, asOf)}
	list.Figures.Lists, list.Figures.Listings = 1, b.States.Standing()
	page, err := d.list(ctx, tx, ListQuery{Plan: b.Plan.Facts.Plan, AsOf: asOf, Period: month, Size: 1 << 20})
	if err != nil {
		return list, nil, err
	}
	var missing []letter.Missing
	for _, r := range page.Rows {
		if r.Work.State == judge.Dropped {
			continue
		}
		row := letter.Row{
			No: r.Words.Number, Section: first(r.Words.Section), Title: r.Words.Title, Lead: r.LeadName, Due: r.Words.Deadline,
			State: letterStates[r.Work.State], Progress: r.Last.Text,
		}
		row.Why, _ = r.Work.Reason.Words(r.Why, asOf)
		if r.Owes && report.Period == month {
			row.Filing = r.Filing.State.Zh()
			if r.Filing.State == judge.Missed {
				missing = append(missing, letter.Missing{
					Unit: r.LeadName, List: list.Title, No: row.No, Item: row.Title, Due: string(b.Report.Cutoff),
				})
			}
		}
		list.Rows = append(list.Rows, row)
	}
	return list, missing, nil
}

// candidates are the reports of a month that were accepted by a day, each item's newest version,
// in the order of the lists.
func (d *Desk) candidates(ctx context.Context, tx *store.Tx, month judge.Period, asOf judge.Date) ([]Candidate, error) {
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	self := d.node.BookName(node.Self)
	rows, err := tx.Query(ctx, `SELECT a.item, a.idx, a.org, a.claim, a.filed, e.leaf, e.words, i.words, n.lists,
		(SELECT min(m.plan) FROM plan_pointer p JOIN plan_now m ON m.listing = p.listing WHERE p.item = a.item)
		FROM plan_accepted a JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		JOIN plan_item_now n ON n.item = a.item JOIN book_entry i ON i.book = n.book AND i.idx = n.idx
		WHERE a.book = ? AND a.period = ? AND a.day <= ? AND a.idx = (SELECT max(x.idx) FROM plan_accepted x
			WHERE x.book = a.book AND x.item = a.item AND x.period = a.period AND x.day <= ?)
		ORDER BY a.idx`, self, string(month), string(asOf), string(asOf))
	if err != nil {
		return nil, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (c Candidate, err error) {
		var leaf, raw, itemRaw []byte
		var plan sql.NullString
		err = scan(&c.Item, &c.Position.Index, &c.Unit, &c.Claim, &c.Filed, &leaf, &raw, &itemRaw, &c.Lists, &plan)
		if err != nil {
			return c, err
		}
		c.Position.Book, c.List = self, plan.String
		copy(c.Position.Leaf[:], leaf)
		if c.Words, _, err = words[ReportWords](raw); err != nil {
			return c, err
		}
		about, _, err := words[ItemWords](itemRaw)
		c.Title = about.Title
		if name := names[c.Unit]; name != "" {
			c.Unit = name
		}
		return c, err
	})
	if err != nil {
		return nil, err
	}
	return all, d.nameLists(ctx, tx, all)
}

// nameLists puts the title of a list in the place of its id.
func (d *Desk) nameLists(ctx context.Context, tx *store.Tx, all []Candidate) error {
	heads, err := planHeads(ctx, tx, ``)
	if err != nil {
		return err
	}
	for i := range all {
		for _, h := range heads {
			if h.Facts.Plan == all[i].List {
				all[i].List = h.Words.Title
				break
			}
		}
	}
	return nil
}

// issuedBulletins are those issued for a month, or all with month "", newest first.
func issuedBulletins(ctx context.Context, tx *store.Tx, month judge.Period) ([]IssuedBulletin, error) {
	where, args := ``, []any{}
	if month != "" {
		where, args = `WHERE b.month = ?`, []any{string(month)}
	}
	rows, err := tx.Query(ctx, `SELECT b.book, b.bulletin, b.month, b.as_of, b.idx, e.entry, e.words FROM plan_bulletin b
		JOIN book_entry e ON e.book = b.book AND e.idx = b.idx `+where+` ORDER BY b.idx DESC`, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (b IssuedBulletin, err error) {
		var raw, wordsRaw []byte
		if err := scan(&b.Book, &b.ID, &b.Month, &b.AsOf, &b.Index, &raw, &wordsRaw); err != nil {
			return b, err
		}
		if err := factsOf(raw, &b.Facts); err != nil {
			return b, err
		}
		b.Words, _, err = words[BulletinWords](wordsRaw)
		return b, err
	})
}

// Bulletins lists all that were issued, newest first.
func (d *Desk) Bulletins(ctx context.Context) (all []IssuedBulletin, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = issuedBulletins(ctx, tx, "")
		return err
	})
	return all, err
}
