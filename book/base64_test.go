package book

import (
	"encoding/base64"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// TestDecodeHashAgreesWithTheLibrary, also where a character was changed.
func TestDecodeHashAgreesWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "raw")
		text := []byte(base64.StdEncoding.EncodeToString(raw))
		if h, ok := decodeHash(text); !ok || h != tlog.Hash(raw) {
			rt.Fatalf("%s reads as %v, %v", text, h, ok)
		}
		at := rapid.IntRange(0, hashText-1).Draw(rt, "at")
		text[at] = rapid.Byte().Filter(func(c byte) bool { return c != '\n' && c != '\r' }).Draw(rt, "to")
		want, err := base64.StdEncoding.Strict().DecodeString(string(text))
		h, ok := decodeHash(text)
		if ok != (err == nil && len(want) == 32) || ok && h != tlog.Hash(want) {
			rt.Fatalf("%s: %v, library %v", text, ok, err)
		}
	})
}

func TestDecodeHashRefuses(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for remark, bad := range map[string]string{
		"nothing": "", "unpadded": good[:43], "a line end": "\n" + good[1:], "url alphabet": "_" + good[1:], "33 bytes": good[:43] + "A",
	} {
		if isHash([]byte(bad)) {
			t.Errorf("%s was accepted", remark)
		}
	}
}
