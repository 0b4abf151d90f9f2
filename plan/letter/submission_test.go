package letter

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sampleSubmission is about an invented matter (演示数据).
func sampleSubmission() Submission {
	return Submission{
		Matter: "加快推进遂渝高速公路扩容工程建设", To: "演示市长", From: "演示市发展和改革委员会", Date: "2022-06-20", AsOf: "2022-06-20", Demo: true,
		Rows: []SubmissionRow{
			{"列入清单", "《遂潼一体化任务清单》第3条（6月底前）"},
			{"责任单位", "市交通运输局（配合：市自然资源和规划局）"},
			{"目前状态", "滞后：6月15日节点“控制性工程开工”未完成"},
			{"最新进展", "路基工程完成45.5%，桥梁下部结构完成3座。"},
			{"存在问题", ""},
		},
	}
}

// longSubmission has as many rows as there is room for, each far too long for it.
func longSubmission() Submission {
	s := sampleSubmission()
	s.Matter, s.Rows = strings.Repeat(s.Matter, 9), nil
	for range MostSubmissionRows {
		s.Rows = append(s.Rows, SubmissionRow{"主要进展情况说明", strings.Repeat("截至2022年6月20日，累计完成投资12.5亿元，占年度目标的62%；“控制性工程”（含隧道）已全部开工。\n", 30)})
	}
	return s
}

func documentOf(t *testing.T, s Submission) Document {
	t.Helper()
	d, err := s.Document()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGoldenSubmission(t *testing.T) {
	golden(t, "submission.xml", unzip(t, docxBytes(t, documentOf(t, sampleSubmission())))["word/document.xml"])
	checkPackage(t, docxBytes(t, documentOf(t, longSubmission())))
}

// TestASubmissionIsOnePage: whatever is told, the form takes no more than the page has, keeps the room for the word, and says what it cut.
func TestASubmissionIsOnePage(t *testing.T) {
	whole := documentOf(t, sampleSubmission()).Body[0].(Form).Rows
	if text := whole[6].Text; text != "路基工程完成45.5%，桥梁下部结构完成3座。" || len(whole) != 9 {
		t.Errorf("what has room was cut or an empty row is printed: %d rows, %q", len(whole), text)
	}
	cutRow := documentOf(t, longSubmission()).Body[0].(Form).Rows[4].Text
	if !strings.HasSuffix(cutRow, "……") || !strings.HasPrefix(cutRow, "截至2022年6月20日") {
		t.Errorf("what was cut does not say so: %q", cutRow)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := Submission{Matter: rapid.String().Draw(t, "matter"), From: rapid.String().Draw(t, "from"), Date: "2022-06-20", To: rapid.String().Draw(t, "to")}
		for range rapid.IntRange(0, MostSubmissionRows).Draw(t, "rows") {
			text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([一-龥]{1,40}[，。\n]?[0-9a-z ]{0,60})*`)).Draw(t, "text")
			s.Rows = append(s.Rows, SubmissionRow{rapid.StringMatching(`[一-龥]{1,12}`).Draw(t, "label"), text})
		}
		d, err := s.Document()
		if err != nil {
			t.Fatal(err)
		}
		rows := d.Body[0].(Form).Rows
		if h := heightOf(rows); h > formSpace {
			t.Fatalf("%d twips, the page has %d", h, formSpace)
		}
		if last := rows[len(rows)-1]; last.Label != "领导批示" || last.Height < wordSpace {
			t.Fatalf("no room for the word: %+v", last)
		}
	})
	var refused *Error
	s := longSubmission()
	s.Rows = append(s.Rows, s.Rows[0])
	if _, err := s.Document(); !errors.As(err, &refused) || refused.Code != "letter.submission-rows" {
		t.Errorf("more rows than the page holds: %v", err)
	}
}

func TestLinesEndWhereTheyMay(t *testing.T) {
	for _, c := range []struct {
		text string
		room float64
		want string
	}{
		{"路基完成", 4, "路基完成"},
		{"路基完成了", 4, "路基完成|了"},
		{"路基完成。", 4, "路基完|成。"},
		{"完成“桥”", 3, "完成|“桥”"},
		{"计12345公里", 4, "计|12345|公里"},
		{"第一\n第二", 4, "第一\n|第二"},
		{"abcdefgh", 2, "abc|def|gh"},
	} {
		lines := wrap(c.text, c.room)
		if got := strings.Join(lines, "|"); got != c.want {
			t.Errorf("%q in %v: %q, want %q", c.text, c.room, got, c.want)
		}
		if strings.Join(lines, "") != c.text {
			t.Errorf("%q: the lines are not the text: %q", c.text, lines)
		}
	}
}

// TestPrintedSubmission: the word processor gives it one page too, with the room for the word.
func TestPrintedSubmission(t *testing.T) {
	for name, s := range map[string]Submission{"submission": sampleSubmission(), "submission-long": longSubmission()} {
		pdf := render(t, name, documentOf(t, s))
		if info := tool(t, "pdfinfo", pdf); !strings.Contains(strings.ReplaceAll(info, " ", ""), "Pages:1\n") {
			t.Errorf("%s is not one page:\n%s", name, info)
		}
		text := strings.NewReplacer(" ", "", "\n", "").Replace(tool(t, "pdftotext", pdf, "-"))
		for _, want := range []string{"呈阅件", "领导批示", "拟办意见", "演示数据"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the print lacks %s", name, want)
			}
		}
	}
}
