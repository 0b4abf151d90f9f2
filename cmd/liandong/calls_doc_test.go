package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"liandong/region"
	"liandong/web/lang"
)

// samePart compares a part of a page of the reference with what the program says, or writes it.
func samePart(t *testing.T, page, part, want string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", page))
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- generated: "+part+" -->\n", "<!-- end -->"
	before, after, found := strings.Cut(string(raw), begin)
	_, after, closed := strings.Cut(after, end)
	if !found || !closed {
		t.Fatalf("%s has no place for %s", page, part)
	}
	same(t, page, before+begin+want+end+after)
}

// TestOperationsAreDocumented holds the table of docs/reference/api.md to the running site.
func TestOperationsAreDocumented(t *testing.T) {
	var all []described
	for _, op := range startWalk(t).operations() {
		all = append(all, op)
	}
	slices.SortFunc(all, func(a, b described) int {
		return cmp.Or(cmp.Compare(room(a.path), room(b.path)), cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	var b strings.Builder
	last := ""
	for _, op := range all {
		if r := room(op.path); r != last {
			last = r
			fmt.Fprintf(&b, "\n### `%s`\n\n| call | operation | what it does | who may |\n| --- | --- | --- | --- |\n", r)
		}
		var seats []string
		for _, seat := range region.Seats {
			if region.May(seat, op.Action) {
				seats = append(seats, lang.Text(lang.Zh, "web.seat."+string(seat)))
			}
		}
		who := strings.Join(seats, "、")
		if len(seats) == len(region.Seats) {
			who = "各席位"
		}
		fmt.Fprintf(&b, "| `%s %s` | `%s` | %s | %s (`%s`) |\n", op.method, op.path, op.ID, strings.ReplaceAll(op.Summary, "|", "\\|"), who, op.Action)
	}
	samePart(t, "api.md", "operations", b.String()+"\n")
}

// room is the first part of a path.
func room(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + first
}

// TestKindsOfCardsAreDocumented holds the table of docs/reference/webhooks.md to the texts of matters.
func TestKindsOfCardsAreDocumented(t *testing.T) {
	all, err := lang.Read(os.DirFS("../.."), "plan/notices/locales/zh.toml")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| kind | text |\n| --- | --- |\n")
	for _, key := range lang.Keys(all) {
		kind := strings.TrimPrefix(key, "notices.")
		if kind == "nameless" || kind == "asked-open" { // of what was erased; of what is asked without a day
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", kind, lang.Text(lang.Zh, key))
	}
	samePart(t, "webhooks.md", "kinds", b.String())
}
