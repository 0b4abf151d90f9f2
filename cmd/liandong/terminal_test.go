package main

import (
	"bytes"
	"strings"
	"testing"
)

// What a neighbour wrote is shown, and does nothing else.
func TestForeignWordsDoNotSteerTheTerminal(t *testing.T) {
	for _, hostile := range []string{
		"\x1b[2J清屏", "\x1b]0;标题\a", "退格\b\b\b", "\r盖住", "\u009b31m", "\u202e倒写", "\u2066隔离", "坏\xff字节", "删\x7f",
	} {
		var out, bad bytes.Buffer
		term := &terminal{out: &out, err: &bad}
		term.say("成员 %s", hostile)
		term.complain("%s", hostile)
		if err := term.table([]any{"1", hostile}, []any{"2", "两\n行"}); err != nil {
			t.Fatal(err)
		}
		for _, said := range []string{out.String(), bad.String()} {
			if strings.ContainsAny(said, "\x1b\a\b\r\x7f\u009b\u202e\u2066") || strings.Contains(said, "\xff") {
				t.Errorf("%q came out as %q", hostile, said)
			}
		}
		if lines := strings.Count(out.String(), "\n"); lines != 3 {
			t.Errorf("%q: %d lines, want 3: %q", hostile, lines, out.String())
		}
	}
}
