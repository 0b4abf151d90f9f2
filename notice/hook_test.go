package notice_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"liandong/notice"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/lang"
)

// receiver is a real receiver over HTTP that keeps what it takes.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex
	took []posted
	// answer says what becomes of a message; nil: 204.
	answer http.HandlerFunc
}

type posted struct {
	header http.Header
	body   string
}

func openReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.took = append(r.took, posted{req.Header, string(body)})
		answer := r.answer
		r.mu.Unlock()
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) messages() []posted {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]posted(nil), r.took...)
}

func (r *receiver) answers(answer http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// card adds a receiver of cards for the unit fgw.
func (s *stand) card(r *receiver, template string) notice.Hook {
	s.t.Helper()
	h, err := s.AddHook(context.Background(), notice.Hook{Kind: notice.Card, Name: "工作群", Org: "fgw", URL: r.URL + "/send?key=k-1234567", Template: template})
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// TestACardIsSigned: one card a day for a unit however many hold its seats, in the form and with the signature of Standard Webhooks.
func TestACardIsSigned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newStand(t, db, nil)
		r := openReceiver(t, nil)
		h := s.card(r, "")
		s.waits = []notice.Matter{matter("i-1", "2022-06-20"), matter("i-2", "2022-06-20")}
		s.turn()
		s.turn()
		got := r.messages()
		if len(got) != 1 {
			t.Fatalf("%d cards", len(got))
		}
		var card struct {
			Type      string    `json:"type"`
			Timestamp time.Time `json:"timestamp"`
			Data      struct {
				Title   string              `json:"title"`
				URL     string              `json:"url"`
				Matters []map[string]string `json:"matters"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(got[0].body), &card); err != nil || card.Type != "notice.told" || !card.Timestamp.Equal(s.Now()) ||
			card.Data.URL != "https://suining.example/inbox" || len(card.Data.Matters) != 2 || card.Data.Matters[0]["url"] != "https://suining.example/item/i-1" {
			t.Errorf("%s, %v", got[0].body, err)
		}
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(h.Secret, "whsec_"))
		if err != nil || len(key) != 32 {
			t.Fatal(err)
		}
		head := got[0].header
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(head.Get("webhook-id") + "." + head.Get("webhook-timestamp") + "." + got[0].body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); head.Get("webhook-signature") != want || head.Get("webhook-id") == "" {
			t.Errorf("%v, want %s", head, want)
		}
		if err := s.RemoveHook(context.Background(), h.ID); err != nil {
			t.Fatal(err)
		}
		s.waits = append(s.waits, matter("i-3", "2022-06-21"))
		s.moveTo(at("2022-06-21 09:00"))
		s.turn()
		if got := r.messages(); len(got) != 1 {
			t.Errorf("a removed line got %s", got[1].body)
		}
	})
}

// TestWhoHangsKeepsNobodyWaiting: while one receiver never answers, another and the mail server get theirs.
func TestWhoHangsKeepsNobodyWaiting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		box := openMailbox(t, "")
		s := newStand(t, db, box)
		s.mail(nil)
		asked, let := make(chan struct{}), make(chan struct{})
		hangs := openReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
			close(asked)
			<-let
			w.WriteHeader(http.StatusOK)
		})
		quick := openReceiver(t, nil)
		s.card(hangs, "")
		s.card(quick, "")
		s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
		ctx := context.Background()
		if err := s.Tell(ctx); err != nil {
			t.Fatal(err)
		}
		var sending sync.WaitGroup
		if err := s.SendBegun(ctx, &sending); err != nil {
			t.Fatal(err)
		}
		<-asked
		for start := time.Now(); len(quick.messages()) == 0 || len(box.letters()) == 0 || s.count(notice.Sent) < 2; {
			if time.Since(start) > 10*time.Second {
				t.Fatal("the others wait for the one that hangs")
			}
			<-time.After(5 * time.Millisecond)
		}
		// Looking again starts nothing more on the line that hangs.
		if err := s.SendBegun(ctx, &sending); err != nil {
			t.Fatal(err)
		}
		close(let)
		sending.Wait()
		if n := len(hangs.messages()); n != 1 || s.count(notice.Sent) != 3 {
			t.Errorf("%d asked, %d sent", n, s.count(notice.Sent))
		}
	})
}

// TestWhatReceiversAnswer: what is tried again, and what is a dead letter at once. No address and no answer stands in the log.
func TestWhatReceiversAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		state  notice.State
		why    string
	}{
		{"taken", status(200), notice.Sent, ""},
		{"an accident", status(500), notice.Waiting, "500"},
		{"too many", status(429), notice.Waiting, "429"},
		{"refused", status(403), notice.Dead, "403"},
		{"gone", status(410), notice.Dead, "410"},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, notice.Dead, "redirects are not followed"},
		{"a robot that says no", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"errcode":93000,"errmsg":"invalid webhook url k-1234567"}`)
		}, notice.Waiting, "errcode 93000"},
		{"a robot that says yes", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`) }, notice.Sent, ""},
		{"the line breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, notice.Waiting, "receiver: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStand(t, storetest.OpenSQLite(t), nil)
			r := openReceiver(t, c.answer)
			s.card(r, "")
			s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
			s.turn()
			got, _, err := s.Deliveries(context.Background(), c.state)
			if err != nil || len(got) != 1 || !strings.Contains(got[0].Why, c.why) || got[0].To != "工作群" {
				t.Errorf("%+v, %v", got, err)
			}
			if len(r.messages()) != 1 {
				t.Errorf("asked %d times", len(r.messages()))
			}
			for _, secret := range []string{"k-1234567", r.URL, "whsec_", "i-1"} {
				if strings.Contains(s.log.String(), secret) || len(got) == 1 && strings.Contains(got[0].Why, secret) {
					t.Errorf("%s is told: %s %+v", secret, s.log, got)
				}
			}
		})
	}
}

// TestAReceiverThatComesBack: after a day of accidents it gets each card once, and asks to be left alone for an hour by Retry-After.
func TestAReceiverThatComesBack(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	r := openReceiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	s.card(r, "")
	s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
	for minute := range 59 {
		s.moveTo(at("2022-06-20 09:00").Add(time.Duration(minute) * time.Minute))
		s.turn()
	}
	if n := len(r.messages()); n != 1 {
		t.Errorf("asked %d times within the hour", n)
	}
	r.answers(nil)
	s.moveTo(at("2022-06-20 10:00"))
	s.turn()
	got := r.messages()
	if len(got) != 2 || got[0].header.Get("webhook-id") != got[1].header.Get("webhook-id") || s.count(notice.Sent) != 1 {
		t.Errorf("%d messages, %d sent", len(got), s.count(notice.Sent))
	}
}

// TestAnUnreachedReceiverShowsNoAddress: the error of a connection names no key.
func TestAnUnreachedReceiverShowsNoAddress(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	r := openReceiver(t, nil)
	s.card(r, "")
	r.Close()
	s.waits = []notice.Matter{matter("i-1", "2022-06-20")}
	s.turn()
	got, _, err := s.Deliveries(context.Background(), notice.Waiting)
	if err != nil || len(got) != 1 || !strings.Contains(got[0].Why, "refused") || strings.Contains(got[0].Why+s.log.String(), "k-1234567") {
		t.Errorf("%+v, %v, %s", got, err, s.log)
	}
}

// TestAGatewayForShortMessages: the template carries number and text, as a form and as JSON, whatever they hold.
func TestAGatewayForShortMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.Store) {
		s := newStand(t, db, nil)
		ctx := context.Background()
		r := openReceiver(t, nil)
		p := notice.Pref{Lang: lang.Zh, Phone: "13800000000", BySMS: true, DigestHour: 8, QuietFrom: 21, QuietUntil: 7}
		if err := s.SetPref(ctx, "reporter", p); err != nil {
			t.Fatal(err)
		}
		s.waits = []notice.Matter{matter(`i-1&to=1"`, "2022-06-20")}
		s.turn() // no gateway yet
		if _, err := s.AddHook(ctx, notice.Hook{Kind: notice.SMS, Name: "短信", URL: r.URL, Template: "to={{form .Phone}}&n={{.N}}&text={{form .Text}}"}); err != nil {
			t.Fatal(err)
		}
		s.turn()
		got := r.messages()
		if len(got) != 1 {
			t.Fatalf("%d messages", len(got))
		}
		v, err := url.ParseQuery(got[0].body)
		if err != nil || v.Get("to") != "13800000000" || len(v["to"]) != 1 || v.Get("text") != `待办 i-1&to=1"` || v.Get("n") != "1" {
			t.Errorf("%s, %v", got[0].body, err)
		}
		s.moveTo(at("2022-06-20 09:01"))
		if _, err := s.AddHook(ctx, notice.Hook{Kind: notice.SMS, Name: "新短信", URL: r.URL, Template: `{"mobile":{{json .Phone}},"text":{{json .Text}}}`}); err != nil {
			t.Fatal(err)
		}
		s.waits = append(s.waits, matter("i-2", "2022-06-21"))
		s.moveTo(at("2022-06-21 09:00"))
		s.turn()
		var m map[string]string
		if got = r.messages(); len(got) != 2 || json.Unmarshal([]byte(got[1].body), &m) != nil || m["mobile"] != "13800000000" || m["text"] != "待办 i-2" {
			t.Errorf("%+v", got)
		}
	})
}

// TestHooksThatAreRefused: what could not work, or would let a text become another message.
func TestHooksThatAreRefused(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	good := notice.Hook{Kind: notice.Card, Name: "工作群", Org: "fgw", URL: "https://im.example/send"}
	for _, c := range []struct {
		code   string
		change func(h *notice.Hook)
	}{
		{"notice.hook-name", func(h *notice.Hook) { h.Name = " " }},
		{"notice.hook-kind", func(h *notice.Hook) { h.Kind = "fax" }},
		{"notice.hook-url", func(h *notice.Hook) { h.URL = "file:///etc/passwd" }},
		{"notice.hook-url", func(h *notice.Hook) { h.URL = "https://user:pass@im.example/" }},
		{"notice.hook-org", func(h *notice.Hook) { h.Org = "nowhere" }},
		{"notice.template-missing", func(h *notice.Hook) { h.Kind = notice.SMS }},
		{"notice.template", func(h *notice.Hook) { h.Template = `{"text":"{{.Text}}"}` }},
		{"notice.template", func(h *notice.Hook) { h.Template = `text={{.Text}}` }},
		{"notice.template", func(h *notice.Hook) { h.Template = `text={{.Title}}` }},
		{"notice.template", func(h *notice.Hook) { h.Template = `{"text":{{json .Secret}}}` }},
		{"notice.template", func(h *notice.Hook) { h.Template = `{{if}}` }},
		{"notice.template", func(h *notice.Hook) { h.Template = strings.Repeat("a", 9000) }},
	} {
		h := good
		c.change(&h)
		if _, err := s.AddHook(context.Background(), h); !refuse.Is(err, c.code) {
			t.Errorf("%+v: %v, want %s", h, err, c.code)
		}
	}
	if all, err := s.Hooks(context.Background()); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestTheLinesPage: an administrator adds, tries and removes a line; its address and secret are shown nobody again, and no other may.
func TestTheLinesPage(t *testing.T) {
	s := newStand(t, storetest.OpenSQLite(t), nil)
	r := openReceiver(t, nil)
	form := url.Values{"kind": {"card"}, "name": {"工作群"}, "org": {"fgw"}, "url": {r.URL + "/?key=k-1234567"}, "template": {""}}
	for _, path := range []string{"/admin/notices/lines", "/admin/notices/lines/remove", "/admin/notices/lines/try"} {
		for _, seat := range []region.Seat{region.Coordinator, region.Auditor, region.Reporter} {
			s.want(path, s.ask(seat, path, form), 403)
		}
		s.want(path, s.ask("", path, form), 401)
	}
	s.want("read by another", s.ask(region.Coordinator, "/admin/notices/lines", nil), 403)
	bad := url.Values{"kind": {"card"}, "name": {""}, "org": {""}, "url": {"x"}, "template": {"{"}}
	s.want("nothing right", s.ask(region.Administrator, "/admin/notices/lines", bad), 422, "请填写名称", "请选择单位", "地址应以", "模板不能用：JSON 里的文字要写成 {{json .Text}}")
	s.want("added", s.ask(region.Administrator, "/admin/notices/lines", form), 200, "whsec_", "只显示这一次")
	page := s.want("the list", s.ask(region.Administrator, "/admin/notices/lines", nil), 200, "工作群", "市发展改革委", "127.0.0.1")
	if strings.Contains(page, "k-1234567") || strings.Contains(page, "whsec_") {
		t.Error("the page shows a secret")
	}
	all, err := s.Hooks(context.Background())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	s.want("tried", s.ask(region.Administrator, "/admin/notices/lines/try", url.Values{"hook": {all[0].ID}}), 303)
	if got := r.messages(); len(got) != 1 || !strings.Contains(got[0].body, "试发") {
		t.Errorf("%+v", got)
	}
	s.want("tried what is not there", s.ask(region.Administrator, "/admin/notices/lines/try", url.Values{"hook": {"x"}}), 404)
	s.want("removed", s.ask(region.Administrator, "/admin/notices/lines/remove", url.Values{"hook": {all[0].ID}}), 303)
	if all, err := s.Hooks(context.Background()); err != nil || len(all) != 0 {
		t.Error(all, err)
	}
}
