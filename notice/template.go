package notice

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"text/template"
	"time"

	"liandong/rules/refuse"
)

// Content is what a template may name.
type Content struct {
	Title string // 遂宁市联动平台：3 项待办提醒
	Text  string // a line for each matter
	URL   string // of the inbox; empty where this site's address is not known
	Phone string // of a short message; empty of a card
	N     int    // how many matters
}

// The largest template, and the largest message it may make, in bytes.
const mostTemplate, mostMessage = 8 << 10, 256 << 10

var errLong = errors.New("the message is too long")

// bounded takes so much and no more.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > mostMessage {
		return 0, errLong
	}
	return b.Buffer.Write(p)
}

// helpers put a text into JSON and into a form, so that nothing in it is taken for more than text.
var helpers = template.FuncMap{
	"json": func(text string) (string, error) {
		raw, err := json.Marshal(text)
		return string(raw), err
	},
	"form": url.QueryEscape,
}

// fill makes the message of a template and says what it is.
func fill(text string, c Content) (body []byte, contentType string, err error) {
	t, err := template.New("").Funcs(helpers).Parse(text)
	if err != nil {
		return nil, "", err
	}
	var b bounded
	if err := t.Execute(&b, c); err != nil {
		return nil, "", err
	}
	if strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "{{") {
		return b.Bytes(), "application/json", nil
	}
	return b.Bytes(), "application/x-www-form-urlencoded", nil
}

// awkward is what a template must be able to carry without becoming another message.
var awkward = Content{Title: "\"引号\"&a=b \\", Text: "一行\n\"两行\"&a=b", URL: "https://a.example/inbox?a=1&b=2", Phone: "+86138&a=1", N: 2}

// checkTemplate refuses a template that cannot be filled, or that lets a text out of its place.
func checkTemplate(text string) error {
	if text == "" {
		return nil
	}
	bad := refuse.New("notice.template", "example", "{{json .Text}}").At("template")
	if len(text) > mostTemplate {
		return bad
	}
	body, kind, err := fill(text, awkward)
	if err != nil || kind == "application/json" && !json.Valid(body) {
		return bad
	}
	if kind == "application/json" {
		return nil
	}
	if strings.Contains(string(body), "\n") {
		return bad
	}
	values, err := url.ParseQuery(string(body))
	if err != nil || values.Has("a") || values.Has("b") { // a text was not put in by form
		return bad
	}
	return nil
}

// plainCard is a card in the form of Standard Webhooks (standardwebhooks.com): type, timestamp and data.
type plainCard struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      cardData  `json:"data"`
}

type cardData struct {
	Title   string       `json:"title"`
	Text    string       `json:"text"`
	URL     string       `json:"url,omitempty"`
	More    int          `json:"more,omitempty"`
	Matters []cardMatter `json:"matters"`
}

type cardMatter struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Due  string `json:"due,omitempty"`
	URL  string `json:"url,omitempty"`
}
