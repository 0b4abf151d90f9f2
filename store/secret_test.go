package store

import (
	"context"
	"strings"
	"testing"
)

// TestABadAddressKeepsItsPassword: errors go to logs and screens.
func TestABadAddressKeepsItsPassword(t *testing.T) {
	for _, address := range []string{
		"postgres://liandong:jimi-secret@db.example/liandong?sslmode=bad", "postgres://liandong:jimi-secret@db.example:99x/liandong",
		"postgres://liandong:jimi-secret@db.example/liandong?connect_timeout=x", "postgres://liandong:jimi-secret@[::1/liandong",
	} {
		_, err := Open(context.Background(), address)
		if err == nil || strings.Contains(err.Error(), "jimi-secret") {
			t.Errorf("%v", err)
		}
	}
}
