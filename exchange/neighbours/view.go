package neighbours

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liandong/book"
	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Circle is a circle with all who are known to be in it.
type Circle struct {
	Circle  string   `json:"circle"`
	Name    string   `json:"name"`
	Left    bool     `json:"left"` // we left it
	Members []Member `json:"members"`
}

// Member is a member of a circle as this node knows it.
type Member struct {
	Member      string    `json:"member"`
	Name        string    `json:"name"`
	Self        bool      `json:"self"`                  // it is us
	Recognised  bool      `json:"recognised"`            // by our book of the circle
	Origin      string    `json:"origin,omitempty"`      // this and the next three: as we recognise it
	Address     string    `json:"address,omitempty"`     // empty: only by file
	Fingerprint string    `json:"fingerprint,omitempty"` // of its keys
	Since       time.Time `json:"since,omitzero"`        // when we recognised these keys
	Suspended   bool      `json:"suspended"`
	Left        bool      `json:"left"`            // by its own book, as far as it was received
	Rolled      bool      `json:"rolled"`          // it goes on under other keys, which we have not recognised
	Size        int64     `json:"size"`            // entries of its book that are here
	LastAt      time.Time `json:"lastAt,omitzero"` // time of the last of them
	// Others say how its book, as far as it is here, recognises each other member, by their codes; nil: its book is not here.
	Others map[string]Seen `json:"others"`

	index int64 // of our entry on it
	keys  region.RolledFacts
	how   string
}

// Seen is how a member's book recognises another member.
type Seen string

// The ways in which a member recognises another one.
const (
	SeenNot       Seen = "no"
	SeenYes       Seen = "yes"
	SeenElse      Seen = "other-key" // by another key than the one we know
	SeenSuspended Seen = "suspended"
)

// Circles reads the circles in which this member has a book.
func Circles(ctx context.Context, tx *store.Tx, n *node.Node) ([]Circle, error) {
	ours, err := region.CirclesOf(ctx, tx, n.Member)
	if err != nil {
		return nil, err
	}
	all := []Circle{}
	for _, c := range ours {
		one, err := readCircle(ctx, tx, n, c)
		if err != nil {
			return nil, fmt.Errorf("circle %s: %w", c.ID, err)
		}
		all = append(all, one)
	}
	return all, nil
}

func readCircle(ctx context.Context, tx *store.Tx, n *node.Node, c region.Circle) (Circle, error) {
	out := Circle{Circle: c.ID, Name: c.Name}
	var err error
	if out.Left, err = region.HasLeft(ctx, tx, n.BookName(c.ID)); err != nil {
		return out, err
	}
	known, err := region.Neighbours(ctx, tx, n.Member, c.ID)
	if err != nil {
		return out, err
	}
	codes := slices.Clone(c.Members)
	for _, k := range known {
		codes = append(codes, k.Member)
	}
	slices.Sort(codes)
	keys := map[string]string{} // by which we know each
	for _, code := range slices.Compact(codes) {
		m := Member{Member: code, Name: region.MemberName(code), Self: code == n.Member}
		if at := slices.IndexFunc(known, func(k region.Neighbour) bool { return k.Member == code }); at >= 0 {
			err = m.recognised(ctx, tx, n, c.ID, known[at])
		} else if m.Self {
			m.ourselves(n)
		}
		if err == nil {
			err = m.received(ctx, tx, c.ID)
		}
		if err != nil {
			return out, err
		}
		keys[code] = m.keys.Key
		out.Members = append(out.Members, m)
	}
	for i := range out.Members {
		if err := out.Members[i].sees(ctx, tx, c.ID, keys); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (m *Member) ourselves(n *node.Node) {
	m.Name, m.Origin = n.Name, n.Origin
	keys, err := region.KeysOf(n.Origin, n.SigningKey())
	if err != nil {
		return // who may not read the key reads the rest
	}
	m.keys, m.Fingerprint = keys, exchange.Fingerprint(n.Member, n.Origin, keys)
}

func (m *Member) recognised(ctx context.Context, tx *store.Tx, n *node.Node, circle string, k region.Neighbour) error {
	m.Recognised, m.Name, m.Origin, m.Address = true, k.Name, k.Origin, k.Address
	m.Suspended, m.Left, m.index = k.Suspended, k.Left, k.Index
	m.keys = region.RolledFacts{Key: k.Key, Witness: k.Witness, Request: k.Request}
	m.Fingerprint = exchange.Fingerprint(k.Member, k.Origin, m.keys)
	var raw, words []byte
	err := tx.Row(ctx, `SELECT entry, words FROM book_entry WHERE book = ? AND idx = ?`, n.BookName(circle), k.Index).Scan(&raw, &words)
	if err != nil {
		return err
	}
	e, err := book.Scan(raw)
	if err != nil {
		return err
	}
	m.Since = e.At
	if w, err := region.MemberRecognised.WordsOf(words); err == nil { // erased words have no how
		m.how = w.How
	}
	roll, err := rollOf(ctx, tx, n.Member, circle, k)
	m.Rolled = roll != nil
	return err
}

// received reads how much of the member's book is here.
func (m *Member) received(ctx context.Context, tx *store.Tx, circle string) (err error) {
	name := m.Member + "/" + circle
	if m.Size, err = sizeHere(ctx, tx, name); err != nil || m.Size == 0 {
		return err
	}
	last, err := node.Entries(ctx, tx, name, m.Size-1, 1)
	if err != nil || len(last) == 0 {
		return err
	}
	if e, err := book.Scan(last[0]); err == nil { // one that was set aside may have no time
		m.LastAt = e.At
	}
	return nil
}

// sees reads whom the member's book recognises. keys are those by which we know each.
func (m *Member) sees(ctx context.Context, tx *store.Tx, circle string, keys map[string]string) error {
	if m.Size == 0 {
		return nil
	}
	all, err := region.Neighbours(ctx, tx, m.Member, circle)
	if err != nil {
		return err
	}
	m.Others = map[string]Seen{}
	for code := range keys {
		if code != m.Member {
			m.Others[code] = SeenNot
		}
	}
	for _, k := range all {
		switch known := keys[k.Member]; {
		case k.Suspended:
			m.Others[k.Member] = SeenSuspended
		case known != "" && known != k.Key:
			m.Others[k.Member] = SeenElse
		default:
			m.Others[k.Member] = SeenYes
		}
	}
	return nil
}

// member finds one member of a circle.
func (c Circle) member(code string) *Member {
	if at := slices.IndexFunc(c.Members, func(m Member) bool { return m.Member == code }); at >= 0 {
		return &c.Members[at]
	}
	return nil
}
