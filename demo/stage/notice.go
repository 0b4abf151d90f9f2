package stage

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// noticed is what one post shows of what goes on.
type noticed struct {
	*Post
	Follows  []followed
	Evidence []evidence
	Seen     []sighted
	Verified *verdict
	Changed  *changedByte
	Forked   *history
}

// followed is a neighbour's book as a post has it.
type followed struct {
	Of     *Post
	Circle string // its name
	exchange.FollowState
	Here, There int64  // entries
	Reread      reread // of an entry of it that was changed where it stands
}

// reread says what comes of fetching a changed entry once more.
type reread struct {
	Index int64
	Asked bool
	Other bool   // what comes does not belong to the head that was verified here
	Why   string // it could not be fetched
}

type evidence struct {
	exchange.Found
	Of    *Post
	Index int64
}

// sighted is the largest head of one of the post's own books that a witness has verified.
type sighted struct {
	exchange.Sighting
	Circle string
	By     *Post
}

// wireState is a wire as the page shows it.
type wireState struct {
	A, B *Post
	Cut  bool
}

func (s *Stage) links() (all []wireState) {
	for i, p := range s.posts {
		for _, q := range s.posts[i+1:] {
			all = append(all, wireState{p, q, isClosed(s.whenCut(p.Member, q.Member))})
		}
	}
	return all
}

func (s *Stage) notice(ctx context.Context) (all []noticed, err error) {
	for _, p := range s.posts {
		n := noticed{Post: p}
		s.mu.Lock()
		n.Verified, n.Changed, n.Forked = p.verified, p.changed, p.forked
		s.mu.Unlock()
		if err := s.read(ctx, &n); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		all = append(all, n)
	}
	return all, nil
}

func (s *Stage) read(ctx context.Context, n *noticed) error {
	var states []exchange.FollowState
	var found []exchange.Found
	var seen []exchange.Sighting
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if states, err = exchange.Follows(ctx, tx); err != nil {
			return err
		}
		if found, err = exchange.Evidences(ctx, tx); err != nil {
			return err
		}
		seen, err = exchange.Sightings(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range states {
		one, err := s.followed(ctx, n.Post, f)
		if err != nil {
			return err
		}
		if one.Of != nil {
			n.Follows = append(n.Follows, one)
		}
	}
	for _, f := range found {
		member, _, _ := strings.Cut(f.Book, "/")
		if of := s.post(member); of != nil {
			n.Evidence = append(n.Evidence, evidence{f, of, placeOf(f.Fork)})
		}
	}
	for _, one := range seen {
		origin, c, _ := strings.Cut(one.Origin, "/")
		if by := s.witness(one.Witness); origin == n.Origin && by != nil && by != n.Post {
			n.Seen = append(n.Seen, sighted{one, circleName(c), by})
		}
	}
	return nil
}

func (s *Stage) witness(name string) *Post {
	for _, p := range s.posts {
		if node.WitnessName(p.Origin) == name {
			return p
		}
	}
	return nil
}

func circleName(id string) string { return cmp.Or(region.KnownCircle(id).Name, id) }

// placeOf is the entry in which a fork's two books differ; -1 where they are two heads of which neither shows one.
func placeOf(raw []byte) int64 {
	f, err := book.ReadFork(raw)
	if err != nil {
		return -1
	}
	return f.Index
}

func (s *Stage) followed(ctx context.Context, at *Post, f exchange.FollowState) (one followed, err error) {
	member, c, _ := strings.Cut(f.Book, "/")
	one = followed{Of: s.post(member), Circle: circleName(c), FollowState: f}
	if one.Of == nil {
		return one, nil
	}
	if one.Here, err = at.size(ctx, f.Book); err != nil {
		return one, err
	}
	if one.There, err = one.Of.size(ctx, f.Book); err != nil {
		return one, err
	}
	s.mu.Lock()
	changed := one.Of.changed
	s.mu.Unlock()
	if changed != nil && changed.Book == f.Book && changed.Index < one.Here {
		one.Reread = at.reread(ctx, one.Of, changed.Index, one.Here)
	}
	return one, nil
}

// reread fetches an entry of a neighbour's book once more, as a member that joins now would, and compares it with the head
// that was verified here.
func (p *Post) reread(ctx context.Context, of *Post, index, size int64) reread {
	r := reread{Index: index, Asked: true}
	from := &exchange.Remote{
		Address: of.Address, Path: "/book/" + circle + "/", Origin: of.Origin, Client: p.Follower.Client, Signer: p.Follower.Signer,
	}
	n := index / book.TileWidth
	width := int(min(book.TileWidth, size-n*book.TileWidth))
	entries, err := from.Entries(ctx, n, width)
	var hashes []byte
	if err == nil {
		err = p.Store.Read(ctx, func(tx *store.Tx) (err error) {
			hashes, err = node.Tile(ctx, tx, of.BookName(circle), 0, n, width)
			return err
		})
	}
	if err != nil {
		r.Why = exchange.Explain(err)
		return r
	}
	leaf := book.LeafHash(entries[index%book.TileWidth])
	at := int(index%book.TileWidth) * len(leaf)
	r.Other = string(leaf[:]) != string(hashes[at:at+len(leaf)])
	return r
}
