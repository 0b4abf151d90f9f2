package ui

import (
	"fmt"
	"strings"

	"github.com/piglig/go-qr"
)

// qr draws a code as an SVG path in a box of its size; size is 0 where the text is too long for one.
func qr(text string) (path string, size int) {
	code, err := go_qr.EncodeText(text, go_qr.Medium)
	if err != nil {
		return "", 0
	}
	var b strings.Builder
	size = code.GetSize()
	for y := range size {
		for x := range size {
			if code.GetModule(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return b.String(), size
}

// quiet is the view box of a code, with the quiet zone of four modules.
func quiet(size int) string { return fmt.Sprintf("-4 -4 %d %d", size+8, size+8) }
