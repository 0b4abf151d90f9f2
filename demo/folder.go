package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/web/account"
)

// edition counts the forms of the demonstration: a folder of another edition is made anew.
const edition = 2

// seed of everything that the first node draws while the demonstration is made; those of its neighbours add their folders.
const seed = "liandong 演示 1"

const (
	stateFile  = "demo.json"
	listFolder = "lists"

	databaseFile = "liandong.db" // as package node names it
)

// Identity is the member whose node stands in the demonstration's folder itself.
var Identity = members[0].Identity

// Circles are those whose books its node opens to anyone.
var Circles = members[0].circles

// Options say how a demonstration is made.
type Options struct {
	Dir     string
	Fresh   bool // make it anew even if it stands
	Modules []node.Module
	// Founder is who acts in a node that was just made, of whichever member, for its coordinating office; Found makes
	// both, as the first start of every node does.
	Founder node.Actor
	Found   func(context.Context, *node.Node) error
	// Progress is told the steps done. May be nil.
	Progress func(done, total int64)
}

// state is what demo.json holds.
type state struct {
	Note    string    `json:"note"`
	Edition int       `json:"edition"`
	Since   time.Time `json:"since,omitzero"` // real time at which the clock stood at Start; zero: not whole
}

// Open gives the demonstration of a folder, made if it does not stand there, and its clock. made
// says that it was made now. The caller then opens the node with that clock.
func Open(ctx context.Context, o Options) (clock *Clock, made bool, err error) {
	s, err := readState(o.Dir)
	if err != nil {
		return nil, false, err
	}
	if s != nil && !o.Fresh && s.Edition == edition && !s.Since.IsZero() {
		return &Clock{since: s.Since}, false, nil
	}
	if err := wipe(ctx, o); err != nil {
		return nil, false, err
	}
	if err := o.build(ctx); err != nil {
		return nil, false, fmt.Errorf("制作演示数据 (make the demonstration): %w", err)
	}
	since := time.Now()
	for _, m := range slices.Backward(members) { // the first is written last: then the demonstration is whole
		if err := writeState(filepath.Join(o.Dir, m.folder), since); err != nil {
			return nil, false, err
		}
	}
	return &Clock{since: since}, true, nil
}

// place is where the node of a member stands while it is made.
type place struct {
	*member
	dir    string
	key    book.Key
	random *seeded
	clock  *Clock
	open   *node.Folder
	past   *seeding
}

// build makes all nodes at once: each knows the others' keys, and nothing else of them until its past is written.
func (o Options) build(ctx context.Context) error {
	var all []*place
	for _, m := range members {
		p := &place{member: m, dir: filepath.Join(o.Dir, m.folder), random: newSeeded(seed + m.folder), clock: &Clock{held: Start}}
		if err := p.begin(); err != nil {
			return err
		}
		all = append(all, p)
	}
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, p := range all {
		wg.Go(func() { errs[i] = o.buildAt(ctx, p, all) })
	}
	wg.Wait()
	err := errors.Join(errs...)
	if err == nil {
		err = answer(ctx, all[0], all[1])
	}
	for _, p := range all {
		if p.open != nil {
			err = errors.Join(err, p.open.Close(), flush(filepath.Join(p.dir, databaseFile)))
		}
	}
	return err
}

// begin makes the folder with its key.
func (p *place) begin() (err error) {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return err
	}
	if err := writeState(p.dir, time.Time{}); err != nil {
		return err
	}
	if err := node.InitFolderFrom(p.dir, node.Settings{Identity: p.Identity}, p.random); err != nil {
		return err
	}
	p.key, err = node.ReadKey(p.dir)
	return err
}

func (o Options) buildAt(ctx context.Context, p *place, all []*place) (err error) {
	p.open, err = node.OpenFolder(ctx, p.dir, o.Modules, node.FolderOptions{
		May: region.Permit, Clock: p.clock.Now, Rand: p.random, Unsynced: true,
	})
	if err != nil {
		return err
	}
	if err := o.fill(ctx, p, all); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// founderOf is the founder of a member's node.
func (o Options) founderOf(m *member) node.Actor {
	founder := o.Founder
	founder.Member = m.Member
	return founder
}

// flush brings a file to the disk before the demonstration is called whole.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// fill makes the sign-ins beside the work: both take their time, and neither needs the other.
func (o Options) fill(ctx context.Context, p *place, all []*place) error {
	accounts, err := account.Open(ctx, p.open.Store, p.Member, false)
	if err != nil {
		return err
	}
	signed := make(chan error, 1)
	go func() { signed <- p.createAccounts(ctx, accounts, o.Founder.Org) }()
	err = o.seed(ctx, p, all)
	return errors.Join(err, <-signed)
}

func readState(dir string) (*state, error) {
	raw, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var s state
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, stateFile), err)
	}
	return &s, nil
}

func writeState(dir string, since time.Time) error {
	raw, err := json.MarshalIndent(state{Note: "演示数据，可随时删除 (demonstration data)", Edition: edition, Since: since}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, stateFile), append(raw, '\n'), 0o600)
}

// wipe removes a demonstration. What is no demonstration's is never touched.
func wipe(ctx context.Context, o Options) error {
	entries, err := os.ReadDir(o.Dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(o.Dir, stateFile)); err != nil {
		return fmt.Errorf("%s 里不是演示数据,未作任何改动,请换一个目录 (not a demonstration's folder, nothing was changed; choose another --dir)", o.Dir)
	}
	for _, m := range members {
		var served *node.ErrServed
		f, err := node.OpenFolder(ctx, filepath.Join(o.Dir, m.folder), o.Modules, node.FolderOptions{May: region.Permit})
		if errors.As(err, &served) {
			return err
		}
		if err == nil {
			f.Close()
		}
	}
	for _, name := range []string{
		databaseFile, databaseFile + "-wal", databaseFile + "-shm", "files", "key", "node.json", "socket", listFolder, neighbourFolder, stateFile,
	} {
		if err := os.RemoveAll(filepath.Join(o.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// ClockOf is the clock of the demonstration that stands in a folder, nil if none does: what reads
// the folder beside the process that serves it must go by the same time.
func ClockOf(dir string) (*Clock, error) {
	s, err := readState(dir)
	if err != nil || s == nil || s.Since.IsZero() {
		return nil, err
	}
	return &Clock{since: s.Since}, nil
}
