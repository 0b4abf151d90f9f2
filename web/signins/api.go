package signins

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web/account"
	"liandong/web/api"
)

// Checked is what going over the record of sign-ins found.
type Checked struct {
	Lines  int64 `json:"lines"`
	Seals  int   `json:"seals" doc:"Entries of the own book that the lines were compared with"`
	Sealed int64 `json:"sealed" doc:"Lines up to this number are held by an entry"`
	Broken int64 `json:"broken" doc:"Number of the first line that is not as it was written; 0: none"`
}

// Line is one line of the record of sign-ins (登录记录).
type Line struct {
	Number  int64           `json:"number"`
	At      time.Time       `json:"at"`
	Person  string          `json:"person,omitempty" doc:"Id; none: nobody's account" example:"p-lingdao"`
	Name    string          `json:"name,omitempty" doc:"As the register has it"`
	Actor   string          `json:"actor,omitempty" doc:"Id of who did it, where it was another"`
	Act     account.Act     `json:"act" example:"sign-in"`
	Way     string          `json:"way,omitempty" doc:"password, code, recovery, passkey, link, provider; of a seat that was taken its name"`
	Outcome account.Outcome `json:"outcome" example:"done"`
	Address string          `json:"address,omitempty" doc:"None: not known"`
	Device  string          `json:"device,omitempty"`
}

// Lines are some of the record.
type Lines struct {
	Lines []Line `json:"lines" doc:"The newest first, at most 500"`
	Next  int64  `json:"next,omitempty" doc:"Goes on with before= this number; none: that was all"`
}

// atOnce is how many lines a call gives.
const atOnce = 500

// API adds the calls that read the record and check it. Reading it is recorded, as on the page.
func API(calls *api.API, n *node.Node, accounts *account.Accounts) {
	p := &pages{n, accounts}
	api.Register(calls, huma.Operation{
		OperationID: "sign-ins", Method: http.MethodGet, Path: "/sign-ins", Tags: []string{"node"}, Summary: "The record of sign-ins, the newest first (登录记录)",
		Description: "That it was read is a line of the record itself.",
		Responses: api.Example(Lines{Lines: []Line{{
			Number: 4120, At: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), Person: "p-lingdao", Name: "周禾（演示）", Act: account.ActSignIn, Way: "password", Outcome: account.Done,
		}}}),
	}, region.SignInsRead, p.linesCall)
	api.Register(calls, huma.Operation{
		OperationID: "check-sign-ins", Method: http.MethodPost, Path: "/sign-ins/check", Tags: []string{"node"}, Summary: "Go over the whole record of sign-ins (核验登录记录)",
		Description: "It writes nothing.", Responses: api.Example(Checked{Lines: 4120, Seals: 41, Sealed: 4100}),
	}, region.SignInsRead, func(ctx context.Context, _ *struct{}) (*api.Answer[Checked], error) {
		var c account.Checked
		err := n.Store.Read(ctx, func(tx *store.Tx) (err error) {
			c, err = account.CheckRecords(ctx, tx, n.Member)
			return err
		})
		return &api.Answer[Checked]{Body: Checked(c)}, err
	})
}

func (p *pages) linesCall(ctx context.Context, in *struct {
	Person  string `query:"person" doc:"Id"`
	Act     string `query:"act"`
	Outcome string `query:"outcome"`
	From    string `query:"from" doc:"First day" example:"2022-06-01"`
	Until   string `query:"until" doc:"Last day" example:"2022-06-20"`
	Before  int64  `query:"before" minimum:"0" doc:"Only lines with a smaller number"`
},
) (*api.Answer[Lines], error) {
	q, err := asked{in.Person, in.Act, in.Outcome, in.From, in.Until}.query()
	if err != nil {
		return nil, err
	}
	if err := p.accounts.Note(p.accounts.As(ctx), account.ActRecordRead); err != nil {
		return nil, err
	}
	q.Before, q.Limit = in.Before, atOnce+1
	out := Lines{Lines: []Line{}}
	err = p.node.Store.Read(ctx, func(tx *store.Tx) error {
		people, err := names(ctx, tx)
		if err != nil {
			return err
		}
		all, err := account.Records(ctx, tx, q)
		if len(all) > atOnce {
			all = all[:atOnce]
			out.Next = all[atOnce-1].Seq
		}
		for _, l := range all {
			out.Lines = append(out.Lines, Line{l.Seq, l.At.UTC(), l.Person, people[l.Person], l.Actor, l.Act, l.Way, l.Outcome, l.Address, l.Device})
		}
		return err
	})
	return &api.Answer[Lines]{Body: out}, err
}
