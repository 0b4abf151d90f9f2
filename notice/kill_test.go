package notice_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liandong/node"
	"liandong/notice"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/store"
	"liandong/web/lang"
	"liandong/web/webtest"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("LIANDONG_TOLD"); path != "" {
		if err := tellUntilKilled(path, os.Getenv("LIANDONG_TOLD_AT"), os.Getenv("LIANDONG_TOLD_BY")); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// tellUntilKilled tells and sends at a moment of the clock, over the mail server at an address.
func tellUntilKilled(path, moment, server string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := webtest.OpenNode(ctx, db, notice.Module())
	if err != nil {
		return err
	}
	defer n.Close()
	s := &stand{}
	s.waits = []notice.Matter{matter("i-1", "2022-06-20"), matter("i-2", "2022-06-20")}
	d := notice.NewDesk(n, notice.Options{
		Source: s.source(), Site: "https://suining.example", Log: slog.New(slog.DiscardHandler),
		Mail: &notice.Mail{Server: server, From: "notice@suining.example", Security: "none"},
	})
	d.SetClock(func() time.Time { return at(moment) })
	fmt.Println("begun")
	if err := d.Tell(ctx); err != nil {
		return err
	}
	return d.SendNow(ctx)
}

const (
	reporters = 70
	takenAt   = 20 // deliveries that a process takes together
)

// TestAKilledSender kills a process with -9 while it tells and sends, again and again: everybody gets his letter, nothing counts as sent that
// was not, and what a killed process could not note goes out once more under the same id, which is how a mail server knows it.
func TestAKilledSender(t *testing.T) {
	path := filepath.Join(t.TempDir(), "node.db")
	box := openMailbox(t, "")
	seatReporters(t, path)
	moment := at("2022-06-20 09:00")
	kills := 0
	for ; kills < 10; kills++ {
		killSender(t, path, box, moment)
		marked(t, path, box)
		moment = moment.Add(20 * time.Minute) // what it had claimed is free again
	}
	if out, err := sender(path, moment, box).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if n := marked(t, path, box); n != reporters {
		t.Errorf("%d letters are noted as sent, want %d", n, reporters)
	}
	ids, twice := map[string]string{}, 0
	for _, l := range box.letters() {
		if id, again := ids[l.to]; again && id != l.id {
			t.Errorf("%s was written to under two ids", l.to)
		} else if again {
			twice++
		}
		ids[l.to] = l.id
		if strings.Count(l.body, " i-1\n") != 1 || strings.Count(l.body, " i-2\n") != 1 {
			t.Errorf("the letter says %s", l.body)
		}
	}
	if len(ids) != reporters || twice > kills*takenAt {
		t.Errorf("%d of %d have their letter, %d letters came again", len(ids), reporters, twice)
	}
	t.Logf("%d kills, %d letters, %d came again under their id", kills, len(ids), twice)
}

func seatReporters(t *testing.T, path string) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := webtest.NewStandOn(t, db, notice.Module())
	defer s.Node.Close()
	setup := node.Request{Actor: node.Actor{Person: "setup", Seat: "setup", Member: "510900"}}
	_, err = s.Node.Write(ctx, setup, func(ctx context.Context, w *node.Writing) error {
		for i := range reporters {
			if err := webtest.Seated(ctx, w, fmt.Sprintf("r-%d", i), region.SeatAt{Org: "fgw", Seat: region.Reporter}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d := notice.NewDesk(s.Node, notice.Options{Log: slog.New(slog.DiscardHandler)})
	for i := range reporters {
		p := notice.Pref{Lang: lang.Zh, Mail: fmt.Sprintf("r-%d@example.cn", i), ByMail: true, DigestHour: 8}
		if err := d.SetPref(ctx, fmt.Sprintf("r-%d", i), p); err != nil {
			t.Fatal(err)
		}
	}
}

func sender(path string, moment time.Time, box *mailbox) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "LIANDONG_TOLD="+path, "LIANDONG_TOLD_AT="+moment.In(civil.Beijing).Format("2006-01-02 15:04"), "LIANDONG_TOLD_BY="+box.Address)
	return c
}

// killSender ends a sender after some letters have come, and then at any moment; the first ones while they still make the letters.
func killSender(t *testing.T, path string, box *mailbox, moment time.Time) {
	t.Helper()
	c := sender(path, moment, box)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	begun := make([]byte, 6)
	if n, err := out.Read(begun); err != nil || string(begun[:n]) != "begun\n" {
		t.Fatalf("%q %v", begun, err)
	}
	wait := box.count() + rand.IntN(8)
	for end := time.Now().Add(500 * time.Millisecond); box.count() < wait && time.Now().Before(end); {
		time.Sleep(100 * time.Microsecond)
	}
	time.Sleep(rand.N(15 * time.Millisecond))
	_ = c.Process.Kill() // it may have ended: then nothing was left to send
	_ = c.Wait()
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.took)
}

// marked counts the letters that are noted as sent; each of them has come.
func marked(t *testing.T, path string, box *mailbox) int {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var sent []string
	err = db.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT recipient FROM notice_delivery WHERE state = ?`, notice.Sent)
		if err == nil {
			sent, err = store.Column[string](rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	come := map[string]bool{}
	for _, l := range box.letters() {
		come[strings.TrimSuffix(l.to, "@example.cn")] = true
	}
	for _, who := range sent {
		if !come[who] {
			t.Fatalf("%s counts as told and was not", who)
		}
	}
	return len(sent)
}
