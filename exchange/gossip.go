package exchange

import (
	"context"
	"errors"
	"fmt"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Compare asks a neighbour which heads it holds of the circle's other books and proves each to belong to the book that
// stands here. So a member that shows one book to one neighbour and another to the next is found as soon as any two of
// them meet.
func (f *Follower) Compare(ctx context.Context, t Meeting) error {
	heads, err := t.Remote.Heads(ctx)
	if err != nil {
		return err
	}
	var all error
	for _, h := range heads {
		if h.Member == f.Node.Member || h.Member == t.Member {
			continue // our own book, which we know; the neighbour's own, which we follow
		}
		if err := f.compare(ctx, t, h); err != nil {
			all = errors.Join(all, fmt.Errorf("%s/%s as %s has it: %w", h.Member, t.Circle, t.Member, err))
		}
	}
	return all
}

// warnOfKeys says once of each member that a neighbour recognises it by another key than we do.
func (f *Follower) warnOfKeys(ctx context.Context) error {
	var others []region.OtherKey
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		others, err = region.OtherKeys(ctx, tx, f.Node.Member, region.KeyText(f.Node.SigningKey().Public()))
		return err
	})
	for _, k := range others {
		if _, said := f.warned.LoadOrStore(k, true); !said {
			f.Log.Error("a neighbour recognises a member by another key than this node does", "circle", k.Circle, "member", k.Member, "by", k.By)
		}
	}
	return err
}

// Meeting is a neighbour that is asked about third books.
type Meeting struct {
	Circle, Member string
	Remote         *Remote // of any path of the neighbour
}

func (f *Follower) compare(ctx context.Context, t Meeting, h HeadSeen) error {
	copied := t.Remote.to("/copy/" + h.Member + "/" + t.Circle + "/")
	return f.matches(ctx, t.Circle, h, newLoader(ctx, copied).load)
}

// matches proves a head that somebody holds of a book to belong to the book that stands here. load gives the tiles
// under that head.
func (f *Follower) matches(ctx context.Context, circle string, h HeadSeen, load book.Loader) error {
	c, err := f.catching(ctx, circle, h.Member)
	if errors.Is(err, ErrNoKey) {
		return nil // a member whom we do not recognise is none of our affair
	}
	if err != nil {
		return err
	}
	head, err := c.opened([]byte(h.Checkpoint))
	if errors.Is(err, ErrNoKey) {
		return nil // under a key that we do not know, or know no more
	}
	if err != nil {
		return err
	}
	here, ours, err := c.stands(ctx)
	if err != nil || here.Size == 0 {
		return err
	}
	c.Unproven = nil // who meets others, or reads another bundle, may still find the file
	err = c.holds(ctx, here, ours, head, load)
	if errors.Is(err, ErrOldHead) {
		return nil // we are further
	}
	return err
}

// beyond reads tiles from the member itself, if any are asked for.
func (f *Follower) beyond(ctx context.Context, circle, member string) book.Loader {
	var own *loader
	return func(level int, n int64, width int) ([]byte, error) {
		if own == nil {
			var at *region.Neighbour
			err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
				at, err = region.NeighbourIn(ctx, tx, f.Node.Member, circle, member)
				return err
			})
			if err != nil {
				return nil, err
			}
			if at == nil || at.Address == "" || at.Suspended {
				return nil, errNowhere
			}
			own = newLoader(ctx, f.remote(target{circle: circle, member: member, origin: at.Origin, address: at.Address}, "/book/"+circle+"/"))
		}
		return own.load(level, n, width)
	}
}

// errNowhere: there is nobody to ask for tiles under a head of which the entries are not here.
var errNowhere = errors.New("无处取得该账头之下的散列 (no source of the tiles under that head)")

// whole tells whether all entries under the stored head are here.
func whole(checkpoint []byte, here node.BookVerified) bool {
	size, err := book.SizeOf(checkpoint)
	return err == nil && size == here.Size
}

// Cosigned lists the signature lines of witnesses under a head of a book.
func Cosigned(ctx context.Context, tx *store.Tx, origin string, size int64) ([]byte, error) {
	rows, err := tx.Query(ctx, `SELECT line FROM exchange_cosigned WHERE origin = ? AND size = ? ORDER BY witness`, origin, size)
	if err != nil {
		return nil, err
	}
	lines, err := store.Collect(rows, func(scan func(...any) error) (line []byte, err error) {
		err = scan(&line)
		return line, err
	})
	var all []byte
	for _, l := range lines {
		all = append(all, l...)
	}
	return all, err
}
