package plan

import (
	"context"
	"slices"

	"liandong/plan/judge"
	"liandong/store"
)

// Status is how lists stand on a day, for programs: docs/reference/status-json.md.
type Status struct {
	AsOf  judge.Date   `json:"asOf"`
	Plans []PlanStatus `json:"plans"`
	Items Counts       `json:"items"` // over all lists of the member, each item once
}

// PlanStatus is how one list stands.
type PlanStatus struct {
	Plan    string          `json:"plan"`
	Key     string          `json:"key"`
	Title   string          `json:"title"`
	Circle  string          `json:"circle"`
	Year    int             `json:"year"`
	Cycle   judge.Cycle     `json:"cycle"`
	Rows    int             `json:"rows"` // but for the dropped
	States  Counts          `json:"states"`
	Filings []Reporting     `json:"filings"` // the periods that have begun, in order
	Calls   []Reporting     `json:"calls"`   // the reports that were called for by hand, in order of their days
	Listing []ListingStatus `json:"listings"`
}

// ListingStatus is how one row stands.
type ListingStatus struct {
	Listing  string            `json:"listing"`
	Item     string            `json:"item"`
	Number   string            `json:"number"`
	Title    string            `json:"title"`
	Lead     string            `json:"lead"`
	State    judge.WorkState   `json:"state"`
	Code     judge.ReasonCode  `json:"code"`
	Reason   string            `json:"reason"` // in Chinese words
	Period   judge.Period      `json:"period,omitempty"`
	Filing   judge.FilingState `json:"filing,omitempty"`
	FilingOf string            `json:"filingReason,omitempty"`
}

// Status reads how one list, or with plan "" all lists, stand on a day ("" is today).
func (d *Desk) Status(ctx context.Context, plan string, asOf judge.Date) (s Status, err error) {
	s.Plans = []PlanStatus{}
	err = d.node.Store.Read(ctx, func(tx *store.Tx) error {
		if s.AsOf, err = d.asOf(asOf); err != nil {
			return err
		}
		c := counting{ctx: ctx, tx: tx, asOf: s.AsOf, today: d.Today(), sums: &d.sums}
		scope := allOf(d.node.Member)
		all, err := c.states([]string{scope}, judge.WorkStates())
		if err != nil {
			return err
		}
		s.Items = all[scope]
		plans := []string{plan}
		if plan == "" {
			heads, err := d.ownHeads(ctx, tx)
			if err != nil {
				return err
			}
			plans = nil
			for _, h := range heads {
				plans = append(plans, h.Facts.Plan)
			}
		}
		for _, id := range plans {
			p, err := d.planStatus(ctx, tx, id, s.AsOf)
			if err != nil {
				return err
			}
			s.Plans = append(s.Plans, p)
		}
		return nil
	})
	return s, err
}

func (d *Desk) planStatus(ctx context.Context, tx *store.Tx, plan string, asOf judge.Date) (s PlanStatus, err error) {
	q := ListQuery{Plan: plan, AsOf: asOf, Size: 1 << 20}
	page, err := d.list(ctx, tx, q)
	if err != nil {
		return s, err
	}
	f := page.Plan.Facts
	s = PlanStatus{
		Plan: f.Plan, Key: page.Key, Title: page.Plan.Words.Title, Circle: page.Plan.Circle, Year: f.Year, Cycle: f.Cycle,
		Rows: page.States.Standing(), States: page.States, Filings: []Reporting{}, Calls: []Reporting{}, Listing: []ListingStatus{},
	}
	c := counting{ctx: ctx, tx: tx, asOf: asOf, today: d.Today(), sums: &d.sums}
	scope := "plan:" + f.Plan
	for i := len(page.Periods) - 1; i >= 0; i-- {
		reports, err := c.reports(map[string]asking{scope: {period: page.Periods[i], rhythm: f.Rhythm}})
		if err != nil {
			return s, err
		}
		s.Filings = append(s.Filings, reports[scope])
	}
	for _, call := range slices.Backward(page.Calls) {
		reports, err := c.reports(map[string]asking{scope: call.asking()})
		if err != nil {
			return s, err
		}
		s.Calls = append(s.Calls, reports[scope])
	}
	for _, r := range page.Rows {
		l := ListingStatus{
			Listing: r.Listing, Item: r.Item, Number: r.Words.Number, Title: r.Words.Title, Lead: r.LeadName,
			State: r.Work.State, Code: r.Work.Reason.Code, Reason: r.Work.Zh(r.Why, asOf),
		}
		if r.Owes {
			l.Period, l.Filing, l.FilingOf = page.Query.Period, r.Filing.State, r.Filing.Zh("", asOf)
		}
		s.Listing = append(s.Listing, l)
	}
	return s, nil
}
