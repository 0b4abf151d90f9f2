package notice

import (
	"context"
	"net/http"
	"slices"
	"time"

	"liandong/region"
	"liandong/web"
	"liandong/web/api"
)

// HookLine is a line to the outside. Its address often holds a key and is not told.
type HookLine struct {
	Line string   `json:"line" doc:"Id" example:"k7xq…"`
	Kind HookKind `json:"kind" enum:"card,sms"`
	Name string   `json:"name"`
	Org  string   `json:"org,omitempty" doc:"Unit whose matters it is told; of a gateway none"`
	Host string   `json:"host" doc:"The part of its address that may be shown" example:"im.suining.example"`
	Own  bool     `json:"template" doc:"Its messages have a form of their own"`
}

// NewLine is a line with the secret by which a receiver knows our messages; it is told once.
type NewLine struct {
	HookLine
	Secret string `json:"secret" example:"whsec_…"`
}

// Tried is what came of sending a card to a line at once.
type Tried struct {
	Arrived bool   `json:"arrived"`
	Why     string `json:"why,omitempty" doc:"It did not"`
}

// Sending is one message over one line: without what it says, and without an address.
type Sending struct {
	Delivery string     `json:"delivery" doc:"Id"`
	To       string     `json:"to" doc:"Name of the person, or of the receiver"`
	Line     string     `json:"line" doc:"mail, sms or hook:ID" example:"mail"`
	State    State      `json:"state"`
	Tries    int        `json:"tries"`
	Matters  int        `json:"matters" doc:"How many it tells of"`
	Made     time.Time  `json:"made"`
	Next     *time.Time `json:"next,omitempty" doc:"When it is tried next"`
	Ended    *time.Time `json:"ended,omitempty"`
	Why      string     `json:"why,omitempty" doc:"It was not sent the last time"`
}

// Sendings are deliveries of one state, and how many there are of each.
type Sendings struct {
	Counts     map[State]int `json:"counts"`
	Deliveries []Sending     `json:"deliveries" doc:"The newest first, at most 200"`
}

// Retried is how many dead letters are sent once more.
type Retried struct {
	Retried int64 `json:"retried"`
}

// lineCalls are the administrators'.
func (d *Desk) lineCalls(calls *api.API) {
	hook := HookLine{Line: "k7xqm2", Kind: Card, Name: "交通专班工作群", Org: "o-4f", Host: "im.suining.example"}
	made := time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC)
	api.Register(calls, operation(http.MethodGet, "lines", "/notices/lines", "The lines to the outside (提醒线路)", nil, []HookLine{hook}), region.NoticeManage, d.linesCall)
	add := operation(http.MethodPost, "add-line", "/notices/lines", "Add a line; its secret is told once (添加线路)",
		map[string]any{"kind": "card", "name": hook.Name, "org": "o-4f", "url": "https://im.suining.example/send?key=…"}, NewLine{hook, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
	add.Description = "Each call adds another line: who repeats it looks at the lines first."
	api.Register(calls, add, region.NoticeManage, d.addLineCall)
	api.Register(calls, operation(http.MethodPost, "remove-line", "/notices/lines/{line}/remove", "Remove a line; what waits for it is not sent any more (删除线路)", nil, done{true}), region.NoticeManage, d.removeLineCall)
	api.Register(calls, operation(http.MethodPost, "try-line", "/notices/lines/{line}/try", "Send a card at once and see whether it arrives (试发)", nil, Tried{Arrived: true}), region.NoticeManage, d.tryLineCall)
	api.Register(calls, operation(http.MethodGet, "deliveries", "/notices/deliveries", "What was sent, what waits and what could not be sent (死信)", nil, Sendings{
		Counts: map[State]int{Dead: 1}, Deliveries: []Sending{{Delivery: "D3K", To: "张演示", Line: "mail", State: Dead, Tries: 12, Matters: 2, Made: made, Ended: &made, Why: "550"}},
	}), region.NoticeManage, d.deliveriesCall)
	api.Register(calls, operation(http.MethodPost, "retry-delivery", "/notices/deliveries/retry", "Send dead letters once more, with two weeks from now on (重新投递)",
		map[string]any{"delivery": "D3K"}, Retried{1}), region.NoticeManage, d.retryCall)
}

// LinePath names a line.
type LinePath struct {
	Line string `path:"line" doc:"Id of the line" example:"k7xqm2"`
}

func lineOf(h Hook) HookLine {
	return HookLine{Line: h.ID, Kind: h.Kind, Name: h.Name, Org: h.Org, Host: h.Host(), Own: h.Template != ""}
}

func (d *Desk) linesCall(ctx context.Context, _ *struct{}) (*api.Answer[[]HookLine], error) {
	all, err := d.Hooks(ctx)
	out := []HookLine{}
	for _, h := range all {
		out = append(out, lineOf(h))
	}
	return &api.Answer[[]HookLine]{Body: out}, err
}

func (d *Desk) addLineCall(ctx context.Context, in *struct {
	Body struct {
		Kind     HookKind `json:"kind" enum:"card,sms"`
		Name     string   `json:"name" minLength:"1" maxLength:"60"`
		Org      string   `json:"org,omitempty" doc:"Unit whose matters it is told; of a gateway none"`
		URL      string   `json:"url" maxLength:"2000" doc:"Where messages are sent"`
		Template string   `json:"template,omitempty" doc:"Form of the message; of cards empty: the plain card"`
	}
},
) (*api.Answer[NewLine], error) {
	b := in.Body
	h, err := d.AddHook(ctx, Hook{Kind: b.Kind, Name: b.Name, Org: b.Org, URL: b.URL, Template: b.Template})
	if err != nil {
		return nil, err
	}
	d.Log.InfoContext(ctx, "a line of notices was added", "hook", h.ID, "kind", string(h.Kind), "person", web.ActorOf(ctx).Person)
	return &api.Answer[NewLine]{Body: NewLine{lineOf(h), h.Secret}}, nil
}

// hook is a line that stands. web.ErrNotFound: there is none.
func (d *Desk) hook(ctx context.Context, id string) (Hook, error) {
	all, err := d.Hooks(ctx)
	if at := slices.IndexFunc(all, func(h Hook) bool { return h.ID == id }); err == nil && at >= 0 {
		return all[at], nil
	} else if err == nil {
		err = web.ErrNotFound
	}
	return Hook{}, err
}

func (d *Desk) removeLineCall(ctx context.Context, in *LinePath) (*api.Answer[done], error) {
	return isDone(d.RemoveHook(ctx, in.Line))
}

func (d *Desk) tryLineCall(ctx context.Context, in *LinePath) (*api.Answer[Tried], error) {
	h, err := d.hook(ctx, in.Line)
	if err != nil {
		return nil, err
	}
	if h.Kind != Card { // a short message needs a number, and costs
		return nil, web.ErrNotFound
	}
	why, err := d.TryHook(ctx, h, t(ctx, "lines.try.text", "member", d.node.Name))
	return &api.Answer[Tried]{Body: Tried{why == "", why}}, err
}

func (d *Desk) deliveriesCall(ctx context.Context, in *struct {
	State State `query:"state" enum:"dead,waiting,sent,moot" default:"dead"`
},
) (*api.Answer[Sendings], error) {
	some, all, err := d.Deliveries(ctx, in.State)
	out := Sendings{Counts: all, Deliveries: []Sending{}}
	for _, v := range some {
		s := Sending{Delivery: v.ID, To: v.To, Line: v.Line, State: v.State, Tries: v.Tries, Matters: v.Matters, Made: v.Made.UTC(), Why: v.Why}
		if !v.Next.IsZero() {
			s.Next = new(v.Next.UTC())
		}
		if !v.Ended.IsZero() {
			s.Ended = new(v.Ended.UTC())
		}
		out.Deliveries = append(out.Deliveries, s)
	}
	return &api.Answer[Sendings]{Body: out}, err
}

func (d *Desk) retryCall(ctx context.Context, in *struct {
	Body struct {
		Delivery string `json:"delivery,omitempty" doc:"Id; empty: all dead letters"`
	}
},
) (*api.Answer[Retried], error) {
	n, err := d.Retry(ctx, in.Body.Delivery)
	return &api.Answer[Retried]{Body: Retried{n}}, err
}
