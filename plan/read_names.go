package plan

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"liandong/book"
	"liandong/store"
)

// named is what facts of this room's kinds name by id.
type named struct {
	Plan    string   `json:"plan"`
	Listing string   `json:"listing"`
	Item    string   `json:"item"`
	Items   []string `json:"items"`
	Report  struct {
		Item string `json:"item"`
	} `json:"report"`
}

// NamesIn are the names of what an entry names by id: lists, rows, items, their milestones and
// indicators, as the newest words of the same book say them. What has no words there is missing.
func (d *Desk) NamesIn(ctx context.Context, tx *store.Tx, e book.Entry) (map[string]string, error) {
	var f named
	if json.Unmarshal(e.Facts, &f) != nil {
		return nil, nil // facts of another shape are another room's: they name nothing of ours
	}
	n := namesIn{ctx: ctx, tx: tx, book: e.Member + "/" + e.Circle, member: e.Member, names: map[string]string{}}
	for _, item := range append([]string{f.Item, f.Report.Item}, f.Items...) {
		if err := n.item(item); err != nil {
			return nil, err
		}
	}
	if err := n.listing(f.Listing); err != nil {
		return nil, err
	}
	if strings.HasPrefix(e.Kind, "region.") { // another room's entry may be about a row or an item of ours
		for _, id := range e.Subjects {
			if err := errors.Join(n.listing(id), n.item(id)); err != nil {
				return nil, err
			}
		}
	}
	return n.names, n.plan(f.Plan)
}

type namesIn struct {
	ctx    context.Context
	tx     *store.Tx
	book   string
	member string
	names  map[string]string
}

func (n *namesIn) item(id string) error {
	w, err := newest[ItemWords](n, `SELECT idx FROM plan_item WHERE book = ? AND item = ?`, idOf(n.member, id))
	n.name(id, w.Title)
	maps.Copy(n.names, w.Milestones)
	maps.Copy(n.names, w.Indicators)
	return err
}

func (n *namesIn) listing(id string) error {
	w, err := newest[ListingWords](n, `SELECT idx FROM plan_listing WHERE book = ? AND listing = ?`, idOf(n.member, id))
	n.name(id, w.Title)
	return err
}

func (n *namesIn) plan(id string) error {
	w, err := newest[PlanWords](n, `SELECT idx FROM plan_plan WHERE book = ? AND plan = ?`, id)
	n.name(id, w.Title)
	return err
}

func (n *namesIn) name(id, name string) {
	if name != "" {
		n.names[id] = name
	}
}

// newest reads the words of the entry that query finds for id; none where there is no such row.
func newest[W any](n *namesIn, query, id string) (w W, err error) {
	if id == "" {
		return w, nil
	}
	var idx int64
	err = n.tx.Row(n.ctx, query, n.book, id).Scan(&idx)
	if errors.Is(err, sql.ErrNoRows) {
		return w, nil
	}
	if err == nil {
		w, _, err = wordsAt[W](n.ctx, n.tx, n.book, idx)
	}
	return w, err
}
