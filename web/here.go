package web

import "net/http"

// Here is an address of this site as the browser reached it, for what a person takes along: a link for a colleague, a calendar. It is shown to who
// asked and stored nowhere, since the host is what the request says.
func Here(r *http.Request, path string) string {
	scheme := "http://"
	if stateOf(r.Context()).behindTLS() || r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host + path
}
