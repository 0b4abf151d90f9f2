package region

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// SealFacts: by which key words are sealed for the member in this circle: 32 bytes of X25519, or 64 of SM2 (X and Y), in base64.
type SealFacts struct {
	Key string `json:"key"`
}

// SealShown 出示密封公钥: the node says it by itself in its book of a circle, once it recognises anybody there and again
// after its key was rolled. From then on others may say words there that only this member and those named beside it read.
var SealShown = &node.Kind[SealFacts, NoWords]{
	Name: "region.seal.shown/1", Action: string(SealShow),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SealFacts) error { return checkSeal(e, f, 32) },
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SealFacts) ([]string, error) {
		return nil, applySeal(ctx, own, f, node.SealHPKE, 32)
	},
}

// SealSM2Shown 出示国密密封公钥: the same for words sealed by SM2 and SM4, said by a node whose setting asks for them.
var SealSM2Shown = &node.Kind[SealFacts, NoWords]{
	Name: "region.seal-sm2.shown/1", Action: string(SealShow),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SealFacts) error { return checkSeal(e, f, 64) },
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SealFacts) ([]string, error) {
		return nil, applySeal(ctx, own, f, node.SealSM2, 64)
	},
}

func checkSeal(e book.Entry, f SealFacts, size int) error {
	if _, err := sealingKey(f.Key, size); err != nil {
		return refuse.New("region.seal.key-form").At("key")
	}
	return notSelf(e)
}

func applySeal(ctx context.Context, own *node.Own, f SealFacts, form node.SealForm, size int) error {
	key, err := sealingKey(f.Key, size)
	if err != nil {
		return err
	}
	return own.ShowSealing(ctx, form, key)
}

func sealingKey(text string, size int) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != size || !book.IsSealingKey(b) {
		return nil, fmt.Errorf("不是密封公钥 (not a sealing key): %q", text)
	}
	return b, nil
}

// ShowSealing says by which keys words are sealed for this member, in each circle where it recognises somebody and shows
// no key or a former one.
func ShowSealing(ctx context.Context, n *node.Node) error {
	for _, f := range n.SealForms() {
		kind := SealShown
		if f == node.SealSM2 {
			kind = SealSM2Shown
		}
		if err := showSealing(ctx, n, f, kind); err != nil {
			return err
		}
	}
	return nil
}

func showSealing(ctx context.Context, n *node.Node, f node.SealForm, kind *node.Kind[SealFacts, NoWords]) error {
	key, err := n.SealingPublic(f)
	if err != nil {
		return err
	}
	var circles []string
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		circles, err = unshown(ctx, tx, n, f, key)
		return err
	})
	if err != nil || len(circles) == 0 {
		return err
	}
	req := node.Request{Actor: node.Actor{Member: n.Member, Seat: string(Machine)}}
	_, err = n.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circles, err := unshown(ctx, w.Tx(), n, f, key) // another process may have said it since
		if err != nil {
			return err
		}
		for _, c := range circles {
			_, err := kind.Say(ctx, w, node.Said[SealFacts, NoWords]{Circle: c, Facts: SealFacts{Key: book.SealingKeyText(key)}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// unshown are the circles in which the key is to be shown; none while the node only reads.
func unshown(ctx context.Context, tx *store.Tx, n *node.Node, f node.SealForm, key []byte) (circles []string, err error) {
	if why, err := node.Reading(ctx, tx); err != nil || why != "" {
		return nil, err
	}
	all, err := node.Circles(ctx, tx, n.Member)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c == node.Self {
			continue
		}
		neighbours, err := Neighbours(ctx, tx, n.Member, c)
		if err != nil {
			return nil, err
		}
		shown, err := node.SealingShown(ctx, tx, f, n.Member, c)
		if err != nil {
			return nil, err
		}
		if len(neighbours) > 0 && !bytes.Equal(shown, key) {
			circles = append(circles, c)
		}
	}
	return circles, nil
}
