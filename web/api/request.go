package api

import (
	"context"
	"encoding/json"
	"fmt"

	"liandong/node"
	"liandong/web"
)

// Request is what a call asks to be written: sent again under its key with the same body, it gets the first answer.
func Request(ctx context.Context, operation string, in any) (node.Request, error) {
	print, err := json.Marshal(in)
	if err != nil {
		return node.Request{}, fmt.Errorf("fingerprint of a call: %w", err)
	}
	return node.Request{ID: web.RequestKeyOf(ctx), Print: append([]byte(operation+"\n"), print...), Actor: web.ActorOf(ctx)}, nil
}
