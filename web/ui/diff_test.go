package ui

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWordDiff(t *testing.T) {
	for _, c := range []struct{ name, before, after, old, new string }{
		{"one character", "完成三成", "完成四成", "完成[三]成", "完成[四]成"},
		{"a figure changes as a whole", "投资7.8亿元已到位", "投资9.1亿元已到位", "投资[7.8]亿元已到位", "投资[9.1]亿元已到位"},
		{"added at the end", "路基四成", "路基四成，投资8亿元", "路基四成", "路基四成[，投资8亿元]"},
		{"nothing in common is not marked", "征地拆迁", "主墩浇筑完毕", "征地拆迁", "主墩浇筑完毕"},
		{"nothing before", "", "开工", "", "开工"},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, new := WordDiff(c.before, c.after)
			if show(old) != c.old || show(new) != c.new {
				t.Errorf("%s | %s, want %s | %s", show(old), show(new), c.old, c.new)
			}
		})
	}
}

func show(all []Segment) string {
	var b strings.Builder
	for _, s := range all {
		if s.Only {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// TestWordDiffLosesNothing: the segments are the texts, and what is unmarked is the same in both.
func TestWordDiffLosesNothing(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("完成投资路基，。12.5亿元 ab\n")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		old, new := WordDiff(before, after)
		var a, b, both, too string
		for _, s := range old {
			if a += s.Text; !s.Only {
				both += s.Text
			}
		}
		for _, s := range new {
			if b += s.Text; !s.Only {
				too += s.Text
			}
		}
		if a != before || b != after {
			t.Fatalf("%q | %q came out as %q | %q", before, after, a, b)
		}
		marked := strings.Contains(show(old)+show(new), "[")
		if marked && both != too {
			t.Fatalf("unmarked %q and %q differ", both, too)
		}
	})
}
