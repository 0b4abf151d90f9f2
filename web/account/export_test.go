package account

import (
	"context"
	"time"
)

// SetClock lets tests pass the time; Cheap makes their hashes quick.
func (a *Accounts) SetClock(now func() time.Time) { a.now = now }

func (a *Accounts) Cheap() { a.hasher.cost = cost{time: 1, memory: 64, lanes: 1} }

var (
	SignInOver     = (*Accounts).signIn
	ChangePassword = (*Accounts).changePassword
	UseLink        = (*Accounts).useLink
	Sessions       = (*Accounts).sessions
	AddressOf      = (*Accounts).addressOf
	ParsePHC       = parsePHC
	ErrWrong       = errWrong
)

// SignIn signs in by a browser that had no session before.
func SignIn(a *Accounts, ctx context.Context, login, password, address, device string) (string, error) {
	return a.signIn(ctx, login, password, address, device, "")
}
