package plan

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/store"
)

// HitKind is what sort of text a search found.
type HitKind string

// The sorts of text, in the order of the results.
const (
	hitItem        HitKind = "item"        // 事项
	hitListing     HitKind = "listing"     // 清单行
	hitReport      HitKind = "report"      // 已采用的进展
	hitFiling      HitKind = "filing"      // 填报，只给可以看到的席位
	hitInstruction HitKind = "instruction" // 批示及其回复，只给领导、协调员、审计员和批示的单位
	hitSlip        HitKind = "slip"        // 督办单及其反馈，只给可以看到的席位和被督办的单位
	hitComment     HitKind = "comment"     // 对征求意见稿的意见，只给协调员、审计员和提出意见的单位
	hitMeeting     HitKind = "meeting"     // 会议通知，只给可以看到的席位和单位
	hitMinutes     HitKind = "minutes"     // 会议纪要和议定事项，同上
)

// HitKinds lists the sorts of text in the order of the results.
func HitKinds() []HitKind {
	return []HitKind{hitItem, hitListing, hitReport, hitFiling, hitInstruction, hitSlip, hitComment, hitMeeting, hitMinutes}
}

// hitNeeds is the action without which a sort of text is not looked for at all; whoever reads plans looks for the others.
var hitNeeds = map[HitKind]region.Action{
	hitInstruction: region.InstructRead, hitSlip: region.SlipRead, hitComment: region.PlanDraftRead,
	hitMeeting: region.MeetingRead, hitMinutes: region.MeetingRead,
}

func (r sight) looksFor(kind HitKind) bool {
	if kind == hitFiling {
		return r.inside()
	}
	needs, some := hitNeeds[kind]
	return !some || region.May(r.Seat, needs)
}

// SearchQuery is what somebody looks for.
type SearchQuery struct {
	Text   string
	Kind   HitKind // "": some of each
	Viewer Viewer
}

// Piece is a part of a snippet; Found marks what was asked for.
type Piece struct {
	Text  string
	Found bool
}

// Hit is one text that was found.
type Hit struct {
	Kind    HitKind
	Item    string
	Listing string
	Meeting string // of an invitation and of minutes

	Instruction  string // a leader's word
	Slip         string
	Consultation string // a draft list, and in Row which of its rows; 0: as a whole
	Row          int
	Unit         string // whom the word or the slip asks, or who comments; empty: a neighbour, or this member

	Plan    string
	Period  judge.Period
	Book    string
	Index   int64
	Member  string // name of the neighbour who said it; empty: this member
	Title   []Piece
	Snippet []Piece
	Gone    bool        // an item that stands in no list any more; it stands after those that do
	Into    []NamedItem // what its rows stand for now
}

// HitGroup are the hits of one sort, newest first.
type HitGroup struct {
	Kind HitKind
	Hits []Hit
	More bool // there are more than are shown
}

// SearchPage is what was found.
type SearchPage struct {
	Query  SearchQuery
	Groups []HitGroup
}

const (
	someHits = 8   // of each sort, when all are shown
	allHits  = 100 // of one sort
)

// Search finds items, rows of lists, reports, leaders' words, slips, comments and meetings by words in Chinese or Latin letters: all words
// must be there. Words that were erased are not found.
func (d *Desk) Search(ctx context.Context, q SearchQuery) (p SearchPage, err error) {
	p.Query = q
	if len([]rune(strings.TrimSpace(q.Text))) == 0 {
		return p, nil
	}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		reach, err := d.sightOf(ctx, tx, q.Viewer)
		if err != nil {
			return err
		}
		for _, kind := range HitKinds() {
			limit := someHits
			if q.Kind != "" {
				limit = allHits
			}
			if q.Kind != "" && q.Kind != kind || !reach.looksFor(kind) {
				continue
			}
			g, err := d.search(ctx, tx, q, reach, kind, limit)
			if err != nil {
				return err
			}
			if len(g.Hits) > 0 {
				p.Groups = append(p.Groups, g)
			}
		}
		return nil
	})
	return p, err
}

// mostScanned bounds how many texts with the pairs of a query are looked at for its words.
const mostScanned = 5000

// search reads the texts that have the pairs of the query, newest first, until enough of them are
// for the viewer and have the words too.
func (d *Desk) search(ctx context.Context, tx *store.Tx, q SearchQuery, r sight, kind HitKind, limit int) (g HitGroup, err error) {
	g.Kind = kind
	found, match, err := foundBy(ctx, tx, q.Text, kindToken(kind))
	if err != nil {
		return g, err
	}
	s := scanning{query: found, args: []any{match}, size: 2*limit + 1}
	if err := s.narrow(ctx, tx, d.node.BookName(node.Self), r, kind); err != nil {
		return g, err
	}
	said := &saidReading{ctx: ctx, tx: tx, desk: d, needles: needlesOf(q.Text)}
	before := int64(math.MaxInt64)
	for range mostScanned/s.size + 1 {
		all, err := s.page(ctx, tx, before)
		if err != nil {
			return g, err
		}
		for _, c := range all {
			c.Kind, c.Member = kind, d.neighbour(c.Book)
			hits, err := c.read(ctx, tx, q, r, said)
			if err != nil {
				return g, err
			}
			for _, h := range hits {
				if len(g.Hits) == limit {
					g.More = true
					return g, g.place(ctx, tx)
				}
				g.Hits = append(g.Hits, h)
			}
		}
		if len(all) < s.size {
			return g, g.place(ctx, tx)
		}
		before = all[len(all)-1].doc
	}
	g.More = true
	return g, g.place(ctx, tx)
}

// place puts items that stand in no list any more behind those that do.
func (g *HitGroup) place(ctx context.Context, tx *store.Tx) (err error) {
	if g.Kind != hitItem {
		return nil
	}
	for i := range g.Hits {
		h := &g.Hits[i]
		if h.Gone, h.Into, err = movedTo(ctx, tx, h.Item); err != nil {
			return err
		}
	}
	slices.SortStableFunc(g.Hits, func(a, b Hit) int {
		switch {
		case a.Gone == b.Gone:
			return 0
		case a.Gone:
			return 1
		}
		return -1
	})
	return nil
}

// scanning goes through the documents of a query, some at a time.
type scanning struct {
	query string // selects documents
	args  []any
	size  int
}

// ownTexts are the texts of a sort that a unit has to do with, from what it has to do with, which is little: filings from its items; slips,
// leaders' words and comments from those that ask it and those that it gave. Read with the own book, the unit and the sort.
var ownTexts = map[HitKind]string{
	hitFiling: `SELECT f.doc FROM plan_item_unit u CROSS JOIN plan_search f WHERE u.book = ? AND u.org = ? AND f.item = u.item AND f.kind = ?`,
	hitInstruction: `SELECT f.doc FROM plan_instruction_unit u CROSS JOIN plan_search f WHERE u.book = ? AND u.org = ?
		AND f.item = u.instruction AND f.kind = ?`,
	hitSlip: `SELECT f.doc FROM plan_slip s CROSS JOIN plan_search f WHERE s.book = ? AND s.org = ?
		AND f.item = s.slip || '@' || substr(s.book, 1, 6) AND f.kind = ?`,
	hitComment: `SELECT f.doc FROM plan_comment m CROSS JOIN plan_search f WHERE m.book = ? AND m.asked = ?
		AND f.book = m.book AND f.idx = m.idx AND f.kind = ?`,
}

// ownOnly says that a viewer finds of a sort of text no more than what his own unit has to do with.
func (r sight) ownOnly(kind HitKind) bool {
	switch kind {
	case hitFiling:
		return !r.all
	case hitInstruction:
		return !r.allInstructions()
	case hitSlip, hitComment:
		return !r.allSlips()
	}
	return false
}

// mostCommon is in how many texts words may stand and still be looked up first: where they stand in more, a unit's own texts are fewer.
var mostCommon = 2000

// narrow leaves out at once what a unit has nothing to do with: the newest texts of other units
// must not stand before his own. What is left is still asked for one by one.
func (s *scanning) narrow(ctx context.Context, tx *store.Tx, own string, r sight, kind HitKind) error {
	column := "rowid"
	if tx.Dialect() == store.Postgres {
		column = "doc"
	}
	if r.ownOnly(kind) {
		var found int
		err := tx.Row(ctx, `SELECT count(*) FROM (`+s.query+` LIMIT ?) AS found`, append(slices.Clone(s.args), mostCommon+1)...).Scan(&found)
		if err != nil {
			return err
		}
		if found > mostCommon { // his own texts are read, whether they have the words or not
			s.query, s.args, s.size, column = ownTexts[kind], []any{own, r.Org, string(kind)}, mostScanned/10, "f.doc"
		} else {
			// The sign keeps SQLite from asking the index of words once for each document.
			s.query += ` AND +` + column + ` IN (` + ownTexts[kind] + `)`
			s.args = append(s.args, own, r.Org, string(kind))
		}
	}
	s.query += ` AND ` + column + ` < ? ORDER BY ` + column + ` DESC LIMIT ?`
	return nil
}

// candidate is a text that has the pairs of a query.
type candidate struct {
	Hit
	doc        int64
	id         string
	entry, raw []byte
}

func (s *scanning) page(ctx context.Context, tx *store.Tx, before int64) ([]candidate, error) {
	rows, err := tx.Query(ctx, `SELECT d.doc, d.id, d.item, d.plan, d.book, d.idx, e.entry, e.words FROM plan_search d
		JOIN book_entry e ON e.book = d.book AND e.idx = d.idx
		WHERE d.doc IN (`+s.query+`) ORDER BY d.doc DESC`, append(slices.Clone(s.args), before, s.size)...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (c candidate, err error) {
		err = scan(&c.doc, &c.id, &c.Item, &c.Plan, &c.Book, &c.Index, &c.entry, &c.raw)
		return c, err
	})
}

// read gives what of a text is for the viewer and has the words that were asked for.
func (c *candidate) read(ctx context.Context, tx *store.Tx, q SearchQuery, r sight, said *saidReading) ([]Hit, error) {
	e, err := book.Scan(c.entry)
	if err != nil {
		return nil, err
	}
	if may, err := r.seesEntry(ctx, tx, e); err != nil || !may {
		return nil, err
	}
	if sortOfSaid(e.Kind) != "" {
		return said.read(*c, e)
	}
	if ok, err := c.show(ctx, tx, q, c.id, c.raw); err != nil || !ok {
		return nil, err
	}
	return []Hit{c.Hit}, nil
}

// show fills in what a hit says; ok is false if it was erased, or has the pairs but not the words.
func (h *Hit) show(ctx context.Context, tx *store.Tx, q SearchQuery, id string, raw []byte) (ok bool, err error) {
	if raw == nil {
		return false, nil
	}
	var title string
	var texts, all []string
	switch h.Kind {
	case hitMeeting, hitMinutes:
		var err error
		if title, texts, all, err = h.meetingShown(ctx, tx, id, raw); err != nil {
			return false, err
		}
	case hitItem:
		w, _, err := words[ItemWords](raw)
		if err != nil {
			return false, err
		}
		title, texts = w.Title, []string{w.Leader}
		for _, id := range sortedKeys(w.Milestones) {
			texts = append(texts, w.Milestones[id])
		}
		for _, id := range sortedKeys(w.Indicators) {
			texts = append(texts, w.Indicators[id])
		}
	case hitListing:
		w, _, err := words[ListingWords](raw)
		if err != nil {
			return false, err
		}
		h.Listing, title, texts = id, w.Title, append(listingTexts(w)[1:], w.Section...)
	default:
		h.Period = judge.Period(strings.Split(id, "@")[2]) // ITEM@MEMBER@PERIOD, see reportDoc
		w, _, err := words[ReportWords](raw)
		if err != nil {
			return false, err
		}
		texts = []string{w.Progress, w.Problem, w.Next}
	}
	needles := needlesOf(q.Text)
	inside := strings.Join(texts, "\n")
	if all != nil {
		inside = strings.Join(all, "\n")
	}
	if h.Kind == hitItem || h.Kind == hitListing {
		inside = title + "\n" + inside
	}
	if !hasAll(inside, needles) {
		return false, nil
	}
	if h.Kind == hitReport || h.Kind == hitFiling {
		var err error
		if title, err = itemTitle(ctx, tx, h.Item); err != nil {
			return false, err
		}
	}
	h.Title, h.Snippet = mark(title, needles), snippet(texts, needles)
	return true, nil
}

func itemTitle(ctx context.Context, tx *store.Tx, item string) (string, error) {
	rows, err := tx.Query(ctx, `SELECT e.words FROM plan_item_now i JOIN book_entry e ON e.book = i.book AND e.idx = i.idx
		WHERE i.item = ?`, item)
	if err != nil {
		return "", err
	}
	titles, err := store.Collect(rows, func(scan func(...any) error) (string, error) {
		var raw []byte
		if err := scan(&raw); err != nil {
			return "", err
		}
		w, _, err := words[ItemWords](raw)
		return w.Title, err
	})
	return strings.Join(titles, ""), err
}

// needlesOf are the runs of characters of a query that a text must have.
func needlesOf(text string) [][]rune {
	var all [][]rune
	for _, run := range strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		all = append(all, []rune(run))
	}
	return all
}

func hasAll(text string, needles [][]rune) bool {
	folded := fold(text)
	for _, n := range needles {
		if !strings.Contains(folded, string(n)) {
			return false
		}
	}
	return true
}
