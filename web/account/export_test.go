package account

import "time"

// SetClock lets tests pass the time; Cheap makes their hashes quick.
func (a *Accounts) SetClock(now func() time.Time) { a.now = now }

func (a *Accounts) Cheap() { a.hasher.cost = cost{time: 1, memory: 64, lanes: 1} }

var (
	SignIn         = (*Accounts).signIn
	ChangePassword = (*Accounts).changePassword
	UseLink        = (*Accounts).useLink
	Sessions       = (*Accounts).sessions
	AddressOf      = (*Accounts).addressOf
	ParsePHC       = parsePHC
	ErrWrong       = errWrong
)
