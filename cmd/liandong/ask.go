package main

import (
	"errors"
	"net/http"

	"liandong/region"
)

// ask is how a command that calls the node runs: it reaches the node with a seat, act makes the calls, and the answer is printed as JSON, or said for
// people by what act returns beside it.
func (f reachFlags) ask(t *terminal, seat region.Seat, asJSON bool, act func(n *caller) (answer any, say func(), err error)) (err error) {
	n, err := f.reach(t, seat)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	answer, say, err := act(n)
	switch {
	case err != nil:
		return err
	case asJSON:
		return t.json(answer)
	}
	say()
	return nil
}

// call makes a call below /api/v1 and reads its answer.
func call[T any](t *terminal, n *caller, method, path string, in any) (out T, err error) {
	err = n.Call(t.ctx, method, "/api/v1"+path, in, &out)
	return out, err
}

func get[T any](t *terminal, n *caller, path string) (T, error) {
	return call[T](t, n, http.MethodGet, path, nil)
}
