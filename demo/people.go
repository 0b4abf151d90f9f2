package demo

import (
	"context"
	"errors"
	"slices"
	"sync"

	"liandong/node"
	"liandong/region"
	"liandong/web/account"
)

// Password (演示口令) is that of every account of the demonstration. It protects nothing: all data
// is invented and printed with it.
const Password = "yanshi-2022-shuju"

// person is an invented person of the demonstration, marked 演示.
type person struct {
	id, login, name string
	seats           []seatAt
}

type seatAt struct {
	org  string
	seat region.Seat
}

// SignIn is a way into the demonstration, for who starts it.
type SignIn struct {
	Seat     region.Seat
	Login    string
	Name     string
	Unit     string
	Password string
}

// office names one person for each seat of the coordinating office.
func officePeople(office string) []person {
	at := func(seats ...region.Seat) (all []seatAt) {
		for _, s := range seats {
			all = append(all, seatAt{office, s})
		}
		return all
	}
	return []person{
		{"p-xietiao", "xietiao", "陈岚（演示）", at(region.Coordinator, region.Reporter)},
		{"p-shenhe", "shenhe", "罗毅（演示）", at(region.Reviewer, region.Reader)},
		{"p-tianbao", "tianbao", "周禾（演示）", []seatAt{{"", region.Reporter}}},
		{"p-yuelan", "yuelan", "何静（演示）", at(region.Reader)},
		{"p-shenji", "shenji", "唐正（演示）", at(region.Auditor)},
		{"p-guanli", "guanli", "冯舟（演示）", at(region.Administrator)},
	}
}

// tianbao is the printed reporter's unit.
const tianbaoUnit = "市交通运输局"

// signing are the units, by login, whose reporters can sign in besides; the administrator gives the
// others their links.
var signing = map[string]string{
	"市农业农村局": "nongye", "市经济和信息化局": "jingxin", "市人力资源社会保障局": "renshe", "市生态环境局": "shengtai",
}

var surnames = []rune("李王张刘杨黄赵吴徐孙马朱胡林郭高梁郑谢宋韩邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁")

var givens = []string{
	"明远", "晓雯", "建平", "雨桐", "志强", "思齐", "海燕", "文博", "佳宁", "立新", "春华", "子墨", "丽萍", "向阳", "静怡", "国栋",
	"云帆", "秀兰", "一鸣", "嘉树",
}

// people are all persons: those of the office, and a reporter for each unit that leads something.
func people(office string, units []unit, leads map[string]bool) []person {
	all := officePeople(office)
	for i, u := range units {
		switch {
		case u.id == office || len(u.members) > 0 || !leads[u.id]:
		case u.name == tianbaoUnit:
			all[2].seats[0].org = u.id
		default:
			all = append(all, person{
				id:    "p-" + u.id[2:],
				login: signing[u.name],
				name:  string(surnames[i%len(surnames)]) + givens[(i*7)%len(givens)] + "（演示）",
				seats: []seatAt{{u.id, region.Reporter}},
			})
		}
	}
	last := &all[len(all)-1]
	last.seats = append(last.seats, seatAt{last.seats[0].org, region.Reader}) // some have two seats
	return all
}

func (p person) say(ctx context.Context, w *node.Writing) error {
	_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
		Circle: node.Self, Subjects: []string{p.id}, Facts: region.PersonFacts{Person: p.id}, Words: &region.PersonWords{Name: p.name},
	})
	for _, s := range p.seats {
		if err != nil {
			return err
		}
		_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
			Circle: node.Self, Subjects: []string{p.id}, Facts: region.SeatFacts{Person: p.id, Org: s.org, Seat: s.seat},
		})
	}
	return err
}

// cast is who can sign in.
func cast(office string) ([]person, error) {
	units, err := directory(office)
	if err != nil {
		return nil, err
	}
	leads, err := leading(units)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(people(office, units, leads), func(p person) bool { return p.login == "" }), nil
}

// SignIns lists the accounts of the demonstration, one for each seat first. office is the id of the
// coordinating office.
func SignIns(office string) ([]SignIn, error) {
	all, err := cast(office)
	if err != nil {
		return nil, err
	}
	units, err := directory(office)
	if err != nil {
		return nil, err
	}
	var list []SignIn
	for _, p := range all {
		at := slices.IndexFunc(units, func(u unit) bool { return u.id == p.seats[0].org })
		list = append(list, SignIn{Seat: p.seats[0].seat, Login: p.login, Name: p.name, Unit: units[at].name, Password: Password})
	}
	return list, nil
}

// createAccounts hashes two passwords at a time: each takes a good part of a second.
func createAccounts(ctx context.Context, accounts *account.Accounts, office string) error {
	all, err := cast(office)
	if err != nil {
		return err
	}
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, p := range all {
		wg.Go(func() { errs[i] = accounts.Create(ctx, p.id, p.login, Password) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
