package making

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/letter"
	"liandong/web"
)

// paper makes a document for who may read what an id names, with the name of its file.
type paper func(ctx context.Context, id string, v plan.Viewer) (name string, d letter.Document, err error)

func (p pages) docx(ctx context.Context, id string, v plan.Viewer, of paper) (name string, content []byte, err error) {
	name, d, err := of(ctx, id, v)
	if err != nil {
		return "", nil, gone(err)
	}
	if p.demo {
		d.Note = "演示数据"
	}
	content, err = letter.Docx(d)
	return name + ".docx", content, err
}

// print gives a document of what a value in the path names.
func (p pages) print(value string, of paper) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name, content, err := p.docx(r.Context(), r.PathValue(value), plan.ViewerOf(web.Actor(r)), of)
		if err != nil {
			return err
		}
		return web.Download(w, name, letter.DocxType, content)
	}
}

// letter is the request for comments as an official letter with the draft list. GET /consultation/{id}/letter.docx
func (p pages) letter(ctx context.Context, id string, v plan.Viewer) (name string, d letter.Document, err error) {
	c, err := p.desk.Consultation(ctx, id, v)
	if err != nil {
		return "", d, err
	}
	var rows []plan.ListingWords
	for _, l := range c.Rows {
		rows = append(rows, l.Words)
	}
	body := "现将《" + c.Title + "（征求意见稿）》印送你们，请研究并于" + c.Due.Zh() + "前反馈意见。\n" + c.Note
	title := "关于征求《" + c.Title + "（征求意见稿）》意见的函"
	return title, letter.Document{
		Title: title, To: addressees(c.Asked), Body: paragraphs(body), Annexes: []letter.Annex{annexOf(c.Title+"（征求意见稿）", c.By, rows)}, Signer: c.By, Date: string(c.Day),
	}, nil
}

// addressees are joined as a letter names them: units of one kind by 、, units of this member and neighbours by ，.
func addressees(asked []plan.ConsultationAsked) string {
	var own, neighbours []string
	for _, a := range asked {
		if a.Neighbour() {
			neighbours = append(neighbours, a.Name)
		} else {
			own = append(own, a.Name)
		}
	}
	return strings.Join(slices.DeleteFunc([]string{units(neighbours), units(own)}, func(s string) bool { return s == "" }), "，")
}

func paragraphs(text string) (all []letter.Block) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, letter.Plain(line))
		}
	}
	return all
}

// annexOf prints the rows of a list of a member; columns that no row fills are left out.
func annexOf(title, own string, rows []plan.ListingWords) letter.Annex {
	columns := []struct {
		title string
		align letter.Align
		width int
		text  func(w plan.ListingWords) string
	}{
		{"序号", letter.Center, 2, func(w plan.ListingWords) string { return w.Number }},
		{"板块", letter.Left, 3, func(w plan.ListingWords) string { return strings.Join(w.Section, " ") }},
		{"工作任务", letter.Left, 9, func(w plan.ListingWords) string { return w.Title }},
		{"主要举措", letter.Left, 8, func(w plan.ListingWords) string { return w.Measures }},
		{"年度目标", letter.Left, 7, func(w plan.ListingWords) string { return w.Target }},
		{"牵头单位", letter.Left, 5, func(w plan.ListingWords) string { return w.LeadText(own) }},
		{"配合单位", letter.Left, 5, func(w plan.ListingWords) string { return w.SupportText(own) }},
		{"责任领导", letter.Center, 3, func(w plan.ListingWords) string { return w.Leader }},
		{"完成时限", letter.Center, 3, func(w plan.ListingWords) string { return w.Deadline }},
		{"备注", letter.Left, 3, func(w plan.ListingWords) string { return w.Note }},
	}
	table := letter.Table{Rows: make([][]string, len(rows))}
	for _, c := range columns {
		filled := false
		for _, w := range rows {
			filled = filled || c.text(w) != ""
		}
		if !filled {
			continue
		}
		table.Columns = append(table.Columns, letter.Column{Title: c.title, Align: c.align, Width: c.width})
		for i, w := range rows {
			table.Rows[i] = append(table.Rows[i], c.text(w))
		}
	}
	return letter.Annex{Title: title, Wide: true, Body: []letter.Block{table}}
}

var decisionZh = map[plan.Decision]string{plan.Adopted: "采纳", plan.PartlyAdopted: "部分采纳", plan.NotAdopted: "未采纳", "": "未处理"}

// comments say what became of each comment (意见采纳情况表). GET /consultation/{id}/comments.docx
func (p pages) comments(ctx context.Context, id string, v plan.Viewer) (name string, d letter.Document, err error) {
	c, err := p.desk.Consultation(ctx, id, v)
	if err != nil {
		return "", d, err
	}
	return "《" + c.Title + "》意见采纳情况", commentsOf(c), nil
}

func commentsOf(c *plan.Consultation) letter.Document {
	table := letter.Table{Columns: []letter.Column{
		{Title: "序号", Align: letter.Center, Width: 1},
		{Title: "单位", Align: letter.Left, Width: 3},
		{Title: "事项", Align: letter.Left, Width: 5},
		{Title: "意见", Align: letter.Left, Width: 6},
		{Title: "采纳情况", Align: letter.Center, Width: 2},
		{Title: "说明", Align: letter.Left, Width: 4},
	}}
	for i, one := range c.Comments() {
		matter, text := "全稿", one.Text
		if l := c.Row(one.Row); l != nil {
			matter = strings.TrimSpace(l.Words.Number + " " + l.Words.Title)
		}
		if one.Erased {
			text = "（正文已删除）"
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), one.From, matter, text, decisionZh[one.Decision], one.Reason})
	}
	var none []string
	for _, a := range c.Asked {
		if a.Day != "" && a.Texts == 0 {
			none = append(none, a.Name)
		}
	}
	lines := []string{"共征求" + strconv.Itoa(len(c.Asked)) + "个单位意见，收到意见" + strconv.Itoa(len(table.Rows)) + "条。"}
	if len(none) > 0 {
		lines = append(lines, "无意见："+units(none)+"。")
	}
	if silent := c.Silent(); len(silent) > 0 {
		lines = append(lines, "未反馈："+units(silent)+"。")
	}
	d := letter.Document{Title: "《" + c.Title + "》\n意见采纳情况", Body: paragraphs(strings.Join(lines, "\n")), Signer: c.By, Date: string(c.Day)}
	if len(table.Rows) > 0 {
		d.Body = append(d.Body, table)
	}
	return d
}

// notice is an issued list as an official document (印发通知). GET /plan/{key}/notice.docx
func (p pages) notice(ctx context.Context, key string, _ plan.Viewer) (name string, d letter.Document, err error) {
	l, err := p.desk.IssuedList(ctx, key)
	if err != nil {
		return "", d, err
	}
	if l == nil {
		return "", d, web.ErrNotFound
	}
	var rows []plan.ListingWords
	for _, row := range l.Rows {
		if row.Erased {
			row.Words.Title = "（正文已删除）"
		}
		rows = append(rows, row.Words)
	}
	title := l.Head.Words.Title
	return "关于印发《" + title + "》的通知", letter.Document{
		Number: l.Head.Words.DocumentNo, Title: "关于印发《" + title + "》的通知", To: "各有关单位",
		Body:   paragraphs("现将《" + title + "》印发给你们，请认真组织实施。"),
		Signer: l.By(), Date: string(l.Head.Facts.Issued), Annexes: []letter.Annex{annexOf(title, l.By(), rows)},
	}, nil
}
