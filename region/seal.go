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

// SealFacts: by which key words are sealed for the member in this circle: 32 bytes of X25519 in base64.
type SealFacts struct {
	Key string `json:"key"`
}

// SealShown 出示密封公钥: the node says it by itself in its book of a circle, once it recognises anybody there and again
// after its key was rolled. From then on others may say words there that only this member and those named beside it read.
var SealShown = &node.Kind[SealFacts, NoWords]{
	Name: "region.seal.shown/1", Action: string(SealShow),
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f SealFacts) error {
		if _, err := sealingKey(f.Key); err != nil {
			return refuse.New("region.seal.key-form").At("key")
		}
		return notSelf(e)
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SealFacts) ([]string, error) {
		key, err := sealingKey(f.Key)
		if err != nil {
			return nil, err
		}
		return nil, own.ShowSealing(ctx, key)
	},
}

func sealingKey(text string) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || !book.IsSealingKey(b) {
		return nil, fmt.Errorf("不是 X25519 公钥 (not a sealing key): %q", text)
	}
	return b, nil
}

// ShowSealing says by which key words are sealed for this member, in each circle where it recognises somebody and shows
// no key or a former one.
func ShowSealing(ctx context.Context, n *node.Node) error {
	key, err := n.SealingKey()
	if err != nil {
		return err
	}
	var circles []string
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		circles, err = unshown(ctx, tx, n, key.Public())
		return err
	})
	if err != nil || len(circles) == 0 {
		return err
	}
	req := node.Request{Actor: node.Actor{Member: n.Member, Seat: string(Machine)}}
	_, err = n.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		circles, err := unshown(ctx, w.Tx(), n, key.Public()) // another process may have said it since
		if err != nil {
			return err
		}
		for _, c := range circles {
			_, err := SealShown.Say(ctx, w, node.Said[SealFacts, NoWords]{
				Circle: c, Facts: SealFacts{Key: book.SealingKeyText(key.Public())},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// unshown are the circles in which the key is to be shown; none while the node only reads.
func unshown(ctx context.Context, tx *store.Tx, n *node.Node, key []byte) (circles []string, err error) {
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
		shown, err := node.SealingShown(ctx, tx, n.Member, c)
		if err != nil {
			return nil, err
		}
		if len(neighbours) > 0 && !bytes.Equal(shown, key) {
			circles = append(circles, c)
		}
	}
	return circles, nil
}
