package retention

import (
	"context"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
)

// Rules are the times that hold: what an entry says, and for other kinds what the operator set at the start.
func Rules(ctx context.Context, n *node.Node, operator []region.KeepRule) (all []region.KeepRule, k region.Keeping, err error) {
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		k, err = region.KeepingOf(ctx, tx)
		return err
	})
	if err != nil { // half of the rules would erase what the other half keeps
		return nil, region.Keeping{}, err
	}
	all = slices.Clone(k.Rules)
	for _, r := range operator {
		if !slices.ContainsFunc(k.Rules, func(o region.KeepRule) bool { return o.Kind == r.Kind }) {
			all = append(all, r)
		}
	}
	return all, k, nil
}

// Kind is how the words of one kind stand.
type Kind struct {
	Kind     string `json:"kind" example:"plan.report.filed"`
	Days     int    `json:"days" doc:"How many days they are kept; 0: for ever" example:"3650"`
	Operator bool   `json:"operator,omitempty" doc:"Set at the start of the program (--keep-words), not by an entry"`
	Held     int    `json:"held" doc:"Entries of our books whose words are here"`
	Oldest   string `json:"oldest,omitempty" doc:"When the first of these was said" example:"2022-01-24"`
	Over     int    `json:"over" doc:"Of these their time is over: erased within the hour"`
	Soon     int    `json:"soon" doc:"Over within the next 30 days"`
	Next     string `json:"next,omitempty" doc:"When the next is over" example:"2032-01-22"`
}

// soon is what the page calls so.
const soon = 30 * 24 * time.Hour

// kinds says how the words of all kinds stand by the times of rules, those of which there are any first.
func kinds(ctx context.Context, n *node.Node, rules []region.KeepRule, byEntry []region.KeepRule) (all []Kind, err error) {
	held, err := n.WordsHeld(ctx)
	if err != nil {
		return nil, err
	}
	named := region.KeepKinds(n)
	for _, r := range rules { // the operator may have named others
		if !slices.Contains(named, r.Kind) {
			named = append(named, r.Kind)
		}
	}
	for _, name := range named {
		k := Kind{Kind: name, Held: len(held[name])}
		for _, r := range rules {
			if r.Kind == name {
				k.Days, k.Operator = r.Days, !slices.Contains(byEntry, r)
			}
		}
		k.reckon(held[name], n.Now())
		all = append(all, k)
	}
	slices.SortStableFunc(all, func(a, b Kind) int { return rank(a) - rank(b) })
	return all, nil
}

func rank(k Kind) int {
	switch {
	case k.Days > 0:
		return 0
	case k.Held > 0:
		return 1
	}
	return 2
}

// reckon counts what is over, from when the entries were said, rising.
func (k *Kind) reckon(at []int64, now time.Time) {
	if len(at) == 0 {
		return
	}
	k.Oldest = region.Today(time.Unix(at[0], 0))
	if k.Days == 0 {
		return
	}
	kept := time.Duration(k.Days) * 24 * time.Hour
	before := func(t time.Time) int { return sort.Search(len(at), func(i int) bool { return at[i] >= t.Unix() }) }
	k.Over = before(now.Add(-kept))
	k.Soon = before(now.Add(soon-kept)) - k.Over
	if k.Over < len(at) {
		k.Next = region.Today(time.Unix(at[k.Over], 0).Add(kept))
	}
}

// typedRules reads days as typed, by kind: an empty one is kept for ever. All that is no number is named at once, by Check's bounds.
func typedRules(n *node.Node, days map[string]string) (all []region.KeepRule, wrong []error) {
	names := region.KeepKinds(n)
	for kind := range days {
		if !slices.Contains(names, kind) {
			names = append(names, kind)
		}
	}
	for _, kind := range names {
		text := strings.TrimSpace(days[kind])
		if text == "" {
			continue
		}
		least := region.LeastKeptOf(kind)
		if least == 0 {
			wrong = append(wrong, refuse.New("region.retention.kind", "kind", kind).At(kind))
			continue
		}
		d, err := strconv.Atoi(text)
		if err != nil || d < least || d > region.MostKept {
			wrong = append(wrong, refuse.New("region.retention.days", "least", least, "most", region.MostKept).At(kind))
			continue
		}
		all = append(all, region.KeepRule{Kind: kind, Days: d})
	}
	return all, wrong
}

// seen is what whoever sets the rules saw before: which entry stood, and how many entries' words he was told would go.
type seen struct {
	index int64
	over  int
}

// set writes the rules. The count is made before the transaction, for it reads all books: of what comes due in between there is at most what a
// moment brings, and fewer than was seen is no harm.
func (p *pages) set(ctx context.Context, req node.Request, rules []region.KeepRule, source string, was seen) error {
	all, err := kinds(ctx, p.node, p.with(rules), rules)
	if err != nil {
		return err
	}
	if now := over(all); now > was.over {
		return refuse.New("region.retention.unseen", "now", now, "seen", was.over).At("over")
	}
	_, err = p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		now, err := region.KeepingOf(ctx, w.Tx())
		if err == nil && now.Index != was.index {
			err = refuse.New("region.retention.newer").At("seen")
		}
		if err != nil {
			return err
		}
		return region.SetKeeping(ctx, w, rules, source)
	})
	return err
}

// over counts the entries whose words would go within the hour.
func over(all []Kind) (n int) {
	for _, k := range all {
		n += k.Over
	}
	return n
}

// inWords names rules, so that what is confirmed is what was checked.
func inWords(rules []region.KeepRule) string {
	var all []string
	for _, r := range rules {
		all = append(all, r.Kind+"="+strconv.Itoa(r.Days))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
