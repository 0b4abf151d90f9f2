package neighbours

import (
	"cmp"
	"context"
	"strings"

	"liandong/exchange"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// twoBooks tells everybody's home page that a neighbour showed two books, until an administrator lets its book be followed
// again: whoever relies on what that neighbour said must know.
func (p *pages) twoBooks(ctx context.Context) (all []ui.Standing, err error) {
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		follows, err := exchange.Follows(ctx, tx)
		if err != nil {
			return err
		}
		var names map[string]string
		for _, f := range follows {
			if !f.Stopped {
				continue
			}
			if names == nil {
				if names, err = circleNames(ctx, tx, p.node.Member); err != nil {
					return err
				}
			}
			all = append(all, stopped(ctx, f.Book, names))
		}
		return nil
	})
	return all, err
}

func circleNames(ctx context.Context, tx *store.Tx, member string) (map[string]string, error) {
	circles, err := region.CirclesOf(ctx, tx, member)
	names := map[string]string{}
	for _, c := range circles {
		names[c.ID] = c.Name
	}
	return names, err
}

func stopped(ctx context.Context, book string, names map[string]string) ui.Standing {
	member, circle, _ := strings.Cut(book, "/")
	s := ui.Standing{
		Tone:  ui.Late,
		Title: web.T(ctx, "neighbours.forked", "name", region.MemberName(member), "circle", cmp.Or(names[circle], circle)),
		Text:  web.T(ctx, "neighbours.forked.home", "name", region.MemberName(member)),
	}
	if web.May(ctx, region.ExchangeRead) {
		s.More = ui.Link{Label: web.T(ctx, "neighbours.forked.more"), Href: "/neighbours/in/" + circle + "/" + member}
	}
	return s
}
