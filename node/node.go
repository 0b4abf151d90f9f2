package node

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Self is the circle of the member's own book (内部账), which no one else ever reads.
const Self = "self"

// Actor is who acts now: an opaque person, the organisation and the seat he acts for.
type Actor struct {
	Person string
	Org    string
	Seat   string
	Member string
	For    string // the person for whom he acts as a substitute (代); empty: for himself
}

// Identity names the member whose node this is.
type Identity struct {
	Member string `json:"member"` // GB/T 2260 code, 510900
	Name   string `json:"name"`   // 遂宁市
	Origin string `json:"origin"` // suining.example
}

// Config is what a node is made of. Clock, randomness and rules of permission are handed in.
type Config struct {
	Identity Identity
	Key      book.Key
	// Former is the public half of a signing key that was lost: books signed by it are continued under Key (Adopt). Nil:
	// none was.
	Former   ed25519.PublicKey
	Store    *store.Store
	Blobs    *Blobs
	Modules  []Module
	May      func(a Actor, action string) bool
	Clock    func() time.Time // nil: the system's
	Rand     io.Reader        // nil: the system's; used by several goroutines
	SM2      bool             // every head also gets a line of SM2 with SM3
	Progress func(done, total int64)
}

// Node is the running liandong of one member.
type Node struct {
	Identity
	Store *store.Store
	Blobs *Blobs

	key     atomic.Pointer[book.Key]
	lost    ed25519.PublicKey          // Config.Former
	former  atomic.Pointer[[]book.Key] // rolled; they open what was sealed to them
	modules []Module
	kinds   map[string]AnyKind
	owner   map[string]int // kind name -> index of its module
	may     func(a Actor, action string) bool
	clock   func() time.Time
	rand    io.Reader
	sm2     bool

	heads      map[string]*head // owned by the writer
	generation int64            // owned by the writer
	watch      watch
	silence    time.Duration // mostSilence, except in tests
	process    string        // names this process to others on the same database
	deaf       chan struct{} // closed when nobody listens to them any more
	queue      chan *waiting
	stop       chan struct{}
	stopped    chan struct{}
	after      atomic.Pointer[[]func()]

	forgetful  atomic.Bool // words were erased, and the commit that did it is to come or just came
	wakeForget chan struct{}
	forgot     chan struct{} // closed when nothing is finished any more
	finishing  sync.Mutex    // one at a time finishes erasures
}

// Open migrates the store, makes the view anew if its shape is another one, and starts the
// writer. Close must be called.
func Open(ctx context.Context, c Config) (*Node, error) {
	n, err := assemble(c)
	if err != nil {
		return nil, err
	}
	if err := n.migrate(ctx); err != nil {
		return nil, err
	}
	if err := n.currentView(ctx, c.Progress); err != nil {
		return nil, err
	}
	if err := n.watchPrimary(ctx); err != nil {
		return nil, err
	}
	go n.write()
	go n.forget()
	go n.listen()
	return n, nil
}

// Inspect opens a node for reading only, beside the process that serves it: no writer, no
// migration.
func Inspect(c Config) (*Node, error) { return assemble(c) }

var identifier = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func assemble(c Config) (*Node, error) {
	n := &Node{
		Identity: c.Identity, Store: c.Store, Blobs: c.Blobs,
		modules: append([]Module{base}, c.Modules...), may: c.May, clock: c.Clock, rand: c.Rand, sm2: c.SM2, lost: c.Former,
		kinds: map[string]AnyKind{}, owner: map[string]int{}, heads: map[string]*head{},
		queue: make(chan *waiting, 4*maxBatch), stop: make(chan struct{}), stopped: make(chan struct{}),
		silence: mostSilence, process: rand.Text(), deaf: make(chan struct{}),
		wakeForget: make(chan struct{}, 1), forgot: make(chan struct{}),
	}
	n.key.Store(&c.Key)
	if n.clock == nil {
		n.clock = time.Now
	}
	if n.rand == nil {
		n.rand = rand.Reader
	}
	if n.Blobs != nil {
		n.Blobs.rand, n.Blobs.member = n.rand, n.Member
	}
	if n.may == nil {
		return nil, errors.New("a node needs its rules of permission")
	}
	for i, m := range n.modules {
		for _, k := range m.Kinds {
			if _, twice := n.kinds[k.KindName()]; twice {
				return nil, fmt.Errorf("the kind %s is brought by two modules", k.KindName())
			}
			n.kinds[k.KindName()], n.owner[k.KindName()] = k, i
		}
	}
	return n, nil
}

func (n *Node) migrate(ctx context.Context) error {
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	if err := n.Store.Migrate(ctx, "node", own); err != nil {
		return err
	}
	for _, m := range n.modules {
		if m.Migrations == nil {
			continue
		}
		if err := n.Store.Migrate(ctx, m.Name, m.Migrations); err != nil {
			return err
		}
	}
	return nil
}

// Close lets the writer finish what it has begun and stops it.
func (n *Node) Close() {
	select {
	case <-n.stop:
	default:
		close(n.stop)
	}
	<-n.stopped
	<-n.forgot
	<-n.deaf
}

// Now is the node's clock: entries, cut-offs and as-of dates go by it.
func (n *Node) Now() time.Time { return n.clock().UTC().Truncate(time.Millisecond) }

// Modules lists what the node is made of, the node's own tables first.
func (n *Node) Modules() []Module { return n.modules }

// AfterCommit adds a function that is called after each commit, also of other processes on the same database and from
// several goroutines: it must return at once.
func (n *Node) AfterCommit(f func()) {
	var all []func()
	if old := n.after.Load(); old != nil {
		all = append(all, *old...)
	}
	all = append(all, f)
	n.after.Store(&all)
}

// BookName is the name of this member's book for a circle in the store: "510900/suitong".
func (n *Node) BookName(circle string) string { return n.Member + "/" + circle }

// OriginOf is the origin of this member's book for a circle: "suining.example/suitong".
func (n *Node) OriginOf(circle string) string { return n.Origin + "/" + circle }

func checkCircle(circle string) error {
	if !identifier.MatchString(circle) {
		return refuse.New("node.circle-name", "circle", circle).At("circle")
	}
	return nil
}

// RandomText is 26 letters and digits that nobody can guess, from the node's randomness.
func (n *Node) RandomText() string { return randomText(n.rand) }

func randomText(rand io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		panic(fmt.Sprintf("no randomness: %v", err)) // nothing may be made without it
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// PublicKey is the public half of the signing key.
func (n *Node) PublicKey() ed25519.PublicKey { return n.SigningKey().Public() }

// RequestKey signs this member's requests to read neighbours' books.
func (n *Node) RequestKey() (ed25519.PrivateKey, error) { return n.SigningKey().RequestKey() }

// RequestKeys are the present request key and then those that were rolled: until a neighbour's people recognise the next, their node
// answers to the one that they recognised.
func (n *Node) RequestKeys() ([]ed25519.PrivateKey, error) {
	keys := []book.Key{n.SigningKey()}
	if former := n.former.Load(); former != nil {
		keys = append(keys, *former...)
	}
	var all []ed25519.PrivateKey
	for _, k := range keys {
		r, err := k.RequestKey()
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// Cosigner signs neighbours' heads that this member has verified.
func (n *Node) Cosigner() (book.Cosigner, error) {
	return n.SigningKey().Cosigner(WitnessName(n.Origin))
}

// WitnessName is the name under which the member of an origin cosigns.
func WitnessName(origin string) string { return origin + "/witness" }
