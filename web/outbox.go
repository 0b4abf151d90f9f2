package web

import (
	"net/http"

	"liandong/web/assets"
)

// keepHeader names the seat whose device may keep the page for when there is no line.
const keepHeader = "Liandong-Keep"

// KeepOnDevice lets the device of who asks keep this page, so that he can open it without a line. Only for pages of what he himself
// has to write: see docs/decisions/0025.
func KeepOnDevice(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		w.Header().Set(keepHeader, Who(r))
	}
}

// CheckWho refuses what a device kept for one seat and sends while another is signed in.
func CheckWho(r *http.Request) error {
	if want := r.Header.Get("Liandong-Who"); want != "" && want != Who(r) {
		return ErrUnauthorized
	}
	return nil
}

// outbox is the frame in which a page's script shows what waits on the device for a line. With ?shell it is nobody's, which is what
// a device keeps. GET /outbox
func outbox(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("shell") {
		stateOf(r.Context()).identity = Identity{}
	}
	return Show(w, r, outboxPage())
}

// worker is the script that answers for the site without a line. It has one address for ever, under which browsers look for a newer one.
// GET /worker.js
func worker(w http.ResponseWriter, _ *http.Request) error {
	body, err := assets.File("worker.js")
	if err != nil {
		return Hide(err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, err = w.Write(body)
	return err
}
