package region

import (
	"context"
	"regexp"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// SignInsFacts: how many lines the node's record of sign-ins had, and the hash of the last of them, which holds all before it.
// Who signed in stands in no book.
type SignInsFacts struct {
	Lines int64  `json:"lines"`
	Hash  string `json:"hash"` // SHA-256, hexadecimal
}

const signInsSubject = "sign-ins"

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// SignInsSealed 登录记录封存: the node says it by itself, once a day, so that nobody can change, add or take away a line of the record
// later without the book telling.
var SignInsSealed = &node.Kind[SignInsFacts, NoWords]{
	Name: "region.sign-ins.sealed/1", Action: string(SignInsSeal),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SignInsFacts) error {
		if f.Lines < 1 || !hashForm.MatchString(f.Hash) || !slices.Equal(e.Subjects, []string{signInsSubject}) {
			return refuse.New("region.sign-ins").At("hash")
		}
		return onlySelf(e)
	},
	Apply: func(context.Context, *node.Own, book.Entry, SignInsFacts) ([]string, error) { return nil, nil }, // it is found by its subject
}

// SealSignIns says how far the record of sign-ins goes, unless that was said already or the node only reads.
func SealSignIns(ctx context.Context, n *node.Node, f SignInsFacts) error {
	req := node.Request{Actor: node.Actor{Member: n.Member, Seat: string(Machine)}}
	var idle bool
	err := n.Store.Read(ctx, func(tx *store.Tx) error {
		why, err := node.Reading(ctx, tx)
		if err != nil {
			return err
		}
		idle, err = sealed(ctx, tx, n.Member, f.Lines)
		idle = idle || why != ""
		return err
	})
	if err != nil || idle {
		return err
	}
	_, err = n.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		if done, err := sealed(ctx, w.Tx(), n.Member, f.Lines); err != nil || done { // by another process
			return err
		}
		_, err := SignInsSealed.Say(ctx, w, node.Said[SignInsFacts, NoWords]{Circle: node.Self, Subjects: []string{signInsSubject}, Facts: f})
		return err
	})
	return err
}

func sealed(ctx context.Context, tx *store.Tx, member string, lines int64) (bool, error) {
	all, err := SignInSeals(ctx, tx, member)
	return slices.ContainsFunc(all, func(s SignInsFacts) bool { return s.Lines >= lines }), err
}

// SignInSeals are all that the own book says of the record of sign-ins, the oldest first.
func SignInSeals(ctx context.Context, tx *store.Tx, member string) (all []SignInsFacts, err error) {
	entries, err := node.EntriesAbout(ctx, tx, member+"/"+node.Self, signInsSubject)
	for _, e := range entries {
		var f SignInsFacts
		if e.Kind == SignInsSealed.Name && book.DecodeFacts(e.Facts, &f) == nil {
			all = append(all, f)
		}
	}
	return all, err
}
