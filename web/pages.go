package web

// httpRow is a line of the page that says what plain HTTP costs; its texts stand under
// web.http.<name>.what and .why.
type httpRow struct {
	name  string
	plain bool // works over plain HTTP
	tls   bool // works over TLS
}

var httpRows = []httpRow{
	{"signing", true, true},
	{"cross", true, true},
	{"encrypt", false, true},
	{"cookie", false, true},
	{"passkey", false, true},
	{"offline", false, true},
}

func (h httpRow) on(secure bool) bool { return h.plain || secure && h.tls }
