package workdays

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"liandong/plan"
	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// Years is how all years stand.
type Years struct {
	Years []Year `json:"years"`
}

// SetRequest is the body of PUT /calendars/{year} and of POST /calendars/{year}/check.
type SetRequest struct {
	Document string `json:"document" maxLength:"200" doc:"Number of the notice; with shipped the ground" example:"国办发明电〔2026〕9号"`
	Notice   string `json:"notice,omitempty" maxLength:"20000" doc:"Text of the notice; its days are read from it, and off and work are not looked at"`
	Off      string `json:"off,omitempty" maxLength:"4000" doc:"Days off, a day or a span a line or with commas between" example:"2027-01-01..2027-01-03"`
	Work     string `json:"work,omitempty" maxLength:"4000" doc:"Weekend days that are worked" example:"2027-01-09"`
	Note     string `json:"note,omitempty" maxLength:"1000"`
	Shipped  bool   `json:"shipped,omitempty" doc:"Nothing of our own any more: the notice that the program brings along"`
}

func (s SetRequest) typed(year int) Typed {
	return Typed{Year: year, Notice: s.Notice, Off: s.Off, Work: s.Work, Document: s.Document, Note: s.Note, Shipped: s.Shipped}
}

// Preview is what was understood of an arrangement, and what it would move.
type Preview struct {
	Off    []string `json:"off"`
	Work   []string `json:"work"`
	Left   []string `json:"left" doc:"Sentences in which a day is named that was not taken"`
	Same   bool     `json:"same" doc:"It is as it stands already"`
	Shifts []Shift  `json:"shifts"`
}

// Shift is a day that would move.
type Shift struct {
	What  string `json:"what" enum:"step,slip,part,later-part,instruction,comments,meeting"`
	Level string `json:"level,omitempty" doc:"Of a step of the ladder"`
	Unit  string `json:"unit,omitempty"`
	Was   string `json:"was" example:"2027-02-03"`
	Will  string `json:"will" example:"2027-02-10"`
	Stays bool   `json:"stays" doc:"It stands in an entry and stays as it was said"`
}

type oneYearInput struct {
	Year int `path:"year" example:"2027"`
}

type settingInput struct {
	Year int `path:"year" example:"2027"`
	Body SetRequest
}

// API adds the calls.
func API(calls *api.API, d *plan.Desk) {
	tags := []string{"administration"}
	example := Year{Year: 2027, Source: Entered, Document: "国办发明电〔2026〕9号", Since: "2026-11-20", Off: []string{"2027-01-01"}, Work: []string{}, Working: 249, Book: "510900/self", Index: 71}
	api.Register(calls, huma.Operation{
		OperationID: "list-calendars", Method: http.MethodGet, Path: "/calendars", Tags: tags,
		Summary: "Working days (工作日历), year by year, and where they come from", Responses: api.Example(Years{[]Year{example}}),
	}, region.CalendarRead, func(ctx context.Context, _ *struct{}) (*api.Answer[Years], error) {
		all, err := years(ctx, d)
		return &api.Answer[Years]{Body: Years{all}}, err
	})
	api.Register(calls, huma.Operation{
		OperationID: "read-calendar", Method: http.MethodGet, Path: "/calendars/{year}", Tags: tags, Summary: "Working days of a year", Responses: api.Example(example),
	}, region.CalendarRead, func(ctx context.Context, in *oneYearInput) (*api.Answer[Year], error) {
		y, ok, err := oneYear(ctx, d, in.Year)
		if err == nil && !ok {
			err = web.ErrNotFound
		}
		return &api.Answer[Year]{Body: y}, err
	})
	api.Register(calls, huma.Operation{
		OperationID: "check-calendar", Method: http.MethodPost, Path: "/calendars/{year}/check", Tags: tags,
		Summary:   "What is understood of a year's arrangement and which days it would move; writes nothing",
		Responses: api.Example(Preview{[]string{"2027-01-01"}, []string{}, []string{}, false, []Shift{{What: "step", Level: "blue", Was: "2026-12-31", Will: "2027-01-04"}}}),
	}, region.CalendarWrite, func(ctx context.Context, in *settingInput) (*api.Answer[Preview], error) {
		c, err := check(ctx, d, in.Body.typed(in.Year))
		out := Preview{Off: append([]string{}, c.Days.Sorted().Off...), Work: append([]string{}, c.Days.Sorted().Work...), Left: append([]string{}, c.Left...), Same: c.Same, Shifts: []Shift{}}
		for _, s := range c.Shifts {
			out.Shifts = append(out.Shifts, Shift{string(s.What), s.Level, s.Unit, string(s.Was), string(s.Will), s.Stays})
		}
		return &api.Answer[Preview]{Body: out}, err
	})
	api.Register(calls, huma.Operation{
		OperationID: "set-calendar", Method: http.MethodPut, Path: "/calendars/{year}", Tags: tags,
		Summary: "Enter a year's arrangement; it holds from today on", Responses: api.Example(example),
	}, region.CalendarWrite, func(ctx context.Context, in *settingInput) (*api.Answer[Year], error) {
		typed := in.Body.typed(in.Year)
		req, err := api.Request(ctx, "set-calendar", in)
		if err != nil {
			return nil, err
		}
		if err := set(ctx, d, req, typed); err != nil {
			return nil, err
		}
		y, _, err := oneYear(ctx, d, in.Year)
		return &api.Answer[Year]{Body: y}, err
	})
}
