// Package lang holds the texts of all rooms in Chinese and English.
//
// A room embeds locales/zh.toml and locales/en.toml, flat lists of "plan.report.none" = "…", and adds
// them when it starts. Texts name their arguments in braces: "已填报 {n} 项". A text that differs
// for one and many in English has the two forms `one` and `other`, chosen by the argument n.
package lang

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"liandong/rules/civil"
)

// Lang is a language of the interface.
type Lang string

// Chinese is the language of record; English is a courtesy.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// All lists the languages, the default first.
var All = []Lang{Zh, En}

// Tag is the language tag for the lang attribute and Content-Language.
func (l Lang) Tag() string {
	if l == En {
		return "en"
	}
	return "zh-CN"
}

type key struct{}

// In returns a context whose texts are in l.
func In(ctx context.Context, l Lang) context.Context { return context.WithValue(ctx, key{}, l) }

// Of is the language of ctx, Chinese when nobody chose.
func Of(ctx context.Context) Lang {
	if l, ok := ctx.Value(key{}).(Lang); ok {
		return l
	}
	return Zh
}

// Parse reads a language tag; ok is false for one we have no texts in.
func Parse(s string) (l Lang, ok bool) {
	switch {
	case s == "zh" || strings.HasPrefix(s, "zh-"):
		return Zh, true
	case s == "en" || strings.HasPrefix(s, "en-"):
		return En, true
	}
	return Zh, false
}

// T is the text of key in the language of ctx; args are pairs of name and value. A key without a text
// is returned itself: visible on the page, and found by a test before that.
func T(ctx context.Context, key string, args ...any) string { return Text(Of(ctx), key, args...) }

// Text is the text of key in l.
func Text(l Lang, key string, args ...any) string {
	texts.RLock()
	m, ok := texts.of[l][key]
	texts.RUnlock()
	if !ok {
		return key
	}
	return fill(m.form(args), args)
}

// Has says whether key has a text in every language.
func Has(key string) bool {
	texts.RLock()
	defer texts.RUnlock()
	for _, l := range All {
		if _, ok := texts.of[l][key]; !ok {
			return false
		}
	}
	return true
}

type message struct{ one, other string }

func (m message) form(args []any) string {
	if m.one == "" {
		return m.other
	}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" && fmt.Sprint(args[i+1]) == "1" {
			return m.one
		}
	}
	return m.other
}

var texts = struct {
	sync.RWMutex
	of map[Lang]map[string]message
}{of: map[Lang]map[string]message{Zh: {}, En: {}}}

// Add adds the locales/zh.toml and locales/en.toml of one room. It panics when they are malformed,
// name a key that another room has, or differ in their keys: that is a mistake in the program.
func Add(files fs.FS) {
	read := map[Lang]map[string]message{}
	for _, l := range All {
		m, err := Read(files, "locales/"+string(l)+".toml")
		if err != nil {
			panic(err)
		}
		read[l] = m
	}
	if a, b := Keys(read[Zh]), Keys(read[En]); !slices.Equal(a, b) {
		panic(fmt.Sprintf("locales differ: only in one language are %v", Only(a, b)))
	}
	texts.Lock()
	defer texts.Unlock()
	for l, m := range read {
		for k, v := range m {
			if _, taken := texts.of[l][k]; taken {
				panic("two rooms have a text under " + k)
			}
			texts.of[l][k] = v
		}
	}
}

// Read reads one file of texts.
func Read(files fs.FS, name string) (map[string]message, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	file, err := i18n.ParseMessageFileBytes(raw, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return nil, fmt.Errorf("texts %s: %w", name, err)
	}
	m := map[string]message{}
	for _, msg := range file.Messages {
		m[msg.ID] = message{one: msg.One, other: msg.Other}
	}
	return m, nil
}

// Keys are the sorted keys of a file of texts.
func Keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Only lists what stands in just one of two sorted lists.
func Only(a, b []string) []string {
	var only []string
	for _, pair := range [][2][]string{{a, b}, {b, a}} {
		for _, k := range pair[0] {
			if _, found := slices.BinarySearch(pair[1], k); !found {
				only = append(only, k)
			}
		}
	}
	return only
}

// fill puts args into the braces of text; braces that name no argument stay as they are.
func fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		v, known := argument(name, args)
		if !closed || !known {
			b.WriteByte('{')
			text = rest
			continue
		}
		b.WriteString(v)
		text = after
	}
}

func argument(name string, args []any) (string, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return word(args[i+1]), true
		}
	}
	return "", false
}

func word(v any) string {
	if t, ok := v.(time.Time); ok {
		return t.In(civil.Beijing).Format("2006-01-02 15:04")
	}
	return fmt.Sprint(v)
}

// Pick is the one of two texts that is in the reader's language.
func Pick(ctx context.Context, zh, en string) string {
	if Of(ctx) == En {
		return en
	}
	return zh
}

// Half is the reader's half of a message of the operator's log, "账头不符 (the head does not match)", which says both; whatever follows
// stays. A message that does not say both is given back as it is.
func Half(ctx context.Context, message string) string {
	half, rest, ok := Halved(ctx, message)
	if !ok {
		return message
	}
	return half + rest
}

// Halved is Half with what follows apart; not ok if the message does not say both.
func Halved(ctx context.Context, message string) (half, rest string, ok bool) {
	zh, after, found := strings.Cut(message, " (")
	en, rest, shut := strings.Cut(after, ")")
	switch {
	case !found || !shut || !strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		return "", "", false
	case Of(ctx) == En:
		return en, rest, true
	}
	return zh, rest, true
}
