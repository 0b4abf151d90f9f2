package plan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"liandong/plan/twin"
	"liandong/store"
)

// TwinCandidate is an item that may be the same work as a row.
type TwinCandidate struct {
	Item, Title string
	Score       float64
	Reason      twin.Reason
	Differs     []twin.Difference
	Lists       []string // titles of the lists it stands in
}

// TwinsPage is a row of a list with the items that may be the same work.
type TwinsPage struct {
	Listing    ListingRow
	Plan       PlanHead
	Key        string
	Item       string // the first that it stands for now
	Items      []LinkedItem
	Candidates []TwinCandidate
}

const (
	// leastTwin is the score from which a candidate is shown; from twin.Threshold on an import
	// proposes it by itself.
	leastTwin = 0.25
	// mostCandidates are shown when a person looks for one.
	mostCandidates = 10
	// manyRows is from how many rows on only those that share words are compared.
	manyRows = 3000
)

// Twins reads which items may be the same work as a row.
func (d *Desk) Twins(ctx context.Context, listing string) (p TwinsPage, err error) {
	listing = d.ID(listing)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = d.twins(ctx, tx, listing)
		return err
	})
	return p, err
}

func (d *Desk) twins(ctx context.Context, tx *store.Tx, listing string) (p TwinsPage, err error) {
	if p.Listing, err = listingByID(ctx, tx, listing); err != nil {
		return p, err
	}
	head, err := planHead(ctx, tx, p.Listing.Facts.Plan)
	if err != nil || head == nil {
		return p, err
	}
	p.Plan, p.Key, p.Item = *head, d.PlanKey(head.Facts.Plan), first(p.Listing.Facts.Items)
	m, err := d.meanings(ctx, tx)
	if err != nil {
		return p, err
	}
	if p.Items, err = d.linkedItems(ctx, tx, m, p.Listing); err != nil {
		return p, err
	}
	works, err := d.twinWorks(ctx, tx, m, p.Listing)
	if err != nil {
		return p, err
	}
	return p, d.rank(ctx, tx, &p, m.work(p.Item, p.Listing.Words, p.Listing.Facts.Deadline.Date), works)
}

// rank gives each item once, in the wording of the list that is likest, but those that the row stands for.
func (d *Desk) rank(ctx context.Context, tx *store.Tx, p *TwinsPage, row twin.Work, works []twin.Work) error {
	works = slices.DeleteFunc(works, func(w twin.Work) bool { return slices.Contains(p.Listing.Facts.Items, w.ID) })
	for _, found := range twin.NewIndex(works).Rank(row, leastTwin, mostCandidates) {
		c := TwinCandidate{Item: found.Item, Score: found.Score, Reason: found.Reason, Differs: found.Differs}
		var err error
		if c.Title, err = itemTitle(ctx, tx, c.Item); err != nil {
			return err
		}
		if c.Lists, err = listsOfItem(ctx, tx, c.Item); err != nil {
			return err
		}
		p.Candidates = append(p.Candidates, c)
	}
	return nil
}

// twinWorks are the works that a row is compared with: those of all other lists, or where there
// are very many, of rows that share pairs of characters with its title.
func (d *Desk) twinWorks(ctx context.Context, tx *store.Tx, m meanings, l ListingRow) ([]twin.Work, error) {
	var n int
	if err := tx.Row(ctx, `SELECT count(*) FROM (SELECT 1 FROM plan_now LIMIT ?) AS few`, manyRows+1).Scan(&n); err != nil {
		return nil, err
	}
	stands, err := searchStands(ctx, tx)
	if err != nil {
		return nil, err
	}
	if n <= manyRows || !stands {
		return itemWorks(ctx, tx, m, l.Facts.Plan)
	}
	ids, err := rowsLike(ctx, tx, l.Words.Title)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	in, args := places(ids)
	rows, err := tx.Query(ctx, `SELECT p.item, n.plan, l.deadline, e.words FROM plan_now n
		JOIN plan_listing l ON l.book = n.book AND l.listing = n.listing
		JOIN plan_pointer p ON p.book = n.book AND p.listing = n.listing
		JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		WHERE n.listing IN (`+in+`) AND substr(n.book, 1, 6) = ? AND n.plan <> ? AND p.item <> ?`, append(args, m.member, l.Facts.Plan, first(l.Facts.Items))...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, m.scanned)
}

// rowsLike finds the rows that share most pairs of characters with a title.
func rowsLike(ctx context.Context, tx *store.Tx, title string) ([]string, error) {
	var pairs []string
	for _, t := range terms(title) {
		if len([]rune(t)) > 1 {
			pairs = append(pairs, t)
		}
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	if tx.Dialect() == store.Postgres {
		match := "'" + kindToken(hitListing) + "' & ('" + strings.Join(pairs, "' | '") + "')"
		rows, err := tx.Query(ctx, `SELECT d.id FROM plan_search_terms t JOIN plan_search d ON d.doc = t.doc
			WHERE t.terms @@ CAST(? AS tsquery) ORDER BY ts_rank(t.terms, CAST(? AS tsquery)) DESC LIMIT 400`, match, match)
		if err != nil {
			return nil, err
		}
		return texts(rows)
	}
	match := `"` + kindToken(hitListing) + `" AND ("` + strings.Join(pairs, `" OR "`) + `")`
	rows, err := tx.Query(ctx, `SELECT d.id FROM plan_search_terms t JOIN plan_search d ON d.doc = t.rowid
		WHERE t.plan_search_terms MATCH ? ORDER BY t.rank LIMIT 400`, match)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

func listsOfItem(ctx context.Context, tx *store.Tx, item string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT n.plan FROM plan_pointer p JOIN plan_now n ON n.listing = p.listing
		WHERE p.item = ? ORDER BY n.plan`, item)
	if err != nil {
		return nil, err
	}
	plans, err := texts(rows)
	if err != nil {
		return nil, err
	}
	var titles []string
	for _, plan := range plans {
		head, err := planHead(ctx, tx, plan)
		if err != nil {
			return nil, err
		}
		if head != nil {
			titles = append(titles, cmp.Or(head.Words.Title, plan))
		}
	}
	return titles, nil
}
