package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/store"
)

// Desk is what pages, API and commands call: every reading and every act of this room.
type Desk struct {
	node *node.Node
	sums sums // of tallies
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

// words decodes the words of an entry into v; erased words leave v as it is and are reported.
func words[W any](raw []byte) (w W, erased bool, err error) {
	if raw == nil {
		return w, true, nil
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return w, false, fmt.Errorf("words of an entry: %w", err)
	}
	return w, false, nil
}
