package region

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
)

// MostMembers is how many members a circle may have where neighbours are invited to it.
const MostMembers = 1000

// OpenNewCircle 建圈 is OpenCircle for what a person typed: it refuses a circle that stands already (admin.circle.stands) and what no
// circle can be or no neighbour could be invited to (admin.circle.id-form, .unnamed, .name-form, .members, .members-many, .member-twice,
// region.member-code), for a book cannot be taken back.
func OpenNewCircle(ctx context.Context, w *node.Writing, c Circle) error {
	member := w.Node().Member
	c.Name = strings.TrimSpace(c.Name)
	switch {
	case !book.IsCircle(c.ID) || c.ID == node.Self:
		return refuse.New("admin.circle.id-form").At("id")
	case c.Name == "":
		return refuse.New("admin.circle.unnamed").At("name")
	case !node.IsName(c.Name):
		return refuse.New("admin.circle.name-form", "most", node.MostName).At("name")
	case len(c.Members) > MostMembers:
		return refuse.New("admin.circle.members-many", "most", MostMembers).At("members")
	case len(c.Members) < 2 || !slices.Contains(c.Members, member):
		return refuse.New("admin.circle.members", "member", member).At("members")
	}
	for i, m := range c.Members {
		if slices.Contains(c.Members[:i], m) {
			return refuse.New("admin.circle.member-twice", "code", m).At("members")
		}
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
