package demo

import (
	"context"
	"slices"

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

// officePeople names one person for each seat of the coordinating office; tianbao, the printed reporter, gets his unit
// with the directory.
func (m *member) officePeople(office string) []person {
	at := func(seats ...region.Seat) (all []seatAt) {
		for _, s := range seats {
			all = append(all, seatAt{office, s})
		}
		return all
	}
	return []person{
		{"p-xietiao", "xietiao", m.names[0] + "（演示）", at(region.Coordinator, region.Reporter)},
		{"p-shenhe", "shenhe", m.names[1] + "（演示）", at(region.Reviewer, region.Reader)},
		{"p-tianbao", "tianbao", m.names[2] + "（演示）", []seatAt{{"", region.Reporter}}},
		{"p-yuelan", "yuelan", m.names[3] + "（演示）", at(region.Reader)},
		{"p-shenji", "shenji", m.names[4] + "（演示）", at(region.Auditor)},
		{"p-guanli", "guanli", m.names[5] + "（演示）", at(region.Administrator)},
		{"p-lingdao", "lingdao", m.names[6] + "（演示）", at(region.Leader)},
		{"p-anquan", "anquan", m.names[7] + "（演示）", at(region.Security)},
	}
}

// signing are Suining's units, by login, whose reporters can sign in besides; the administrator gives the
// others their links. A section and a county show what is asked of them.
var signing = map[string]string{
	"市交通运输局建设管理科": "jianshe", "船山区": "chuanshan", "市农业农村局": "nongye", "市经济和信息化局": "jingxin", "市人力资源社会保障局": "renshe", "市生态环境局": "shengtai",
}

var surnames = []rune("李王张刘杨黄赵吴徐孙马朱胡林郭高梁郑谢宋韩邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁")

var givens = []string{
	"明远", "晓雯", "建平", "雨桐", "志强", "思齐", "海燕", "文博", "佳宁", "立新", "春华", "子墨", "丽萍", "向阳", "静怡", "国栋",
	"云帆", "秀兰", "一鸣", "嘉树",
}

// people are all persons: those of the office, and a reporter for each unit that leads something.
func (m *member) people(office string, units []unit, leads map[string]bool) []person {
	all := m.officePeople(office)
	for i, u := range units {
		switch {
		case u.id == office || len(u.members) > 0 || !leads[u.id] && u.under == "" && !u.local:
		case u.name == m.reporter:
			all[2].seats[0].org = u.id
		default:
			all = append(all, person{
				id:    "p-" + u.id[2:],
				login: m.login(u.name),
				name:  string(surnames[i%len(surnames)]) + givens[(i*7)%len(givens)] + "（演示）",
				seats: []seatAt{{u.id, region.Reporter}},
			})
		}
	}
	last := &all[len(all)-1]
	last.seats = append(last.seats, seatAt{last.seats[0].org, region.Reader}) // some have two seats
	if at := slices.IndexFunc(units, func(u unit) bool { return u.name == signed }); m.folder == "" && at >= 0 {
		all = append(all, person{signer, signerLogin, "邓秋禾（演示）", []seatAt{{units[at].id, region.Reviewer}}})
	}
	return all
}

func (m *member) login(unit string) string {
	if m.folder != "" {
		return ""
	}
	return signing[unit]
}

// appoints is 1 for who gives seats from his own on.
func (p person) appoints() int {
	if slices.ContainsFunc(p.seats, func(s seatAt) bool { return s.seat == region.Security }) {
		return 1
	}
	return 0
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
func (m *member) cast(office string) ([]person, error) {
	units, err := m.directory(office)
	if err != nil {
		return nil, err
	}
	leads, err := m.leading(units)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(m.people(office, units, leads), func(p person) bool { return p.login == "" }), nil
}

// SignIns lists the accounts of a member of the demonstration, one for each seat first. office is the id of the
// coordinating office.
func SignIns(code, office string) ([]SignIn, error) {
	m, err := memberOf(code)
	if err != nil {
		return nil, err
	}
	all, err := m.cast(office)
	if err != nil {
		return nil, err
	}
	units, err := m.directory(office)
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

// createAccounts hashes the one password of all, which takes a good part of a second, once.
func (m *member) createAccounts(ctx context.Context, accounts *account.Accounts, office string) error {
	all, err := m.cast(office)
	if err != nil {
		return err
	}
	logins := map[string]string{}
	for _, p := range all {
		logins[p.id] = p.login
	}
	return accounts.CreateAlike(ctx, logins, Password)
}
