//go:build pins

// Package peer: the import below keeps the version of a command that the tests build.
package peer

import (
	_ "github.com/transparency-dev/tessera/cmd/fsck"
)
