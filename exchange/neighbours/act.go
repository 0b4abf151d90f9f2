package neighbours

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Joining is an invitation that people have confirmed.
type Joining struct {
	Invitation exchange.Invitation
	Circles    []string // of those of the invitation; none: all
	How        string   // how the fingerprint was compared: by telephone with whom
}

// Recognise 认可: in each circle our book is opened where there is none, the member is put among those of the circle where
// it is not, and recognised by the keys of its invitation.
func Recognise(ctx context.Context, w *node.Writing, j Joining) error {
	plan, err := Plan(ctx, w.Tx(), w.Node().Identity, j.Invitation, j.Circles)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(plan, Step.changes) {
		return refuse.New("neighbours.unchanged", "name", j.Invitation.Name).At("invitation")
	}
	for _, s := range plan {
		if err := s.take(ctx, w, j); err != nil {
			return err
		}
	}
	return nil
}

// Step is what recognising by an invitation would do in one circle.
type Step struct {
	Circle  string   `json:"circle"`
	Name    string   `json:"name"`
	Members []string `json:"members"` // of the circle afterwards
	Opens   bool     `json:"opens"`   // our book of the circle is opened
	Returns bool     `json:"returns"` // we had left the circle
	Adds    bool     `json:"adds"`    // the member is put among those of the circle
	// Known says how we know the member so far: "" not at all, "same" by the same keys, "other-keys", "other-place"
	// (name or address).
	Known   string `json:"known"`
	Resumes bool   `json:"resumes"` // the member was suspended

	until int64 // size up to which the keys known so far are good
}

func (s Step) changes() bool { return s.Opens || s.Returns || s.Adds || s.Resumes || s.Known != "same" }

// Plan says what recognising by an invitation would do, circle by circle; of only some circles if they are named.
func Plan(ctx context.Context, tx *store.Tx, we node.Identity, i exchange.Invitation, only []string) ([]Step, error) {
	if i.Member == we.Member {
		return nil, refuse.New("region.member.oneself").At("invitation")
	}
	if strings.EqualFold(i.Origin, we.Origin) {
		return nil, refuse.New("region.member.origin-taken", "origin", i.Origin, "member", we.Member).At("invitation")
	}
	var plan []Step
	for _, c := range i.Circles {
		if len(only) > 0 && !slices.Contains(only, c.Circle) {
			continue
		}
		s, err := step(ctx, tx, we.Member, i, c)
		if err != nil {
			return nil, err
		}
		plan = append(plan, s)
	}
	if len(plan) == 0 {
		return nil, refuse.New("neighbours.other-circle", "circle", cmp.Or(slices.Concat(only, []string{""})[0], "—")).At("circle")
	}
	return plan, nil
}

func step(ctx context.Context, tx *store.Tx, us string, i exchange.Invitation, c exchange.InvitedCircle) (s Step, err error) {
	s = Step{Circle: c.Circle, Name: c.Name, Members: c.Members}
	ours, err := ourCircle(ctx, tx, us, c.Circle)
	if err != nil {
		return s, err
	}
	if ours == nil {
		s.Opens = true
	} else {
		s.Name, s.Members = ours.Name, ours.Members
		s.Adds = !slices.Contains(s.Members, i.Member)
		if s.Returns, err = region.HasLeft(ctx, tx, us+"/"+c.Circle); err != nil {
			return s, err
		}
	}
	for _, m := range []string{us, i.Member} {
		if !slices.Contains(s.Members, m) {
			s.Members = append(slices.Clone(s.Members), m)
		}
	}
	slices.Sort(s.Members)
	known, err := region.NeighbourIn(ctx, tx, us, c.Circle, i.Member)
	if err != nil || known == nil {
		return s, err
	}
	s.Resumes = known.Suspended
	switch {
	case known.Origin != i.Origin || known.Key != i.Key || known.Witness != i.Witness || known.Request != i.Request:
		s.Known = "other-keys"
		if known.Origin == i.Origin && known.Key == i.Key {
			return s, nil
		}
		// What was read here under the former key was seen by us; what was not read may be a thief's.
		s.until, err = sizeHere(ctx, tx, i.Member+"/"+c.Circle)
		return s, err
	case known.Name != i.Name || known.Address != i.Address:
		s.Known = "other-place"
	default:
		s.Known = "same"
	}
	return s, nil
}

func (s Step) take(ctx context.Context, w *node.Writing, j Joining) error {
	circle := region.Circle{ID: s.Circle, Name: s.Name, Members: s.Members}
	if s.Opens {
		if err := region.OpenCircle(ctx, w, circle); err != nil {
			return err
		}
	} else if s.Returns || s.Adds {
		_, err := region.CircleOpened.Say(ctx, w, node.Said[region.CircleFacts, region.CircleWords]{
			Circle: s.Circle, Facts: region.CircleFacts{Circle: s.Circle, Members: s.Members}, Words: &region.CircleWords{Name: s.Name},
		})
		if err != nil {
			return err
		}
	}
	if s.Known == "same" && !s.Resumes {
		return nil
	}
	i := j.Invitation
	_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
		Circle: s.Circle,
		Facts:  region.RecognisedFacts{Member: i.Member, Origin: i.Origin, Key: i.Key, Witness: i.Witness, Request: i.Request, Until: s.until},
		Words:  &region.RecognisedWords{Name: i.Name, Address: i.Address, How: j.How},
	})
	return err
}

// Roll is an entry in which a neighbour named its next keys, and which we have not answered.
type Roll struct {
	At   node.Position
	Keys region.RolledFacts
}

// rollOf finds a neighbour's roll by which it goes on under other keys than we know; nil: there is none. A roll is the last entry under the
// keys before it, so one that waits is the last that is here, and stands behind all that an earlier recognition ended: the rolls of a book
// outlive their keys, and one to a key that was lost since must not bring that key back.
func rollOf(ctx context.Context, tx *store.Tx, us, circle string, known region.Neighbour) (*Roll, error) {
	name := known.Member + "/" + circle
	r := Roll{At: node.Position{Book: name}}
	var leaf, raw []byte
	err := tx.Row(ctx, `SELECT r.idx, e.leaf, e.entry FROM region_roll r JOIN book_head h ON h.book = r.book AND h.size = r.idx + 1
		JOIN book_entry e ON e.book = r.book AND e.idx = r.idx WHERE r.book = ? AND r.pubkey <> ?
		AND NOT EXISTS (SELECT 1 FROM node_key k WHERE k.book = ? AND k.member = ? AND k.until > r.idx)`,
		name, known.Key, us+"/"+circle, known.Member).Scan(&r.At.Index, &leaf, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	copy(r.At.Leaf[:], leaf)
	e, err := book.Scan(raw)
	if err == nil {
		err = book.DecodeFacts(e.Facts, &r.Keys)
	}
	if err != nil {
		return nil, err
	}
	return &r, nil
}

// RecogniseRolled recognises a neighbour by the keys that it named itself, under the ones that we know it by. Who is suspended is resumed
// first, by people who say why: it may be because of these very keys.
func RecogniseRolled(ctx context.Context, w *node.Writing, circle, member string) error {
	known, err := region.NeighbourIn(ctx, w.Tx(), w.Node().Member, circle, member)
	if err != nil {
		return err
	}
	if known == nil {
		return refuse.New("region.member.unrecognised", "member", member)
	}
	if known.Suspended {
		return refuse.New("neighbours.rolled-suspended", "name", known.Name)
	}
	r, err := rollOf(ctx, w.Tx(), w.Node().Member, circle, *known)
	if err != nil {
		return err
	}
	if r == nil {
		return refuse.New("neighbours.not-rolled", "name", known.Name)
	}
	_, err = region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
		Circle: circle, Causes: []node.Position{r.At},
		Facts: region.RecognisedFacts{
			Member: member, Origin: known.Origin, Key: r.Keys.Key, Witness: r.Keys.Witness, Request: r.Keys.Request, Until: r.At.Index + 1,
		},
		Words: &region.RecognisedWords{Name: known.Name, Address: known.Address, How: "凭其更换密钥的记录"},
	})
	return err
}

// Suspend 暂停往来, or 恢复往来.
func Suspend(ctx context.Context, w *node.Writing, circle, member string, suspended bool, reason string) error {
	known, err := region.NeighbourIn(ctx, w.Tx(), w.Node().Member, circle, member)
	if err != nil {
		return err
	}
	if known != nil && known.Suspended == suspended {
		return refuse.New("neighbours.so-already", "name", known.Name)
	}
	_, err = region.MemberSuspended.Say(ctx, w, node.Said[region.SuspendedFacts, region.ReasonWords]{
		Circle: circle, Facts: region.SuspendedFacts{Member: member, Suspended: suspended}, Words: &region.ReasonWords{Reason: reason},
	})
	return err
}

// Leave 退出圈.
func Leave(ctx context.Context, w *node.Writing, circle, reason string) error {
	left, err := region.HasLeft(ctx, w.Tx(), w.Node().BookName(circle))
	if err != nil {
		return err
	}
	if left {
		return refuse.New("neighbours.left-already")
	}
	_, err = region.CircleLeft.Say(ctx, w, node.Said[region.LeftFacts, region.ReasonWords]{
		Circle: circle, Words: &region.ReasonWords{Reason: reason},
	})
	return err
}

// ourCircle is a circle as our own book of it says; nil: we have none.
func ourCircle(ctx context.Context, tx *store.Tx, us, circle string) (*region.Circle, error) {
	all, err := region.CirclesOf(ctx, tx, us)
	if at := slices.IndexFunc(all, func(c region.Circle) bool { return c.ID == circle }); at >= 0 {
		return &all[at], err
	}
	return nil, err
}

// sizeHere is how much of a book was received.
func sizeHere(ctx context.Context, tx *store.Tx, name string) (int64, error) {
	head, _, err := node.Head(ctx, tx, name)
	if errors.Is(err, node.ErrNoBook) {
		return 0, nil
	}
	return head.Size, err
}
