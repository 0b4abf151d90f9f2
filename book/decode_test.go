package book

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type testPart struct {
	Name string   `json:"name"`
	Kids []string `json:"kids,omitempty"`
}

type testBase struct {
	Item string `json:"item"`
}

type testFacts struct {
	testBase
	Percent int8             `json:"percent"`
	Count   uint16           `json:"count"`
	Big     int64            `json:"big"`
	Done    bool             `json:"done"`
	Parts   []testPart       `json:"parts"`
	One     *testPart        `json:"one"`
	ByName  map[string]int   `json:"byName"`
	Raw     json.RawMessage  `json:"raw"`
	When    time.Time        `json:"when"`
	Salt    Salt             `json:"salt"`
	Any     any              `json:"any"`
	Data    []byte           `json:"data"`
	Nested  map[string][]int `json:"nested"`
	Hidden  string           `json:"-"`
	NoTag   string
	Self    *testFacts `json:"self,omitempty"`
}

func fullFacts() testFacts {
	f := testFacts{
		testBase: testBase{"i-21"}, Percent: -128, Count: 65535, Big: -1 << 53, Done: true,
		Parts: []testPart{{"<甲>&", []string{"a", "\u0007\n"}}, {}}, One: &testPart{Name: "😀"},
		ByName: map[string]int{"a": 1, "乙\"": 2}, Raw: json.RawMessage(`{"x":[1,null]}`),
		When: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), Salt: Salt{1}, Any: "x", Data: []byte{1, 2},
		Nested: map[string][]int{"k": {1, 2}}, NoTag: "n",
	}
	deep := f
	f.Self = &deep
	return f
}

func TestDecodeFactsReadsWhatMarshalWrote(t *testing.T) {
	want := fullFacts()
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got testFacts
	if err := DecodeFacts(raw, &got); err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestDecodeFactsRefuses(t *testing.T) {
	for _, c := range []struct {
		remark, raw string
		want        Reason
	}{
		{"a list", `[]`, BadFacts},
		{"nothing", ``, BadFacts},
		{"unknown key", `{"unknown":1}`, KeyUnknown},
		{"a field that is not for JSON", `{"Hidden":"x"}`, KeyUnknown},
		{"a key in another case", `{"Percent":1}`, KeyCase},
		{"a key in another case, deep", `{"parts":[{"Name":"x"}]}`, KeyCase},
		{"a doubled key", `{"percent":1,"percent":1}`, KeyDoubled},
		{"a doubled key by escape", `{"percent":1,"p\u0065rcent":1}`, KeyDoubled},
		{"a doubled key in a map", `{"byName":{"a":1,"\u0061":1}}`, KeyDoubled},
		{"a doubled key in what is kept raw", `{"raw":{"a":1,"a":1}}`, KeyDoubled},
		{"a float", `{"percent":1.5}`, Float},
		{"a number too large for its field", `{"percent":128}`, IntegerRange},
		{"a negative count", `{"count":-1}`, IntegerRange},
		{"text for a number", `{"percent":"1"}`, WrongType},
		{"a number for text", `{"item":1}`, WrongType},
		{"null for text", `{"item":null}`, WrongType},
		{"null for a number", `{"percent":null}`, WrongType},
		{"an object for a list", `{"parts":{}}`, WrongType},
		{"a list for an object", `{"one":[]}`, WrongType},
		{"a number for yes or no", `{"done":1}`, WrongType},
		{"a blank", `{"percent": 1}`, Whitespace},
		{"a comma too many", `{"percent":1,}`, Syntax},
		{"something after the end", `{}{}`, Trailing},
		{"an escape outside a text", `{"percent":\u0031}`, WrongType},
		{"an escape within a number", `{"percent":1\u0031}`, Syntax},
		{"cut short", `{"item":"x`, CutShort},
		{"lone surrogate", `{"item":"\ud800"}`, LoneSurrogate},
		{"17 levels", `{"raw":` + strings.Repeat("[", 16) + strings.Repeat("]", 16) + `}`, TooDeep},
		{"17 levels in typed parts", strings.Repeat(`{"self":`, 17) + `{}` + strings.Repeat("}", 17), TooDeep},
	} {
		t.Run(c.remark, func(t *testing.T) {
			var f testFacts
			err := DecodeFacts([]byte(c.raw), &f)
			var refused *ScanError
			if !errors.As(err, &refused) || refused.Reason != c.want {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
}

func TestDecodeFactsRefusesTypes(t *testing.T) {
	var withFloat struct{ F float64 }
	var number int
	for _, to := range []any{&withFloat, withFloat, &number, nil, (*testFacts)(nil)} {
		if err := DecodeFacts([]byte(`{}`), to); err == nil {
			t.Errorf("%T was accepted", to)
		}
	}
	var f testFacts
	if err := DecodeFacts([]byte(`{"when":"yesterday"}`), &f); err == nil {
		t.Error("a type's own refusal was lost")
	}
}

// FuzzDecodeFacts: what is accepted is JSON that encoding/json reads to the same value.
func FuzzDecodeFacts(f *testing.F) {
	raw, _ := json.Marshal(fullFacts())
	f.Add(raw)
	f.Add([]byte(`{"item":"\u0041","byName":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var ours, theirs testFacts
		if DecodeFacts(b, &ours) != nil {
			return
		}
		if err := json.Unmarshal(b, &theirs); err != nil {
			t.Fatalf("accepted %q: %v", b, err)
		}
		ours.Raw, theirs.Raw = nil, nil // kept with the shortest escapes
		if x, y := mustJSON(t, ours), mustJSON(t, theirs); x != y {
			t.Errorf("%q reads as %s, by encoding/json as %s", b, x, y)
		}
	})
}

func mustJSON(t *testing.T, f testFacts) string {
	for at := &f; at != nil; at = at.Self {
		at.Raw = nil
	}
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type benchFacts struct {
	Period  string `json:"period"`
	Percent int    `json:"percent"`
	Figures []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"figures"`
	Done bool `json:"done"`
}

func BenchmarkDecodeFacts(b *testing.B) {
	raw := []byte(sample().Facts)
	b.Run("strict", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var f benchFacts
			if err := DecodeFacts(raw, &f); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var f benchFacts
			if err := json.Unmarshal(raw, &f); err != nil {
				b.Fatal(err)
			}
		}
	})
}
