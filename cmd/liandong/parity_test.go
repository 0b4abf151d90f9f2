package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// described is an operation as the running site describes it.
type described struct {
	ID      string        `json:"operationId"`
	Summary string        `json:"summary"`
	Action  region.Action `json:"x-action"`

	method, path string
}

// operations are all that the site describes, by id.
func (w *walk) operations() map[string]described {
	w.t.Helper()
	got := httptest.NewRecorder()
	w.http.ServeHTTP(got, httptest.NewRequest("GET", "/api/openapi.json", nil))
	var doc struct {
		Paths map[string]map[string]described `json:"paths"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &doc); err != nil {
		w.t.Fatal(err)
	}
	all := map[string]described{}
	for path, item := range doc.Paths {
		for method, op := range item {
			op.method, op.path = strings.ToUpper(method), path
			if _, twice := all[op.ID]; twice {
				w.t.Errorf("two operations are called %s", op.ID)
			}
			all[op.ID] = op
		}
	}
	return all
}

// pageCalls names for each act of a page the operation that does the same.
var pageCalls = map[string]string{
	"/people":                               "people",
	"/people/new":                           "register-person",
	"/people/{person}/move":                 "move-person",
	"/people/{person}/leave":                "leave-person",
	"/people/{person}/end":                  "end-sign-ins",
	"/people/{person}/link":                 "new-link",
	"/people/{person}/second":               "free-second",
	"/me/substitutes":                       "name-substitute",
	"/me/substitutes/{id}/end":              "end-substitute",
	"/people/{person}/substitutes":          "name-substitute",
	"/people/{person}/substitutes/{id}/end": "end-substitute",
	"/admin/calendars/{year}":               "set-calendar",
	"/admin/calendars/{year}/check":         "check-calendar",
	"/admin/site":                           "name-site",
	"/people/{person}/give":                 "give-seat",
	"/people/{person}/take":                 "take-seat",
	"/admin/orgs":                           "add-unit",
	"/admin/orgs/{org}":                     "set-unit",
	"/admin/directory":                      "import-units",
	"/admin/orgs/{org}/rename":              "rename-unit",
	"/admin/orgs/{org}/merge":               "merge-units",
	"/admin/retention":                      "set-retention",
	"/admin/retention/check":                "check-retention",
	"/admin/circles":                        "open-circle",
	"/admin/node/clock":                     "confirm-clock",
	"/admin/node/resume":                    "resume-node",
	"/audit/sign-ins/check":                 "check-sign-ins",
	"/security":                             "set-security",
	"/books/verify":                         "verify-books",
	"/notes":                                "say-note",
	"/hearsay":                              "record-hearsay",
	"/inbox/read":                           "read-notices",
	"/me/notices":                           "set-notice-wish",
	"/me/calendar":                          "new-calendar",
	"/me/calendar/end":                      "end-calendars",
	"/admin/notices/retry":                  "retry-delivery",
	"/admin/notices/lines":                  "add-line",
	"/neighbours/join":                      "preview-invitation",
	"/neighbours/recognise":                 "recognise",
	"/signing/settings":                     "set-signing",
	"/legend":                               "set-legend",
	"/slips/new":                            "issue-slip",
	"/slips/ladder":                         "set-ladder",
	"/instructions/new":                     "give-instruction",
	"/making/new":                           "begin-making",
	"/report/grid":                          "report-many",
	"/report/sheet":                         "report-many",
	"/review":                               "review-many",
	"/plan/import":                          "preview-list",
	"/plan/{key}/import":                    "preview-list",
	"/plan/{key}/ask":                       "ask-neighbours",
	"/plan/{key}/same":                      "say-same",
	"/plan/{key}/call":                      "call",
	"/plan/{key}/legend":                    "set-plan-legend",
	"/item/{id}/edit":                       "revise",
	"/item/{id}/report":                     "report",
	"/item/{id}/split":                      "ask-shares",
	"/share/{id}/again":                     "ask-shares",
	"/share/{id}/report":                    "report-share",
	"/share/{id}/decline":                   "decline-share",
	"/share/{id}/withdraw":                  "withdraw-share",
	"/slip/{id}/sign":                       "sign-slip",
	"/slip/{id}/answer":                     "answer-slip",
	"/slip/{id}/return":                     "return-slip",
	"/slip/{id}/raise":                      "raise-slip",
	"/slip/{id}/close":                      "close-slip",
	"/listing/{id}/link":                    "link",
	"/listing/{id}/unlink":                  "unlink",
	"/listing/{id}/verdict":                 "verdict",
	"/listing/{id}/propose":                 "propose",
	"/listing/{id}/answer":                  "answerChange",
	"/listing/{id}/judge":                   "judgePart",
	"/listing/{id}/object":                  "object",
	"/listing/{id}/amend":                   "amend-listing",
	"/listing/{id}/apply":                   "apply-amendment",
	"/asked/{id}/claim":                     "claim",
	"/asked/{id}/decline":                   "decline",
	"/asked/{id}/again":                     "ask-again",
	"/making/{id}/head":                     "set-making",
	"/making/{id}/drop":                     "drop-making",
	"/making/{id}/consult":                  "consult",
	"/making/{id}/issue":                    "issue-making",
	"/meetings/draft/{id}":                  "draw-agenda",
	"/meetings/groups/new":                  "set-up-group",
	"/group/{id}/edit":                      "change-group",
	"/group/{id}/contacts":                  "set-contacts",
	"/group/{id}/dissolve":                  "dissolve-group",
	"/meeting/{id}/change":                  "change-meeting",
	"/meeting/{id}/cancel":                  "cancel-meeting",
	"/meeting/{id}/reply":                   "reply-meeting",
	"/meeting/{id}/propose":                 "propose-point",
	"/meeting/{id}/point":                   "answer-point",
	"/meeting/{id}/minutes":                 "issue-minutes",
	"/meeting/{id}/confirm":                 "answer-minutes",
	"/meeting/{id}/correct":                 "correct-minutes",
	"/bulletin/{month}":                     "save-bulletin",
	"/bulletin/{month}/issue":               "issue-bulletin",
	"/instruction/{id}/sign":                "sign-instruction",

	"/admin/notices/lines/remove":               "remove-line",
	"/admin/notices/lines/try":                  "try-line",
	"/consultation/{id}/comment":                "comment",
	"/consultation/{id}/decide":                 "decide-comment",
	"/consultation/{id}/recipients":             "widen-consultation",
	"/consultation/{id}/withdraw":               "withdraw-consultation",
	"/hearsay/{circle}/{index}/withdraw":        "withdraw-hearsay",
	"/hearsay/{member}/{circle}/{index}/answer": "answer-hearsay",
	"/instruction/{id}/answer":                  "answer-instruction",
	"/instruction/{id}/close":                   "close-instruction",
	"/instruction/{id}/return":                  "return-instruction",
	"/listing/{id}/amend/{amendment}":           "answer-amendment",
	"/making/{id}/row/{row}":                    "set-making-row",
	"/making/{id}/row/{row}/drop":               "drop-making-row",
	"/making/{id}/row/{row}/move":               "move-making-row",
	"/meetings/draft/{id}/call":                 "call-meeting",
	"/neighbours/circle/{circle}/leave":         "leave-circle",
	"/neighbours/circle/{circle}/quorum":        "set-quorum",
	"/neighbours/in/{circle}/{member}/go-on":    "go-on",
	"/neighbours/in/{circle}/{member}/resume":   "suspend-neighbour",
	"/neighbours/in/{circle}/{member}/rolled":   "recognise-rolled",
	"/neighbours/in/{circle}/{member}/suspend":  "suspend-neighbour",
	"/plan/{key}/call/{day}/withdraw":           "withdraw-call",
	"/plan/{key}/import/{draft}":                "import-list",
	"/plan/{key}/import/{draft}/undo":           "remove-item",
	"/proof/{circle}/{index}/erase":             "erase-words",
	"/review/{item}/{period}":                   "accept",
	"/signing/{item}/{period}/return":           "unsign-report",
	"/signing/{item}/{period}/sign":             "sign-report",
}

// noCall says why an act of a page has no operation.
var noCall = map[string]string{
	"/prefs": "how a browser looks",

	"/admin/site/preview": "how a browser would show it; nothing is written",

	"/signin":                        "a sign-in is a browser's; programs come by a token",
	"/signin/second":                 "a sign-in is a browser's",
	"/signin/passkey":                "a sign-in is a browser's",
	"/signin/passkey/begin":          "a sign-in is a browser's",
	"/signout":                       "a session is a browser's",
	"/link/{secret}":                 "the first sign-in is a browser's",
	"/me/seat":                       "a session is a browser's; a token acts for one seat",
	"/me/sessions":                   "a session is a browser's",
	"/me/password":                   "what lets a person in is changed by himself, signed in",
	"/me/second/start":               "what lets a person in is changed by himself, signed in",
	"/me/second/confirm":             "what lets a person in is changed by himself, signed in",
	"/me/second/codes":               "what lets a person in is changed by himself, signed in",
	"/me/second/remove":              "what lets a person in is changed by himself, signed in",
	"/me/passkeys":                   "what lets a person in is changed by himself, signed in",
	"/me/passkeys/begin":             "what lets a person in is changed by himself, signed in",
	"/me/passkeys/remove":            "what lets a person in is changed by himself, signed in",
	"/me/tokens":                     "no token makes another: it would outlive its end",
	"/me/tokens/revoke":              "what lets a person in is changed by himself, signed in",
	"/item/{id}/report/draft":        "what a form keeps while it is typed; a program sends what is done",
	"/share/{id}/draft":              "what a form keeps while it is typed",
	"/report/grid/draft":             "what a form keeps while it is typed",
	"/meetings/new":                  "a draft of the page; call-meeting takes the whole at once",
	"/meetings/draft/{id}/invite":    "a draft of the page; call-meeting takes the whole at once",
	"/meetings/draft/{id}/take":      "a draft of the page; call-meeting takes the whole at once",
	"/meetings/draft/{id}/point/{n}": "a draft of the page; call-meeting takes the whole at once",
	"/meetings/draft/{id}/drop":      "a draft of the page; nothing is kept of a call",
	"/witness/add-checkpoint":        "spoken by neighbours' nodes: the C2SP protocol of witnesses",
}

// callsOnly are operations that write and have no page that posts, with what they are for.
var callsOnly = map[string]string{
	"attach":      "a file that a later call carries; a page sends it with its form",
	"questions":   "what would be asked before a report is filed; a page asks when it is sent",
	"part":        "of a supporting unit; the page of the report takes both",
	"return":      "the page of a review answers with either",
	"issue-slips": "many at once; the page proposes them one by one",

	"register-people": "many at once; the page registers them one by one",
	"roll-key":        "the command's, at the machine",
	"check-merge":     "the page that asks before it merges",
	"set-mark":        "the page sends the mark with its texts",
	"drop-mark":       "the page takes the mark away with its texts",
}

// otherAction are acts whose operation stands under another line of the permission table: who is signed in reads and marks
// what is his own, a token needs a line that it can be given; and one call names a substitute for the caller or, by who gives seats, for anybody.
var otherAction = map[string]region.Action{
	"/inbox/read": region.NoticeOwn, "/me/notices": region.NoticeOwn, "/me/calendar": region.NoticeOwn, "/me/calendar/end": region.NoticeOwn,
	"/people/{person}/substitutes": region.SubstituteWrite, "/people/{person}/substitutes/{id}/end": region.SubstituteWrite,
}

// TestEveryActOfAPageIsAnOperation: what a page does, a program can do, under the same line of the permission table, or it is said why
// not; and no operation writes what no page does without a reason.
func TestEveryActOfAPageIsAnOperation(t *testing.T) {
	w := startWalk(t)
	ops := w.operations()
	pages, named := map[string]bool{}, map[string]bool{}
	for _, r := range w.site.Routes() {
		if r.Method == http.MethodGet || strings.HasPrefix(r.Pattern, api.Prefix+"/") {
			continue
		}
		pages[r.Pattern] = true
		id, has := pageCalls[r.Pattern]
		switch op, stands := ops[id]; {
		case has && !stands:
			t.Errorf("%s %s: there is no operation %s", r.Method, r.Pattern, id)
		case has:
			named[id] = true
			want := r.Action
			if other, ok := otherAction[r.Pattern]; ok {
				want = other
			}
			if op.Action != want {
				t.Errorf("%s stands under %s, its operation %s under %s", r.Pattern, r.Action, id, op.Action)
			}
		case noCall[r.Pattern] == "":
			t.Errorf("%s %s (%s) has no operation, and nothing says why", r.Method, r.Pattern, r.Action)
		}
	}
	for _, table := range []map[string]string{pageCalls, noCall} {
		for pattern := range table {
			if !pages[pattern] {
				t.Errorf("there is no page that posts to %s", pattern)
			}
		}
	}
	for id, op := range ops {
		if op.method != http.MethodGet && !named[id] && callsOnly[id] == "" {
			t.Errorf("%s %s (%s): which act of a page is it? Say so in pageCalls", op.method, op.path, id)
		}
	}
	for id := range callsOnly {
		if _, stands := ops[id]; !stands || named[id] {
			t.Errorf("callsOnly: %s", id)
		}
	}
}

// TestEveryOperationRefusesWhoMayNot calls each operation as it is described: nobody is 401, a seat that the table does not name and a token of no scope
// are 403, in problem+json.
func TestEveryOperationRefusesWhoMayNot(t *testing.T) {
	w := startWalk(t)
	var who asker
	w.site.Identify = func(*http.Request) (web.Identity, error) { return who.id, nil }
	ops := w.operations()
	if len(ops) < 100 {
		t.Fatalf("only %d operations: this test looks at little", len(ops))
	}
	for id, op := range ops {
		if op.Action == region.Public || op.Action == region.SelfAct || op.Action == "" {
			t.Errorf("%s stands under %q: a token cannot be given it, or everybody has it", id, op.Action)
		}
		for _, who = range askers() {
			if who.may(op.Action) {
				continue
			}
			r := httptest.NewRequest(op.method, api.Prefix+address(op.path), strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			got := httptest.NewRecorder()
			w.http.ServeHTTP(got, r)
			want := http.StatusForbidden
			if who.id.Actor.Person == "" {
				want = http.StatusUnauthorized
			}
			var problem struct{ Code, Detail string }
			if err := json.Unmarshal(got.Body.Bytes(), &problem); got.Code != want || err != nil || problem.Detail == "" ||
				got.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s by %s: %d %s", id, who.name, got.Code, got.Body)
			}
		}
	}
}
