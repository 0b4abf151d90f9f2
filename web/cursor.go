package web

import (
	"encoding/base64"
	"encoding/json"

	"liandong/rules/refuse"
)

// Cursor packs the sort values of a list's last row into the parameter "after" of the next page.
// Unlike a page number it stays right while rows are added.
func Cursor(values ...string) string {
	raw, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always encode
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor unpacks a cursor of n values; the empty cursor is the beginning and gives nil.
func ParseCursor(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	var values []string
	if err == nil {
		err = json.Unmarshal(raw, &values)
	}
	if err != nil || len(values) != n {
		return nil, refuse.New("web.cursor").At("after")
	}
	return values, nil
}
