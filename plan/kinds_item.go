package plan

import (
	"context"
	"regexp"

	"liandong/book"
	"liandong/node"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
)

// ItemFacts: a piece of real work, who answers for it, and what it is measured by.
type ItemFacts struct {
	Item       string           `json:"item"`
	Leads      []string         `json:"leads"`    // ids of organisations; joint leads are a set
	Supports   []string         `json:"supports"` // ids of organisations
	Milestones []MilestoneFacts `json:"milestones"`
	Indicators []IndicatorFacts `json:"indicators"`
}

// MilestoneFacts: a milestone (节点) and the day by which it is due, that day included.
type MilestoneFacts struct {
	ID  string     `json:"id"`
	Day judge.Date `json:"day"`
}

// IndicatorFacts: an indicator (指标). Base and target are canonical decimals or empty; unit is
// a code of plan/figure (亿元, 亩 …); mode is whether figures are of the period or cumulative.
type IndicatorFacts struct {
	ID        string `json:"id"`
	Unit      string `json:"unit"`
	Base      string `json:"base"`
	Target    string `json:"target"`
	Direction string `json:"direction"` // up, down or none
	Mode      string `json:"mode"`      // period or cumulative
	Decimals  int    `json:"decimals"`
}

// ItemWords: its title, and the names of what the facts number.
type ItemWords struct {
	Title      string            `json:"title"`
	Leader     string            `json:"leader,omitempty"` // 责任领导
	Milestones map[string]string `json:"milestones,omitempty"`
	// Weights (权重) of milestones, 1 to 100 percent; one without counts as the others do (Steps). They stand in the words because no
	// state is judged by them: a neighbour of an earlier version reads the facts as before.
	Weights    map[string]int    `json:"weights,omitempty"`
	Indicators map[string]string `json:"indicators,omitempty"`
	Targets    map[string]string `json:"targets,omitempty"` // as the list words them: 约200亿元以上
}

// ItemOpened 立项: it stands in the home member's own book and in the book of every circle where
// the item is listed; a later entry on the same item replaces the earlier.
var ItemOpened = kind(node.Kind[ItemFacts, ItemWords]{
	Name: "plan.item.opened/1", Action: string(region.PlanImport),
	Check: func(_ context.Context, _ *node.Own, _ book.Entry, f ItemFacts) error {
		if !isID(f.Item) {
			return refuse.New("plan.item-form").At("item")
		}
		if err := eachOnce(append(append([]string{}, f.Leads...), f.Supports...)); err != nil {
			return err
		}
		seen := map[string]bool{} // an id stands once, or the tables could not hold it
		for _, m := range f.Milestones {
			if err := needDay(m.Day, "milestones"); err != nil || !book.IsID(m.ID) || m.Day == "" || seen[m.ID] {
				return refuse.New("plan.milestone-form").At("milestones")
			}
			seen[m.ID] = true
		}
		seen = map[string]bool{}
		for _, i := range f.Indicators {
			if err := i.check(); err != nil {
				return err
			}
			if seen[i.ID] {
				return refuse.New("plan.indicator-form", "indicator", i.ID).At("indicators")
			}
			seen[i.ID] = true
		}
		return nil
	},
	Apply: applyItem,
})

func eachOnce(orgs []string) error {
	seen := map[string]bool{}
	for _, o := range orgs {
		if !book.IsID(o) {
			return refuse.New("plan.org-form", "org", o).At("leads")
		}
		if seen[o] {
			return refuse.New("plan.org-twice", "org", o).At("leads")
		}
		seen[o] = true
	}
	return nil
}

// decimalForm is the one form of a figure in a fact: no exponent, no leading or trailing zeros.
var decimalForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{0,8}[1-9])?$`)

// unitForm keeps sentences and numbers out of the facts: a unit is a short word such as 亿元 or 台（套）.
var unitForm = regexp.MustCompile(`^[\p{Han}A-Za-z%‰℃²³/·（）()]{0,12}$`)

func canonicalDecimal(s string) bool { return s != "-0" && decimalForm.MatchString(s) }

func (i IndicatorFacts) check() error {
	bad := refuse.New("plan.indicator-form", "indicator", i.ID).At("indicators")
	if !book.IsID(i.ID) || i.Decimals < 0 || i.Decimals > 9 || !unitForm.MatchString(i.Unit) {
		return bad
	}
	for _, d := range []string{i.Base, i.Target} {
		if d != "" && !canonicalDecimal(d) {
			return bad
		}
	}
	if i.Direction != "up" && i.Direction != "down" && i.Direction != "none" {
		return bad
	}
	if i.Mode != "period" && i.Mode != "cumulative" {
		return bad
	}
	return nil
}

func applyItem(ctx context.Context, own *node.Own, _ book.Entry, f ItemFacts) ([]string, error) {
	_, err := own.Exec(ctx, `INSERT INTO plan_item (book, item, idx) VALUES (?, ?, ?)
		ON CONFLICT (book, item) DO UPDATE SET idx = excluded.idx`, f.Item, own.Index)
	if err != nil {
		return nil, err
	}
	for _, table := range []string{"plan_item_unit", "plan_milestone", "plan_indicator"} {
		if _, err := own.Exec(ctx, `DELETE FROM `+table+` WHERE book = ? AND item = ?`, f.Item); err != nil {
			return nil, err
		}
	}
	for i, org := range append(append([]string{}, f.Leads...), f.Supports...) {
		leads := 0
		if i < len(f.Leads) {
			leads = 1
		}
		_, err := own.Exec(ctx, `INSERT INTO plan_item_unit (book, item, org, leads, ord) VALUES (?, ?, ?, ?, ?)`,
			f.Item, org, leads, i)
		if err != nil {
			return nil, err
		}
	}
	for _, m := range f.Milestones {
		_, err := own.Exec(ctx, `INSERT INTO plan_milestone (book, item, milestone, day) VALUES (?, ?, ?, ?)`,
			f.Item, m.ID, string(m.Day))
		if err != nil {
			return nil, err
		}
	}
	for i, x := range f.Indicators {
		_, err := own.Exec(ctx, `INSERT INTO plan_indicator
			(book, item, indicator, unit, base, target, direction, mode, decimals, ord)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			f.Item, x.ID, x.Unit, x.Base, x.Target, x.Direction, x.Mode, x.Decimals, i)
		if err != nil {
			return nil, err
		}
	}
	return []string{"i:" + f.Item}, nil
}
