package meetings

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/letter"
	"liandong/web"
	"liandong/web/lang"
)

// paper makes a document of a meeting, with the name of its file; ok is false where there is nothing to be printed yet.
type paper func(m *plan.Meeting) (name string, d letter.Document, ok bool)

// noticePaper is the invitation (会议通知) as an official letter.
func noticePaper(m *plan.Meeting) (string, letter.Document, bool) {
	return "关于召开" + titleZh(m) + "的通知", noticeOf(m), true
}

// minutesPaper is the minutes as an official document.
func minutesPaper(m *plan.Meeting) (name string, d letter.Document, ok bool) {
	if m.Minutes == nil {
		return "", d, false
	}
	return titleZh(m) + "会议纪要", minutesOf(m), true
}

func (p pages) docx(ctx context.Context, id string, v plan.Viewer, of paper) (name string, content []byte, err error) {
	m, err := p.desk.Meeting(ctx, id, v)
	if err != nil {
		return "", nil, gone(err)
	}
	name, d, ok := of(m)
	if !ok {
		return "", nil, web.ErrNotFound
	}
	if p.demo {
		d.Note = "演示数据"
	}
	content, err = letter.Docx(d)
	return name + ".docx", content, err
}

// print gives a document of a meeting. GET /meeting/{id}/notice.docx, /meeting/{id}/minutes.docx
func (p pages) print(of paper) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		name, content, err := p.docx(r.Context(), r.PathValue("id"), plan.ViewerOf(web.Actor(r)), of)
		if err != nil {
			return err
		}
		return web.Download(w, name, letter.DocxType, content)
	}
}

// titleZh is a meeting's title in a document, which is Chinese whoever asks.
func titleZh(m *plan.Meeting) string {
	if m.Erased {
		return "会议（正文已删除）"
	}
	return m.Words.Title
}

func noticeOf(m *plan.Meeting) letter.Document {
	var to, agenda []string
	for _, a := range m.Asked {
		to = append(to, a.Name)
	}
	for i, l := range m.Agenda {
		agenda = append(agenda, strconv.Itoa(i+1)+"．"+l.Title)
	}
	body := []letter.Block{letter.Plain("定于" + m.Day.Zh() + m.Clock + "召开" + titleZh(m) + "。现将有关事项通知如下。")}
	part := func(n, head, text string) {
		if text == "" {
			return
		}
		body = append(body, letter.Heading{Level: 1, Text: n + "、" + head})
		body = append(body, paragraphs(text)...)
	}
	part("一", "时间地点", m.Day.Zh()+m.Clock+"，"+orElse(m.Words.Place, "地点另行通知")+"。")
	part("二", "参会单位", m.Caller()+"（召集）、"+strings.Join(to, "、")+"。")
	part("三", "会议议题", orElse(strings.Join(agenda, "\n"), "另行通知。"))
	part("四", "有关要求", strings.TrimSpace(m.Words.Note+"\n请于会前报送参会人员姓名、职务；不能参加的，说明原因。"))
	return letter.Document{Title: "关于召开" + titleZh(m) + "的通知", To: addressees(m.Asked), Body: body, Signer: m.Caller(), Date: string(m.Called)}
}

// addressees are joined as a letter names them: units of one kind by 、, neighbours and units of this member by ，.
func addressees(asked []plan.Invited) string {
	var own, neighbours []string
	for _, a := range asked {
		if a.Neighbour {
			neighbours = append(neighbours, a.Name)
		} else {
			own = append(own, a.Name)
		}
	}
	if len(own) == 0 || len(neighbours) == 0 {
		return strings.Join(append(neighbours, own...), "、")
	}
	return strings.Join(neighbours, "、") + "，" + strings.Join(own, "、")
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func paragraphs(text string) (all []letter.Block) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, letter.Plain(line))
		}
	}
	return all
}

// minutesOf prints minutes in the form of GB/T 9704-2012, 10.3: a red mark that names them (纪要标志), no addressee and no seal, and behind the text,
// an empty line below it, who was there (出席) and who was excused (请假).
func minutesOf(m *plan.Meeting) letter.Document {
	n := m.Minutes
	d := letter.Document{
		Head: m.By + "会议纪要", Number: "〔" + strconv.Itoa(n.Year) + "〕" + strconv.Itoa(n.Number) + "号", Title: titleZh(m) + "纪要",
		PrintedBy: m.Caller(), PrintedOn: string(n.Day),
	}
	var marked []letter.Block
	if last := len(n.Corrections); last > 0 {
		d.Title += "（更正）"
		marked = paragraphs("（本纪要" + n.Day.Zh() + "印发，" + n.Corrections[last-1].Day.Zh() + "第" + strconv.Itoa(last) + "次更正。以下为更正后的内容。）")
	}
	if n.Erased {
		d.Body = append(marked, paragraphs("（正文已删除）")...)
		return d
	}
	d.Body = append(marked, paragraphs(m.Day.Zh()+"，"+n.Words.Chair+"主持召开"+titleZh(m)+orElse(placeZh(m.Words.Place), "")+"。现将会议议定的主要事项纪要如下。")...)
	headings := 0
	for i, point := range n.Words.Points {
		said := append(paragraphs(point.Text), decided(n.Resolutions, i+1)...)
		if len(said) == 0 { // it stood on the agenda only
			continue
		}
		headings++
		d.Body = append(d.Body, letter.Heading{Level: 1, Text: numeral(headings) + "、" + point.Title})
		d.Body = append(d.Body, said...)
	}
	if rest := decided(n.Resolutions, 0); len(rest) > 0 {
		d.Body = append(d.Body, letter.Heading{Level: 1, Text: numeral(headings+1) + "、其他议定事项"})
		d.Body = append(d.Body, rest...)
	}
	d.Body = append(d.Body, letter.Plain(""))
	there, excused, absent := attendance(m)
	for _, who := range []struct{ head, text string }{{"主持：", n.Words.Chair}, {"出席：", there}, {"请假：", excused}, {"缺席：", absent}, {"记录：", n.Words.Recorder}} {
		if who.text != "" {
			d.Body = append(d.Body, letter.Heading{Level: 1, Text: who.head, Then: []letter.Span{{Text: who.text}}})
		}
	}
	d.Body = append(d.Body, correctedZh(n.Corrections)...)
	for _, a := range m.Asked {
		d.CopyTo = append(d.CopyTo, a.Name)
	}
	return d
}

// correctedZh says behind the minutes what was corrected in them: the text above is the one that holds.
func correctedZh(all []plan.CorrectedMinutes) (blocks []letter.Block) {
	zh := lang.In(context.Background(), lang.Zh) // a document is Chinese whoever asks
	for _, c := range all {
		blocks = append(blocks, letter.Heading{Level: 1, Text: "更正说明：", Then: []letter.Span{{Text: t(zh, "correction.n", "n", c.Number) + "，" + c.Day.Zh() + "，" + c.Unit + "。"}}})
		if c.Reason != "" {
			blocks = append(blocks, letter.Plain("更正原因："+strings.TrimRight(c.Reason, "。")+"。"))
		}
		for _, x := range c.Texts {
			blocks = append(blocks, letter.Plain(correctedPart(zh, x)+"，原为“"+correctedBefore(zh, x)+"”，现为“"+correctedNow(zh, x)+"”。"))
		}
	}
	return blocks
}

func placeZh(place string) string {
	if place == "" {
		return ""
	}
	return "（地点：" + place + "）"
}

// decided are the decisions on a point, each a paragraph of its own.
func decided(all []plan.Resolution, point int) (blocks []letter.Block) {
	n := 0
	for _, r := range all {
		if r.Point != point {
			continue
		}
		n++
		text := "（" + numeral(n) + "）" + strings.TrimRight(r.Text, "。；") + "。"
		var by []string
		if r.Unit != "" {
			by = append(by, "责任单位："+r.Unit)
		}
		if len(r.Supports) > 0 {
			by = append(by, "配合单位："+strings.Join(r.Supports, "、"))
		}
		if r.Due != "" {
			by = append(by, "完成时限："+r.Due.Zh()+"前")
		}
		if len(by) > 0 {
			text += "（" + strings.Join(by, "；") + "）"
		}
		blocks = append(blocks, letter.Plain(text))
	}
	return blocks
}

// attendance joins who was there, the convener's unit first, who was excused and who was absent.
func attendance(m *plan.Meeting) (there, excused, absent string) {
	add := func(to *string, p plan.PresentWords) {
		text := p.Unit
		if p.People != "" {
			text += " " + p.People
		}
		*to = strings.TrimPrefix(*to+"；"+text, "；")
	}
	for _, p := range m.Minutes.Words.Present {
		switch p.State {
		case plan.WasPresent, plan.WasSubstitute:
			add(&there, p)
		case plan.WasExcused:
			add(&excused, p)
		default:
			add(&absent, p)
		}
	}
	return there, excused, absent
}

// numeral writes a number as headings count: 一, 十, 十一, 二十.
func numeral(n int) string {
	digits := []rune("〇一二三四五六七八九")
	tens, ones := n/10, n%10
	text := ""
	if tens > 1 {
		text = string(digits[tens%10])
	}
	if tens > 0 {
		text += "十"
	}
	if ones > 0 {
		text += string(digits[ones])
	}
	return text
}
