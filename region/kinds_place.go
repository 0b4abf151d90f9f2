package region

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
)

// PlaceFacts: where an organisation stands among the member's others.
type PlaceFacts struct {
	Org   string `json:"org"`
	Under string `json:"under"` // the organisation that it is a section (科室) of; empty: it stands by itself
	Local bool   `json:"local"` // a government below this one: a county, a district, a town
}

// OrgPlaced 隶属登记: a later entry on the same organisation replaces the earlier. Who may be asked for a part of a unit's work goes
// by it (plan.share.asked), and nothing that a neighbour reads.
var OrgPlaced = &node.Kind[PlaceFacts, NoWords]{
	Name: "region.org.placed/1", Action: string(OrgWrite),
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f PlaceFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if f.Under != "" && f.Local {
			return refuse.New("region.place.both").At("under")
		}
		if err := needOrg(ctx, own, f.Org, "org"); err != nil || f.Under == "" {
			return err
		}
		if err := needOrg(ctx, own, f.Under, "under"); err != nil {
			return err
		}
		return noCircle(ctx, own, f)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f PlaceFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_place (book, org, under, local, idx) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (book, org) DO UPDATE SET under = excluded.under, local = excluded.local, idx = excluded.idx`,
			f.Org, f.Under, bit(f.Local), own.Index)
		return nil, err
	},
}

func needOrg(ctx context.Context, own *node.Own, org, field string) error {
	var n int
	err := own.Row(ctx, `SELECT count(*) FROM region_org WHERE book = ? AND org = ?`, org).Scan(&n)
	if err == nil && n == 0 {
		err = refuse.New("region.org.unknown", "org", org).At(field)
	}
	return err
}

// deepest bounds how many organisations stand above one another.
const deepest = 8

// noCircle: nothing stands below itself.
func noCircle(ctx context.Context, own *node.Own, f PlaceFacts) error {
	above := f.Under
	for range deepest {
		if above == f.Org {
			break
		}
		var next string
		err := own.Row(ctx, `SELECT COALESCE(max(under), '') FROM region_place WHERE book = ? AND org = ?`, above).Scan(&next)
		if err != nil || next == "" {
			return err
		}
		above = next
	}
	return refuse.New("region.place.circle").At("under")
}

const placeRows = `
CREATE TABLE region_place (
	book TEXT NOT NULL,
	org TEXT NOT NULL,
	under TEXT NOT NULL,
	local BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	PRIMARY KEY (book, org)
);`

// Below says whether an organisation is a section of another, at whatever depth.
func Below(all []Org, org, above string) bool {
	under := map[string]string{}
	for _, o := range all {
		under[o.ID] = o.Under
	}
	for range deepest {
		if org = under[org]; org == "" {
			return false
		}
		if org == above {
			return true
		}
	}
	return false
}
