package judge

import "fmt"

// Problem is what is wrong with data handed in, for machines and for people.
type Problem struct {
	Code string // stable, e.g. "period-malformed"
	Zh   string // what is wrong and what to do
	En   string
}

// Error is Chinese first, English second.
func (p *Problem) Error() string { return p.Zh + " / " + p.En + " (" + p.Code + ")" }

func problem(code, zh, en string, args ...any) error {
	return &Problem{Code: code, Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}
