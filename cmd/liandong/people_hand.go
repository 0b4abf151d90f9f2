package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"liandong/region"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/people"
)

// handFlags say who takes over from somebody who leaves or moves.
type handFlags struct {
	To    []string `help:"接手人的编号或姓名,nobody 为不移交;有几个单位的写 单位=接手人,可多次给出 (who takes over; nobody: nobody does)." placeholder:"[UNIT=]PERSON"`
	Phone string   `help:"接手人的联系电话,写进工作专班的联络员名单 (telephone of who takes over)."`
	Along bool     `help:"接手人缺的业务席位一并授予 (give him the seats that he lacks)."`
	Seen  string   `help:"清点给出的标记;不给出只清点,不改动 (mark of the count; without it, it is only counted)." placeholder:"MARK"`
}

// request reads them against what was counted.
func (f handFlags) request(counted people.HandOver) (in people.HandRequest, err error) {
	in = people.HandRequest{To: map[string]people.Heir{}, Along: f.Along, Seen: f.Seen}
	for _, text := range f.To {
		unit, named, one := strings.Cut(text, "=")
		if !one {
			unit, named = "", text
		}
		found := false
		for _, u := range counted.Units {
			if unit == "" || unit == u.Org || unit == u.Unit {
				in.To[u.Org] = people.Heir{Person: heir(u, named), Phone: f.Phone}
				found = true
			}
		}
		if !found {
			return in, broken{fmt.Errorf("本人在 %s 没有席位 (no seat at this unit)", unit)}
		}
	}
	return in, nil
}

// heir is the id of a colleague; whom the count does not name, the node refuses.
func heir(u people.UnitLeaving, named string) string {
	at := slices.IndexFunc(u.Heirs, func(h people.Named) bool { return h.Name == named })
	if at < 0 || slices.ContainsFunc(u.Heirs[at+1:], func(h people.Named) bool { return h.Name == named }) {
		return named
	}
	return u.Heirs[at].Person
}

func (t *terminal) sayCounted(h people.HandOver) {
	for _, u := range h.Units {
		for _, s := range u.Seats {
			others := "没有别人担任 (nobody else holds it)"
			if s.Others {
				others = "还有别人担任 (others hold it)"
			}
			t.say("%s %s: 待办 %d,%s", u.Unit, web.SeatName(lang.Zh, region.Seat(s.Seat)), s.Waiting, others)
		}
		for _, x := range u.Held {
			t.say("%s %s: %d,%s", u.Unit, t.word("people.hand."+x.What), x.N, t.word("people.hand."+x.Fate))
		}
		for _, o := range u.Heirs {
			t.say("%s 可以接手 (may take over): %s %s", u.Unit, o.Person, o.Name)
		}
	}
	t.say("没有改动。核对无误,选好 --to,加上 (nothing was changed; to do it add): --seen=%s", h.Seen)
}

type peopleMoveCommand struct {
	personFlags
	Org  string `help:"调入的单位,编号或名称 (unit)." required:"" placeholder:"UNIT"`
	Seat string `help:"在那里的席位,如 reporter (seat there)." required:"" placeholder:"SEAT"`
	handFlags
}

func (peopleMoveCommand) Help() string {
	return `先不加 --seen,看挂在本人名下的有什么、谁可以接手;再加上 --to 和 --seen 一次办完。清点以后有变化的,不办。
有了安全管理员以后,用安全管理员的令牌 (--url)。

例 (examples):
  liandong people move --dir /srv/liandong lihua --org 市交通运输局 --seat reviewer
  liandong people move --dir /srv/liandong lihua --org 市交通运输局 --seat reviewer --to 王演示 --seen=9f86d081884c7d65`
}

func (c peopleMoveCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, id, at string) (any, func(), error) {
		org, err := orgID(t, n, c.Org)
		if err != nil {
			return nil, nil, err
		}
		counted, err := get[people.HandOver](t, n, at+"/move")
		if err != nil || c.Seen == "" {
			return counted, func() { t.sayCounted(counted) }, err
		}
		in, err := c.request(counted)
		if err != nil {
			return nil, nil, err
		}
		out, err := call[people.Seated](t, n, http.MethodPost, at+"/move", people.MoveRequest{SeatRequest: people.SeatRequest{Org: org, Seat: c.Seat}, HandRequest: in})
		return out, func() { t.say("%s:已调动 (moved)", id) }, err
	})
}

type peopleLeaveCommand struct {
	personFlags
	handFlags
}

func (peopleLeaveCommand) Help() string {
	return `先不加 --seen,看挂在本人名下的有什么、谁可以接手;再加上 --to 和 --seen 一次办完。清点以后有变化的,不办。

例 (examples):
  liandong people leave --dir /srv/liandong lihua
  liandong people leave --dir /srv/liandong lihua --to 王演示 --seen=9f86d081884c7d65`
}

func (c peopleLeaveCommand) Run(t *terminal) error {
	return c.ask(t, func(n *caller, id, at string) (any, func(), error) {
		counted, err := get[people.HandOver](t, n, at+"/leave")
		if err != nil || c.Seen == "" {
			return counted, func() { t.sayCounted(counted) }, err
		}
		in, err := c.request(counted)
		if err != nil {
			return nil, nil, err
		}
		out, err := call[people.Acted](t, n, http.MethodPost, at+"/leave", in)
		return out, func() { t.say("%s:已离岗 (left)", id) }, err
	})
}
