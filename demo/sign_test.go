package demo

import (
	"context"
	"testing"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// checkSigning: on the first morning one report waits for the signature of its unit's head, who did not draft it, and a colleague stands in for the
// coordinator on the days of the demonstration; both can sign in.
func checkSigning(t *testing.T, s stand) {
	ctx := context.Background()
	var unit string
	err := s.Store.Read(ctx, func(tx *store.Tx) error {
		seats, err := region.SeatsOf(ctx, tx, signer)
		if err != nil {
			return err
		}
		if len(seats) != 1 || seats[0].OrgName != signed || seats[0].Seat != region.Reviewer {
			t.Fatalf("who signs sits at %+v", seats)
		}
		unit = seats[0].Org
		stands, err := region.StandsIn(ctx, tx, "p-shenhe", region.Today(s.clock.Now()))
		if len(stands) != 1 || stands[0].For != "p-xietiao" || stands[0].Seat != region.Coordinator {
			t.Errorf("the reviewer stands in as %+v", stands)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.desk.ToSign(ctx, node.Actor{Person: signer, Org: unit, Seat: string(region.Reviewer), Member: Identity.Member})
	if err != nil || len(all) != 1 || !all[0].Waits || all[0].Own {
		t.Errorf("for the signature wait %+v, %v", all, err)
	}
	signIns, err := SignIns(Identity.Member, "o-office")
	found := 0
	for _, one := range signIns {
		if one.Login == signerLogin || one.Login == "shenhe" {
			found++
		}
	}
	if err != nil || found != 2 {
		t.Errorf("%d of the two can sign in, %v", found, err)
	}
}
