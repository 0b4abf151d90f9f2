package plan

import (
	"context"
	"errors"

	"liandong/node"
	"liandong/plan/figure"
	"liandong/rules/refuse"
	"liandong/store"
)

// Question is asked before a report is filed, and answered by a short reason.
type Question struct {
	ID        string `json:"id"` // key of the answer in ReportWords.Answers: "k1.figure.fell"
	Indicator string `json:"indicator"`
	Name      string `json:"name"`
	figure.Question
}

// Ask says what is asked before these facts are filed: a cumulative figure that falls, a value of
// ten times or a tenth of the one before, a slip of units.
func (d *Desk) Ask(ctx context.Context, f ReportFacts) (all []Question, err error) {
	f.Item = d.ID(f.Item)
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err = d.ask(ctx, tx, f)
		return err
	})
	return all, err
}

func (d *Desk) ask(ctx context.Context, tx *store.Tx, f ReportFacts) (all []Question, err error) {
	if len(f.Figures) == 0 {
		return nil, nil
	}
	self := d.node.BookName(node.Self)
	facts, said, ok, err := readItemEntry(ctx, tx, self, f.Item)
	if err != nil || !ok {
		return nil, err
	}
	known, err := acceptedOf(ctx, tx, self, f.Item)
	if err != nil {
		return nil, err
	}
	for _, i := range facts.Indicators {
		for _, x := range f.Figures {
			if x.Indicator != i.ID {
				continue
			}
			before, of := lastValue(known, i.ID, f.Period)
			meaning := i.figure(said.Indicators[i.ID])
			if meaning.Mode == figure.Cumulative && of != "" && of.First()[:4] != f.Period.First()[:4] {
				before = "" // a new year counts from its beginning
			}
			for _, q := range figure.Ask(before, x.Value, meaning) {
				all = append(all, Question{ID: i.ID + "." + q.Code, Indicator: i.ID, Name: meaning.Name, Question: q})
			}
		}
	}
	return all, nil
}

// figure is the indicator as the package of figures knows it.
func (i IndicatorFacts) figure(name string) figure.Indicator {
	return figure.Indicator{
		Name: name, Unit: i.Unit, Base: i.Base, Target: i.Target,
		Direction: figure.Direction(i.Direction), Mode: figure.Mode(i.Mode), Decimals: i.Decimals,
	}
}

// Value reads what a person typed for this indicator: "3500万元" under 亿元 is 0.35. The error is a
// *figure.Error and says in words what is wrong.
func (i IndicatorLine) Value(typed string) (string, error) {
	return i.figure(i.Name).Value(typed)
}

// answered refuses a report whose questions are open, each at the field "answer-" and its id.
func (d *Desk) answered(ctx context.Context, w *node.Writing, f ReportFacts, words ReportWords) error {
	questions, err := d.ask(ctx, w.Tx(), f)
	if err != nil {
		return err
	}
	var open []error
	for _, q := range questions {
		if words.Answers[q.ID] == "" {
			open = append(open, refuse.New("plan.question-open", "indicator", q.Name, "value", valueOf(f, q.Indicator)).At("answer-"+q.ID))
		}
	}
	return errors.Join(open...)
}

func valueOf(f ReportFacts, indicator string) string {
	for _, x := range f.Figures {
		if x.Indicator == indicator {
			return x.Value
		}
	}
	return ""
}
