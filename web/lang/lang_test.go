package lang

import (
	"context"
	"testing"
	"testing/fstest"
	"time"
)

func TestText(t *testing.T) {
	Add(fstest.MapFS{
		"locales/zh.toml": {Data: []byte(`"test.rows" = "共 {n} 条，{who}"` + "\n" + `"test.plain" = "{好}"`)},
		"locales/en.toml": {Data: []byte("\"test.plain\" = \"fine\"\n[\"test.rows\"]\none = \"{n} row, {who}\"\nother = \"{n} rows, {who}\"")},
	})
	for _, c := range []struct {
		name string
		lang Lang
		key  string
		args []any
		want string
	}{
		{"Chinese has one form", Zh, "test.rows", []any{"n", 1, "who", "市发展改革委"}, "共 1 条，市发展改革委"},
		{"English one", En, "test.rows", []any{"n", 1, "who", "x"}, "1 row, x"},
		{"English many", En, "test.rows", []any{"n", 2, "who", "x"}, "2 rows, x"},
		{"an argument with braces is not filled again", Zh, "test.rows", []any{"n", 2, "who", "{n}"}, "共 2 条，{n}"},
		{"a time is civil", Zh, "test.rows", []any{"n", 2, "who", time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)}, "共 2 条，2022-06-20 09:00"},
		{"braces that name nothing stay", Zh, "test.plain", []any{"n", 2}, "{好}"},
		{"a missing key shows itself", Zh, "test.missing", nil, "test.missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := T(In(context.Background(), c.lang), c.key, c.args...); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestAddRefusesDifferingKeys(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a key that English lacks was accepted")
		}
	}()
	Add(fstest.MapFS{
		"locales/zh.toml": {Data: []byte(`"test.only" = "只有中文"`)},
		"locales/en.toml": {Data: []byte(`"test.other" = "only English"`)},
	})
}

func TestParse(t *testing.T) {
	for in, want := range map[string]bool{"zh": true, "zh-CN": true, "en": true, "en-GB": true, "fr": false, "": false} {
		if _, ok := Parse(in); ok != want {
			t.Errorf("Parse(%q) ok = %v", in, ok)
		}
	}
}
