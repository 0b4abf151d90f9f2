package region

import (
	"context"
	"slices"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
)

// OpenNewCircle 建圈 is OpenCircle for what a person typed: it refuses a circle that stands already (admin.circle.stands) and what no
// circle can be (admin.circle.id-form, .unnamed, .members, region.member-code), for a book cannot be taken back.
func OpenNewCircle(ctx context.Context, w *node.Writing, c Circle) error {
	member := w.Node().Member
	switch {
	case !book.IsCircle(c.ID) || c.ID == node.Self:
		return refuse.New("admin.circle.id-form").At("id")
	case c.Name == "":
		return refuse.New("admin.circle.unnamed").At("name")
	case len(c.Members) < 2 || !slices.Contains(c.Members, member):
		return refuse.New("admin.circle.members", "member", member).At("members")
	}
	for _, m := range c.Members {
		if !book.IsMember(m) {
			return refuse.New("region.member-code", "code", m).At("members")
		}
	}
	all, err := CirclesOf(ctx, w.Tx(), member)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o Circle) bool { return o.ID == c.ID }) {
		return refuse.New("admin.circle.stands", "id", c.ID).At("id")
	}
	return OpenCircle(ctx, w, c)
}
