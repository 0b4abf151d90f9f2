package notice_test

import (
	"context"
	"strings"
	"testing"

	"liandong/notice"
	"liandong/store"
	"liandong/store/storetest"
)

// TestDeadLetters: an address that the server refuses is not tried again until somebody asks; one that it puts off is.
func TestDeadLetters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		ctx := context.Background()
		s.mail(nil)
		s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
		box.answer = func(string) error { return mailError(450) }
		s.turn()
		if s.count(notice.Waiting) != 1 {
			t.Fatal("what is put off must be tried again")
		}
		box.answer = func(string) error { return mailError(550) }
		s.moveTo(at("2022-06-20 10:00"))
		s.turn()
		dead, _, err := s.Deliveries(ctx, notice.Dead)
		if err != nil || len(dead) != 1 || dead[0].Tries != 2 || dead[0].To != "演示reporter" || !strings.Contains(dead[0].Why, "550") {
			t.Fatalf("%+v, %v", dead, err)
		}
		if log := s.log.String(); !strings.Contains(log, "given up") || strings.Contains(log, "@example.cn") || strings.Contains(log, "no such") {
			t.Errorf("the log says %s", log)
		}
		box.answer = nil
		s.moveTo(at("2022-06-20 11:00"))
		s.turn()
		if len(box.letters()) != 0 {
			t.Fatal("a dead letter was sent by itself")
		}
		if n, err := s.Retry(ctx, dead[0].ID); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		s.turn()
		if got := box.letters(); len(got) != 1 || s.count(notice.Dead) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestTheSameIDAtEachTry: a server that took a letter and could not say so gets it again under the same id.
func TestTheSameIDAtEachTry(t *testing.T) {
	box := openMailbox(t, "")
	s := newStand(t, storetest.OpenSQLite(t), box)
	s.mail(nil)
	box.lost = 1
	s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
	s.turn()
	s.moveTo(at("2022-06-20 12:00"))
	s.turn()
	got := box.letters()
	if len(got) != 2 || got[0].id != got[1].id || got[0].id == "" {
		t.Errorf("%+v", got)
	}
}
