package region

import (
	"context"
	"slices"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// QuorumFacts: by how many members what is said in the circle has to be cosigned before it counts, as the author demands it.
type QuorumFacts struct {
	Members int `json:"members"` // beside the one who says it; 0: none
}

// mostQuorum is more than any circle has members.
const mostQuorum = 999

const quorumSubject = "quorum"

// QuorumSet 见证生效要求: nobody is bound to more than it demands itself, so a circle demands what all its members do (docs/decisions/0014).
var QuorumSet = &node.Kind[QuorumFacts, NoWords]{
	Name: "region.quorum.set/1", Action: string(CircleOpen),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f QuorumFacts) error {
		if f.Members < 0 || f.Members > mostQuorum || !slices.Equal(e.Subjects, []string{quorumSubject}) {
			return refuse.New("region.quorum", "n", f.Members).At("members")
		}
		return notSelf(e)
	},
	Apply: func(context.Context, *node.Own, book.Entry, QuorumFacts) ([]string, error) { return nil, nil }, // it is found by its subject
}

// SetQuorum says in this member's book of a circle what it demands.
func SetQuorum(ctx context.Context, w *node.Writing, circle string, members int) error {
	_, err := QuorumSet.Say(ctx, w, node.Said[QuorumFacts, NoWords]{Circle: circle, Subjects: []string{quorumSubject}, Facts: QuorumFacts{Members: members}})
	return err
}

// Demand is what one member of a circle demands.
type Demand struct {
	Member  string
	Members int
	At      time.Time // zero: it demands nothing
}

// Quorum (生效要求) is what a circle demands as far as its books are here.
type Quorum struct {
	Demands []Demand  // this member's first, then those of the members that it recognises, in order
	Members int       // the least of them, which binds all; 0: nothing
	Since   time.Time // when the last of them was said: what was said before counts as it did
}

// QuorumOf reads what a circle demands: who left or is suspended has no say.
func QuorumOf(ctx context.Context, tx *store.Tx, member, circle string) (q Quorum, err error) {
	all, err := Neighbours(ctx, tx, member, circle)
	if err != nil {
		return q, err
	}
	members := []string{member}
	for _, n := range all {
		if !n.Left && !n.Suspended {
			members = append(members, n.Member)
		}
	}
	for i, m := range members {
		d, err := demandOf(ctx, tx, m, circle)
		if err != nil {
			return q, err
		}
		q.Demands = append(q.Demands, d)
		if i == 0 || d.Members < q.Members {
			q.Members = d.Members
		}
		if d.At.After(q.Since) {
			q.Since = d.At
		}
	}
	return q, nil
}

func demandOf(ctx context.Context, tx *store.Tx, member, circle string) (Demand, error) {
	d := Demand{Member: member}
	entries, err := node.EntriesAbout(ctx, tx, member+"/"+circle, quorumSubject)
	for _, e := range entries {
		var f QuorumFacts
		if e.Kind == QuorumSet.Name && book.DecodeFacts(e.Facts, &f) == nil {
			d.Members, d.At = f.Members, e.At
		}
	}
	return d, err
}
