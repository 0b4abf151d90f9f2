package letter

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBalance(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"fits", "关于试行的通知", "关于试行的通知"},
		{"set by hand", "关于甲的\n通知", "关于甲的|通知"},
		{"year and month are not torn", "关于2022年6月成渝地区双城经济圈建设重点任务推进情况的通报", "关于2022年6月成渝地区双城经济圈|建设重点任务推进情况的通报"},
		{"before a book title", "关于印发《演示市成渝地区双城经济圈建设2022年工作要点》的通知", ""},
		{"three lines", "关于2022年6月演示市成渝地区双城经济圈建设和成都平原经济区一体化发展重点任务推进情况及存在问题的通报", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := balance(c.in, 20)
			if c.want != "" && strings.Join(lines, "|") != c.want {
				t.Errorf("got %s, want %s", strings.Join(lines, "|"), c.want)
			}
			for _, l := range lines {
				if em(l) > 22 {
					t.Errorf("line %q is too long", l)
				}
			}
		})
	}
}

func TestBalanceKeepsEveryCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringOfN(rapid.SampledFrom([]rune("关于的《》（）2022年6月工作通报建设，A")), 1, 90, -1).Draw(t, "title")
		lines := balance(title, 20)
		if got := strings.Join(lines, ""); got != title {
			t.Fatalf("%q became %q", title, got)
		}
		for _, l := range lines {
			if l == "" {
				t.Fatalf("%q has an empty line", title)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"spaces inside Chinese words", "市 科 技\n局", "市科技局"},
		{"between Latin words one is kept", "New  Area 1", "New Area 1"},
		{"full-width", "　任务　", "任务"},
	} {
		if got := oneLine(c.in); got != c.want {
			t.Errorf("%s: oneLine(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestTableWidths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table Table
		for _, w := range rapid.SliceOfN(rapid.IntRange(0, 9), 1, 20).Draw(t, "widths") {
			table.Columns = append(table.Columns, Column{Title: "列", Width: w})
		}
		sum := 0
		for _, w := range table.widths(textWidth) {
			if w <= 0 {
				t.Fatal("a column has no width")
			}
			sum += w
		}
		if sum != textWidth {
			t.Fatalf("columns are %d wide, the line %d", sum, textWidth)
		}
	})
}
