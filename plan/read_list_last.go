package plan

import (
	"database/sql"
	"slices"
	"strings"

	"liandong/plan/judge"
	"liandong/store"
)

// lastAtOnce is for how many rows the newest report is asked for in one query.
const lastAtOnce = 64

// lastBy gives each row the newest report that was accepted by a day that is over. One query for many rows: a query for
// each would cost a list's page more than all else.
func (r rowReading) lastBy(all []Row) error {
	for some := range slices.Chunk(all, lastAtOnce) {
		at, err := r.lastAt(some)
		if err != nil {
			return err
		}
		if err := r.lastSaid(at); err != nil {
			return err
		}
		for i := range some {
			some[i].Last = at[some[i].Listing]
		}
	}
	return nil
}

// lastAt finds the newest reports of rows and where they stand; the text is not read yet.
func (r rowReading) lastAt(some []Row) (map[string]Last, error) {
	listings := make([]string, len(some))
	for i, row := range some {
		listings[i] = row.Listing
	}
	in, args := padded(listings)
	rows, err := r.tx.Query(r.ctx, `SELECT n.listing, (SELECT a.book || ' ' || a.idx || ' ' || a.period || ' ' || a.day FROM (
			SELECT item FROM plan_pointer WHERE book = n.book AND listing = n.listing
			UNION SELECT item FROM plan_claimed WHERE listing = n.listing) AS p
		JOIN plan_listing l ON l.book = n.book AND l.listing = n.listing
		JOIN plan_accepted a ON a.item = p.item AND a.circle = l.circle
		WHERE a.day <= ? ORDER BY a.period_last DESC, a.idx DESC LIMIT 1)
		FROM plan_now n WHERE n.listing IN (`+in+`)`, append([]any{string(r.asOf)}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]Last{}
	for rows.Next() {
		var listing string
		var at sql.NullString // in one text, for a subquery gives one value: none of the four has a space
		if err := rows.Scan(&listing, &at); err != nil {
			return nil, err
		}
		if f := strings.Split(at.String, " "); len(f) == 4 {
			found[listing] = Last{Book: f[0], Index: atoi(f[1]), Period: judge.Period(f[2]), Day: judge.Date(f[3])}
		}
	}
	return found, rows.Err()
}

// lastSaid reads what reports said.
func (r rowReading) lastSaid(found map[string]Last) error {
	books := map[string][]int64{}
	for _, l := range found {
		books[l.Book] = append(books[l.Book], l.Index)
	}
	for name, indexes := range books {
		args := []any{name}
		for i := range lastAtOnce { // so that the query is the same for all pages
			args = append(args, indexes[min(i, len(indexes)-1)])
		}
		rows, err := r.tx.Query(r.ctx, `SELECT idx, words FROM book_entry WHERE book = ? AND idx IN (`+marks(lastAtOnce)+`)`, args...)
		if err != nil {
			return err
		}
		said := map[int64]string{}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var idx int64
			var raw []byte
			if err := scan(&idx, &raw); err != nil {
				return none, err
			}
			w, _, err := words[ReportWords](raw)
			said[idx] = w.Progress
			return none, err
		})
		if err != nil {
			return err
		}
		for listing, l := range found {
			if l.Book == name {
				l.Text = said[l.Index]
				found[listing] = l
			}
		}
	}
	return nil
}
