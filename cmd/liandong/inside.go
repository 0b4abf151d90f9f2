package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
)

// What only the local operator may ask stands on no public address: the folder's socket answers it beside the site.

// operatorCall answers one of the operator's calls: step goes to his terminal as it comes, what it returns at the end.
type operatorCall func(r *http.Request, step func(done, total int64)) (any, error)

// inside is the site with the calls that only the folder's socket answers.
func (a *app) inside(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", site)
	mux.Handle("POST /operator/bundle", a.operatorOnly(region.MemberRecognise, a.importBundle))
	mux.Handle("POST /operator/free-second", a.operatorOnly(region.PersonWrite, a.freeSecond))
	mux.Handle("POST /operator/link", a.operatorOnly(region.PersonWrite, a.link))
	mux.Handle("POST /operator/resume", a.operatorOnly("", a.resume))
	return mux
}

// operatorLine is one line of an answer.
type operatorLine struct {
	Done   int64           `json:"done,omitempty"`
	Total  int64           `json:"total,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
	Found  bool            `json:"found,omitempty"` // the error is a finding: exit code 1
}

// operatorOnly answers in lines of JSON; it may take as long as it takes. Without an action nothing is asked but that the
// caller has the folder's account on this machine.
func (a *app) operatorOnly(act region.Action, call operatorCall) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := a.operatorMay(r, act)
		control := http.NewResponseController(w)
		if err == nil {
			err = errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{}))
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		answer := json.NewEncoder(w)
		var result any
		if err == nil {
			var last time.Time
			result, err = call(r, func(done, total int64) {
				if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
					last = now
					_ = answer.Encode(operatorLine{Done: done, Total: total}) // who asked may have gone
					_ = control.Flush()
				}
			})
		}
		_ = answer.Encode(lastLine(r, result, err))
	})
}

func (a *app) operatorMay(r *http.Request, act region.Action) error {
	if act == "" {
		return nil
	}
	id, err := operator(r, a.folder.Node)
	if err == nil && !region.May(region.Seat(id.Actor.Seat), act) {
		err = refuse.New("cli.operator-seat", "seat", id.Actor.Seat)
	}
	return err
}

func lastLine(r *http.Request, result any, err error) operatorLine {
	var line operatorLine
	raw, failed := json.Marshal(result)
	if line.Result = raw; result == nil || failed != nil {
		line.Result = nil
	}
	if err = errors.Join(err, failed); err == nil {
		return line
	}
	line.Error = err.Error()
	var found broken
	line.Found = errors.As(err, &found)
	if _, refused := refuse.As(err); refused {
		trouble := web.Translate(lang.In(r.Context(), lang.Zh), err)
		line.Error, line.Found = fmt.Sprintf("%s\n%s [%s]", trouble.Title, trouble.Text, trouble.Code), true
	}
	return line
}

// Operate asks one of the operator's calls and reads its result into out, also when it ends in an error.
func (c *caller) Operate(t *terminal, path string, in any, step func(done, total int64), out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(t.ctx, http.MethodPost, path, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	answer, err := c.Do(r)
	if err != nil {
		return fmt.Errorf("联系不上节点 (cannot reach the node): %w", err)
	}
	defer answer.Body.Close()
	lines := json.NewDecoder(answer.Body)
	for {
		var line operatorLine
		if err := lines.Decode(&line); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("节点答复 %s (the node's answer): %w", answer.Status, err)
		}
		if line.Total > 0 {
			step(line.Done, line.Total)
			continue
		}
		if line.Result != nil {
			if err := json.Unmarshal(line.Result, out); err != nil {
				return err
			}
		}
		switch {
		case line.Error == "":
			return nil
		case line.Found:
			return broken{errors.New(line.Error)}
		}
		return errors.New(line.Error)
	}
}
