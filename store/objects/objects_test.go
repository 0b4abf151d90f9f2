package objects

import (
	"strings"
	"testing"
)

func TestOpenRefuses(t *testing.T) {
	for address, right := range map[string]bool{
		"https://minio.example:9000/liandong":               true,
		"https://minio.example/liandong/附件":                 true,
		"https://oss.example/liandong?region=cn&style=host": true,
		"http://127.0.0.1:9000/liandong":                    true,
		"http://[::1]:9000/liandong":                        true,
		"http://minio.example:9000/liandong":                false,
		"https://minio.example:9000":                        false,
		"https://minio.example:9000/":                       false,
		"https://key:secret@minio.example/liandong":         false,
		"https://minio.example/liandong?secret=x":           false,
		"https://minio.example/liandong?style=path-ish":     false,
		"s3://liandong":                                     false,
		"liandong":                                          false,
		"https://minio.example/liandong#x":                  false,
	} {
		if _, err := Open(address, Key{"id", "secret"}); (err == nil) != right {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestParseKey(t *testing.T) {
	for text, right := range map[string]bool{"id\nsecret\n": true, "id\r\nsecret": true, "id\n": false, "": false, "id\nsecret\nmore": false} {
		k, err := ParseKey([]byte(text))
		if (err == nil) != right || right && k != (Key{"id", "secret"}) {
			t.Errorf("%q: %+v %v", text, k, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret\nmore") {
			t.Errorf("an error tells the key: %v", err)
		}
	}
}
