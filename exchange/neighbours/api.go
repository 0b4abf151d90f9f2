package neighbours

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/exchange"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// Invited is an invitation with its text to hand on.
type Invited struct {
	Invitation  exchange.Invitation `json:"invitation"`
	Fingerprint string              `json:"fingerprint" doc:"Read it over the telephone" example:"0379 2933 6407 3471 2481"`
	Text        string              `json:"text" doc:"All of it goes to the neighbour"`
}

// Preview is what an invitation says, and what recognising by it would do.
type Preview struct {
	Invitation  exchange.Invitation `json:"invitation"`
	Fingerprint string              `json:"fingerprint"`
	Steps       []Step              `json:"steps" doc:"Circle by circle"`
	Changes     bool                `json:"changes" doc:"False: the member is recognised so already"`
}

// PreviewRequest is the body of POST /exchange/preview.
type PreviewRequest struct {
	Invitation string   `json:"invitation" doc:"The text as it came" maxLength:"65536"`
	Circles    []string `json:"circles,omitempty" doc:"Only these of its circles"`
}

// RecogniseRequest is the body of POST /exchange/neighbours.
type RecogniseRequest struct {
	Invitation  string   `json:"invitation" maxLength:"65536"`
	Circles     []string `json:"circles,omitempty" doc:"Only these of its circles"`
	Fingerprint string   `json:"fingerprint" doc:"As the neighbour read it; another than the invitation's is refused"`
	How         string   `json:"how" doc:"Compared with whom; written into the book" maxLength:"500"`
}

// SuspendRequest is the body of POST /exchange/neighbours/{circle}/{member}/suspended.
type SuspendRequest struct {
	Suspended bool   `json:"suspended"`
	Reason    string `json:"reason" maxLength:"2000"`
}

// Named is the member in the path of a call.
type Named struct {
	Circle string `path:"circle"`
	Member string `path:"member"`
}

// LeaveRequest is the body of POST /exchange/circles/{circle}/leave.
type LeaveRequest struct {
	Reason string `json:"reason" maxLength:"2000"`
}

// QuorumRequest is the body of POST /exchange/circles/{circle}/quorum.
type QuorumRequest struct {
	Members int `json:"members" doc:"0: as the circle has it without a word of its own" example:"2"`
}

// Gone says that a book is followed again.
type Gone struct {
	Done bool `json:"done" doc:"Always true: what is not done is a problem"`
}

// OpenRequest is the body of POST /exchange/circles.
type OpenRequest struct {
	Circle  string   `json:"circle" doc:"Id of the circle" example:"suitong"`
	Name    string   `json:"name,omitempty" doc:"Empty: as the region names it" example:"遂潼一体化"`
	Members []string `json:"members,omitempty" doc:"Codes of its members, this one among them; none: as the region has them" example:"[\"500152\",\"510900\"]"`
}

// circle is what is asked to be opened: what is not said is as the region knows the circle.
func (o OpenRequest) circle() region.Circle {
	c := region.KnownCircle(o.Circle)
	if o.Name != "" {
		c.Name = o.Name
	}
	if len(o.Members) > 0 {
		c.Members = o.Members
	}
	return c
}

// Listing is how all circles stand.
type Listing struct {
	Circles []Circle `json:"circles"`
}

// Written names the entries that a call wrote.
type Written struct {
	Entries []Entry `json:"entries"`
}

// Entry names one entry.
type Entry struct {
	Book  string `json:"book" doc:"The book, member and circle" example:"510900/suitong"`
	Index int64  `json:"index" doc:"Number in the book, from 0" example:"12"`
}

var exampleInvitation = exchange.Invitation{
	Member: "500152", Name: "重庆市潼南区", Origin: "tongnan.example", Key: "Qm9…=", Witness: "c1E…=", Request: "9xT…=",
	Address: "https://tongnan.example", Circles: []exchange.InvitedCircle{{Circle: "suitong", Name: "遂潼一体化", Members: []string{"500152", "510900"}}},
}

var exampleStep = Step{Circle: "suitong", Name: "遂潼一体化", Members: []string{"500152", "510900"}, Opens: true}

var exampleMember = Member{
	Member: "500152", Name: "重庆市潼南区", Recognised: true, Origin: "tongnan.example", Address: "https://tongnan.example",
	Fingerprint: "0379 2933 6407 3471 2481", Since: time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC), Size: 812,
	LastAt: time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC), Others: map[string]Seen{"510900": SeenYes},
}

// API adds the calls.
func API(calls *api.API, n *node.Node) {
	p := &pages{node: n}
	tags := []string{"exchange"}
	type asked struct {
		Circle  []string `query:"circle" doc:"Our circles; all if none is named"`
		Address string   `query:"address" doc:"Where the neighbour's server reaches us; empty: by file only"`
	}
	api.Register(calls, huma.Operation{
		OperationID: "invite", Method: http.MethodGet, Path: "/exchange/invitation", Tags: tags, Summary: "Our invitation (邀请) for a neighbour",
		Responses: api.Example(Invited{exampleInvitation, exampleMember.Fingerprint, "liandong-invitation/1\ncUkOAtsJ….\n"}),
	}, region.ExchangeRead, func(ctx context.Context, in *asked) (*api.Answer[Invited], error) {
		out, err := p.invited(ctx, in.Circle, in.Address)
		return &api.Answer[Invited]{Body: out}, err
	})
	type previewing struct{ Body PreviewRequest }
	api.Register(calls, huma.Operation{
		OperationID: "preview-invitation", Method: http.MethodPost, Path: "/exchange/preview", Tags: tags,
		Summary:   "What an invitation says and what recognising by it would do; writes nothing",
		Responses: api.Example(Preview{exampleInvitation, exampleMember.Fingerprint, []Step{exampleStep}, true}),
	}, region.MemberRecognise, func(ctx context.Context, in *previewing) (*api.Answer[Preview], error) {
		out, err := p.previewed(ctx, in.Body)
		return &api.Answer[Preview]{Body: out}, err
	})
	api.Register(calls, huma.Operation{
		OperationID: "list-neighbours", Method: http.MethodGet, Path: "/exchange/neighbours", Tags: tags, Summary: "Who recognises whom in which circle",
		Responses: api.Example(Listing{[]Circle{{Circle: "suitong", Name: "遂潼一体化", Members: []Member{exampleMember}}}}),
	}, region.ExchangeRead, func(ctx context.Context, _ *struct{}) (*api.Answer[Listing], error) {
		out := Listing{}
		err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
			out.Circles, err = Circles(ctx, tx, n)
			return err
		})
		return &api.Answer[Listing]{Body: out}, err
	})
	p.writingCalls(calls, tags)
	p.followingCalls(calls, tags)
	p.stateCalls(calls, tags)
}

// writingCalls are those that write entries.
func (p *pages) writingCalls(calls *api.API, tags []string) {
	example := api.Example(Written{[]Entry{{"510900/suitong", 12}}})
	type recognising struct{ Body RecogniseRequest }
	api.Register(calls, huma.Operation{
		OperationID: "recognise", Method: http.MethodPost, Path: "/exchange/neighbours", Tags: tags,
		Summary: "Recognise (认可) a member by its invitation, after its fingerprint was compared over the telephone", Responses: example,
	}, region.MemberRecognise, func(ctx context.Context, in *recognising) (*api.Answer[Written], error) {
		i, err := exchange.ReadInvitation(in.Body.Invitation)
		switch {
		case err != nil:
			return nil, err
		case !exchange.SameFingerprint(i.Fingerprint(), in.Body.Fingerprint):
			return nil, refuse.New("neighbours.fingerprint-other", "fingerprint", i.Fingerprint()).At("fingerprint")
		case strings.TrimSpace(in.Body.How) == "":
			return nil, refuse.New("neighbours.how-missing").At("how")
		}
		j := Joining{i, in.Body.Circles, strings.TrimSpace(in.Body.How)}
		return p.write(ctx, "recognise\n"+i.Fingerprint()+"\n"+i.Address+"\n"+strings.Join(j.Circles, " ")+"\n"+j.How,
			func(ctx context.Context, w *node.Writing) error { return Recognise(ctx, w, j) })
	})
	type suspending struct {
		Named
		Body SuspendRequest
	}
	api.Register(calls, huma.Operation{
		OperationID: "suspend-neighbour", Method: http.MethodPost, Path: "/exchange/neighbours/{circle}/{member}/suspended", Tags: tags,
		Summary: "Suspend (暂停往来) a member in a circle, or resume", Responses: example,
	}, region.MemberRecognise, func(ctx context.Context, in *suspending) (*api.Answer[Written], error) {
		b := in.Body
		print := fmt.Sprintln("suspended", b.Suspended, in.Circle, in.Member, b.Reason)
		return p.write(ctx, print, func(ctx context.Context, w *node.Writing) error {
			return Suspend(ctx, w, in.Circle, in.Member, b.Suspended, strings.TrimSpace(b.Reason))
		})
	})
	api.Register(calls, huma.Operation{
		OperationID: "recognise-rolled", Method: http.MethodPost, Path: "/exchange/neighbours/{circle}/{member}/rolled", Tags: tags,
		Summary: "Recognise the keys that a member named in its own book under the former ones", Responses: example,
	}, region.MemberRecognise, func(ctx context.Context, in *Named) (*api.Answer[Written], error) {
		return p.write(ctx, "rolled "+in.Circle+" "+in.Member, func(ctx context.Context, w *node.Writing) error {
			return RecogniseRolled(ctx, w, in.Circle, in.Member)
		})
	})
	type going struct {
		Circle string `path:"circle"`
		Body   LeaveRequest
	}
	type opening struct{ Body OpenRequest }
	api.Register(calls, huma.Operation{
		OperationID: "open-circle", Method: http.MethodPost, Path: "/exchange/circles", Tags: tags,
		Summary: "Open (建圈) this member's book of a circle", Responses: example,
	}, region.CircleOpen, func(ctx context.Context, in *opening) (*api.Answer[Written], error) {
		c := in.Body.circle()
		return p.write(ctx, "open "+c.ID+"\n"+c.Name+"\n"+strings.Join(c.Members, " "), func(ctx context.Context, w *node.Writing) error {
			return region.OpenNewCircle(ctx, w, c)
		})
	})
	api.Register(calls, huma.Operation{
		OperationID: "leave-circle", Method: http.MethodPost, Path: "/exchange/circles/{circle}/leave", Tags: tags,
		Summary: "Leave (退出) a circle", Responses: example,
	}, region.CircleOpen, func(ctx context.Context, in *going) (*api.Answer[Written], error) {
		return p.write(ctx, "leave "+in.Circle+"\n"+in.Body.Reason, func(ctx context.Context, w *node.Writing) error {
			return Leave(ctx, w, in.Circle, strings.TrimSpace(in.Body.Reason))
		})
	})
}

// followingCalls set with how many a circle agrees, and take up a book again that was stopped.
func (p *pages) followingCalls(calls *api.API, tags []string) {
	type agreeing struct {
		Circle string `path:"circle" example:"suitong"`
		Body   QuorumRequest
	}
	api.Register(calls, huma.Operation{
		OperationID: "set-quorum", Method: http.MethodPost, Path: "/exchange/circles/{circle}/quorum", Tags: tags,
		Summary: "How many members must have seen a head of this member's book before it counts as witnessed (见证数)", Responses: api.Example(Written{[]Entry{{"510900/suitong", 12}}}),
	}, region.CircleOpen, func(ctx context.Context, in *agreeing) (*api.Answer[Written], error) {
		return p.write(ctx, fmt.Sprintln("quorum", in.Circle, in.Body.Members), func(ctx context.Context, w *node.Writing) error {
			return region.SetQuorum(ctx, w, in.Circle, in.Body.Members)
		})
	})
	api.Register(calls, huma.Operation{
		OperationID: "go-on", Method: http.MethodPost, Path: "/exchange/neighbours/{circle}/{member}/go-on", Tags: tags,
		Summary:     "Follow a book again that was stopped because its member showed two (恢复接收)",
		Description: "It writes no entry: repeating it changes nothing.", Responses: api.Example(Gone{true}),
	}, region.MemberRecognise, func(ctx context.Context, in *Named) (*api.Answer[Gone], error) {
		err := p.node.Store.Write(ctx, func(tx *store.Tx) error { return exchange.GoOn(ctx, tx, in.Member+"/"+in.Circle) })
		if err != nil {
			return nil, err
		}
		return &api.Answer[Gone]{Body: Gone{true}}, nil
	})
}

func (p *pages) write(ctx context.Context, print string, act node.Act) (*api.Answer[Written], error) {
	r, err := p.node.Write(ctx, node.Request{ID: web.RequestKeyOf(ctx), Print: []byte(print), Actor: web.ActorOf(ctx)}, act)
	if err != nil {
		return nil, err
	}
	return &api.Answer[Written]{Body: WrittenOf(r)}, nil
}

// WrittenOf lists the entries of a receipt.
func WrittenOf(r node.Receipt) Written {
	out := Written{Entries: []Entry{}}
	for _, p := range r.Entries {
		out.Entries = append(out.Entries, Entry{p.Book, p.Index})
	}
	return out
}

func (p *pages) invited(ctx context.Context, chosen []string, address string) (Invited, error) {
	ours, err := p.ourCircles(ctx)
	if err != nil {
		return Invited{}, err
	}
	if len(ours) == 0 {
		return Invited{}, refuse.New("neighbours.no-circle")
	}
	if len(chosen) == 0 {
		for _, c := range ours {
			chosen = append(chosen, c.ID)
		}
	}
	i, text, err := write(p.node, ours, chosen, address)
	if err != nil {
		return Invited{}, err
	}
	return Invited{i, i.Fingerprint(), text}, nil
}

func (p *pages) previewed(ctx context.Context, b PreviewRequest) (Preview, error) {
	i, err := exchange.ReadInvitation(b.Invitation)
	if err != nil {
		return Preview{}, err
	}
	out := Preview{Invitation: i, Fingerprint: i.Fingerprint()}
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		out.Steps, err = Plan(ctx, tx, p.node.Identity, i, b.Circles)
		return err
	})
	out.Changes = slices.ContainsFunc(out.Steps, Step.changes)
	return out, err
}
