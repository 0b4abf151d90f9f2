package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Making is a list in the making (清单编制): the rows that a coordinator's office writes, before anybody outside it is told of them. It is no
// entry and leaves no trace; what is sent for comment and what is issued are entries.
type Making struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Plan   string `json:"plan"` // key that the list will have; empty: chosen when it is issued
	Year   int    `json:"year"`
	Circle string `json:"circle"` // empty: the member's own list
	// Consultation is the one that asks about it now, with its member; empty: none.
	Consultation string      `json:"consultation"`
	At           time.Time   `json:"at"` // last change
	Count        int         `json:"count"`
	Rows         []MakingRow `json:"rows"` // in order; of one list only
	made         int
}

// MakingRow is one row of it.
type MakingRow struct {
	Row     int          `json:"row"`     // names it, from 1, for good
	Order   int          `json:"order"`   // its place, from 1
	Version int64        `json:"version"` // grows with each change
	Words   ListingWords `json:"words"`
}

// Makings are all lists in the making, the newest first, without their rows.
func (d *Desk) Makings(ctx context.Context) (all []Making, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = makings(ctx, tx, ``)
		return err
	})
	return all, err
}

func makings(ctx context.Context, tx *store.Tx, which string, args ...any) ([]Making, error) {
	rows, err := tx.Query(ctx, `SELECT m.id, m.title, m.plan, m.year, m.circle, m.consultation, m.rows_made, m.at,
		(SELECT count(*) FROM plan_making_row r WHERE r.making = m.id) FROM plan_making m `+which+` ORDER BY m.at DESC, m.id`, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (m Making, err error) {
		var at int64
		err = scan(&m.ID, &m.Title, &m.Plan, &m.Year, &m.Circle, &m.Consultation, &m.made, &at, &m.Count)
		m.At = time.UnixMilli(at).UTC()
		return m, err
	})
}

// Making reads one with its rows. Refused: plan.making-unknown.
func (d *Desk) Making(ctx context.Context, id string) (m Making, err error) {
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		m, err = making(ctx, tx, id)
		return err
	})
	return m, err
}

func making(ctx context.Context, tx *store.Tx, id string) (Making, error) {
	all, err := makings(ctx, tx, `WHERE m.id = ?`, id)
	if err != nil {
		return Making{}, err
	}
	if len(all) == 0 {
		return Making{}, refuse.New("plan.making-unknown")
	}
	m := all[0]
	rows, err := tx.Query(ctx, `SELECT row_id, ord, version, words FROM plan_making_row WHERE making = ? ORDER BY ord, row_id`, id)
	if err != nil {
		return m, err
	}
	m.Rows, err = store.Collect(rows, func(scan func(...any) error) (r MakingRow, err error) {
		var text string
		if err := scan(&r.Row, &r.Order, &r.Version, &text); err != nil {
			return r, err
		}
		return r, json.Unmarshal([]byte(text), &r.Words)
	})
	for i := range m.Rows {
		m.Rows[i].Order = i + 1
	}
	return m, err
}

// NewMaking begins a list with rows, or none, and returns its id.
func (d *Desk) NewMaking(ctx context.Context, m Making, rows []ListingWords) (string, error) {
	if err := m.check(); err != nil {
		return "", err
	}
	id := d.newID("m")
	err := d.node.Store.Write(ctx, func(tx *store.Tx) error {
		names, err := d.namesIn(ctx, tx, m.Circle)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO plan_making (id, title, plan, year, circle, consultation, rows_made, at) VALUES (?, ?, ?, ?, ?, '', ?, ?)`,
			id, m.Title, m.Plan, m.Year, m.Circle, len(rows), d.node.Now().UnixMilli())
		for i := 0; err == nil && i < len(rows); i++ {
			err = insertMakingRow(ctx, tx, id, i+1, sided(names, rows[i]))
		}
		return err
	})
	return id, err
}

// SetMaking changes its title, key, year and circle.
func (d *Desk) SetMaking(ctx context.Context, m Making) error {
	if err := m.check(); err != nil {
		return err
	}
	return d.changeMaking(ctx, m.ID, func(tx *store.Tx, _ Making) error {
		_, err := tx.Exec(ctx, `UPDATE plan_making SET title = ?, plan = ?, year = ?, circle = ? WHERE id = ?`, m.Title, m.Plan, m.Year, m.Circle, m.ID)
		return err
	})
}

func (m Making) check() error {
	switch {
	case strings.TrimSpace(m.Title) == "":
		return refuse.New("plan.title-missing").At("title")
	case m.Year < 2000 || m.Year > 2200:
		return refuse.New("plan.year-missing").At("year")
	case m.Plan != "" && !keyForm.MatchString("000000:"+m.Plan):
		return refuse.New("plan.key-form", "plan", m.Plan).At("plan")
	}
	return textsShort(map[string]string{"title": m.Title})
}

// insertMakingRow adds a row at the end.
func insertMakingRow(ctx context.Context, tx *store.Tx, making string, row int, w ListingWords) error {
	text, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("row of a list in the making: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO plan_making_row (making, row_id, ord, words, version)
		VALUES (?, ?, (SELECT COALESCE(max(ord), 0) + 1 FROM plan_making_row WHERE making = ?), ?, 1)`, making, row, making, string(text))
	return err
}

// changeMaking does something to a list in the making and notes when.
func (d *Desk) changeMaking(ctx context.Context, id string, act func(tx *store.Tx, m Making) error) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		m, err := making(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := act(tx, m); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE plan_making SET at = ? WHERE id = ?`, d.node.Now().UnixMilli(), id)
		return err
	})
}

// SetMakingRow changes a row that stands in the version known, or adds one at the end where row is 0; which it is. Where somebody changed it
// since, nothing is overwritten: plan.making-newer.
func (d *Desk) SetMakingRow(ctx context.Context, id string, row int, known int64, w ListingWords) (which int, err error) {
	if strings.TrimSpace(w.Title) == "" {
		return 0, refuse.New("plan.row-title").At("title")
	}
	err = textsShort(map[string]string{"title": w.Title, "measures": w.Measures, "target": w.Target, "note": w.Note, "leader": w.Leader, "deadline": w.Deadline, "number": w.Number})
	if err != nil {
		return 0, err
	}
	err = d.changeMaking(ctx, id, func(tx *store.Tx, m Making) (err error) {
		names, err := d.namesIn(ctx, tx, m.Circle)
		if err != nil {
			return err
		}
		w = sided(names, w)
		if which = row; row == 0 {
			which, err = addMakingRow(ctx, tx, m, w)
			return err
		}
		return changeMakingRow(ctx, tx, id, row, known, w)
	})
	return which, err
}

func addMakingRow(ctx context.Context, tx *store.Tx, m Making, w ListingWords) (row int, err error) {
	if row = m.made + 1; row > mostDraftRows {
		return 0, refuse.New("plan.making-full", "most", mostDraftRows)
	}
	if err := insertMakingRow(ctx, tx, m.ID, row, w); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE plan_making SET rows_made = ? WHERE id = ?`, row, m.ID)
	return row, err
}

func changeMakingRow(ctx context.Context, tx *store.Tx, making string, row int, known int64, w ListingWords) error {
	text, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("row of a list in the making: %w", err)
	}
	changed, err := tx.Exec(ctx, `UPDATE plan_making_row SET words = ?, version = version + 1 WHERE making = ? AND row_id = ? AND version = ?`, string(text), making, row, known)
	if err != nil || changed == 1 {
		return err
	}
	var version int64
	err = tx.Row(ctx, `SELECT version FROM plan_making_row WHERE making = ? AND row_id = ?`, making, row).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return refuse.New("plan.making-row-gone").At("title")
	}
	if err != nil {
		return err
	}
	return refuse.New("plan.making-newer").At("title")
}

// DropMakingRow takes a row out.
func (d *Desk) DropMakingRow(ctx context.Context, id string, row int) error {
	return d.changeMaking(ctx, id, func(tx *store.Tx, _ Making) error {
		_, err := tx.Exec(ctx, `DELETE FROM plan_making_row WHERE making = ? AND row_id = ?`, id, row)
		return err
	})
}

// MoveMakingRow moves a row by so many places, -1 up and 1 down; at the end it stays.
func (d *Desk) MoveMakingRow(ctx context.Context, id string, row, by int) error {
	return d.changeMaking(ctx, id, func(tx *store.Tx, m Making) error {
		for i, r := range m.Rows {
			to := i + by
			if r.Row != row || to < 0 || to >= len(m.Rows) {
				continue
			}
			m.Rows[i], m.Rows[to] = m.Rows[to], m.Rows[i]
			break
		}
		for i, r := range m.Rows {
			if _, err := tx.Exec(ctx, `UPDATE plan_making_row SET ord = ? WHERE making = ? AND row_id = ? AND ord <> ?`, i+1, id, r.Row, i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropMaking gives a list in the making up. Refused while a consultation asks about it: that is withdrawn first, with a reason.
func (d *Desk) DropMaking(ctx context.Context, id string) error {
	return d.node.Store.Write(ctx, func(tx *store.Tx) error {
		m, err := making(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Consultation != "" {
			return refuse.New("plan.making-consulting")
		}
		return dropMaking(ctx, tx, id)
	})
}

func dropMaking(ctx context.Context, tx *store.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM plan_making_row WHERE making = ?`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM plan_making WHERE id = ?`, id)
	return err
}

// RowsOfFile reads the rows of a file, to go on writing them here: its title, and nothing is kept of it.
func (d *Desk) RowsOfFile(ctx context.Context, name string, content []byte, year int) (title string, rows []ListingWords, err error) {
	p, err := d.PreviewFile(ctx, name, content, ImportOptions{Year: year, Another: true})
	if err != nil {
		return "", nil, err
	}
	for _, c := range p.Changes {
		if c.Row != nil {
			rows = append(rows, c.Words.apart())
		}
	}
	if len(rows) == 0 {
		return "", nil, refuse.New("plan.making-no-rows").At("file")
	}
	return p.Options.Title, rows, nil
}

// RowsOfPlan are the rows of a list of this node, to make the next one of them: all, or only those whose work is not done.
func (d *Desk) RowsOfPlan(ctx context.Context, plan string, unfinished bool) (head *PlanHead, rows []ListingWords, err error) {
	plan = d.PlanID(plan)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if head, err = planHead(ctx, tx, plan); err != nil {
			return err
		}
		if head == nil {
			return refuse.New("plan.unknown", "plan", plan)
		}
		all, err := listingsOf(ctx, tx, plan)
		if err != nil {
			return err
		}
		states, err := statesOn(ctx, tx, plan, d.Today())
		if err != nil {
			return err
		}
		for _, l := range all {
			if l.Dropped == "" && !l.Erased && (!unfinished || states[l.ID] == "" || states[l.ID].Open()) {
				rows = append(rows, l.Words.apart())
			}
		}
		return nil
	})
	return head, rows, err
}

// apart is a row without the place it had in a file.
func (w ListingWords) apart() ListingWords {
	w.Sheet, w.Row, w.Part = "", 0, 0
	return w
}

// asSheet is a list in the making of a member as a table that the import reads.
func (m Making) asSheet(member string) *sheet.List {
	s := sheet.Sheet{Name: "清单", Title: m.Title, Import: true}
	for i, r := range m.Rows {
		row := rowOf(ListingRow{Words: r.Words}, i+1)
		row.Own = region.MemberName(member)
		s.Rows = append(s.Rows, row)
	}
	return &sheet.List{Sheets: []sheet.Sheet{s}, Title: m.Title, Year: m.Year}
}
