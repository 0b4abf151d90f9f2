package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"liandong/node"
	"liandong/rules/refuse"
	"liandong/web"
)

// MostRows is how many rows a call takes at once, and MostManyBytes how large its body may be.
const (
	MostRows      = 500
	MostManyBytes = 8 << 20
)

// Partial is the part of a call on many rows that says what becomes of the good ones; embed it in the input.
type Partial struct {
	Partial bool `query:"partial" doc:"Take the good rows where others are refused, each as a request of its own. Without it all rows stand, or none"`
}

// Many is the answer to a call on many rows, one for each in their order.
type Many[T any] struct {
	Done    int      `json:"done" doc:"Rows that stand now"`
	Refused int      `json:"refused" doc:"Rows that were refused; only where partial=true was asked for"`
	Rows    []Did[T] `json:"rows"`
}

// Did is what became of one row: an answer as of a call on it alone, or what is wrong with it.
type Did[T any] struct {
	Index   int         `json:"index" doc:"Place of the row in the call, from 0"`
	Answer  *T          `json:"answer,omitempty"`
	Problem *RowProblem `json:"problem,omitempty"`
}

// RowProblem is what is wrong with one row.
type RowProblem struct {
	Index  int                `json:"index" doc:"Place of the row in the call, from 0"`
	Status int                `json:"status" doc:"As of a call on it alone" example:"422"`
	Code   string             `json:"code" example:"plan.report-empty"`
	Detail string             `json:"detail"`
	Errors []web.FieldProblem `json:"errors,omitempty" doc:"By field of the row"`
}

// Row is one row of a call, read and ready to be written; Do may be run again, and under a context that is not the call's.
type Row[T any] struct {
	Do    func(ctx context.Context, req node.Request) (T, error)
	Print any   // what it says, to tell a repeated call from another
	Err   error // it could not be read
}

// rowsRefused says which rows are wrong where none was taken.
type rowsRefused struct {
	rows []RowProblem
	of   int
}

func (e *rowsRefused) Error() string { return "rows refused" }

func (e *rowsRefused) Unwrap() error {
	return refuse.New("api.rows-refused", "n", strconv.Itoa(len(e.rows)), "of", strconv.Itoa(e.of))
}

// Each writes the rows of a call that names itself: all of them as one request under the call's key, so that all stand or none, or with partial each as a
// request of its own. see turns what a row's act refused into what the call's reader may know.
func Each[T any](ctx context.Context, n *node.Node, name string, partial bool, rows []Row[T], see func(error) error) (*Answer[Many[T]], error) {
	w := writing[T]{ctx: ctx, node: n, name: name, rows: rows, see: see}
	write := w.together
	if partial {
		write = w.apart
	}
	all, err := write()
	if err != nil {
		return nil, err
	}
	return many(all), nil
}

func many[T any](all []Did[T]) *Answer[Many[T]] {
	out := Many[T]{Rows: all}
	for _, row := range all {
		if row.Problem != nil {
			out.Refused++
		} else {
			out.Done++
		}
	}
	return &Answer[Many[T]]{Body: out}
}

// Decided answers a call on many rows that its room has done at once, without entries; wrong says by row what was refused, and
// then nothing was done unless partial was asked for.
func Decided[T any](ctx context.Context, answers []T, wrong map[int]error, partial bool) (*Answer[Many[T]], error) {
	if len(wrong) > 0 && !partial {
		return nil, refusedFor(ctx, len(answers), wrong)
	}
	all := make([]Did[T], len(answers))
	for i := range answers {
		all[i] = Did[T]{Index: i, Answer: &answers[i]}
		if wrong[i] == nil {
			continue
		}
		p, err := problemOf(ctx, i, wrong[i])
		if err != nil {
			return nil, err
		}
		all[i] = Did[T]{Index: i, Problem: p}
	}
	return many(all), nil
}

type writing[T any] struct {
	ctx  context.Context
	node *node.Node
	name string
	rows []Row[T]
	see  func(error) error
}

func (w *writing[T]) request(key string, print any) (node.Request, error) {
	req, err := Request(w.ctx, w.name, print)
	req.ID = key
	return req, err
}

// apart asks for each row by itself. Sent again, a row that stands gets its first answer.
func (w *writing[T]) apart() (all []Did[T], err error) {
	key := web.RequestKeyOf(w.ctx)
	for i, row := range w.rows {
		one := Did[T]{Index: i}
		if row.Err == nil {
			req, err := w.request(key, row.Print)
			if err != nil {
				return nil, err
			}
			if key != "" {
				req.ID = key + "." + strconv.Itoa(i)
			}
			var answer T
			if answer, row.Err = row.Do(w.ctx, req); row.Err == nil {
				one.Answer = &answer
			}
		}
		if row.Err != nil {
			if one.Problem, err = problemOf(w.ctx, i, w.see(row.Err)); err != nil {
				return nil, err
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// together asks for all as one request, whose note keeps the answers for who asks again.
func (w *writing[T]) together() (all []Did[T], err error) {
	prints := make([]any, len(w.rows))
	for i := range w.rows {
		prints[i] = w.rows[i].Print
	}
	req, err := w.request(web.RequestKeyOf(w.ctx), prints)
	if err != nil {
		return nil, err
	}
	wrong := map[int]error{}
	receipt, err := w.node.Write(w.ctx, req, func(ctx context.Context, one *node.Writing) error {
		clear(wrong)
		return w.act(ctx, one, wrong)
	})
	if err != nil && len(wrong) > 0 && refuse.Is(err, "api.rows-refused") {
		for i := range wrong {
			wrong[i] = w.see(wrong[i])
		}
		return nil, refusedFor(w.ctx, len(w.rows), wrong)
	}
	if err != nil {
		return nil, err
	}
	var answers []T
	if err := json.Unmarshal([]byte(receipt.Note), &answers); err != nil {
		return nil, fmt.Errorf("answers of a call on many rows: %w", err)
	}
	for i := range answers {
		all = append(all, Did[T]{Index: i, Answer: &answers[i]})
	}
	return all, nil
}

// act writes all rows, or finds what is wrong with each: who mends a list mends it once.
func (w *writing[T]) act(ctx context.Context, one *node.Writing, wrong map[int]error) error {
	joined, answers := one.Join(ctx), make([]T, len(w.rows))
	for i, row := range w.rows {
		err := row.Err
		if err == nil {
			answers[i], err = row.Do(joined, node.Request{Actor: one.Actor})
		}
		if err == nil {
			continue
		}
		if _, refused := refuse.As(err); !refused && row.Err == nil {
			return err
		}
		wrong[i] = err
	}
	if len(wrong) > 0 {
		return refuse.New("api.rows-refused")
	}
	note, err := json.Marshal(answers)
	one.Note(string(note))
	return err
}

// refusedFor is the refusal of a call of so many rows, for what is wrong with some.
func refusedFor(ctx context.Context, rows int, wrong map[int]error) error {
	e := &rowsRefused{of: rows}
	for i := range rows {
		if wrong[i] == nil {
			continue
		}
		p, err := problemOf(ctx, i, wrong[i])
		if err != nil {
			return err
		}
		e.rows = append(e.rows, *p)
	}
	return e
}

// problemOf is what is wrong with a row; an accident is the whole call's.
func problemOf(ctx context.Context, i int, err error) (*RowProblem, error) {
	if web.Translate(ctx, err).Status >= http.StatusInternalServerError {
		return nil, err
	}
	p := web.ProblemOf(ctx, err)
	return &RowProblem{Index: i, Status: p.Status, Code: p.Code, Detail: p.Detail, Errors: p.Errors}, nil
}

// rowsOf are the rows that a call was refused for.
func rowsOf(err error) []RowProblem {
	if e, ok := errors.AsType[*rowsRefused](err); ok {
		return e.rows
	}
	return nil
}
