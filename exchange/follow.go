package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
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

// follow reads one book for as long as it is wanted.
func (f *Follower) follow(ctx context.Context, t target) {
	src := f.remote(t, "/book/"+t.circle+"/")
	wait := firstWait
	var compared time.Time
	missed := 0     // comparisons of third books in a row
	var known int64 // size
	idle := 0       // hints that came at once and told of nothing
	for ctx.Err() == nil {
		hurried := f.hurried.Next()
		size, err := f.Once(ctx, t.circle, t.member, src)
		if t.left { // it may come back: its book says so, and is looked at now and then
			pause(ctx, jitter(leftPace), hurried)
			continue
		}
		switch {
		case errors.Is(err, ErrForked):
			f.Log.Error("a neighbour shows two books; it is followed no further", "book", t.book())
			return
		case err != nil:
			if pause(ctx, jitter(wait), hurried) {
				wait = firstWait
			} else {
				wait = min(2*wait, mostWait)
			}
		default:
			wait = firstWait
			if time.Since(compared) > comparePace {
				compared = time.Now()
				missed = f.gossip(ctx, t, src, missed)
			}
			if size > known {
				idle = 0
			}
			known = size
			if idle > mostIdle {
				pause(ctx, jitter(f.pace()), hurried)
			}
			if f.rest(ctx, src, size, hurried) < time.Second {
				idle++
			} else {
				idle = 0
			}
		}
	}
}

// mostIdle is how many hints in a row may come at once and tell of nothing, before a neighbour is asked at our pace.
const mostIdle = 3

// leftPace is how often the book of a member that left the circle is looked at.
const leftPace = 30 * time.Minute

func (f *Follower) pace() time.Duration {
	if f.Pace == 0 {
		return DefaultPace
	}
	return f.Pace
}

// comparePace is how often a neighbour is asked about third books.
const comparePace = time.Minute

// gossip compares heads of third books with a neighbour; missed is how often in a row that failed, and the answer how often it has now. Once is
// no warning: a neighbour tells of a head while its copy of the entries is still on its way.
func (f *Follower) gossip(ctx context.Context, t target, src *Remote, missed int) int {
	err := errors.Join(f.Compare(ctx, Meeting{t.circle, t.member, src}), f.warnOfKeys(ctx))
	switch {
	case err == nil || ctx.Err() != nil:
		return 0
	case missed == 0:
		f.Log.Info("heads of third books will be compared again", "circle", t.circle, "with", t.member, "error", err)
	default:
		f.Log.Warn("heads of third books could not be compared", "circle", t.circle, "with", t.member, "error", err)
	}
	return missed + 1
}

// witnessPace is how often a growing book is shown to its witnesses.
const witnessPace = time.Second

// beWitnessed shows the heads of our book of a circle to the neighbours, as it grows.
func (f *Follower) beWitnessed(ctx context.Context, circle string) {
	for ctx.Err() == nil {
		next, hurried := f.news.Next(), f.hurried.Next()
		if err := f.Witnesses(ctx, circle); err != nil && ctx.Err() == nil {
			f.Log.Info("not all witnesses cosigned", "circle", circle, "error", err)
		}
		sleep(ctx, witnessPace)
		select {
		case <-next:
		case <-hurried:
		case <-time.After(jitter(mostWait)): // for those who did not answer
		case <-ctx.Done():
		}
	}
}

// rest waits for the neighbour's hint of news, and returns how long.
func (f *Follower) rest(ctx context.Context, src *Remote, size int64, hurried <-chan struct{}) time.Duration {
	begun := time.Now()
	asking, cancel := context.WithTimeout(ctx, longestWait+10*time.Second)
	defer cancel()
	go func() {
		select {
		case <-hurried:
			cancel()
		case <-asking.Done():
		}
	}()
	if err := src.Wait(asking, size); err != nil {
		pause(ctx, jitter(f.pace()), hurried)
	} else if took := time.Since(begun); took < 20*time.Millisecond {
		sleep(ctx, 20*time.Millisecond-took)
	}
	return time.Since(begun)
}

// pause sleeps until d has passed or somebody hurries; whether somebody did.
func pause(ctx context.Context, d time.Duration, hurried <-chan struct{}) bool {
	enough := time.NewTimer(d)
	defer enough.Stop()
	select {
	case <-hurried:
		return true
	case <-enough.C:
	case <-ctx.Done():
	}
	return false
}

// jitter is between half of d and one and a half.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) }

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
