package neighbours_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// TestWhatIsOpenedCanBeInvitedTo: a book cannot be taken back, so a circle that no neighbour could be invited to is not opened.
func TestWhatIsOpenedCanBeInvitedTo(t *testing.T) {
	many := []string{"510900"}
	for i := range region.MostMembers {
		many = append(many, fmt.Sprintf("6%05d", i))
	}
	for name, c := range map[string]struct {
		region.Circle
		opened bool
	}{
		"a good one":             {region.Circle{Name: "涪江联防", Members: suitong.Members}, true},
		"a blank behind":         {region.Circle{Name: "涪江联防 ", Members: suitong.Members}, true},
		"only blanks":            {region.Circle{Name: " \u3000", Members: suitong.Members}, false},
		"a long name":            {region.Circle{Name: strings.Repeat("涪江", 40), Members: suitong.Members}, false},
		"a line end within":      {region.Circle{Name: "涪江\n联防", Members: suitong.Members}, false},
		"alone, twice":           {region.Circle{Name: "涪江", Members: []string{"510900", "510900"}}, false},
		"as many as may be":      {region.Circle{Name: "涪江", Members: many[:region.MostMembers]}, true},
		"one more than they may": {region.Circle{Name: "涪江", Members: many}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			c.ID = "fujiang"
			_, err := d.Node.Write(context.Background(), administrator("510900"), func(ctx context.Context, w *node.Writing) error {
				return region.OpenNewCircle(ctx, w, c.Circle)
			})
			if (err == nil) != c.opened {
				t.Fatalf("opened: %v", err)
			}
			if !c.opened {
				return
			}
			i, err := exchange.Invite(d.Node, []region.Circle{d.opened()}, "")
			if err != nil || len(i.Circles[0].Members) != len(c.Members) {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
}

// opened is the only circle.
func (d *desk) opened() region.Circle {
	d.t.Helper()
	var all []region.Circle
	err := d.Node.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		all, err = region.CirclesOf(context.Background(), tx, d.Node.Member)
		return err
	})
	if err != nil || len(all) != 1 {
		d.t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}
