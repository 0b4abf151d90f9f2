package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/store"
	"liandong/web/account"
)

// TestSignInsAsACommand: it prints the record beside the serving process, and tells when it was changed.
func TestSignInsAsACommand(t *testing.T) {
	w := startWalk(t)
	ctx := context.Background()
	if err := w.accounts.Create(account.AsOperator(ctx, operatorPerson), "reader", "reader", walkPassword); err != nil {
		t.Fatal(err)
	}
	ask := func(args ...string) (int, string) {
		var out, failed bytes.Buffer
		code := run(&terminal{ctx: ctx, in: strings.NewReader(""), out: &out, err: &failed}, append([]string{"account", "sign-ins", "--dir", w.folder.Dir}, args...))
		return code, out.String() + failed.String()
	}
	code, text := ask("--json")
	var lines []signIn
	if err := json.Unmarshal([]byte(text), &lines); code != exitClean || err != nil || len(lines) != 1 ||
		lines[0].Person != "reader" || lines[0].Actor != operatorPerson || lines[0].Act != account.ActPassword {
		t.Fatalf("%d, %v:\n%s", code, err, text)
	}
	if code, text := ask(); code != exitClean || !strings.Contains(text, "演示reader") || !strings.Contains(text, "本机操作员") {
		t.Errorf("%d:\n%s", code, text)
	}
	if code, text := ask("--from", "2999-01-01"); code != exitClean || strings.Contains(text, "演示reader") {
		t.Errorf("%d:\n%s", code, text)
	}
	if code, _ := ask("--from", "yesterday"); code != exitCannot {
		t.Errorf("a date that is none: %d", code)
	}
	err := w.folder.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE account_record SET person = 'auditor'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if code, text := ask(); code != exitBroken || !strings.Contains(text, "与写入时不同") {
		t.Errorf("a changed record: %d\n%s", code, text)
	}
}

// TestALinkAtTheMachine is the way back for one of the three administrators; that it was made is recorded.
func TestALinkAtTheMachine(t *testing.T) {
	w := startWalk(t)
	ctx := context.Background()
	if err := w.accounts.Create(ctx, "security", "anquan", walkPassword); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/operator/link", strings.NewReader(`{"login":"anquan"}`))
	path, err := w.link(r, nil)
	if text, _ := path.(string); err != nil || !strings.HasPrefix(text, "/link/") {
		t.Fatalf("%v, %v", path, err)
	}
	if got := (&browser{w: w, seen: &strings.Builder{}}).send("GET", path.(string), "", http.NoBody); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "演示security") {
		t.Errorf("the link: %d", got.Code)
	}
	err = w.folder.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := account.Records(ctx, tx, account.Query{Person: "security", Act: account.ActLink})
		if len(all) != 1 || all[0].Actor != operatorPerson {
			t.Errorf("recorded: %+v", all)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r = httptest.NewRequest(http.MethodPost, "/operator/link", strings.NewReader(`{"login":"nobody"}`))
	if _, err := w.link(r, nil); !errors.As(err, new(broken)) {
		t.Errorf("of nobody: %v", err)
	}
}
