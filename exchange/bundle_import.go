package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Importing (导入离线包) takes bundles as their books would be taken over the network: Catching proves them.
type Importing struct {
	Follower *Follower
	Attached Attached // nil: no attachments are taken
	// Progress is told the entries read. May be nil.
	Progress func(done, total int64)
}

// PartReport is what became of one file.
type PartReport struct {
	File        string       `json:"file"`
	From        string       `json:"from,omitempty"`     // member that made it
	FromName    string       `json:"fromName,omitempty"` // as it calls itself
	Circle      string       `json:"circle,omitempty"`
	At          *time.Time   `json:"at,omitempty"`
	Part        int          `json:"part,omitempty"`
	Last        bool         `json:"last,omitempty"`
	Books       []BookReport `json:"books"`
	Attachments int          `json:"attachments"` // taken now
	Cosigned    int          `json:"cosigned"`    // heads of ours that the maker had verified
	Problems    []string     `json:"problems"`
}

// Clean tells whether all that the file holds stands here now.
func (r PartReport) Clean() bool {
	return len(r.Problems) == 0 && !slices.ContainsFunc(r.Books, func(b BookReport) bool { return b.Why != "" })
}

// BookReport is what became of one book of a file.
type BookReport struct {
	Book   string `json:"book"`
	Before int64  `json:"before"`
	After  int64  `json:"after"`
	Size   int64  `json:"size"` // of the head in the file
	State  string `json:"state"`
	Why    string `json:"why,omitempty"` // it was not taken
}

// The states of a book of a file.
const (
	BundleTaken   = "taken"   // entries came
	BundleHere    = "here"    // all of it stood here already
	BundleGap     = "gap"     // an earlier file is missing
	BundleStopped = "stopped" // the member showed two books, now or before
	BundleRefused = "refused" // it does not hold
)

// opening is a part with its report and what of it is still to be taken.
type opening struct {
	*piece
	report  *PartReport
	pending []BundledBook
}

// Files takes files of one or more bundles in whatever order they are given. What one does not hold is in its report;
// an error means that this node could not go on, and importing again does.
func (im Importing) Files(ctx context.Context, paths []string) ([]PartReport, error) {
	reports := make([]PartReport, len(paths))
	var open []*opening
	defer func() {
		for _, o := range open {
			_ = o.close() // it was only read
		}
	}()
	for i, path := range paths {
		reports[i] = PartReport{File: path, Books: []BookReport{}, Problems: []string{}}
		o, err := im.open(ctx, path, &reports[i])
		if err != nil {
			reports[i].Problems = append(reports[i].Problems, Explain(err))
			continue
		}
		open = append(open, o)
	}
	if err := im.books(ctx, open); err != nil {
		return reports, err
	}
	for _, o := range open {
		if err := im.rest(ctx, o); err != nil {
			return reports, err
		}
	}
	return reports, nil
}

// open opens a file and tells whether it is from somebody with whom we exchange, and for us.
func (im Importing) open(ctx context.Context, path string, report *PartReport) (*opening, error) {
	p, err := openPart(path)
	if err != nil {
		return nil, err
	}
	report.From, report.FromName, report.Circle, report.At = p.From.Member, p.From.Name, p.Circle, &p.At
	report.Part, report.Last = p.Part, p.Last
	if err := im.forUs(ctx, p.Manifest); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return &opening{p, report, slices.Clone(p.Books)}, nil
}

func (im Importing) forUs(ctx context.Context, m Manifest) error {
	n := im.Follower.Node
	if m.From.Member != n.Member && !slices.Contains(m.To, n.Member) {
		return fmt.Errorf("%w: %v", ErrOtherTarget, m.To)
	}
	return n.Store.Read(ctx, func(tx *store.Tx) error {
		one, err := region.NeighbourIn(ctx, tx, n.Member, m.Circle, m.From.Member)
		if err != nil {
			return err
		}
		if m.From.Member != n.Member && (one == nil || one.Suspended) {
			return fmt.Errorf("%s (%s): %w", m.From.Member, m.Circle, ErrNotMet)
		}
		return nil
	})
}

// books takes the books of all files, again and again while one of them still fits on: the files may come in any
// order.
func (im Importing) books(ctx context.Context, open []*opening) error {
	var total, done int64
	for _, o := range open {
		for _, b := range o.pending {
			total += b.To - b.From
		}
	}
	step := func(entries int) {
		if done += int64(entries); im.Progress != nil {
			im.Progress(min(done, total), total)
		}
	}
	for again := true; again; {
		again = false
		for _, o := range open {
			var left []BundledBook
			for _, b := range o.pending {
				r, err := im.book(ctx, bundled{o.piece, b, nil}, step)
				if err != nil {
					return err
				}
				if r.State == BundleGap {
					left = append(left, b)
					continue
				}
				again = true
				o.report.Books = append(o.report.Books, r)
			}
			o.pending = left
		}
	}
	for _, o := range open {
		for _, b := range o.pending {
			r, err := im.missing(ctx, bundled{o.piece, b, nil})
			if err != nil {
				return err
			}
			o.report.Books = append(o.report.Books, r)
		}
	}
	return nil
}

// book takes one book of one file. The error is this node's trouble, not the file's.
func (im Importing) book(ctx context.Context, src bundled, step func(int)) (r BookReport, err error) {
	f := im.Follower
	name := src.Member + "/" + src.Circle
	r = BookReport{Book: name, Size: src.Size}
	c, known, err := im.catching(ctx, src)
	if err != nil {
		return r, err
	}
	here, _, err := c.stands(ctx)
	if err != nil {
		return r, err
	}
	r.Before, r.After = here.Size, here.Size
	switch {
	case known != nil:
		r.State, r.Why = BundleRefused, Explain(known)
		if errors.Is(known, ErrForked) {
			r.State = BundleStopped
		}
		return r, nil
	case here.Size < src.From:
		r.State = BundleGap
		return r, nil
	}
	src.step, c.Fill = step, true
	_, after, err := c.From(ctx, src)
	switch {
	case ctx.Err() != nil:
		return r, ctx.Err()
	case errors.Is(err, ErrOldHead), errors.Is(err, errNotInPart) && src.To <= here.Size:
		r.State = BundleHere // and more than that
		return r, nil
	case errors.Is(err, ErrForked):
		f.Log.Error("a neighbour shows two books; it is followed no further", "book", name)
		r.State, r.Why = BundleStopped, Explain(err)
		return r, nil
	}
	if after > here.Size {
		r.After, r.State = after, BundleTaken
	} else {
		r.State = BundleHere
	}
	if err != nil {
		if store.DiskFull(err) || errors.Is(err, node.ErrClosed) {
			return r, err
		}
		if r.Why = Explain(err); errors.Is(err, node.ErrUnrecognised) && src.Member == f.Node.Member {
			r.Why = ErrBehind.Error()
		}
		if !errors.Is(err, ErrRolled) {
			r.State = BundleRefused
			return r, nil
		}
	}
	if src.Member == f.Node.Member {
		return r, nil
	}
	return r, f.Node.Store.Write(ctx, func(tx *store.Tx) error {
		return carried(ctx, tx, name, r.After, r.After > r.Before, earlier(src.At, f.Node.Now()))
	})
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// catching is what the book is proven by. known says why it is not even tried.
func (im Importing) catching(ctx context.Context, src bundled) (c Catching, known, err error) {
	f := im.Follower
	c, err = f.catching(ctx, src.Circle, src.Member)
	if errors.Is(err, ErrNoKey) {
		return c, ErrNotMet, nil
	}
	if err != nil {
		return c, nil, err
	}
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		states, err := Follows(ctx, tx)
		for _, s := range states {
			if s.Book == c.Book && s.Stopped {
				known = ErrForked
			}
		}
		return err
	})
	return c, known, err
}

// missing says which file is to be brought before this one.
func (im Importing) missing(ctx context.Context, src bundled) (BookReport, error) {
	here, _, err := Catching{Node: im.Follower.Node, Book: src.Member + "/" + src.Circle}.stands(ctx)
	r := BookReport{Book: src.Member + "/" + src.Circle, Before: here.Size, After: here.Size, Size: src.Size, State: BundleGap}
	r.Why = fmt.Sprintf("这里只到第 %d 条,本段从第 %d 条起", here.Size, src.From)
	for _, p := range src.Before {
		for _, b := range p.Books {
			if b.Member == src.Member && b.From <= here.Size && here.Size < b.To {
				r.Why += fmt.Sprintf(":请先导入 %s(SHA-256 %s) (bring that file first)", p.File, p.SHA256)
				return r, err
			}
		}
	}
	r.Why += fmt.Sprintf(":请对方用 --since %s=%d 重新导出 (entries before these are missing: have it exported again)", src.Member, here.Size)
	return r, err
}

// rest takes cosignatures of our heads, compares heads of other books, and takes attachments.
func (im Importing) rest(ctx context.Context, o *opening) error {
	for _, c := range o.Cosignatures {
		if c.Member != im.Follower.Node.Member {
			continue
		}
		if err := im.cosigned(ctx, o, c); err != nil {
			o.report.Problems = append(o.report.Problems, Explain(err))
			continue
		}
		o.report.Cosigned++
	}
	for _, h := range o.Heads {
		if err := im.compare(ctx, o, h); err != nil {
			o.report.Problems = append(o.report.Problems, h.Member+"/"+o.Circle+": "+Explain(err))
		}
	}
	if im.Attached == nil || im.Follower.Node.Blobs == nil {
		return nil
	}
	for _, a := range o.Attachments {
		taken, err := im.attachment(ctx, o, a)
		if err != nil && (store.DiskFull(err) || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			o.report.Problems = append(o.report.Problems, a.Blob+": "+Explain(err))
		}
		if taken {
			o.report.Attachments++
		}
	}
	return nil
}

// compare proves a head that the maker holds of a book to belong to the book that stands here, as Compare does when
// two members meet. A longer one says nothing without its entries; of our own, that we lost some.
func (im Importing) compare(ctx context.Context, o *opening, h HeadSeen) error {
	if slices.ContainsFunc(o.Books, func(b BundledBook) bool { return b.Member == h.Member }) {
		return nil // it was proven with its entries
	}
	err := im.Follower.matches(ctx, o.Circle, h, func(int, int64, int) ([]byte, error) { return nil, errNotInPart })
	if !errors.Is(err, errNotInPart) || errors.Is(err, errInconsistent) {
		return err
	}
	if h.Member == im.Follower.Node.Member {
		return ErrBehind
	}
	return nil // it is longer than what stands here
}
