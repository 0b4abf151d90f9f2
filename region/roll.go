package region

import (
	"context"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
)

// KeysOf are the three public keys by which the member of an origin is recognised under a signing key.
func KeysOf(origin string, key book.Key) (RolledFacts, error) {
	cosigner, err := key.Cosigner(node.WitnessName(origin))
	if err != nil {
		return RolledFacts{}, err
	}
	request, err := key.RequestKey()
	if err != nil {
		return RolledFacts{}, err
	}
	return RolledFacts{Key: KeyText(key.Public()), Witness: KeyText(cosigner.Public()), Request: PublicText(request)}, nil
}

// RolledTo is the verifier key of a book that a KeyRolled entry of it names as the next; not ok for any other entry.
func RolledTo(origin string, e book.Entry) (verifier string, ok bool) {
	var f RolledFacts
	if e.Kind != KeyRolled.Name || book.DecodeFacts(e.Facts, &f) != nil {
		return "", false
	}
	key, err := PublicKey(f.Key)
	if err != nil {
		return "", false
	}
	return book.VerifierKey(origin, key), true
}

// RollKey 更换密钥: a new signing key, said in the book of every circle under the former one. Neighbours recognise it by
// those entries; what the former key signed stays valid.
func RollKey(ctx context.Context, f *node.Folder, req node.Request, reason string) (node.Receipt, error) {
	if reason == "" {
		return node.Receipt{}, refuse.New("node.reason-missing").At("reason")
	}
	if !Permit(req.Actor, KeyRolled.Action) { // a member without circles says it nowhere
		return node.Receipt{}, refuse.New("node.not-permitted", "action", KeyRolled.Action)
	}
	return f.RollKey(ctx, req, func(ctx context.Context, w *node.Writing, next book.Key) error {
		keys, err := KeysOf(f.Origin, next)
		if err != nil {
			return err
		}
		circles, err := node.Circles(ctx, w.Tx(), f.Member)
		if err != nil {
			return err
		}
		for _, c := range circles {
			if c == node.Self {
				continue
			}
			_, err := KeyRolled.Say(ctx, w, node.Said[RolledFacts, ReasonWords]{
				Circle: c, Facts: keys, Words: &ReasonWords{Reason: reason},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
