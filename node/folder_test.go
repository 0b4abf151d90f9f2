package node_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

var suining = node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}}

// anyone may do anything: permission is not what these tests are about.
var anyone = node.FolderOptions{May: func(node.Actor, string) bool { return true }}

func folder(t *testing.T, where string) *node.Folder {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "node")
	s := suining
	s.Store = where
	if err := node.InitFolder(dir, s); err != nil {
		t.Fatal(err)
	}
	f, err := node.OpenFolder(context.Background(), dir, []node.Module{counting}, anyone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	for _, circle := range []string{node.Self, "suitong"} {
		mustWrite(t, f.Node, func(ctx context.Context, w *node.Writing) error { return w.OpenBook(ctx, circle) })
	}
	for i := range 300 {
		mustWrite(t, f.Node, add("suitong", fmt.Sprint(i%7), int64(i)))
	}
	return f
}

func mustWrite(t *testing.T, n *node.Node, act node.Act) {
	t.Helper()
	if _, err := n.Write(context.Background(), node.Request{Actor: someone}, act); err != nil {
		t.Fatal(err)
	}
}

func TestFolderIsServedOnce(t *testing.T) {
	f := folder(t, "")
	_, err := node.OpenFolder(context.Background(), f.Dir, []node.Module{counting}, anyone)
	var served *node.ErrServed
	if !errors.As(err, &served) || served.PID != fmt.Sprint(os.Getpid()) {
		t.Fatalf("a second time: %v", err)
	}
	reading := anyone
	reading.ReadOnly = true
	beside, err := node.OpenFolder(context.Background(), f.Dir, []node.Module{counting}, reading)
	if err != nil {
		t.Fatalf("for reading, beside the first: %v", err)
	}
	defer beside.Close()
	clean(t, beside.Node)
	if err := node.InitFolder(f.Dir, suining); err == nil {
		t.Error("a second node was made in the folder")
	}
	for _, name := range []string{"key", "node.json", "lock"} {
		info, err := os.Stat(filepath.Join(f.Dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want 0600", name, info, err)
		}
	}
}

// TestANewNodeCanBeRecognised: what no neighbour could recognise is refused before a key is made.
func TestANewNodeCanBeRecognised(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *node.Settings)
		good   bool
	}{
		"as it should be":     {func(*node.Settings) {}, true},
		"a blank behind":      {func(s *node.Settings) { s.Name += " " }, false},
		"two lines":           {func(s *node.Settings) { s.Name = "遂宁市\n政府" }, false},
		"a long name":         {func(s *node.Settings) { s.Name = strings.Repeat("市", 67) }, false},
		"a long origin":       {func(s *node.Settings) { s.Origin = strings.Repeat("a", 247) }, true},
		"one without witness": {func(s *node.Settings) { s.Origin = strings.Repeat("a", 248) }, false},
	} {
		s, dir := suining, filepath.Join(t.TempDir(), "node")
		c.change(&s)
		if err := node.InitFolder(dir, s); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(dir); (err == nil) != c.good {
			t.Errorf("%s: the folder: %v", name, err)
		}
	}
}

func TestForeignKeyIsRefused(t *testing.T) {
	f, other := folder(t, ""), folder(t, "")
	f.Close()
	key, err := os.ReadFile(filepath.Join(other.Dir, "key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(f.Dir, "key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := node.OpenFolder(context.Background(), f.Dir, []node.Module{counting}, anyone); err == nil {
		t.Error("a node opened with another's key")
	}
}

// TestBackupRestores goes from each engine to each.
func TestBackupRestores(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to func(t testing.TB) string
	}{
		{"sqlite to sqlite", nowhere, nowhere},
		{"sqlite to postgres", nowhere, storetest.PostgresAddress},
		{"postgres to sqlite", storetest.PostgresAddress, nowhere},
		{"postgres to postgres", storetest.PostgresAddress, storetest.PostgresAddress},
	} {
		t.Run(c.name, func(t *testing.T) { backsUp(t, folder(t, c.from(t)), c.to(t)) })
	}
}

func nowhere(testing.TB) string { return "" }

const passphrase = "correct horse battery"

func backsUp(t *testing.T, f *node.Folder, to string) {
	ctx := context.Background()
	kept, err := f.Blobs.Put(strings.NewReader("附件"), 100)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "b.zip")
	m, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: passphrase})
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, f.Node, add("suitong", "after", 1)) // not in the backup
	dir := filepath.Join(t.TempDir(), "restored")
	modules := []node.Module{counting}
	if _, err := node.Restore(ctx, out, dir, modules, node.RestoreOptions{Store: to, Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	r, err := node.OpenFolder(ctx, dir, modules, anyone)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v, err := r.Verify(ctx, node.VerifyOptions{View: true})
	if err != nil || !v.Clean() || fmt.Sprint(v.Books) != fmt.Sprint(m.Books) {
		t.Fatalf("restored: %+v, %v; backed up: %+v", v, err, m.Books)
	}
	file, err := r.Blobs.Open(kept.Name)
	if err != nil {
		t.Fatalf("attachment: %v", err)
	}
	defer file.Close()
	if b, _ := io.ReadAll(file); string(b) != "附件" {
		t.Errorf("attachment: %q", b)
	}
	onlyReads(t, r)
}

// TestOldBackupGoesOn: a backup of last month goes on by the operator's one word, which also confirms the clock.
func TestOldBackupGoesOn(t *testing.T) {
	for _, to := range []func(testing.TB) string{nowhere, storetest.PostgresAddress} {
		ctx := context.Background()
		f := folder(t, "")
		out := filepath.Join(t.TempDir(), "b.zip")
		if _, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: passphrase}); err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "restored")
		modules := []node.Module{counting}
		if _, err := node.Restore(ctx, out, dir, modules, node.RestoreOptions{Store: to(t), Passphrase: passphrase}); err != nil {
			t.Fatal(err)
		}
		later := anyone
		later.Clock = func() time.Time { return time.Now().Add(30 * 24 * time.Hour) }
		r, err := node.OpenFolder(ctx, dir, modules, later)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		onlyReads(t, r)
	}
}

func onlyReads(t *testing.T, r *node.Folder) {
	t.Helper()
	ctx := context.Background()
	write := func() error {
		_, err := r.Write(ctx, node.Request{Actor: someone}, add("suitong", "x", 1))
		return err
	}
	if err := write(); !refuse.Is(err, "node.only-reading") {
		t.Errorf("a restored node wrote: %v", err)
	}
	if _, err := r.Resume(ctx, node.Request{Actor: someone}, ""); !refuse.Is(err, "node.reason-missing") {
		t.Errorf("resumed without a reason: %v", err)
	}
	if _, err := r.Resume(ctx, node.Request{Actor: someone}, "已核对"); err != nil {
		t.Fatalf("resume: %v", err)
	}
	if err := write(); err != nil {
		t.Errorf("after resuming: %v", err)
	}
	if _, err := r.Resume(ctx, node.Request{Actor: someone}, "再次"); !refuse.Is(err, "node.not-only-reading") {
		t.Errorf("resumed twice: %v", err)
	}
	clean(t, r.Node)
}

// TestBrokenBackupIsRefused: nothing is put in place.
func TestBrokenBackupIsRefused(t *testing.T) {
	ctx := context.Background()
	f := folder(t, "")
	modules := []node.Module{counting}
	out := filepath.Join(t.TempDir(), "b.zip")
	if _, err := f.Backup(ctx, out, node.BackupOptions{Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, name string, b []byte) []byte
	}{
		{"a file other than its hash", func(t *testing.T, name string, b []byte) []byte {
			if name == "liandong.db" {
				b[len(b)/2] ^= 1
			}
			return b
		}},
		{"a file missing", func(t *testing.T, name string, b []byte) []byte {
			if name == "key.sealed" {
				return nil
			}
			return b
		}},
		{"a name that leads out of the folder", func(t *testing.T, name string, b []byte) []byte {
			return []byte(strings.ReplaceAll(string(b), `"key.sealed"`, `"../key.sealed"`))
		}},
		{"heads other than the books'", func(t *testing.T, name string, b []byte) []byte {
			return []byte(strings.ReplaceAll(string(b), `"size": 300,`, `"size": 299,`))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			spoilt := respoil(t, out, c.spoil)
			dir := filepath.Join(t.TempDir(), "restored")
			_, err := node.Restore(ctx, spoilt, dir, modules, node.RestoreOptions{})
			var bad *node.BadBackup
			if !errors.As(err, &bad) {
				t.Errorf("restored: %v", err)
			}
			if left, _ := os.ReadDir(dir); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
	_, err := node.Restore(ctx, out, filepath.Join(t.TempDir(), "r"), modules, node.RestoreOptions{Passphrase: "another passphrase"})
	if !errors.Is(err, book.ErrPassphrase) {
		t.Errorf("wrong passphrase: %v", err)
	}
	if _, err := node.Restore(ctx, out, f.Dir, modules, node.RestoreOptions{}); err == nil {
		t.Error("restored over a node")
	}
}

// respoil rewrites a backup with its files changed; nil leaves one out.
func respoil(t *testing.T, from string, spoil func(t *testing.T, name string, b []byte) []byte) string {
	t.Helper()
	z, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	to := filepath.Join(t.TempDir(), "spoilt.zip")
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := zip.NewWriter(out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if b = spoil(t, f.Name, b); b == nil {
			continue
		}
		if e, err := w.Create(f.Name); err != nil {
			t.Fatal(err)
		} else if _, err := e.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestEvidenceOfEachEntry: proofs hold for entries in full tiles and in the last one, and for
// words that are here, erased and never were.
func TestEvidenceOfEachEntry(t *testing.T) {
	f := folder(t, "")
	ctx := context.Background()
	change(t, f.Store, "UPDATE book_entry SET words = NULL, salt = NULL, erased = 1 WHERE book = '510900/suitong' AND idx = 7")
	for index, words := range map[int64]string{0: "here", 7: "erased", 255: "here", 256: "here", 299: "here"} {
		err := f.Store.Read(ctx, func(tx *store.Tx) error {
			e, err := node.Evidence(ctx, tx, "510900/suitong", index, "遂宁市")
			if err != nil {
				return err
			}
			r, err := e.Verify(e.Key)
			if err == nil && (r.Index != index || r.Words != words) {
				err = fmt.Errorf("%+v", r)
			}
			return err
		})
		if err != nil {
			t.Errorf("entry %d: %v", index, err)
		}
	}
	err := f.Store.Read(ctx, func(tx *store.Tx) error {
		_, err := node.Evidence(ctx, tx, "510900/suitong", 300, "遂宁市")
		return err
	})
	if !refuse.Is(err, "node.entry-unknown") {
		t.Errorf("an entry that does not stand: %v", err)
	}
	clean(t, f.Node)
}

// TestSM2IsTurnedOnAndOff: heads bear a second line while the folder asks for it, and are whole either way.
func TestSM2IsTurnedOnAndOff(t *testing.T) {
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "node")
	settings := node.Settings{Identity: node.Identity{Member: "510900", Name: "遂宁市", Origin: "suining.example"}, SM2: true}
	if err := node.InitFolder(dir, settings); err != nil {
		t.Fatal(err)
	}
	for _, lines := range []int{2, 1} {
		f, err := node.OpenFolder(ctx, dir, []node.Module{counting}, node.FolderOptions{May: func(node.Actor, string) bool { return true }})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(ctx, node.Request{Actor: someone}, func(ctx context.Context, w *node.Writing) error {
			if err := w.OpenBook(ctx, "suitong"); err != nil {
				return err
			}
			return add("suitong", "x", 1)(ctx, w)
		}); err != nil {
			t.Fatal(err)
		}
		var head []byte
		if err := f.Store.Read(ctx, func(tx *store.Tx) (err error) {
			_, head, err = node.Head(ctx, tx, "510900/suitong")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		vkey, err := f.SM2Key("suining.example/suitong")
		if err != nil || bytes.Count(head, []byte("— ")) != lines || (vkey != "") != (lines == 2) {
			t.Errorf("%d lines, want %d; key %q, %v", bytes.Count(head, []byte("— ")), lines, vkey, err)
		}
		clean(t, f.Node)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		plain, err := os.ReadFile(filepath.Join(dir, "node.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "node.json"), bytes.Replace(plain, []byte(`"sm2": true`), []byte(`"sm2": false`), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
