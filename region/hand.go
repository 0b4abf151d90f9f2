package region

import (
	"cmp"
	"context"
	"slices"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// Handover is what one step of a person's leaving or moving passes: of one organisation, to one colleague.
type Handover struct {
	Person string
	To     string
	Org    string
	Leaves bool   // he leaves for good, and does not only move
	Last   bool   // nothing of his passes after this in the same step: what is his alone, whatever the organisation, may go
	Phone  string // of who takes over, where the other stands as a contact; empty: not known
}

// Holding is what hangs on a person in an organisation, and what becomes of it.
type Holding struct {
	What string // imports, tokens …
	N    int
	Fate Fate
}

// Fate is what becomes of a holding when its person leaves.
type Fate string

// The fates: 移交, 结束, 属于单位.
const (
	Passes Fate = "passes"
	Ends   Fate = "ends"
	Stays  Fate = "stays" // it is the organisation's: nothing need be done
)

// HandRoom is a room that keeps something by person rather than by organisation.
type HandRoom interface {
	// Held counts what hangs on a person; nothing is written.
	Held(ctx context.Context, tx *store.Tx, h Handover) ([]Holding, error)
	// Pass gives what is to pass to who takes over, in the writing that says so, and ends what is to end.
	Pass(ctx context.Context, w *node.Writing, h Handover) error
}

// HeldBy counts in all rooms what hangs on a person in an organisation; what there is none of is left out.
func HeldBy(ctx context.Context, tx *store.Tx, rooms []HandRoom, h Handover, today string) (all []Holding, err error) {
	away, standsIn, err := StandingOf(ctx, tx, h.Person, h.Org, today)
	if err != nil {
		return nil, err
	}
	all = []Holding{{"substitutes", standsIn, Passes}, {"away", away, Ends}}
	for _, r := range rooms {
		held, err := r.Held(ctx, tx, h)
		if err != nil {
			return nil, err
		}
		all = append(all, held...)
	}
	all = slices.DeleteFunc(all, func(x Holding) bool { return x.N == 0 })
	slices.SortFunc(all, func(a, b Holding) int { return cmp.Compare(a.What, b.What) })
	return all, nil
}

// HandOver 工作交接: passes what hangs on a person in an organisation and says so, with how much of what. It comes before his seats are taken or
// he leaves, in the same transaction.
func HandOver(ctx context.Context, w *node.Writing, rooms []HandRoom, h Handover) error {
	if err := MayTakeOver(ctx, w, h); err != nil { // before anything passes
		return err
	}
	held, err := HeldBy(ctx, w.Tx(), rooms, h, Today(w.Now()))
	if err != nil {
		return err
	}
	f := HandedFacts{Person: h.Person, To: h.To, Org: h.Org, Passed: []Passed{}}
	for _, x := range held {
		if x.Fate != Stays {
			f.Passed = append(f.Passed, Passed{What: x.What, N: x.N, Ended: x.Fate == Ends})
		}
	}
	for _, r := range rooms {
		if err := r.Pass(ctx, w, h); err != nil {
			return err
		}
	}
	_, err = WorkHanded.Say(ctx, w, node.Said[HandedFacts, NoWords]{Circle: node.Self, Subjects: []string{h.Person, h.To}, Facts: f})
	return err
}

// MayTakeOver refuses a successor who is no colleague, or who hands over himself: before he is given anything, also a seat.
func MayTakeOver(ctx context.Context, w *node.Writing, h Handover) error {
	if h.To == w.Actor.Person {
		return refuse.New("region.hand.oneself").At("to")
	}
	colleagues, err := Colleagues(ctx, w.Tx(), h.Person, h.Org)
	if err == nil && !slices.Contains(colleagues, h.To) {
		err = refuse.New("region.hand.colleague").At("to")
	}
	return err
}

// Colleagues are those who hold a seat of an organisation beside a person.
func Colleagues(ctx context.Context, tx *store.Tx, person, org string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT DISTINCT s.person FROM region_seat s JOIN region_person p ON p.book = s.book AND p.person = s.person AND p.gone = 0
		WHERE s.org = ? AND s.person <> ? ORDER BY s.person`, org, person)
	if err != nil {
		return nil, err
	}
	return store.Column[string](rows)
}
