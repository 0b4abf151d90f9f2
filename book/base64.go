package book

import "golang.org/x/mod/sumdb/tlog"

// hashText is the length of 32 bytes in standard base64.
const hashText = 44

// sextet gives the six bits of a base64 character, or notBase64.
var sextet = func() (t [256]uint8) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range t {
		t[i] = notBase64
	}
	for i := range alphabet {
		t[alphabet[i]] = uint8(i)
	}
	return t
}()

const notBase64 = 0x80

// decodeHash reads 32 bytes in standard base64, in the one form: padded, unused bits zero, no line ends (the
// library's decoder skips those, and takes twice as long).
func decodeHash(b []byte) (h tlog.Hash, ok bool) {
	if len(b) != hashText || b[hashText-1] != '=' {
		return h, false
	}
	bad := uint8(0)
	for i := range 10 {
		q := b[4*i : 4*i+4 : 4*i+4]
		v, w, x, y := sextet[q[0]], sextet[q[1]], sextet[q[2]], sextet[q[3]]
		bad |= v | w | x | y
		h[3*i], h[3*i+1], h[3*i+2] = v<<2|w>>4, w<<4|x>>2, x<<6|y
	}
	v, w, x := sextet[b[40]], sextet[b[41]], sextet[b[42]]
	h[30], h[31] = v<<2|w>>4, w<<4|x>>2
	bad |= v | w | x
	return h, bad < notBase64 && x&3 == 0
}

func isHash(b []byte) bool { _, ok := decodeHash(b); return ok }
