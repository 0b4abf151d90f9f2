// Package ui holds the parts that every page is assembled from: layout, table, form row, status chip,
// filters, notices. A page uses these and adds none of its own; what is missing is added here.
//
// Words: a frame (页框) is what surrounds the page and comes from the request: member, person, seat,
// language, clock. A tone (色调) is one of good, risk, grave, late, info, gone and plain; it never stands
// without a word and an icon.
package ui

import (
	"context"
	"time"

	"liandong/web/assets"
	"liandong/web/lang"
)

// Tone is the colour of a state. It is only ever an addition to its word and icon.
type Tone string

// The tones of states: 正常, 风险, 滞后, 办理中, 已调出, 未到期.
const (
	Plain Tone = ""
	Good  Tone = "good"
	Risk  Tone = "risk"
	Grave Tone = "grave" // between risk and late
	Late  Tone = "late"
	Info  Tone = "info"
	Gone  Tone = "gone"
)

// Icon is the usual icon of the tone.
func (t Tone) Icon() string {
	switch t {
	case Good:
		return "circle-check"
	case Risk, Grave:
		return "alert-triangle"
	case Late:
		return "clock-exclamation"
	case Info:
		return "circle-dot"
	case Gone:
		return "circle-minus"
	}
	return "circle-dashed"
}

// Frame surrounds a page. The site makes it for each request.
type Frame struct {
	Member string // 遂宁市
	Brand  Brand  // how the platform is called here, and whom to call
	Theme  string // "", "light" or "dark"
	Nav    []NavLink
	Person string // empty: nobody is signed in
	Owner  string // tells him, in whichever seat, from other people on the same device, and says nothing else
	Who    string // tells his seat from others on the same device, and says nothing else; empty: nobody is signed in
	Seats  []SeatChoice
	Now    time.Time
	Demo   bool   // the clock is a demonstration's (演示时钟)
	Stage  string // address of the demonstration's stage (演示台); empty: none
	Here   string // path and query of this page
	Search string // address of the search page; empty: none
	Query  string // what was searched for
	Flash  *Flash
	Mine   []NavLink // pages of what is a person's own, side by side
	Bell   Bell
	// Standing is what holds until it is over, on top of the page.
	Standing []Standing
}

// Standing (常驻提示) is something that everybody must know of the node until it is over.
type Standing struct {
	Tone        Tone
	Title, Text string
	More        Link // where more stands, or where one acts; an empty Href: nowhere that this reader may go
}

// Bell leads to what a person was told (提醒), with how much of it he has not read.
type Bell struct {
	Href   string // empty: there is none
	Unread int
}

// NavLink is one entry of the top bar.
type NavLink struct {
	Label, Href string
	Icon        string // in menus; may be empty
	Current     bool
	Count       int       // what waits there; 0 shows nothing
	Menu        []NavLink // opens these instead of a page
}

// SeatChoice is one seat that the person may take; Value is what /me/seat wants.
type SeatChoice struct {
	Value, Org, Seat string
	Current          bool
}

// Flash is said once on the page after the one that caused it.
type Flash struct {
	Tone Tone
	Text string
}

type frameKey struct{}

// WithFrame hands the frame to the layout.
func WithFrame(ctx context.Context, f Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

// FrameOf is the frame of the request.
func FrameOf(ctx context.Context) Frame {
	f, _ := ctx.Value(frameKey{}).(Frame)
	return f
}

func (f Frame) acting() SeatChoice {
	for _, s := range f.Seats {
		if s.Current {
			return s
		}
	}
	return SeatChoice{}
}

// T is the text of key in the reader's language; args are pairs of name and value.
func T(ctx context.Context, key string, args ...any) string { return lang.T(ctx, key, args...) }

// Page says how the layout shows a page.
type Page struct {
	Title string
	Width Width
	A3    bool // prints on A3, landscape; else on A4
}

// Width is how wide the page runs: Full for tables, Reading for prose, Question for one thing entered.
type Width string

// The widths of a page.
const (
	Full     Width = ""
	Reading  Width = "reading"
	Question Width = "question"
)

// Link is a word with an address.
type Link struct{ Label, Href string }

func iconURL(name string) string { return assets.URL("icons.svg") + "#" + name }
