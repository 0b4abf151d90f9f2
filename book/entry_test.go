package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// sample is the entry of docs/reference/entry.md.
func sample() Entry {
	words := Commit(Salt{1, 2, 3}, []byte(`{"progress":"演示数据"}`))
	return Entry{
		V: 1, Kind: "plan.report.accepted/1", Member: "510900", Circle: "suitong",
		Org: "o-fgw", Person: "p-7f3k", At: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC),
		Subjects: []string{"i-21", "l-chengyu-7"},
		Facts:    json.RawMessage(`{"period":"2022-06","percent":45,"figures":[{"name":"i-21.a","value":"12.5"}],"done":false}`),
		Causes:   []Cause{{Origin: "tongnan.example/suitong", Index: 41, Leaf: LeafHash([]byte("cause"))}},
		Words:    &words,
	}
}

func sampleBytes(t testing.TB) []byte {
	b, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestScanGivesBackWhatBytesWrote(t *testing.T) {
	bare := Entry{V: 1, Kind: "a/1", Member: "500152", Circle: Self, At: time.UnixMilli(0)}
	for _, e := range []Entry{sample(), bare} {
		b, err := e.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Scan(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		again, err := got.Bytes()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s, %v; want %s", again, err, b)
		}
		if !got.At.Equal(e.At) || got.Kind != e.Kind || len(got.Subjects) != len(e.Subjects) || len(got.Causes) != len(e.Causes) {
			t.Errorf("scanned %+v; want %+v", got, e)
		}
	}
}

func TestFactsOfJSONMarshalAreAccepted(t *testing.T) {
	e := sample()
	e.Facts, _ = json.Marshal(map[string]string{"t": "<a&b>\u2028\u0007\x7f😀\"\\/"})
	b, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"t":"<a&b>` + "\u2028" + `\u0007` + "\x7f😀" + `\"\\/"}`
	if got, _ := Scan(b); string(got.Facts) != want {
		t.Errorf("facts %s; want %s", got.Facts, want)
	}
}

// TestRefusals: one row per way in which bytes are not an entry. old is replaced by new in the sample, once.
func TestRefusals(t *testing.T) {
	deep := func(n int) string { return `{"d":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `,"period"` }
	long := strings.Repeat("x", 65)
	for _, c := range []struct {
		remark, old, new string
		want             Reason
	}{
		{"longer than 65,535 bytes", `"2022-06"`, `"` + strings.Repeat("x", MaxEntry) + `"`, TooLong},
		{"last brace missing", `c="}`, `c="`, CutShort},
		{"a newline after the end", `c="}`, "c=\"}\n", Trailing},
		{"two entries", `c="}`, `c="}{}`, Trailing},
		{"a blank in the envelope", `"kind":"`, `"kind": "`, Whitespace},
		{"a blank before a key", `,"kind"`, `, "kind"`, Whitespace},
		{"a blank before a comma", `,"kind"`, ` ,"kind"`, Whitespace},
		{"a blank in the facts", `"percent":45`, `"percent": 45`, Whitespace},
		{"a byte order mark", `{"v"`, "\ufeff" + `{"v"`, Syntax},
		{"another key in the envelope", `"org":"o-fgw"`, `"unit":"o-fgw"`, KeyUnknown},
		{"an additional key in the envelope", `,"causes"`, `,"note":1,"causes"`, KeyUnknown},
		{"another key in a cause", `"index":41`, `"number":41`, KeyUnknown},
		{"a capital in a key", `"kind"`, `"Kind"`, KeyCase},
		{"a key in capitals in a cause", `"leaf"`, `"LEAF"`, KeyCase},
		{"a Kelvin sign for k", `"kind"`, `"` + "\u212a" + `ind"`, KeyCase},
		{"an escaped key", `"kind"`, `"\u006bind"`, LongEscape},
		{"a doubled key in the envelope", `,"member"`, `,"kind":"a/1","member"`, KeyDoubled},
		{"a doubled key in the facts", `"percent"`, `"period"`, KeyDoubled},
		{"a doubled key deep in the facts", `"value"`, `"name"`, KeyDoubled},
		{"two keys in each other's place", `"org":"o-fgw","person":"p-7f3k"`, `"person":"p-7f3k","org":"o-fgw"`, KeyOrder},
		{"a key left out", `,"person":"p-7f3k"`, ``, KeyOrder},
		{"no words key", `,"words":"`, `}`, KeyOrder},
		{"version 2", `"v":1`, `"v":2`, BadVersion},
		{"version 10", `"v":1`, `"v":10`, BadVersion},
		{"version as text", `"v":1`, `"v":"1"`, BadVersion},
		{"kind without version", `accepted/1`, `accepted`, BadKind},
		{"kind with version 0", `accepted/1`, `accepted/0`, BadKind},
		{"kind with version 01", `accepted/1`, `accepted/01`, BadKind},
		{"kind with a capital", `plan.report`, `plan.Report`, BadKind},
		{"kind with an empty part", `plan.report`, `plan..report`, BadKind},
		{"kind of more than 64 bytes", `plan.report`, `plan.` + long, BadKind},
		{"member with five digits", `510900`, `51090`, BadMember},
		{"member with full-width digits", `510900`, `５１０９００`, BadMember},
		{"member beginning with 0", `510900`, `010900`, BadMember},
		{"circle with a capital", `"circle":"suitong"`, `"circle":"Suitong"`, BadCircle},
		{"no circle", `"circle":"suitong"`, `"circle":""`, BadCircle},
		{"a circle that climbs", `"circle":"suitong"`, `"circle":".."`, BadCircle},
		{"an organisation's name in place of its id", `o-fgw`, `市发展改革委`, BadID},
		{"a person's id of 65", `p-7f3k`, long, BadID},
		{"an empty subject", `"i-21",`, `"",`, BadID},
		{"a comma after the last subject", `"l-chengyu-7"]`, `"l-chengyu-7",]`, Syntax},
		{"time without milliseconds", `00.000Z`, `00Z`, BadTime},
		{"time with microseconds", `00.000Z`, `00.000000Z`, BadTime},
		{"time with an offset", `00.000Z`, `00.000+08:00`, BadTime},
		{"30 February", `06-20T`, `02-30T`, BadTime},
		{"29 February 2022", `06-20T`, `02-29T`, BadTime},
		{"hour 24", `T01:`, `T24:`, BadTime},
		{"a leap second", `T01:00:00`, `T01:59:60`, BadTime},
		{"before 1970", `2022-06-20T`, `1969-06-20T`, BadTime},
		{"facts that are a list", `"facts":{`, `"facts":[{`, BadFacts},
		{"facts that are null", `"facts":{`, `"facts":null,"x":{`, BadFacts},
		{"a comma after the last fact", `"done":false}`, `"done":false,}`, Syntax},
		{"a word that is not JSON", `"done":false`, `"done":False`, Syntax},
		{"no value", `"done":false`, `"done":`, Syntax},
		{"an origin without circle", `tongnan.example/suitong`, `tongnan.example`, BadOrigin},
		{"an origin with a blank part", `tongnan.example/suitong`, `tongnan.example//suitong`, BadOrigin},
		{"an origin with +, which notes forbid", `tongnan.example/suitong`, `tongnan+example/suitong`, BadOrigin},
		{"a negative index", `"index":41`, `"index":-41`, BadIndex},
		{"a leaf hash cut short", `"leaf":"`, `"leaf":"AAAA","x":"`, BadHash},
		{"a commitment that is true", `"words":"`, `"words":true,"x":"`, Syntax},
		{"a lone byte", `"2022-06"`, "\"\x80\"", BadUTF8},
		{"an overlong slash", `"2022-06"`, "\"\xc0\xaf\"", BadUTF8},
		{"a surrogate written in UTF-8", `"2022-06"`, "\"\xed\xa0\x80\"", BadUTF8},
		{"GB18030", `"2022-06"`, "\"\xcb\xec\xc4\xfe\"", BadUTF8},
		{"a lone high surrogate", `"2022-06"`, `"\ud83d"`, LoneSurrogate},
		{"a lone low surrogate", `"2022-06"`, `"\ude00"`, LoneSurrogate},
		{"a high surrogate before another", `"2022-06"`, `"\ud83d\ud83d"`, LoneSurrogate},
		{"a pair that could stand as itself", `"2022-06"`, `"\ud83d\ude00"`, LongEscape},
		{"an escaped letter", `"2022-06"`, `"\u0041"`, LongEscape},
		{"an escaped slash", `"2022-06"`, `"\/"`, LongEscape},
		{"a newline in the long form", `"2022-06"`, `"\u000a"`, LongEscape},
		{"an escape in capitals", `"2022-06"`, `"\u001F"`, LongEscape},
		{"an escape that does not exist", `"2022-06"`, `"\x41"`, Syntax},
		{"a raw newline", `"2022-06"`, "\"\n\"", RawControl},
		{"a raw NUL", `"2022-06"`, "\"\x00\"", RawControl},
		{"an escaped NUL", `"2022-06"`, `"\u0000"`, NulCharacter},
		{"17 levels", `{"period"`, deep(15), TooDeep},
		{"a fraction", `45`, `45.5`, Float},
		{"a whole number as a fraction", `45`, `45.0`, Float},
		{"an exponent", `45`, `45e1`, Exponent},
		{"minus zero", `45`, `-0`, MinusZero},
		{"leading zero", `45`, `045`, LeadingZero},
		{"leading zero behind minus", `45`, `-045`, LeadingZero},
		{"2^53+1", `45`, `9007199254740993`, IntegerRange},
		{"-2^53-1", `45`, `-9007199254740993`, IntegerRange},
		{"far beyond 2^64", `45`, strings.Repeat("9", 40), IntegerRange},
		{"a plus sign", `45`, `+45`, Syntax},
		{"a lone minus", `45`, `-`, Syntax},
	} {
		t.Run(c.remark, func(t *testing.T) {
			in := strings.Replace(string(sampleBytes(t)), c.old, c.new, 1)
			if in == string(sampleBytes(t)) {
				t.Fatalf("%q is not in the sample", c.old)
			}
			_, err := Scan([]byte(in))
			var refused *ScanError
			if !errors.As(err, &refused) || refused.Reason != c.want {
				t.Errorf("Scan: %v; want %s\n%s", err, c.want, in)
			}
			if reasonText[c.want] == "" {
				t.Errorf("no text for %s", c.want)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	for _, c := range []struct{ remark, old, new string }{
		{"2^53", `45`, `9007199254740992`},
		{"-2^53", `45`, `-9007199254740992`},
		{"16 levels", `{"period"`, `{"d":` + strings.Repeat("[", 14) + strings.Repeat("]", 14) + `,"period"`},
		{"29 February 2024", `2022-06-20T`, `2024-02-29T`},
		{"no facts", `"figures":[{"name":"i-21.a","value":"12.5"}]`, `"figures":[{}]`},
		{"U+FFFD itself", `"2022-06"`, "\"\ufffd\""},
		{"the same key in two objects", `"done":false`, `"done":{"period":{"period":1}},"x":[{"done":1},{"done":1}]`},
	} {
		t.Run(c.remark, func(t *testing.T) {
			in := []byte(strings.Replace(string(sampleBytes(t)), c.old, c.new, 1))
			e, err := Scan(in)
			if err != nil {
				t.Fatal(err)
			}
			if out, err := e.Bytes(); err != nil || !bytes.Equal(out, in) {
				t.Errorf("%s, %v; want %s", out, err, in)
			}
		})
	}
}

// TestCutAnywhere: no beginning of an entry is an entry, and none makes the scanner stumble.
func TestCutAnywhere(t *testing.T) {
	b := sampleBytes(t)
	for n := range b {
		if _, err := Scan(b[:n:n]); err == nil {
			t.Errorf("the first %d bytes were accepted", n)
		}
	}
}

func TestBytesRefusesWhatScanWould(t *testing.T) {
	for _, c := range []struct {
		remark string
		change func(*Entry)
		want   Reason
	}{
		{"version forgotten", func(e *Entry) { e.V = 0 }, BadVersion},
		{"time forgotten", func(e *Entry) { e.At = time.Time{} }, BadTime},
		{"microseconds", func(e *Entry) { e.At = e.At.Add(time.Microsecond) }, BadTime},
		{"an organisation and facts that pose as structure", func(e *Entry) {
			e.Org = `o","person":"p","at":"2022-06-20T01:00:00.000Z","subjects":[],"facts":{"y":"`
			e.Facts = json.RawMessage(`{}}`)
		}, BadID},
		{"a float", func(e *Entry) { e.Facts = json.RawMessage(`{"a":1.5}`) }, Float},
		{"facts that close the envelope", func(e *Entry) { e.Facts = json.RawMessage(`{}}`) }, KeyOrder},
		{"a lone surrogate", func(e *Entry) { e.Facts = json.RawMessage(`{"a":"\ud800"}`) }, LoneSurrogate},
		{"a negative index", func(e *Entry) { e.Causes[0].Index = -1 }, BadIndex},
	} {
		e := sample()
		c.change(&e)
		_, err := e.Bytes()
		var refused *ScanError
		if !errors.As(err, &refused) || refused.Reason != c.want {
			t.Errorf("%s: %v; want %s", c.remark, err, c.want)
		}
	}
}

// TestManyKeys: objects beyond the fixed room, nested, with a double at the very end.
func TestManyKeys(t *testing.T) {
	var sb strings.Builder
	for i := range 1500 {
		sb.WriteString(`"k` + strings.Repeat("0", i%7) + string(rune('a'+i%26)) + time.Duration(i).String() + `":{"a":1,"b":[{"a":2}]},`)
	}
	for _, c := range []struct {
		last string
		ok   bool
	}{{`"z":1`, true}, {`"z":{"z":{"z":1}}`, true}, {`"ka0s":1`, false}} {
		e := sample()
		e.Facts = json.RawMessage(`{"outer":{` + sb.String() + c.last + `},"z":1}`)
		if _, err := e.Bytes(); (err == nil) != c.ok {
			t.Errorf("last key %s: %v", c.last, err)
		}
	}
}

func TestLeafHashIsThatOfRFC6962(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("x"), sampleBytes(t), make([]byte, MaxEntry)} {
		if LeafHash(b) != tlog.RecordHash(b) {
			t.Errorf("leaf hash of %d bytes differs", len(b))
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(sampleBytes(f))
	f.Add([]byte(`{"v":1,"kind":"a/1","member":"500152","circle":"self","org":"","person":"","at":"2022-06-20T01:00:00.000Z","subjects":[],"facts":{"a":"\n\u0001"},"causes":[],"words":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Scan(b)
		if err != nil {
			return
		}
		again, err := e.Bytes()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("accepted %q but writes %q, %v", b, again, err)
		}
		if !json.Valid(b) {
			t.Errorf("accepted %q, which is not JSON", b)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	raw := sampleBytes(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Scan(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScanFields(b *testing.B) {
	raw := sampleBytes(b)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	var f fields
	for b.Loop() {
		f = fields{}
		if err := scanFields(raw, &f); err != nil {
			b.Fatal(err)
		}
	}
}
