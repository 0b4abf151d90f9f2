package lang_test

import (
	"context"
	"testing"

	"liandong/web/lang"
)

func TestTheReadersHalfOfAMessage(t *testing.T) {
	for message, want := range map[string][2]string{
		"账头不符 (the head does not match)":           {"账头不符", "the head does not match"},
		"文件损坏,请恢复 (damaged; restore): page 7 of t": {"文件损坏,请恢复: page 7 of t", "damaged; restore: page 7 of t"},
		"unexpected EOF":     {"unexpected EOF", "unexpected EOF"},
		"dial tcp (refused)": {"dial tcp (refused)", "dial tcp (refused)"},
		"只有中文":               {"只有中文", "只有中文"},
		"没有闭合 (open":         {"没有闭合 (open", "没有闭合 (open"},
	} {
		for i, l := range []lang.Lang{lang.Zh, lang.En} {
			if got := lang.Half(lang.In(context.Background(), l), message); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", message, l, got, want[i])
			}
		}
	}
}
