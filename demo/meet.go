package demo

import (
	"context"
	"fmt"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// metOn is when the members recognised each other, in Beijing: before the lists, whose rows ask the neighbours they name.
const metOn = "2022-01-05"

// firstPort is that of the first node where nothing else is said.
const firstPort = 8080

func (m *member) address() string { return fmt.Sprintf("http://127.0.0.1:%d", firstPort+m.port) }

// meet opens the circles and recognises the neighbours there, at the addresses that the demonstration has where nothing else
// is said.
func (s *seeding) meet(ctx context.Context, all []*place) error {
	if err := s.until(ctx, at(metOn, 9, 30)); err != nil {
		return err
	}
	_, err := s.desk.Node().Write(ctx, node.Request{Actor: s.founder}, func(ctx context.Context, w *node.Writing) error {
		for _, c := range s.of.circles {
			if err := region.OpenCircle(ctx, w, region.KnownCircle(c)); err != nil {
				return err
			}
		}
		for _, other := range all {
			if other.member == s.of {
				continue
			}
			keys, err := region.KeysOf(other.Origin, other.key)
			if err != nil {
				return err
			}
			facts := region.RecognisedFacts{
				Member: other.Member, Origin: other.Origin, Key: keys.Key, Witness: keys.Witness, Request: keys.Request,
			}
			for _, c := range s.of.shares(other.member) {
				if err := recognise(ctx, w, c, facts, region.RecognisedWords{Name: other.Name, Address: other.address()}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return err
}

func recognise(ctx context.Context, w *node.Writing, circle string, facts region.RecognisedFacts, words region.RecognisedWords) error {
	words.How = "演示：各节点在同一台机器上，由演示程序核对"
	_, err := region.MemberRecognised.Say(ctx, w, node.Said[region.RecognisedFacts, region.RecognisedWords]{
		Circle: circle, Facts: facts, Words: &words,
	})
	if err != nil {
		return fmt.Errorf("recognise %s in %s: %w", facts.Member, circle, err)
	}
	return nil
}

// Reached says in a node's books where its neighbours are reached now, as far as they stand there otherwise. Whom its
// people no longer recognise, or suspended, is left so. founder acts, of whichever member; addresses are by member.
func Reached(ctx context.Context, n *node.Node, founder node.Actor, addresses map[string]string) error {
	moved, err := movedFrom(ctx, n, addresses)
	if err != nil || len(moved) == 0 {
		return err
	}
	founder.Member = n.Member
	_, err = n.Write(ctx, node.Request{Actor: founder}, func(ctx context.Context, w *node.Writing) error {
		for _, m := range moved {
			facts := region.RecognisedFacts{Member: m.Member, Origin: m.Origin, Key: m.Key, Witness: m.Witness, Request: m.Request}
			if err := recognise(ctx, w, m.circle, facts, region.RecognisedWords{Name: m.Name, Address: addresses[m.Member]}); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

type movedNeighbour struct {
	region.Neighbour
	circle string
}

func movedFrom(ctx context.Context, n *node.Node, addresses map[string]string) (all []movedNeighbour, err error) {
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := node.Circles(ctx, tx, n.Member)
		if err != nil {
			return err
		}
		for _, c := range circles {
			known, err := region.Neighbours(ctx, tx, n.Member, c)
			if err != nil {
				return err
			}
			for _, k := range known {
				if now := addresses[k.Member]; now != "" && now != k.Address && !k.Suspended && !k.Left {
					all = append(all, movedNeighbour{k, c})
				}
			}
		}
		return nil
	})
	return all, err
}
