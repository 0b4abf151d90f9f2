package plan

import (
	"context"
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"liandong/node"
	"liandong/plan/figure"
	"liandong/plan/judge"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Composition is a longer period's report made from the accepted reports of the shorter ones: it
// is read and confirmed, not written again.
type Composition struct {
	Facts ReportFacts `json:"facts"`
	Words ReportWords `json:"words"`
	From  []Said      `json:"from"`
}

// Compose makes the report of a longer period. It refuses (plan.longer-not-composed) as long as
// one of the shorter reports that are owed is not accepted.
func (d *Desk) Compose(ctx context.Context, actor node.Actor, item string, longer judge.Period) (*Composition, error) {
	f, err := d.FilingForm(ctx, actor, item, longer)
	switch {
	case err != nil:
		return nil, err
	case !f.Composed:
		return nil, refuse.New("plan.period-not-longer", "period", string(longer)).At("period")
	case f.Compose == nil:
		return nil, notComposed(longer, f.Missing)
	}
	return f.Compose, nil
}

func notComposed(longer judge.Period, missing []judge.Period) error {
	var names []string
	for _, p := range missing {
		names = append(names, p.ShortZh())
	}
	return refuse.New("plan.longer-not-composed", "period", longer.Zh(), "missing", strings.Join(names, "、")).At("period")
}

// compose fills the form of a longer period, or names what is missing.
func (d *Desk) compose(ctx context.Context, tx *store.Tx, it unitItem, done history, f *FilingForm) error {
	f.Missing = missingParts(it, f.Period, done)
	periods := partsOf(it, f.Period)
	if len(f.Missing) > 0 || len(periods) == 0 {
		return nil
	}
	names, err := region.OrgNames(ctx, tx)
	if err != nil {
		return err
	}
	c := &Composition{Facts: complete(ReportFacts{Item: f.Item, Period: f.Period, Longer: true})}
	for _, p := range periods {
		newest := int64(-1)
		for _, a := range done.of(f.Item, p) {
			if a.What == judge.Accepted {
				newest = a.idx
			}
		}
		said, err := d.saidAt(ctx, tx, newest, names)
		if err != nil {
			return err
		}
		c.From = append(c.From, *said)
	}
	c.Facts.Figures, err = sumFigures(c.From, f.Indicators)
	c.join()
	f.Compose = c
	return err
}

// join puts the texts one after another, each under its period, and takes over what the last said.
func (c *Composition) join() {
	var progress []string
	for _, s := range c.From {
		if s.Words.Progress != "" {
			progress = append(progress, s.Facts.Period.ShortZh()+"："+s.Words.Progress)
		}
		for _, m := range s.Facts.Met {
			c.Facts.Met = slices.DeleteFunc(c.Facts.Met, func(o MetFacts) bool { return o.Milestone == m.Milestone })
			c.Facts.Met = append(c.Facts.Met, m)
		}
	}
	last := c.From[len(c.From)-1]
	c.Words = ReportWords{Progress: strings.Join(progress, "\n"), Problem: last.Words.Problem, Next: last.Words.Next}
	c.Facts.Claim, c.Facts.DoneOn = last.Facts.Claim, last.Facts.DoneOn
}

// sumFigures takes the last of cumulative figures and of rates, and the sum of the others.
func sumFigures(from []Said, indicators []IndicatorLine) ([]FigureFacts, error) {
	all := []FigureFacts{}
	for _, i := range indicators {
		var values []string
		for _, s := range from {
			values = append(values, valueOf(s.Facts, i.ID))
		}
		v, err := sumOf(i.IndicatorFacts, values)
		if err != nil {
			return nil, err
		}
		if v != "" {
			all = append(all, FigureFacts{i.ID, v})
		}
	}
	return all, nil
}

// sumOf is what an indicator's figures of following periods come to: the last of cumulative figures and of rates, the sum of the others. ""
// is a period without a figure, and the answer where there is none at all.
func sumOf(i IndicatorFacts, values []string) (string, error) {
	adds := i.Mode == string(figure.Period) && i.Unit != "%" && i.Unit != "百分点"
	sum, last := new(apd.Decimal), ""
	for _, v := range values {
		if v == "" {
			continue
		}
		n, _, err := apd.NewFromString(v)
		if err != nil {
			return "", err
		}
		if _, err := apd.BaseContext.WithPrecision(60).Add(sum, sum, n); err != nil {
			return "", err
		}
		last = v
	}
	if last == "" || !adds {
		return last, nil
	}
	return figure.Canonical(sum.Text('f')) // 1.5 and 1.5 are 3.0, which is filed as 3
}
