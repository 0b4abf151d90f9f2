package books

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
)

// line is one fact or word of an entry, as a reader sees it.
type line struct{ Label, Value, Href string }

// sayer puts the JSON of entries into lines. Kinds belong to rooms above: what a field is called
// stands in the locales, and what has no name there is shown as written.
type sayer struct {
	ctx    context.Context
	orgs   map[string]string
	names  map[string]string // of what is named by id
	member string
	theirs bool // a neighbour's entry
	circle string
	index  int64
}

// hidden are the fields that say nothing to a reader: salts and names of blobs.
var hidden = map[string]bool{"blob": true, "salt": true, "hash": true, "shape": true}

// lines reads an object in the order in which it is written.
func (s sayer) lines(raw []byte) (all []line, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("words of an entry: %w", err)
	}
	return s.object(d, "")
}

// object reads the fields of an object whose brace was read.
func (s sayer) object(d *json.Decoder, under string) (all []line, err error) {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(key)
		more, err := s.value(d, name, under)
		if err != nil {
			return nil, err
		}
		if !hidden[name] {
			all = append(all, more...)
		}
	}
	_, err = d.Token()
	return all, err
}

// value reads one value: an object becomes its fields, a list of plain values one line.
func (s sayer) value(d *json.Decoder, key, under string) ([]line, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	label := s.label(key, under)
	if name := s.names[key]; name != "" && name == t {
		label = under // the words that give the name itself
	}
	switch t {
	case json.Delim('{'):
		return s.object(d, label)
	case json.Delim('['):
		return s.list(d, key, label)
	}
	if text := s.text(key, t); text != "" {
		return []line{{label, text, s.href(key, t)}}, nil
	}
	return nil, nil
}

func (s sayer) list(d *json.Decoder, key, label string) (all []line, err error) {
	var plain []string
	for n := 0; d.More(); n++ {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t {
		case json.Delim('{'):
			more, err := s.object(d, label+" "+strconv.Itoa(n+1))
			if err != nil {
				return nil, err
			}
			if key == "files" {
				more = s.file(label+" "+strconv.Itoa(n+1), more, n)
			}
			all = append(all, more...)
		case json.Delim('['):
			return nil, fmt.Errorf("a list in a list at %s", key)
		default:
			plain = append(plain, s.text(key, t))
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if len(plain) > 0 {
		all = append(all, line{Label: label, Value: strings.Join(plain, web.T(s.ctx, "books.comma"))})
	}
	return all, nil
}

// file puts name and size of an attachment into one line, a link to it for who may download it.
func (s sayer) file(label string, all []line, n int) []line {
	if len(all) < 2 {
		return all
	}
	one := line{Label: label, Value: web.T(s.ctx, "books.file", "name", all[0].Value, "size", all[len(all)-1].Value)}
	if web.May(s.ctx, region.AttachmentRead) && !s.theirs { // a neighbour's files are not here
		one.Href = fmt.Sprintf("/file/%s/%d/%d", s.circle, s.index, n)
	}
	return []line{one}
}

// label is the name of a field; a field without one keeps its own.
func (s sayer) label(key, under string) string {
	switch {
	case lang.Has("books.field." + key):
		key = web.T(s.ctx, "books.field."+key)
	case s.names[key] != "":
		key = s.names[key] // words and answers are keyed by what they are about
	}
	if under == "" {
		return key
	}
	return under + " · " + key
}

// places are the fields that name organisations.
var places = map[string]bool{"org": true, "leads": true, "supports": true, "members": true, "orgs": true}

// named are the fields that name something by an id that has a name in words.
var named = map[string]bool{
	"person": true, "plan": true, "listing": true, "listings": true, "item": true, "items": true, "id": true, "milestone": true, "indicator": true,
}

func (s sayer) text(key string, t json.Token) string {
	switch v := t.(type) {
	case bool:
		if !v {
			return ""
		}
		return web.T(s.ctx, "books.yes")
	case string:
		if places[key] && s.orgs[v] != "" {
			return s.orgs[v]
		}
		if named[key] && s.names[v] != "" {
			return s.names[v]
		}
		if lang.Has("books.value." + v) {
			return web.T(s.ctx, "books.value."+v)
		}
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// href leads to what a field names.
func (s sayer) href(key string, t json.Token) string {
	id, _ := t.(string)
	if id == "" || !web.May(s.ctx, region.PlanRead) {
		return ""
	}
	switch key {
	case "item":
		return "/item/" + id + "@" + s.member
	case "plan":
		return "/plan/" + id
	}
	return ""
}

// kindName is a kind in words: 进展填报; a kind without a name keeps its own.
func kindName(ctx context.Context, kind string) string {
	name, _, _ := strings.Cut(kind, "/")
	if lang.Has("books.kind." + name) {
		return web.T(ctx, "books.kind."+name)
	}
	return kind
}
