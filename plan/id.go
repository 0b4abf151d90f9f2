package plan

import (
	"context"
	"slices"
	"strings"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
)

// Ids of rows and items. In an entry an id is what its member made up, and means nothing outside that
// member's books: two members may make up the same one, by malice or because both took in one document. In the
// view, in addresses and wherever books meet it therefore names its member too: "i-77aa" of 510900 is
// "i-77aa@510900". '@' stands in no id of an entry, so neither way is ambiguous. Ids of organisations stay as
// they are beside the book that says them, and name their member where books are joined. The id of a list names
// its member by itself: "510900:suitong-2022". (docs/decisions/0008)

// idOf is an id of a member's entry as the view knows it; none stays none.
func idOf(member, id string) string {
	if id == "" {
		return ""
	}
	return id + "@" + member
}

// saidID is an id as the entries of its member say it.
func saidID(id string) string {
	if at := strings.LastIndexByte(id, '@'); at >= 0 {
		return id[:at]
	}
	return id
}

// memberOf is the member that made an id up; "" where it does not name one.
func memberOf(id string) string {
	_, member, _ := strings.Cut(id, "@")
	return member
}

// memberOfBook is the member whose book it is.
func memberOfBook(name string) string {
	member, _, _ := strings.Cut(name, "/")
	return member
}

// isID tells whether an entry may say an id.
func isID(id string) bool { return book.IsID(saidID(id)) }

// saidInSQL is saidID for a column of the view: a member has six digits.
func saidInSQL(column string) string { return `substr(` + column + `, 1, length(` + column + `) - 7)` }

// ID is an id that somebody gave, as the view knows it: one that names no member is this member's.
func (d *Desk) ID(id string) string {
	if strings.Contains(id, "@") {
		return id
	}
	return idOf(d.node.Member, id)
}

func (d *Desk) knownAll(ids []string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = d.ID(id)
	}
	return all
}

// ours refuses what only its own member may speak of.
func (d *Desk) ours(id string) error {
	if member := memberOf(d.ID(id)); id != "" && member != d.node.Member {
		return notOurs(member)
	}
	return nil
}

// Ours refuses a row or an item of a neighbour's, which is only read here: its pages of changes ask before they show a form.
func (d *Desk) Ours(id string) error { return d.ours(id) }

func notOurs(member string) error {
	return refuse.New("plan.not-ours", "member", region.MemberName(member))
}

// oursBook refuses to speak of what a neighbour's book says.
func (d *Desk) oursBook(name string) error {
	if member := memberOfBook(name); member != d.node.Member {
		return notOurs(member)
	}
	return nil
}

// naming are facts that name rows or items: where they stand in it, for both ways of writing ids.
type naming interface{ ids() []*string }

func (f *ListingFacts) ids() []*string { return append(each(&f.Items), &f.Listing) }
func (f *DropFacts) ids() []*string    { return []*string{&f.Listing} }
func (f *PointFacts) ids() []*string   { return append(each(&f.Items), &f.Listing) }
func (f *VerdictFacts) ids() []*string { return []*string{&f.Listing} }
func (f *ItemFacts) ids() []*string    { return []*string{&f.Item} }
func (f *ReportFacts) ids() []*string  { return []*string{&f.Item} }
func (f *ReturnFacts) ids() []*string  { return []*string{&f.Item} }
func (f *AcceptFacts) ids() []*string  { return f.Report.ids() }
func (f *CallFacts) ids() []*string    { return each(&f.Listings) }

// each are the places of a list of ids, which is the facts' own from then on.
func each(ids *[]string) []*string {
	if *ids == nil {
		return nil
	}
	own := append([]string{}, *ids...)
	*ids = own
	all := make([]*string, 0, len(own)+1)
	for i := range own {
		all = append(all, &own[i])
	}
	return all
}

// known makes the ids of facts those of the view.
func known(member string, f any) {
	if n, ok := f.(naming); ok {
		for _, id := range n.ids() {
			*id = idOf(member, *id)
		}
	}
}

// kind lets Check and Apply see the ids of facts as the view knows them.
func kind[F, W any](k node.Kind[F, W]) *node.Kind[F, W] {
	check, apply := k.Check, k.Apply
	k.Check = func(ctx context.Context, own *node.Own, e book.Entry, f F) error {
		known(e.Member, &f)
		return check(ctx, own, e, f)
	}
	k.Apply = func(ctx context.Context, own *node.Own, e book.Entry, f F) ([]string, error) {
		known(e.Member, &f)
		return apply(ctx, own, e, f)
	}
	return &k
}

// say puts an entry into a book of this member, with ids as its entries say them. What names a neighbour's
// row or item is refused: plan.not-ours.
func say[F, W any](ctx context.Context, w *node.Writing, k *node.Kind[F, W], s node.Said[F, W]) (node.Position, error) {
	s.Subjects = slices.Clone(s.Subjects)
	ids := make([]*string, 0, len(s.Subjects)+1)
	for i := range s.Subjects {
		ids = append(ids, &s.Subjects[i])
	}
	if n, ok := any(&s.Facts).(naming); ok {
		ids = append(ids, n.ids()...)
	}
	for _, id := range ids {
		if member := memberOf(*id); member != "" && member != w.Node().Member {
			return node.Position{}, notOurs(member)
		}
		*id = saidID(*id)
	}
	return k.Say(ctx, w, s)
}

// factsOf decodes the facts of an entry, with the ids that the view knows.
func factsOf(raw []byte, into any) error {
	e, err := book.Scan(raw)
	if err != nil {
		return err
	}
	return factsIn(e, into)
}

func factsIn(e book.Entry, into any) error {
	err := book.DecodeFacts(e.Facts, into)
	known(e.Member, into)
	return err
}

// onlySelf: what stays inside a member stands in its own book, which nobody else reads.
func onlySelf(e book.Entry) error {
	if e.Circle != node.Self {
		return refuse.New("plan.only-self")
	}
	return nil
}

// circleOfBook is the circle whose book it is.
func circleOfBook(name string) string {
	_, circle, _ := strings.Cut(name, "/")
	return circle
}
