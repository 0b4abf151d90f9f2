package exchange

import (
	"bytes"
	"context"
)

var ReadManifest = readManifest

// ReadAllOfBundle reads a part from memory and all that it says it has.
func ReadAllOfBundle(ctx context.Context, content []byte) {
	p := &piece{}
	if p.readFrom(bytes.NewReader(content), int64(len(content))) != nil {
		return
	}
	for _, b := range p.Books {
		src := bundled{p, b, nil}
		_, _ = src.Checkpoint(ctx)
		_, _ = src.Tile(ctx, 0, 0, 1)
		_, _ = src.Entries(ctx, b.From/256, 1)
		_, _ = src.Beside(ctx, b.From, 256)
	}
}
