package region

import (
	"context"
	"slices"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/civil"
	"liandong/rules/refuse"
)

// RenamedFacts: which organisation has another name, and since when.
type RenamedFacts struct {
	Org string `json:"org"`
	Day string `json:"day"` // the first on which it is called so
}

// RenamedWords: what it was called, what it is called, and the document that says so.
type RenamedWords struct {
	Was      string `json:"was"`
	Name     string `json:"name"`
	Document string `json:"document,omitempty"`
}

// OrgRenamed 单位更名: beside it OrgNamed gives the directory the new name and keeps the former among the aliases, so that a list which
// still uses it is understood. It tells a renaming from the correction of a slip of the pen.
var OrgRenamed = &node.Kind[RenamedFacts, RenamedWords]{
	Name: "region.org.renamed/1", Action: string(OrgWrite),
	Allow: func(_ context.Context, w *node.Writing, _ string, f RenamedFacts, words *RenamedWords) error {
		if words == nil || strings.TrimSpace(words.Name) == "" {
			return refuse.New("region.org.unnamed").At("name")
		}
		if words.Name == words.Was {
			return refuse.New("region.reform.same-name").At("name")
		}
		return notAhead(w, f.Day)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f RenamedFacts) error {
		if err := onlySelf(e); err != nil {
			return err
		}
		if err := needDay(f.Day); err != nil {
			return err
		}
		return needOrg(ctx, own, f.Org, "org")
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f RenamedFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_renamed (book, idx, org, day) VALUES (?, ?, ?, ?)`, own.Index, f.Org, string(f.Day))
		return nil, err
	},
}

// MergedFacts: which organisations are no more, and which one does their work.
type MergedFacts struct {
	From []string `json:"from"` // each once
	Into string   `json:"into"`
	Day  string   `json:"day"` // the first on which it does
}

// MergedWords: the document that says so, and what else there is to say.
type MergedWords struct {
	Document string `json:"document"`
	Note     string `json:"note,omitempty"`
}

// OrgsMerged 机构撤并: the organisations are ended, their people keep their seats in the one that goes on, and their sections stand below
// it. What work passes is said beside it by the modules (plan.work.passed).
var OrgsMerged = &node.Kind[MergedFacts, MergedWords]{
	Name: "region.orgs.merged/1", Action: string(OrgMerge),
	Allow: func(_ context.Context, w *node.Writing, _ string, f MergedFacts, words *MergedWords) error {
		if words == nil || strings.TrimSpace(words.Document) == "" {
			return refuse.New("region.reform.document").At("document")
		}
		return notAhead(w, f.Day)
	},
	Check: checkMerged,
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f MergedFacts) ([]string, error) {
		for _, org := range f.From {
			for _, step := range mergeSteps {
				if _, err := own.Exec(ctx, ofBook+step, f.Into, org); err != nil {
					return nil, err
				}
			}
			for _, end := range []string{
				`DELETE FROM region_seat WHERE book = ? AND org = ?`, `UPDATE region_org SET closed = 1 WHERE book = ? AND org = ?`,
			} {
				if _, err := own.Exec(ctx, end, org); err != nil {
					return nil, err
				}
			}
			_, err := own.Exec(ctx, `INSERT INTO region_merged (book, org, idx, into_org, day) VALUES (?, ?, ?, ?, ?)`, org, own.Index, f.Into, f.Day)
			if err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

// ofBook names the own book before a statement's other arguments, for it is always the first.
const ofBook = `WITH own (book) AS (SELECT CAST(? AS TEXT)), way (into_org, from_org) AS (SELECT CAST(? AS TEXT), CAST(? AS TEXT)) `

// mergeSteps are what passes from one organisation to another: sections stand below it, but not below themselves, people sit in it, and who stands
// in for one of them does so there.
var mergeSteps = []string{
	`UPDATE region_place SET under = CASE WHEN org = (SELECT into_org FROM way) THEN '' ELSE (SELECT into_org FROM way) END
		WHERE book = (SELECT book FROM own) AND under = (SELECT from_org FROM way)`,
	`INSERT INTO region_seat (book, person, org, seat, idx) SELECT x.book, x.person, way.into_org, x.seat, x.idx FROM region_seat x, own, way
		WHERE x.book = own.book AND x.org = way.from_org AND NOT EXISTS (SELECT 1 FROM region_seat y
			WHERE y.book = x.book AND y.person = x.person AND y.org = way.into_org AND y.seat = x.seat)`,
	`UPDATE region_substitute SET org = (SELECT into_org FROM way) WHERE book = (SELECT book FROM own) AND org = (SELECT from_org FROM way)`,
}

// checkMerged: all of one member, none a group, none ended, and none merged into itself.
func checkMerged(ctx context.Context, own *node.Own, e book.Entry, f MergedFacts) error {
	if err := onlySelf(e); err != nil {
		return err
	}
	if err := needDay(f.Day); err != nil {
		return err
	}
	if len(f.From) == 0 || len(f.From) > mostMerged {
		return refuse.New("region.reform.nobody").At("from")
	}
	side := ""
	for i, org := range append([]string{f.Into}, f.From...) {
		field := []string{"into", "from"}[min(i, 1)]
		if i > 0 && (org == f.Into || slices.Contains(f.From[:i-1], org)) {
			return refuse.New("region.reform.itself").At(field)
		}
		if err := needOrg(ctx, own, org, field); err != nil {
			return err
		}
		var of string
		var group, closed bool
		err := own.Row(ctx, `SELECT side, is_group, closed FROM region_org WHERE book = ? AND org = ?`, org).Scan(&of, &group, &closed)
		if err != nil {
			return err
		}
		if group || closed {
			return refuse.New("region.reform.ended").At(field)
		}
		if side != "" && side != of {
			return refuse.New("region.reform.sides").At(field)
		}
		side = of
	}
	return nil
}

// mostMerged bounds how many organisations one entry ends.
const mostMerged = 50

func needDay(day string) error {
	if t, err := time.Parse(time.DateOnly, day); err != nil || t.Year() < 1949 || t.Year() > 2200 {
		return refuse.New("region.reform.day").At("day")
	}
	return nil
}

// notAhead: what is not so yet is entered when it is; names and work pass at once.
func notAhead(w *node.Writing, day string) error {
	if err := needDay(day); err != nil {
		return err
	}
	if day > w.Now().In(civil.Beijing).Format(time.DateOnly) {
		return refuse.New("region.reform.ahead").At("day")
	}
	return nil
}

const reformRows = `
CREATE TABLE region_renamed (
	book TEXT NOT NULL,
	idx BIGINT NOT NULL,
	org TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, idx)
);
CREATE INDEX region_renamed_org ON region_renamed (book, org, idx);
CREATE TABLE region_merged (
	book TEXT NOT NULL,
	org TEXT NOT NULL,
	idx BIGINT NOT NULL,
	into_org TEXT NOT NULL,
	day TEXT NOT NULL,
	PRIMARY KEY (book, org, idx)
);
CREATE INDEX region_merged_into ON region_merged (book, into_org, idx);
`
