package signins

import (
	"context"
	"net/http"

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

// API adds the call that checks the record. The lines themselves are read on the page, which notes from where and on which device.
func API(calls *api.API, n *node.Node) {
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
