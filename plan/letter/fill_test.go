package letter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFill(t *testing.T) {
	figures := map[string]string{"事项数": "113", "报送率": "93.8%", "清单1.名称": "工作要点", "绕": "{{事项数}}"}
	for _, c := range []struct {
		name, in, want string
		unknown        []UnknownField
	}{
		{"no field", "共113项。", "共113项。", nil},
		{"one field", "共{{事项数}}项。", "共113项。", nil},
		{"spaces inside", "共{{ 事项数 }}项。", "共113项。", nil},
		{"full-width braces of a Chinese keyboard", "共｛｛事项数｝｝项。", "共113项。", nil},
		{"side by side", "{{事项数}}{{报送率}}", "11393.8%", nil},
		{"a list's own", "《{{清单1.名称}}》", "《工作要点》", nil},
		{"a value's braces are text", "{{绕}}", "{{事项数}}", nil},
		{"unknown stays and is reported with the nearest", "共{{事项总数}}项", "共{{事项总数}}项", []UnknownField{{"{{事项总数}}", "事项总数", 1, "事项数"}}},
		{"unknown, nothing near", "{{甲乙丙丁戊}}", "{{甲乙丙丁戊}}", []UnknownField{{"{{甲乙丙丁戊}}", "甲乙丙丁戊", 0, ""}}},
		{"not closed", "共{{事项数项", "共{{事项数项", []UnknownField{{Token: "{{", At: 1}}},
		{"closed only in the next line", "共{{事项\n数}}项", "共{{事项\n数}}项", []UnknownField{{Token: "{{", At: 1}}},
		{"opened twice, the inner one counts", "{{a{{事项数}}", "{{a113", []UnknownField{{Token: "{{", At: 0}}},
		{"no name", "{{ }}", "{{ }}", []UnknownField{{Token: "{{", At: 0}}},
		{"single braces are text", "{事项数}", "{事项数}", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, unknown := Fill(c.in, figures)
			if got != c.want {
				t.Errorf("Fill(%q) = %q, want %q", c.in, got, c.want)
			}
			if d := cmp.Diff(c.unknown, unknown); d != "" {
				t.Errorf("unknown (-want +got):\n%s", d)
			}
			for _, u := range unknown {
				if u.Message() == "" {
					t.Errorf("%+v has no message", u)
				}
			}
		})
	}
}

// Nothing a person wrote is ever lost: the segments are the text, and a text whose every
// field is unknown comes back as it was.
func TestFillLosesNothing(t *testing.T) {
	piece := rapid.SampledFrom([]string{"{{", "}}", "｛｛", "｝｝", "{", "}", "事项数", "报送率", " ", "\n", "文", "。", "a"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), "")
		checkFill(t, text)
	})
}

type failer interface{ Fatalf(string, ...any) }

func checkFill(t failer, text string) {
	var joined strings.Builder
	for _, s := range Segments(text, nil) {
		joined.WriteString(s.Text)
	}
	if joined.String() != text {
		t.Fatalf("segments of %q are %q", text, joined.String())
	}
	same, _ := Fill(text, nil)
	if same != text {
		t.Fatalf("Fill without figures changed %q to %q", text, same)
	}
	if _, unknown := Fill(text, map[string]string{"事项数": "1"}); len(unknown) == 0 {
		filled, _ := Fill(text, map[string]string{"事项数": "1"})
		if strings.Contains(filled, "{{") {
			t.Fatalf("braces left in %q and nobody told", filled)
		}
	}
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"", "共{{事项数}}项", "{{", "}}{{", "｛｛事项数｝｝", "{{{{事项数}}}}", "\xff{{事项数}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkFill(t, text) })
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     int
	}{
		{"nothing", "", 0},
		{"Chinese and its punctuation", "双城经济圈。", 6},
		{"each figure is one", "2022年", 5},
		{"spaces and breaks are none", "一 二\n三　四\u00a0", 4},
		{"percent and letters", "A4纸45.5%", 8},
		{"marks that show nothing", "e\u0301\u200b\ufeff", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Count(c.in); got != c.want {
				t.Errorf("Count(%q) = %d, want %d", c.in, got, c.want)
			}
		})
	}
}

func TestNumeral(t *testing.T) {
	want := strings.Fields("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一")
	for i, w := range want {
		if got := numeral(i + 1); got != w {
			t.Errorf("numeral(%d) = %s, want %s", i+1, got, w)
		}
	}
	for n, w := range map[int]string{30: "三十", 99: "九十九", 100: "100", 0: "0"} {
		if got := numeral(n); got != w {
			t.Errorf("numeral(%d) = %s, want %s", n, got, w)
		}
	}
}
