package filing_test

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"liandong/plan"
	"liandong/plan/filing"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/web"
)

const suitong = `序号,工作任务,年度目标,牵头单位,配合单位,完成时限
1,加快推进遂渝高速公路扩容工程建设,完成投资20亿元,市交通运输局,市发展改革委,年底前
2,建设渝遂绵优质蔬菜生产带船山基地,建成核心基地2万亩,市农业农村局,市经济和信息化局,6月底前
3,推进遂潼涪江航运整治,完成总体规划编制,市交通运输局,市经济和信息化局,三季度
4,开通遂潼城际公交,开行班线3条,市交通运输局,,9月底前
`

const chengyu = `序号,重点任务,责任单位,完成时限
1,实施遂渝高速公路扩容改造工程,市交通运输局,2022年12月
2,共建锂电产业集群,市经济和信息化局,持续推进
`

// stand is an office with its site; who asks stands in a cookie.
type stand struct {
	*plantest.Office
	t    *testing.T
	site *web.Site
}

// newStand takes the lists in on 20 June 2022.
func newStand(t *testing.T, s *store.Store) *stand {
	t.Helper()
	return newStandOn(t, s, "2022-06-20")
}

// newStandOn takes the lists in on a day: reports are owed from then on.
func newStandOn(t *testing.T, s *store.Store, day judge.Date) *stand {
	t.Helper()
	o := plantest.New(t, s)
	o.Day(day)
	o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼一体化工作要点（演示数据）"}, suitong)
	o.Take(plan.ImportOptions{Plan: "chengyu", Year: 2022, Circle: "chengyu", Title: "双城经济圈重点任务（演示数据）"}, chengyu)
	st := &stand{Office: o, t: t}
	st.site = web.New(web.Options{Member: "遂宁市", Demo: true, Now: o.Clock, Identify: st.identify, Log: slog.New(slog.DiscardHandler)})
	filing.RoutesWith(st.site, o.Desk, filing.Limits{File: 1 << 20})
	st.site.Handle("GET /as/{seat}/{unit}", region.Public, func(w http.ResponseWriter, r *http.Request) error {
		http.SetCookie(w, &http.Cookie{Name: "as", Value: url.QueryEscape(r.PathValue("seat") + "/" + r.PathValue("unit")), Path: "/"})
		return web.Redirect(w, r, "/")
	})
	return st
}

func (s *stand) identify(r *http.Request) (id web.Identity, err error) {
	c, err := r.Cookie("as")
	if err != nil {
		return id, nil
	}
	as, err := url.QueryUnescape(c.Value)
	if err != nil {
		return id, err
	}
	seat, unit, _ := strings.Cut(as, "/")
	id.Actor = s.As(region.Seat(seat), unit).Actor
	id.Name = "演示人员"
	id.Seats = []region.SeatAt{{Org: id.Actor.Org, OrgName: unit, Seat: region.Seat(seat)}}
	return id, nil
}

// person asks pages for one seat.
type person struct {
	s          *stand
	seat, unit string
}

func (s *stand) as(seat region.Seat, unit string) person { return person{s, string(seat), unit} }

func (p person) do(r *http.Request) *httptest.ResponseRecorder {
	p.s.t.Helper()
	r.AddCookie(&http.Cookie{Name: "as", Value: url.QueryEscape(p.seat + "/" + p.unit)})
	w := httptest.NewRecorder()
	p.s.site.Handler().ServeHTTP(w, r)
	return w
}

func (p person) get(path string) *httptest.ResponseRecorder {
	p.s.t.Helper()
	return p.do(httptest.NewRequest("GET", path, nil))
}

func (p person) post(path string, pairs ...string) *httptest.ResponseRecorder {
	p.s.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(r)
}

// upload posts a multipart form with one file.
func (p person) upload(path, name string, content []byte, pairs ...string) *httptest.ResponseRecorder {
	p.s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
			p.s.t.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("file", name)
	if err != nil {
		p.s.t.Fatal(err)
	}
	if _, err := f.Write(content); err != nil {
		p.s.t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		p.s.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return p.do(r)
}

func (s *stand) item(title string) string {
	s.t.Helper()
	_, item := s.Row(title)
	return item
}

// count counts the entries of a kind in all books.
func (s *stand) count(kind string) (n int) {
	s.t.Helper()
	err := s.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT entry FROM book_entry`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var raw []byte
			err = scan(&raw)
			if bytes.Contains(raw, []byte(`"`+kind+`"`)) {
				n++
			}
			return none, err
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// countText counts the entries whose words have a text.
func (s *stand) countText(text string) (n int) {
	s.t.Helper()
	err := s.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.Query(context.Background(), `SELECT words FROM book_entry`)
		if err != nil {
			return err
		}
		_, err = store.Collect(rows, func(scan func(...any) error) (none struct{}, err error) {
			var raw []byte
			err = scan(&raw)
			if bytes.Contains(raw, []byte(text)) {
				n++
			}
			return none, err
		})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *stand) want(w *httptest.ResponseRecorder, status int, texts ...string) {
	s.t.Helper()
	body := w.Body.String()
	if w.Code != status {
		s.t.Errorf("answered %d, want %d: %s", w.Code, status, mainOf(body))
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			s.t.Errorf("the page lacks %q: %s", text, mainOf(body))
		}
	}
}

func mainOf(body string) string {
	_, rest, _ := strings.Cut(body, "<main")
	rest, _, _ = strings.Cut(rest, "</main>")
	if len(rest) > 900 {
		rest = rest[:900]
	}
	return rest
}
