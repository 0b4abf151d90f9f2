package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Exported is a list as a workbook, in the layout it came in.
type Exported struct {
	Name    string       `json:"name"` // of the file
	Content []byte       `json:"xlsx"`
	AsOf    judge.Date   `json:"asOf"`
	Written int          `json:"written"` // rows with progress
	Unshown []UnshownRow `json:"unshown"`
}

// UnshownRow is a row that the workbook does not show, or not whole. Nothing is left out silently.
type UnshownRow struct {
	Listing string `json:"listing"`
	Number  string `json:"number,omitempty"`
	Title   string `json:"title"`
	Reason  string `json:"reason"`
}

// Export writes a list as xlsx in the layout it came in, the columns of progress filled from the
// newest accepted reports as they stood on a day, "" for today. Imported again it changes nothing.
func (d *Desk) Export(ctx context.Context, plan string, asOf judge.Date) (*Exported, error) {
	asOf = cmp.Or(asOf, d.Today())
	e := &exporting{desk: d, plan: d.PlanID(plan), asOf: asOf, progress: map[sheet.RowKey]sheet.Progress{}, rows: map[sheet.RowKey]ListingRow{}}
	err := d.node.Store.Read(ctx, func(tx *store.Tx) error { return e.read(ctx, tx) })
	if err != nil {
		return nil, err
	}
	if err := e.layOut(ctx); err != nil {
		return nil, err
	}
	content, filled, err := sheet.Bytes(ctx, e.src, e.list, e.progress)
	if err != nil {
		return nil, fmt.Errorf("write the list: %w", err)
	}
	for _, u := range filled.Unshown {
		e.miss(e.rows[u.Key], u.Reason)
	}
	return &Exported{
		Name: e.head.Words.Title + ".xlsx", Content: content, AsOf: asOf, Written: filled.Written, Unshown: e.unshown,
	}, nil
}

type exporting struct {
	desk *Desk
	plan string
	asOf judge.Date

	head     *PlanHead
	standing []ListingRow
	said     map[string]sheet.Progress // by listing

	src      sheet.Source
	list     *sheet.List
	progress map[sheet.RowKey]sheet.Progress
	rows     map[sheet.RowKey]ListingRow
	unshown  []UnshownRow
}

func (e *exporting) read(ctx context.Context, tx *store.Tx) (err error) {
	if e.head, err = planHead(ctx, tx, e.plan); err != nil {
		return err
	}
	if e.head == nil {
		return refuse.New("plan.unknown", "plan", e.plan)
	}
	all, err := listingsOf(ctx, tx, e.plan)
	if err != nil {
		return err
	}
	e.standing = slices.DeleteFunc(all, func(l ListingRow) bool { return l.Dropped != "" && l.Dropped <= e.asOf })
	return e.readProgress(ctx, tx)
}

// readProgress reads for each row its state on the day and the newest report accepted by then.
func (e *exporting) readProgress(ctx context.Context, tx *store.Tx) error {
	states, err := statesOn(ctx, tx, e.plan, e.asOf)
	if err != nil {
		return err
	}
	legends, err := readLegends(ctx, tx)
	if err != nil {
		return err
	}
	legend := legends.of(e.plan)
	e.standing = slices.DeleteFunc(e.standing, func(l ListingRow) bool { return states[l.ID] == "" }) // not yet in the list
	e.said = map[string]sheet.Progress{}
	for _, l := range e.standing {
		p := sheet.Progress{}
		if s, ok := states[l.ID]; ok {
			p.Status = legend.Lamp(s).Label
		}
		work, err := workOf(ctx, tx, l)
		if err != nil {
			return err
		}
		for _, w := range work {
			if err := e.newest(ctx, tx, w.book, w.item, &p); err != nil {
				return err
			}
		}
		e.said[l.ID] = p
	}
	return nil
}

// workOf are the items by which a row is done, with the book that says so of each: its own, but where neighbours do it alone, and
// those of neighbours.
func workOf(ctx context.Context, tx *store.Tx, l ListingRow) (all []claim, err error) {
	rows, err := tx.Query(ctx, `SELECT item, book, alone FROM plan_claimed WHERE listing = ? ORDER BY item`, l.ID)
	if err != nil {
		return nil, err
	}
	theirs, err := store.Collect(rows, func(scan func(...any) error) (c claim, err error) {
		var alone int
		err = scan(&c.item, &c.book, &alone)
		c.alone = alone == 1
		return c, err
	})
	if len(theirs) == 0 || !theirs[0].alone {
		for _, item := range l.Facts.Items {
			all = append(all, claim{item: item, book: l.Book})
		}
	}
	return append(all, theirs...), err
}

// statesOn is how each row of a list stands on a day.
func statesOn(ctx context.Context, tx *store.Tx, plan string, day judge.Date) (map[string]judge.WorkState, error) {
	rows, err := tx.Query(ctx, `SELECT listing, state FROM plan_span
		WHERE plan = ? AND from_day <= ? AND (until_day = '' OR ? < until_day)`, plan, string(day), string(day))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]judge.WorkState{}
	for rows.Next() {
		var listing, state string
		if err := rows.Scan(&listing, &state); err != nil {
			return nil, err
		}
		all[listing] = judge.WorkState(state)
	}
	return all, rows.Err()
}

// newest adds what the newest report of an item says that was accepted by the day.
func (e *exporting) newest(ctx context.Context, tx *store.Tx, book, item string, p *sheet.Progress) error {
	rows, err := tx.Query(ctx, `SELECT x.period, x.words, x.entry, o.words, o.entry FROM (
		SELECT a.period, a.item, a.book, e.entry, e.words FROM plan_accepted a
		JOIN book_entry e ON e.book = a.book AND e.idx = a.idx
		WHERE a.book = ? AND a.item = ? AND a.day <= ? ORDER BY a.period_last DESC, a.idx DESC LIMIT 1) x
		JOIN plan_item i ON i.book = x.book AND i.item = x.item
		JOIN book_entry o ON o.book = i.book AND o.idx = i.idx`, book, item, string(e.asOf))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var period string
		var said, entry, itemSaid, itemEntry []byte
		if err := rows.Scan(&period, &said, &entry, &itemSaid, &itemEntry); err != nil {
			return err
		}
		if err := addReport(p, judge.Period(period), said, entry, itemSaid, itemEntry); err != nil {
			return err
		}
	}
	return rows.Err()
}

// addReport puts one report into the columns of progress; several items of a row stand one below
// the other.
func addReport(p *sheet.Progress, period judge.Period, said, entry, itemSaid, itemEntry []byte) error {
	w, erased, err := words[ReportWords](said)
	if err != nil {
		return err
	}
	item, _, err := words[ItemWords](itemSaid)
	if err != nil {
		return err
	}
	var f AcceptFacts
	var about ItemFacts
	if err := errors.Join(factsOf(entry, &f), factsOf(itemEntry, &about)); err != nil {
		return err
	}
	if erased {
		w.Progress = "（正文已删除）"
	}
	lines := []IndicatorLine{}
	for _, k := range about.Indicators {
		lines = append(lines, IndicatorLine{IndicatorFacts: k, Name: item.Indicators[k.ID]})
	}
	p.Done = below(p.Done, shownReport(period, w.Progress, f.Report.Figures, lines))
	p.Trouble, p.Next = below(p.Trouble, w.Problem), below(p.Next, w.Next)
	return nil
}

func below(above, text string) string {
	if above == "" || text == "" {
		return above + text
	}
	return above + "\n" + text
}

// shownReport is a report as an exported list shows it in one cell.
func shownReport(period judge.Period, progress string, figures []FigureFacts, lines []IndicatorLine) string {
	return "【" + period.Zh() + "】" + progress + figuresText(figures, lines)
}

// figuresText names the reported figures with their units.
func figuresText(figures []FigureFacts, lines []IndicatorLine) string {
	var all []string
	for _, x := range figures {
		for _, k := range lines {
			if k.ID == x.Indicator && k.Name != "" {
				all = append(all, k.Name+x.Value+k.Unit)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "（" + strings.Join(all, "，") + "）"
}

// layOut reads the list's own file again and finds its rows, or makes a plain table of the rows where
// the file is not here.
func (e *exporting) layOut(ctx context.Context) error {
	content, err := e.source()
	if err != nil {
		return err
	}
	if content == nil {
		e.plain()
		return nil
	}
	src := e.head.Words.Source
	p, err := e.desk.Preview(ctx, sourceOf(src.Name, content), ImportOptions{Plan: e.plan})
	if err != nil {
		return fmt.Errorf("read the list's own file again: %w", err)
	}
	e.src, e.list = sourceOf(src.Name, content), p.List
	left := map[string]ListingRow{}
	for _, l := range e.standing {
		left[l.ID] = l
	}
	for _, c := range p.Changes {
		if l, ok := left[c.Listing]; ok && c.Row != nil {
			key := sheet.RowKey{Sheet: c.Sheet, Row: c.Row.Row, Part: c.Row.Part}
			e.progress[key], e.rows[key] = e.said[l.ID], l
			delete(left, c.Listing)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		e.miss(left[id], "清单原文件里没有这一行")
	}
	return nil
}

// source is the file the list came in, nil if there is none here.
func (e *exporting) source() ([]byte, error) {
	src := e.head.Words.Source
	if src == nil || e.desk.oursBook(e.head.Book) != nil || e.desk.node.Blobs == nil {
		return nil, nil
	}
	content, err := e.desk.blob(src.Blob, sheet.DefaultLimits.File)
	if errors.Is(err, node.ErrErased) {
		return nil, nil
	}
	return content, err
}

func (e *exporting) plain() {
	s := sheet.Sheet{Name: "清单", Title: e.head.Words.Title, Import: true}
	for i, l := range e.standing {
		row := rowOf(l, i+1)
		row.Own = region.MemberName(memberOfBook(e.head.Book))
		s.Rows = append(s.Rows, row)
		key := s.Key(&s.Rows[i])
		e.progress[key], e.rows[key] = e.said[l.ID], l
	}
	e.list = &sheet.List{Sheets: []sheet.Sheet{s}, Title: e.head.Words.Title, Year: e.head.Facts.Year}
}

// rowOf is a listing as a row of a table.
func rowOf(l ListingRow, n int) sheet.Row {
	w := l.Words
	r := sheet.Row{
		Row: n, Number: w.Number, Section: w.Section, Title: w.Title, Measures: w.Measures, Target: w.Target,
		Lead: w.Lead, Support: w.Support, Leader: w.Leader, Note: w.Note, Extra: w.Extra, Sides: map[string]sheet.Units{},
	}
	if l.Erased {
		r.Title = "（正文已删除）"
	}
	for code, s := range w.Sides {
		r.Sides[code] = sheet.Units(s)
	}
	if w.Deadline != "" {
		r.Deadline = &sheet.Deadline{Text: w.Deadline}
	}
	return r
}

func (e *exporting) miss(l ListingRow, reason string) {
	e.unshown = append(e.unshown, UnshownRow{Listing: l.ID, Number: l.Words.Number, Title: l.Words.Title, Reason: reason})
}
