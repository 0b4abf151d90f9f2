package main

import (
	"net/http"
	"strings"
	"testing"

	"liandong/web/api"
)

// pageReads names for each page that is read the operation that tells the same; a page that asks before an act (a form) tells what the
// operation named there tells.
var pageReads = map[string]string{
	"/admin/calendars":                      "list-calendars",
	"/admin/calendars/{year}":               "read-calendar",
	"/admin/circles":                        "list-circles",
	"/admin/directory":                      "list-units",
	"/admin/node":                           "node-state",
	"/admin/notices":                        "deliveries",
	"/admin/notices/lines":                  "lines",
	"/admin/orgs":                           "list-units",
	"/admin/orgs/{org}":                     "list-units",
	"/admin/orgs/{org}/merge":               "unit-history",
	"/admin/orgs/{org}/reform":              "unit-history",
	"/admin/retention":                      "read-retention",
	"/admin/site":                           "read-site",
	"/amendments":                           "amendments",
	"/asked":                                "asked",
	"/asked/{id}":                           "asked-row",
	"/audit/sign-ins":                       "sign-ins",
	"/audit/sign-ins/file.csv":              "sign-ins",
	"/audit/sign-ins/file.xlsx":             "sign-ins",
	"/audit":                                "audit",
	"/books/verify":                         "verification",
	"/books/{$}":                            "list-books",
	"/bulletin":                             "bulletins",
	"/bulletin/{month}":                     "bulletin-draft",
	"/bulletin/{month}/draft.docx":          "bulletin",
	"/bulletin/{month}/draft.xlsx":          "bulletin",
	"/bulletin/{month}/issue":               "bulletin-draft",
	"/issued/{id}":                          "bulletins",
	"/issued/{id}/{file}":                   "bulletin",
	"/consultation/{id}":                    "consultation",
	"/consultation/{id}/comments.docx":      "consultation-comments",
	"/consultation/{id}/letter.docx":        "consultation-letter",
	"/erasures":                             "list-erasures",
	"/file/{circle}/{index}/{n}":            "file",
	"/file/{member}/{circle}/{index}/{n}":   "file",
	"/glance":                               "needs-word",
	"/group/{id}":                           "group",
	"/group/{id}/edit":                      "group",
	"/meetings/groups/new":                  "groups",
	"/hearsay":                              "hearsay",
	"/inbox":                                "inbox",
	"/instruction/{id}":                     "instruction",
	"/instructions":                         "instructions",
	"/instructions/new":                     "item",
	"/item/{id}":                            "item",
	"/item/{id}/edit":                       "item",
	"/item/{id}/report":                     "form",
	"/item/{id}/split":                      "shares",
	"/item/{id}/submission.docx":            "item-submission",
	"/items":                                "items",
	"/legend":                               "legend",
	"/listing/{id}/amend":                   "listing-amendments",
	"/listing/{id}/link":                    "twins",
	"/listing/{id}/twins":                   "twins",
	"/listing/{id}/terms":                   "terms",
	"/listing/{id}/unlink":                  "listings",
	"/listing/{id}/verdict":                 "listings",
	"/making":                               "makings",
	"/making/new":                           "makings",
	"/making/{id}":                          "making",
	"/making/{id}/consult":                  "making",
	"/making/{id}/row/{row}":                "making",
	"/me/notices":                           "notice-wish",
	"/me/substitutes":                       "list-substitutes",
	"/people":                               "people",
	"/people/{person}":                      "person",
	"/people/{person}/leave":                "check-leave",
	"/people/{person}/move":                 "check-move",
	"/people/{person}/second":               "person",
	"/people/{person}/substitutes":          "list-substitutes",
	"/meeting/{id}":                         "meeting",
	"/meeting/{id}/correct":                 "meeting",
	"/meeting/{id}/minutes":                 "meeting",
	"/meeting/{id}/minutes.docx":            "minutes-document",
	"/meeting/{id}/notice.docx":             "meeting-notice",
	"/meetings":                             "meetings",
	"/neighbours":                           "list-neighbours",
	"/neighbours/circle/{circle}/leave":     "list-neighbours",
	"/neighbours/evidence/{id}":             "evidence",
	"/neighbours/in/{circle}/{member}":      "exchange-state",
	"/neighbours/invitation":                "invite",
	"/neighbours/invitation.txt":            "invite",
	"/notes":                                "notes",
	"/plan":                                 "board",
	"/plan/{key}":                           "listings",
	"/plan/{key}/calendar":                  "year",
	"/plan/{key}/call":                      "plan-calls",
	"/plan/{key}/call/{day}/withdraw":       "plan-calls",
	"/plan/{key}/export.xlsx":               "export-list",
	"/plan/{key}/legend":                    "plan-legend",
	"/plan/{key}/missing":                   "missing",
	"/plan/{key}/notice.docx":               "list-notice",
	"/plan/{key}/same":                      "same",
	"/plan/{key}/submission.docx":           "list-submission",
	"/plan/{key}/year":                      "year",
	"/plan/{key}/year.xlsx":                 "year-sheet",
	"/proof/{circle}/{index}":               "proof",
	"/proof/{circle}/{index}/erase":         "proof",
	"/proof/{circle}/{index}/evidence.json": "proof",
	"/report/grid":                          "todo",
	"/report/sheet":                         "todo",
	"/review":                               "queue",
	"/review/{item}/{period}":               "item",
	"/search":                               "search",
	"/security":                             "security",
	"/share/{id}":                           "share",
	"/shares":                               "shares",
	"/signing":                              "to-sign",
	"/signing/settings":                     "signing-setting",
	"/signing/{item}/{period}":              "to-sign",
	"/slip/{id}":                            "slip",
	"/slip/{id}/slip.docx":                  "slip-document",
	"/slips":                                "slips",
	"/slips/ladder":                         "ladder",
	"/slips/new":                            "slip-proposals",
	"/{$}":                                  "todo",
}

// noRead says why a page that is read has no operation.
var noRead = map[string]string{
	"/admin":                            "leads to the pages of administration",
	"/admin/sessions":                   "a session is a browser's",
	"/me/sessions":                      "a session is a browser's",
	"/me/passkeys":                      "what lets a person in is his own, signed in",
	"/me/password":                      "what lets a person in is his own, signed in",
	"/me/second":                        "what lets a person in is his own, signed in",
	"/me/tokens":                        "no token tells of others",
	"/api/openapi.json":                 "describes the operations",
	"/assets/":                          "how a browser looks",
	"/mark/{name}":                      "how a browser looks",
	"/worker.js":                        "a browser's",
	"/outbox":                           "what waits on a device is known there alone",
	"/help/http":                        "words for a person",
	"/help/keys":                        "words for a person",
	"/books":                            "spoken by neighbours' nodes: the exchange of books",
	"/book/{circle}/{path...}":          "spoken by neighbours' nodes: the exchange of books",
	"/copy/{member}/{circle}/{path...}": "spoken by neighbours' nodes: the exchange of books",
	"/calendar/{secret}":                "spoken by calendars: iCalendar",
	"/check":                            "checks a proof in the browser alone",
	"/healthz":                          "spoken by watchers",
	"/readyz":                           "spoken by watchers",
	"/metrics":                          "spoken by watchers",
	"/link/{secret}":                    "the first sign-in is a browser's",
	"/signin":                           "a sign-in is a browser's",
	"/signin/second":                    "a sign-in is a browser's",
	"/meetings/draft/{id}":              "a draft of the page; call-meeting takes the whole at once",
	"/people/new":                       "asks for a name; list-units tells the units that it offers",
	"/neighbours/join":                  "asks for an invitation; preview-invitation tells what it says",
	"/plan/import":                      "asks for a file; preview-list tells what it holds",
	"/plan/{key}/import":                "asks for a file; preview-list tells what it holds",
	"/plan/{key}/import/{draft}":        "the answer of preview-list",
	"/plan/import/sample.xlsx":          "a sample for a person",
}

// otherLine are pages whose operation stands under another line of the permission table. Most ask before an act, and the operation tells all
// who may read; some are of who is signed in, and a token needs a line that it can be given. A bulletin's draft is refused by the call itself.
var otherLine = map[string]bool{
	"/inbox":                            true,
	"/me/notices":                       true,
	"/{$}":                              true,
	"/report/grid":                      true,
	"/report/sheet":                     true,
	"/review/{item}/{period}":           true,
	"/listing/{id}/unlink":              true,
	"/listing/{id}/verdict":             true,
	"/plan/{key}/call":                  true,
	"/plan/{key}/call/{day}/withdraw":   true,
	"/item/{id}/edit":                   true,
	"/bulletin/{month}/draft.docx":      true,
	"/bulletin/{month}/draft.xlsx":      true,
	"/making":                           true,
	"/instructions/new":                 true,
	"/meetings/groups/new":              true,
	"/group/{id}/edit":                  true,
	"/meeting/{id}/correct":             true,
	"/meeting/{id}/minutes":             true,
	"/admin/orgs/{org}/merge":           true,
	"/neighbours/circle/{circle}/leave": true,
	"/proof/{circle}/{index}/erase":     true,
	"/me/substitutes":                   true,
	"/people/{person}/second":           true,
	"/people/{person}/substitutes":      true,
}

// TestEveryReadingPageIsAnOperation: what a page tells, a program can ask for, or it is said why not.
func TestEveryReadingPageIsAnOperation(t *testing.T) {
	w := startWalk(t)
	ops := w.operations()
	pages := map[string]bool{}
	for _, r := range w.site.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Pattern, api.Prefix+"/") {
			continue
		}
		pages[r.Pattern] = true
		id, has := pageReads[r.Pattern]
		switch op, stands := ops[id]; {
		case has && (!stands || op.method != http.MethodGet):
			t.Errorf("%s: there is no operation %s that reads", r.Pattern, id)
		case has && noRead[r.Pattern] != "":
			t.Errorf("%s has an operation, and a reason to have none", r.Pattern)
		case has && op.Action != r.Action && !otherLine[r.Pattern]:
			t.Errorf("%s stands under %s, its operation %s under %s", r.Pattern, r.Action, id, op.Action)
		case !has && noRead[r.Pattern] == "":
			t.Errorf("%s (%s) has no operation, and nothing says why", r.Pattern, r.Action)
		}
	}
	for _, table := range []map[string]string{pageReads, noRead} {
		for pattern := range table {
			if !pages[pattern] {
				t.Errorf("there is no page %s", pattern)
			}
		}
	}
}
