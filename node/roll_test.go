package node_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

func rolls(t *testing.T, f *node.Folder) node.Receipt {
	t.Helper()
	r, err := f.RollKey(context.Background(), node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing, _ book.Key) error {
		return add("suitong", "rolled", 1)(ctx, w)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func reopen(t *testing.T, dir string) *node.Folder {
	t.Helper()
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{counting}, anyone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// signedBy opens the head of the book suitong with a key, which must fit.
func signedBy(t *testing.T, f *node.Folder, key book.Key) book.Checkpoint {
	t.Helper()
	var signed []byte
	err := f.Store.Read(context.Background(), func(tx *store.Tx) (err error) {
		_, signed, err = node.Head(context.Background(), tx, f.BookName("suitong"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return headUnder(t, f, signed, key)
}

func headUnder(t *testing.T, f *node.Folder, signed []byte, key book.Key) book.Checkpoint {
	t.Helper()
	origin := f.OriginOf("suitong")
	v, err := book.Verifier(book.VerifierKey(origin, key.Public()))
	if err != nil {
		t.Fatal(err)
	}
	head, err := book.OpenCheckpoint(signed, origin, v)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func verifies(t *testing.T, f *node.Folder) {
	t.Helper()
	report, err := f.Verify(context.Background(), node.VerifyOptions{View: true})
	if err != nil || len(report.Faults) > 0 {
		t.Errorf("%v, %+v", err, report.Faults)
	}
}

func TestAKeyIsRolled(t *testing.T) {
	for _, c := range []struct {
		name string
		at   func(testing.TB) string
	}{{"sqlite", nowhere}, {"postgres", storetest.PostgresAddress}} {
		t.Run(c.name, func(t *testing.T) {
			f := folder(t, c.at(t))
			former := f.SigningKey()
			var others sync.WaitGroup
			for i := range 16 {
				others.Go(func() {
					for range 5 {
						mustWrite(t, f.Node, add("suitong", "beside", int64(i)))
					}
				})
			}
			roll := rolls(t, f).Entries[0]
			others.Wait()
			next := f.SigningKey()
			if bytes.Equal(former.Public(), next.Public()) {
				t.Fatal("the key is the same")
			}
			if head := signedBy(t, f, next); head.Size != 300+1+16*5 {
				t.Errorf("the head is of %d entries", head.Size)
			}
			v, err := book.Verifier(book.VerifierKey(f.OriginOf("suitong"), former.Public()))
			if err != nil {
				t.Fatal(err)
			}
			err = f.Store.Read(context.Background(), func(tx *store.Tx) error {
				last, err := node.RolledHead(context.Background(), tx, f.BookName("suitong"), book.KeyID(v))
				if err != nil {
					return err
				}
				if head := headUnder(t, f, last, former); head.Size != roll.Index+1 {
					t.Errorf("the last head under the former key is of %d entries, the roll is entry %d", head.Size, roll.Index)
				}
				if _, err = node.RolledHead(context.Background(), tx, f.BookName("suitong"), "00000000"); !errors.Is(err, node.ErrNoBook) {
					t.Errorf("an unknown key: %v", err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			verifies(t, f)
			dir := f.Dir
			f.Close()
			f = reopen(t, dir)
			mustWrite(t, f.Node, add("suitong", "after", 1))
			signedBy(t, f, next)
			rolls(t, f)
			kept, err := filepath.Glob(filepath.Join(dir, "key.until-*"))
			if err != nil || len(kept) != 2 {
				t.Errorf("former keys: %v, %v", kept, err)
			}
			verifies(t, f)
		})
	}
}

// TestARollIsCutOff puts the files of a folder back to how each step leaves them.
func TestARollIsCutOff(t *testing.T) {
	for name, c := range map[string]struct {
		before bool // the books do not say it yet
		files  func(former, next []byte) map[string][]byte
	}{
		"while the next key is written": {true, func(_, next []byte) map[string][]byte {
			return map[string][]byte{"key.next.new": next[:20]}
		}},
		"before the books say it": {true, func(_, next []byte) map[string][]byte {
			return map[string][]byte{"key.next": next}
		}},
		"after they say it": {false, func(former, next []byte) map[string][]byte {
			return map[string][]byte{"key": former, "key.next": next}
		}},
		"after the former is kept": {false, func(former, next []byte) map[string][]byte {
			return map[string][]byte{"key": former, "key.next": next, "key.until-x": former}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := folder(t, "")
			dir := f.Dir
			former := content(t, dir, "key")
			if !c.before {
				rolls(t, f)
			}
			f.Close()
			next, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
			if err != nil {
				t.Fatal(err)
			}
			waiting, err := next.MarshalText()
			if err != nil {
				t.Fatal(err)
			}
			if !c.before {
				waiting = content(t, dir, "key")
				if err := os.Remove(kept(t, dir)); err != nil {
					t.Fatal(err)
				}
			}
			for file, b := range c.files(former, waiting) {
				if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f = reopen(t, dir)
			mustWrite(t, f.Node, add("suitong", "after", 1))
			if c.before {
				if !bytes.Equal(content(t, dir, "key"), former) {
					t.Fatal("the key changed although no book says so")
				}
				rolls(t, f)
			}
			if !bytes.Equal(content(t, dir, kept(t, dir)[len(dir)+1:]), former) {
				t.Error("the former key is not kept")
			}
			signedBy(t, f, f.SigningKey())
			key, err := node.ReadKey(dir)
			if err != nil || !bytes.Equal(key.Public(), f.SigningKey().Public()) {
				t.Errorf("the folder's key is not the node's: %v", err)
			}
			verifies(t, f)
		})
	}
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func kept(t *testing.T, dir string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "key.until-????????"))
	if err != nil || len(all) != 1 {
		t.Fatalf("former keys: %v, %v", all, err)
	}
	return all[0]
}

// TestAnotherProcessStopsAfterARoll: over one database each process has its own memory of the key.
func TestAnotherProcessStopsAfterARoll(t *testing.T) {
	f := folder(t, storetest.PostgresAddress(t))
	s, err := node.ReadSettings(f.Dir)
	if err != nil {
		t.Fatal(err)
	}
	other, err := store.Open(context.Background(), s.Store)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.Open(context.Background(), node.Config{
		Identity: suining.Identity, Key: f.SigningKey(), Store: other, Modules: []node.Module{counting}, May: anyone.May,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	defer n.Close()
	mustWrite(t, n, add("suitong", "before", 1))
	rolls(t, f)
	if _, err := n.Write(context.Background(), node.Request{Actor: someone}, add("suitong", "after", 1)); !refuse.Is(err, "node.key-rolled") {
		t.Errorf("under the former key: %v", err)
	}
	mustWrite(t, f.Node, add("suitong", "after", 1))
	verifies(t, f)
}

// TestABackupTakesTheKeyOfItsBooks: also when the key is being rolled.
func TestABackupTakesTheKeyOfItsBooks(t *testing.T) {
	f := folder(t, "")
	former := content(t, f.Dir, "key")
	rolls(t, f)
	next := content(t, f.Dir, "key")
	for file, b := range map[string][]byte{"key": former, "key.next": next} {
		if err := os.WriteFile(filepath.Join(f.Dir, file), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	backsUp(t, f, "")
}

// TestFormerKeysAreBackedUp: what was sealed to the member before a roll is read after a restore.
func TestFormerKeysAreBackedUp(t *testing.T) {
	ctx, f := context.Background(), folder(t, "")
	rolls(t, f)
	out, dir := filepath.Join(t.TempDir(), "b.zip"), filepath.Join(t.TempDir(), "restored")
	if _, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	if _, err := node.Restore(ctx, out, dir, []node.Module{counting}, node.RestoreOptions{Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"key", filepath.Base(kept(t, f.Dir))} {
		if !bytes.Equal(content(t, dir, name), content(t, f.Dir, name)) {
			t.Errorf("%s is another one", name)
		}
	}
}

// rollUntilKilled rolls the key of a folder again and again, and says so.
func rollUntilKilled(dir string) {
	ctx := context.Background()
	f, err := node.OpenFolder(ctx, dir, []node.Module{counting}, anyone)
	for i := int64(0); err == nil; i++ {
		fmt.Println("key", book.VerifierKey(f.OriginOf("suitong"), f.SigningKey().Public()))
		_, err = f.RollKey(ctx, node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing, _ book.Key) error {
			return add("suitong", "rolled", i)(ctx, w)
		})
	}
	fmt.Println("error:", err)
}

// TestKilledWhileRolling: killed with -9 at any moment, a folder opens with the key that its books say.
func TestKilledWhileRolling(t *testing.T) {
	f := folder(t, "")
	dir := f.Dir
	f.Close()
	rolled := 0
	for run := range 25 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "LIANDONG_ROLLED="+dir)
		out, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines, after := bufio.NewScanner(out), 1+rand.IntN(4)
		for lines.Scan() {
			if !strings.HasPrefix(lines.Text(), "key ") {
				t.Fatalf("run %d: %s", run, lines.Text())
			}
			rolled++
			if after--; after == 0 {
				time.AfterFunc(time.Duration(rand.IntN(12000))*time.Microsecond, func() { c.Process.Kill() })
			}
		}
		_ = c.Wait() // it was killed
		f := reopen(t, dir)
		key, err := node.ReadKey(dir)
		if err != nil || !bytes.Equal(key.Public(), f.SigningKey().Public()) {
			t.Fatalf("run %d: the folder's key is not the node's: %v", run, err)
		}
		signedBy(t, f, key)
		mustWrite(t, f.Node, add("suitong", "after", 1))
		if run%12 == 0 {
			verifies(t, f)
		}
		f.Close()
	}
	t.Logf("25 kills, %d rolls begun", rolled)
}

// TestALostKeyIsReplaced, also where the node only reads because it was restored without its key, and where it was cut off.
func TestALostKeyIsReplaced(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		before func(t *testing.T, f *node.Folder)
		cutOff bool
	}{
		"simply": {func(*testing.T, *node.Folder) {}, false},
		"on one that reads": {func(t *testing.T, f *node.Folder) {
			if err := f.OnlyRead(ctx, "从备份恢复"); err != nil {
				t.Fatal(err)
			}
		}, false},
		"cut off before the file": {func(*testing.T, *node.Folder) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := folder(t, "")
			dir, former := f.Dir, f.SigningKey()
			c.before(t, f)
			size := signedBy(t, f, former).Size
			f.Close()
			replace := func() error { return node.ReplaceKey(ctx, dir, "", []node.Module{counting}, anyone) }
			if err := replace(); !errors.Is(err, node.ErrKeyHere) {
				t.Fatalf("a key that is there: %v", err)
			}
			if err := os.Remove(filepath.Join(dir, "key")); err != nil {
				t.Fatal(err)
			}
			if err := replace(); err != nil {
				t.Fatal(err)
			}
			if c.cutOff {
				if err := os.Rename(filepath.Join(dir, "key"), filepath.Join(dir, "key.next")); err != nil {
					t.Fatal(err)
				}
				if err := replace(); err != nil {
					t.Fatal(err)
				}
			}
			f = reopen(t, dir)
			if bytes.Equal(f.SigningKey().Public(), former.Public()) || signedBy(t, f, f.SigningKey()).Size != size {
				t.Error("the heads are not those of the new key")
			}
			verifies(t, f)
			why := ""
			if err := f.Store.Read(ctx, func(tx *store.Tx) (err error) {
				why, err = node.Reading(ctx, tx)
				return err
			}); err != nil || (why != "") != strings.HasPrefix(name, "on one") {
				t.Errorf("it reads only because of %q, %v", why, err)
			}
		})
	}
}

// TestABackupFromBeforeARoll: with the key of after the roll the restored node takes back its own book, which neighbours
// know under that key.
func TestABackupFromBeforeARoll(t *testing.T) {
	ctx, modules := context.Background(), []node.Module{counting}
	f := folder(t, "")
	out, dir := filepath.Join(t.TempDir(), "b.zip"), filepath.Join(t.TempDir(), "restored")
	if _, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	rolls(t, f)
	mustWrite(t, f.Node, add("suitong", "after", 1))
	later := party{Node: f.Node}.page(t, 0, 302)
	if _, err := node.Restore(ctx, out, dir, modules, node.RestoreOptions{Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	if err := node.ReplaceKey(ctx, dir, filepath.Join(f.Dir, "key"), modules, anyone); err != nil {
		t.Fatal(err)
	}
	if kept(t, dir) == "" {
		t.Error("the former key is not kept")
	}
	r := reopen(t, dir)
	if size, err := r.Receive(ctx, later); err != nil || size != 302 {
		t.Errorf("its own book as a neighbour holds it: %d, %v", size, err)
	}
	signedBy(t, r, f.SigningKey())
	verifies(t, r)
}
