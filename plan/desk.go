package plan

import (
	"context"
	"encoding/json"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store"
)

// Desk is what pages, API and commands call: every reading and every act of this room.
type Desk struct {
	node     *node.Node
	sums     sums // of tallies
	reaching Reaching
}

// NewDesk works on a node that has this room's module.
func NewDesk(n *node.Node) *Desk { return &Desk{node: n} }

// Node is the node the desk works on.
func (d *Desk) Node() *node.Node { return d.node }

// Today is the civil day of the node's clock in Beijing.
func (d *Desk) Today() judge.Date { return judge.DateIn(d.node.Now(), judge.Beijing) }

// PlanID is the id of a list of this member under the key a person gave: "510900:suitong-2022".
// An id of any member passes through.
func (d *Desk) PlanID(key string) string {
	if strings.Contains(key, ":") {
		return key
	}
	return d.node.Member + ":" + key
}

// PlanKey is the short form in addresses and commands.
func (d *Desk) PlanKey(id string) string { return strings.TrimPrefix(id, d.node.Member+":") }

// newID makes an id up: a letter for what it names and 16 random letters.
func (d *Desk) newID(sort string) string {
	return sort + "-" + strings.ToLower(d.node.RandomText())[:16]
}

// orgNames are the names of organisations by their ids where books are joined.
func (d *Desk) orgNames(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	ours, err := region.OrgNames(ctx, tx)
	names := make(map[string]string, len(ours))
	for id, name := range ours {
		names[idOf(d.node.Member, id)] = name
	}
	if err != nil {
		return nil, err
	}
	theirs, err := region.Shown(ctx, tx, d.node.Member)
	for _, o := range theirs {
		names[idOf(o.Member, o.ID)] = o.Name
	}
	return names, err
}

// apart puts the member before the name of a neighbour's organisation, where those of several members stand.
func (d *Desk) apart(org, name string) string {
	if member := memberOf(org); member != d.node.Member {
		return region.UnitOf(member, name)
	}
	return name
}

// directory is what lists may call organisations.
func directory(ctx context.Context, tx *store.Tx, member string) (sheet.Directory, error) {
	dir := sheet.Directory{Self: member}
	orgs, err := region.Orgs(ctx, tx)
	if err != nil {
		return dir, err
	}
	for _, o := range orgs {
		switch {
		case o.Closed:
		case o.Group:
			dir.Groups = append(dir.Groups, sheet.Group{ID: o.ID, Name: o.Name, Aliases: o.Aliases, Units: o.Members, Member: o.Side})
		default:
			dir.Units = append(dir.Units, sheet.Unit{ID: o.ID, Name: o.Name, Aliases: o.Aliases, Member: o.Side})
		}
	}
	return dir, nil
}

// mostWords bounds what a page takes in of one entry, in bytes. A row of a table or a report of four full
// fields stays below it; only a bulletin may be longer, and stands in the own book.
const mostWords = 128 << 10

// words decodes the words of an entry. Words that are erased or not for us are reported so, and so are
// words that cannot be read: no rule holds what a neighbour writes there to a form. No kind of this room is said to some
// members only; what a neighbour seals all the same stands on the entry's own page.
func words[W any](raw []byte) (w W, erased bool, err error) {
	if _, bulletin := any(w).(BulletinWords); raw == nil || book.IsSealed(raw) || len(raw) > mostWords && !bulletin {
		return w, true, nil
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		var none W
		return none, true, nil //nolint:nilerr // a defined state, see above
	}
	return w, false, nil
}
