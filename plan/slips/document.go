package slips

import (
	"context"
	"net/http"
	"strconv"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/letter"
	"liandong/web"
)

// document is the slip as an official document, to be printed and signed. GET /slip/{id}/slip.docx
func (p pages) document(w http.ResponseWriter, r *http.Request) error {
	name, content, err := p.docx(r.Context(), idOf(r), plan.ViewerOf(web.Actor(r)))
	if err != nil {
		return gone(err)
	}
	return web.Download(w, name, letter.DocxType, content)
}

func (p pages) docx(ctx context.Context, id plan.SlipID, v plan.Viewer) (name string, content []byte, err error) {
	s, err := p.desk.Slip(ctx, id, v)
	if err != nil {
		return "", nil, err
	}
	l, err := p.desk.Ladder(ctx)
	if err != nil {
		return "", nil, err
	}
	content, err = letter.Docx(documentOf(s, stepZh(l, s.Level), p.demo))
	return "督办单" + number(s) + ".docx", content, err
}

// stepZh is what a step is called in a document, which is Chinese whoever asks.
func stepZh(l plan.Ladder, level string) string {
	if s, ok := l.Step(level); ok && s.Name != "" {
		return s.Name
	}
	if name, ok := map[string]string{"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}[level]; ok {
		return name
	}
	return level
}

var groundZh = map[plan.SlipGround]string{plan.SlipLate: "工作滞后", plan.SlipMissed: "应报未报", plan.SlipOther: "其他"}

// documentOf has the fields of a published slip (RULES 2.1): 编号, 事项, 依据, 责任单位, 时限, 签发人, 反馈, 销号.
func documentOf(s plan.Slip, step string, demo bool) letter.Document {
	title := "督办单"
	if s.Member != "" {
		title = "商请函" // between equals nobody supervises
	}
	rows := [][]string{
		{"编号", number(s)},
		{"等次", step},
		{"事由", groundZh[s.Ground]},
		{"督办事项", s.Words.Matter},
		{"督办依据", s.Words.Basis},
		{"办理要求", s.Words.Demand},
		{"责任单位", s.Unit},
		{"反馈时限", s.Due.Zh() + "前"},
		{"签发人", s.Words.Signer},
	}
	if s.Acting != "" { // whose name stands above may not have sent it himself
		rows = append(rows, []string{"印发经办", s.Acting})
	}
	for _, e := range s.Story {
		day := e.Day.Zh()
		if e.Acting != "" {
			day += "，" + e.Acting
		}
		switch e.Kind {
		case "plan.slip.signed":
			rows = append(rows, []string{"签收", day})
		case "plan.slip.answered":
			text := day + "：" + e.Text
			for i, f := range e.Files {
				text += "\n附件" + strconv.Itoa(i+1) + "：" + f.Name
			}
			rows = append(rows, []string{"反馈情况", text})
		case "plan.slip.returned":
			rows = append(rows, []string{"复核意见", day + "退回：" + e.Text})
		case "plan.slip.raised":
			rows = append(rows, []string{"升级", day + "：" + e.Text})
		case "plan.slip.closed":
			rows = append(rows, []string{"销号", day + "：" + e.Text})
		}
	}
	d := letter.Document{
		Title: title, Number: number(s), To: s.Unit, Signer: s.By, Date: string(judge.Date(s.Issued)),
		Body: []letter.Block{letter.Table{
			Columns: []letter.Column{{Title: "项目", Align: letter.Center, Width: 2}, {Title: "内容", Align: letter.Left, Width: 7}}, Rows: rows,
		}},
	}
	if demo {
		d.Note = "演示数据"
	}
	return d
}
