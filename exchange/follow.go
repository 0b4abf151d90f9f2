package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// Follower (接收) reads the books of all recognised neighbours and keeps reading. One runs for each node.
type Follower struct {
	Node   *node.Node
	Signer Signer
	Client *http.Client
	Log    *slog.Logger
	// Pace is how long a quiet neighbour is left in peace; failing ones wait longer. 0: Pace of DefaultPace.
	Pace time.Duration
	// Attached finds the files that the words of an entry name; these are fetched. Nil: none are.
	Attached Attached
	// FileLimit is how large a file may be that is fetched, in bytes; 0: DefaultFileLimit.
	FileLimit int64
	// DailyBytes is how much is taken from one neighbour in a day; 0: DefaultDailyBytes.
	DailyBytes int64

	budgets sync.Map // *Budget, by member
	warned  sync.Map // region.OtherKey that the log was told of

	mu        sync.Mutex
	running   map[target]context.CancelFunc
	recovers  context.CancelFunc // nil: the node writes
	witnessed map[string]bool    // circles whose heads are being sent to witnesses
	news      *News              // of commits here
	hurried   News
}

// Hurry has every neighbour asked at once, however long it would have been left in peace: somebody says that the line works again.
func (f *Follower) Hurry() { f.hurried.Tell() }

// DefaultPace: hints tell of news at once; this is for those that got lost.
const DefaultPace = 20 * time.Second

// Waits after failures: doubled each time, with jitter, so that neighbours do not come back all at once.
const (
	firstWait = time.Second
	mostWait  = 5 * time.Minute
)

// target is a neighbour's book and where it is read.
type target struct {
	circle, member, origin, address string
	key                             string // by which it is recognised: another one is tried at once
	left                            bool   // the circle
}

func (t target) book() string { return t.member + "/" + t.circle }

// Run follows until ctx ends, whenever this process holds the lease.
func (f *Follower) Run(ctx context.Context) {
	f.news = &News{}
	f.Node.AfterCommit(f.news.Tell)
	(&Lease{Store: f.Node.Store}).While(ctx, f.run)
}

// run follows while the lease is held. Who is recognised, suspended or has left is read anew after each commit.
func (f *Follower) run(ctx context.Context) {
	f.running, f.witnessed, f.recovers = map[target]context.CancelFunc{}, map[string]bool{}, nil
	var wg sync.WaitGroup
	defer wg.Wait()
	tick, elsewhere := time.NewTicker(time.Second), time.NewTicker(5*time.Second)
	defer tick.Stop()
	defer elsewhere.Stop()
	if err := f.sweepFiles(ctx); err != nil && ctx.Err() == nil {
		f.Log.Warn("what came of files that nobody waits for was not dropped", "error", err)
	}
	next := closed()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next:
		case <-f.hurried.Next():
		case <-elsewhere.C: // another process over the same database may have written
		}
		next = f.news.Next()
		if err := f.settle(ctx, &wg); err != nil && ctx.Err() == nil {
			f.Log.Error("neighbours could not be read", "error", err)
		}
		if err := region.ShowSealing(ctx, f.Node); err != nil && ctx.Err() == nil {
			f.Log.Warn("the sealing key could not be shown", "error", err)
		}
		select { // a burst of commits is looked at once
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func closed() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// settle starts to follow those who came and stops following those who went.
func (f *Follower) settle(ctx context.Context, wg *sync.WaitGroup) error {
	wanted, err := f.targets(ctx)
	if err != nil {
		return err
	}
	reading, err := f.reading(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if reading && f.recovers == nil {
		var one context.Context
		one, f.recovers = context.WithCancel(ctx)
		wg.Go(func() { f.recovering(one) })
	} else if !reading && f.recovers != nil {
		f.recovers()
		f.recovers = nil
	}
	for t, stop := range f.running {
		if !wanted[t] {
			stop()
			delete(f.running, t)
		}
	}
	circles := map[string]bool{}
	for t := range wanted {
		circles[t.circle] = true
	}
	for c := range circles {
		if !f.witnessed[c] {
			f.witnessed[c] = true
			wg.Go(func() { f.beWitnessed(ctx, c) })
		}
	}
	for t := range wanted {
		if _, ok := f.running[t]; ok {
			continue
		}
		one, cancel := context.WithCancel(ctx)
		f.running[t] = cancel
		wg.Go(func() {
			f.follow(one, t)
			f.ended(one, t)
		})
		wg.Go(func() { f.files(one, t) })
	}
	return nil
}

// reading tells whether the node only reads, until its books were compared with what neighbours hold.
func (f *Follower) reading(ctx context.Context) (only bool, err error) {
	err = f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		why, err := node.Reading(ctx, tx)
		only = why != ""
		return err
	})
	return only, err
}

// ended forgets a book whose following ended by itself, so that it is begun anew when somebody lets it go on.
func (f *Follower) ended(ctx context.Context, t target) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() == nil {
		f.running[t]()
		delete(f.running, t)
	}
}

// targets are the books that are followed now over the network.
func (f *Follower) targets(ctx context.Context) (map[target]bool, error) {
	wanted := map[target]bool{}
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) error {
		stopped := map[string]bool{}
		states, err := Follows(ctx, tx)
		if err != nil {
			return err
		}
		for _, s := range states {
			stopped[s.Book] = s.Stopped
		}
		circles, err := node.Circles(ctx, tx, f.Node.Member)
		if err != nil {
			return err
		}
		for _, c := range circles {
			if left, err := region.HasLeft(ctx, tx, f.Node.BookName(c)); err != nil || left {
				if err != nil {
					return err
				}
				continue
			}
			neighbours, err := region.Neighbours(ctx, tx, f.Node.Member, c)
			if err != nil {
				return err
			}
			for _, n := range neighbours {
				t := target{c, n.Member, n.Origin, n.Address, n.Key, n.Left}
				if n.Address != "" && !n.Suspended && !stopped[t.book()] {
					wanted[t] = true
				}
			}
		}
		return nil
	})
	return wanted, err
}

func (f *Follower) remote(t target, path string) *Remote {
	return &Remote{Address: t.address, Path: path, Origin: t.origin, Client: f.Client, Signer: f.Signer, Budget: f.budget(t.member)}
}

// today is how many bytes came from each neighbour since the day began.
func (f *Follower) today() map[string]int64 {
	used := map[string]int64{}
	if f != nil {
		f.budgets.Range(func(member, b any) bool {
			used[member.(string)] = b.(*Budget).Used()
			return true
		})
	}
	return used
}

// budget is what may still come from a member today, in all its circles.
func (f *Follower) budget(member string) *Budget {
	most := f.DailyBytes
	if most == 0 {
		most = DefaultDailyBytes
	}
	b, _ := f.budgets.LoadOrStore(member, &Budget{Most: most, Now: f.Node.Now})
	return b.(*Budget)
}

// Came is how many bytes came from a member today, by this process.
func (f *Follower) Came(member string) int64 { return f.budget(member).Used() }

// Once takes what is new in a neighbour's book of a circle, notes how that went, and returns the book's size here.
func (f *Follower) Once(ctx context.Context, circle, member string, src Source) (size int64, err error) {
	name := member + "/" + circle
	c, err := f.catching(ctx, circle, member)
	if err != nil {
		return 0, err
	}
	before, size, err := c.From(ctx, src)
	if ctx.Err() != nil {
		return size, ctx.Err()
	}
	if err != nil {
		f.Log.Warn("a neighbour's book could not be followed", "book", name, "error", err)
		noted := f.Node.Store.Write(ctx, func(tx *store.Tx) error {
			return failed(ctx, tx, name, Explain(err), false, f.Node.Now())
		})
		return size, errors.Join(err, noted)
	}
	return size, f.Node.Store.Write(ctx, func(tx *store.Tx) error {
		return reached(ctx, tx, name, size, size > before, f.Node.Now())
	})
}

func (f *Follower) catching(ctx context.Context, circle, member string) (Catching, error) {
	c := Catching{Node: f.Node, Book: member + "/" + circle}
	c.Seen = func(ctx context.Context, head signedHead, grown bool) error {
		return f.Node.Store.Write(ctx, func(tx *store.Tx) error { return f.noteSeen(ctx, tx, circle, head, grown, f.Node.Now()) })
	}
	c.Found = func(ctx context.Context, fork book.Fork) error {
		return f.Node.Store.Write(ctx, func(tx *store.Tx) error {
			return KeepEvidence(ctx, tx, c.Book, fork, f.Node.Now())
		})
	}
	c.Unproven = func(ctx context.Context, why error) error {
		return f.Node.Store.Write(ctx, func(tx *store.Tx) error {
			return failed(ctx, tx, c.Book, Explain(why), true, f.Node.Now())
		})
	}
	c.Beyond = f.beyond(ctx, circle, member)
	c.Ties = tiesIn(f.Node, circle, member)
	if member == f.Node.Member {
		return f.ownCatching(ctx, circle, c)
	}
	err := f.Node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		c.Keys, err = Recognised(ctx, tx, f.Node.BookName(circle), member)
		return err
	})
	if err == nil && len(c.Keys) == 0 {
		err = fmt.Errorf("%s: %w", c.Book, ErrNoKey)
	}
	return c, err
}

// Explain says in words for the operator what went wrong and what to do, on one line.
func Explain(err error) string {
	var status *StatusError
	switch {
	case errors.As(err, &status) && (status.Status == http.StatusNotFound || status.Status == http.StatusForbidden):
		return "邻方没有向本方开放这本账:请确认对方已认可本方的公钥 (the neighbour does not let us read: has it recognised us?)"
	case errors.As(err, &status):
		return fmt.Sprintf("邻方回答异常 (unexpected answer): %v", err)
	case errors.Is(err, ErrRolled):
		return ErrRolled.Error()
	case errors.Is(err, ErrNoKey), errors.Is(err, node.ErrUnrecognised):
		return "账头不是所认可的密钥签的:对方可能更换了密钥,请与对方核对后重新认可 (signed by another key: recognise it anew after asking)"
	case errors.Is(err, ErrOldHead):
		return "邻方给出的账头比已收到的旧:可能正从备份恢复 (an older head than before: perhaps it is being restored)"
	case errors.Is(err, ErrRedirect):
		return ErrRedirect.Error()
	case errors.Is(err, ErrDailyLimit):
		return ErrDailyLimit.Error()
	}
	var line *url.Error
	if errors.As(err, &line) { // the cause, with the address, stands in the log
		if strings.ContainsFunc(line.Err.Error(), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return line.Err.Error() // somebody said why
		}
		if line.Timeout() {
			return "邻方的节点没有及时应答:线路慢,或对方很忙 (the neighbour's node did not answer in time)"
		}
		return "连不上邻方的节点:请检查线路、对方的地址,以及对方是否在运行 (the neighbour's node cannot be reached: check the line, its address, and whether it runs)"
	}
	words := strings.Fields(err.Error())
	return strings.Join(words, " ")
}
