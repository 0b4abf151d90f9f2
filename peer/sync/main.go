// Command sync is a sample: it keeps a unit's spreadsheet in step with liandong by the calls of /api/v1. What the unit owes is written into
// the sheet, a row each; rows whose 进展情况 was filled in are reported, each once, and what became of it stands beside it. The client in
// client.go is made from the node's own description by a generator that another team wrote.
//
//	sync --url https://suining.example --token-file token --sheet 填报.xlsx
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

func main() {
	url := flag.String("url", "", "address of the node")
	token := flag.String("token-file", "", "file that holds a token of /me/tokens, for a reporter's seat")
	sheet := flag.String("sheet", "", "spreadsheet, made if it is missing")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *url, *token, *sheet); err != nil {
		fmt.Fprintln(os.Stderr, "sync:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, url, tokenFile, file string) error {
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return err
	}
	node, err := NewClientWithResponses(strings.TrimRight(url, "/")+"/api/v1", WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		r.Header.Set("Accept-Language", "zh-CN")
		return nil
	}))
	if err != nil {
		return err
	}
	s, err := openSheet(file)
	if err != nil {
		return err
	}
	sent, refused := s.send(ctx, node)
	owed, err := s.add(ctx, node)
	if err := errors.Join(err, s.book.SaveAs(file)); err != nil {
		return err
	}
	fmt.Fprintf(out, "已报 %d 项,未被接受 %d 项,新列出 %d 项\n", sent, refused, owed)
	return nil
}

// The columns of the sheet. Those of people are 进展情况 to 工作状态; the others are this program's.
var columns = []string{"事项", "事项编号", "填报期", "截止日", "进展情况", "存在问题", "下一步", "工作状态", "结果"}

const (
	colTitle = iota
	colItem
	colPeriod
	colCutoff
	colProgress
	colProblem
	colNext
	colClaim
	colResult
)

// reported begins what the sheet says of a row that was accepted: it is not sent again.
const reported = "已提交"

var claims = map[string]string{"": "on-time", "正常推进": "on-time", "有风险": "at-risk"}

type sheet struct {
	book *excelize.File
	name string
}

func openSheet(file string) (s sheet, err error) {
	s.book, err = excelize.OpenFile(file)
	if errors.Is(err, os.ErrNotExist) {
		s.book, err = excelize.NewFile(), nil
	}
	if err != nil {
		return s, err
	}
	s.name = s.book.GetSheetName(0)
	for i, c := range columns {
		at, _ := excelize.CoordinatesToCellName(i+1, 1)
		err = errors.Join(err, s.book.SetCellStr(s.name, at, c))
	}
	return s, err
}

func (s sheet) rows() ([][]string, error) {
	rows, err := s.book.GetRows(s.name)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	for i := range rows {
		for len(rows[i]) < len(columns) {
			rows[i] = append(rows[i], "")
		}
	}
	return rows[1:], nil
}

func (s sheet) set(row, column int, text string) error {
	at, err := excelize.CoordinatesToCellName(column+1, row+2)
	if err != nil {
		return err
	}
	return s.book.SetCellStr(s.name, at, text)
}

// send reports the rows that were filled in. A row that is refused keeps what was typed, and says why: the next run sends it again, under
// another key if it was changed, under the same if not, so that nothing is reported twice.
func (s sheet) send(ctx context.Context, node *ClientWithResponses) (sent, refused int) {
	rows, err := s.rows()
	if err != nil {
		return 0, 0
	}
	for i, r := range rows {
		if r[colItem] == "" || strings.TrimSpace(r[colProgress]) == "" || strings.HasPrefix(r[colResult], reported) {
			continue
		}
		result := reported
		if err := report(ctx, node, r); err != nil {
			result, refused = err.Error(), refused+1
		} else {
			sent++
		}
		if err := s.set(i, colResult, result); err != nil {
			refused++
		}
	}
	return sent, refused
}

func report(ctx context.Context, node *ClientWithResponses, r []string) error {
	claim, ok := claims[strings.TrimSpace(r[colClaim])]
	if !ok {
		return fmt.Errorf("工作状态应为 正常推进 或 有风险;已完成的请在网页上填报")
	}
	sum := sha256.Sum256([]byte(strings.Join(r[:colResult], "\x00")))
	key := "sync-" + hex.EncodeToString(sum[:16])
	answer, err := node.ReportWithResponse(ctx, r[colItem], &ReportParams{IdempotencyKey: &key}, PlanApiSaid{
		Period: r[colPeriod], Claim: &claim, Progress: &r[colProgress], Problem: &r[colProblem], Next: &r[colNext],
	})
	switch {
	case err != nil:
		return fmt.Errorf("没有送达,下次再送:%w", err)
	case answer.JSON200 != nil:
		return nil
	case answer.ApplicationproblemJSON422 != nil:
		return errors.New(answer.ApplicationproblemJSON422.Detail)
	}
	return fmt.Errorf("没有接受(%s)", answer.Status())
}

// add lists what is owed and does not stand in the sheet yet.
func (s sheet) add(ctx context.Context, node *ClientWithResponses) (added int, err error) {
	answer, err := node.TodoWithResponse(ctx)
	if err != nil {
		return 0, err
	}
	if answer.JSON200 == nil {
		return 0, fmt.Errorf("what is owed could not be read: %s", answer.Status())
	}
	rows, err := s.rows()
	if err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for _, r := range rows {
		there[r[colItem]+" "+r[colPeriod]] = true
	}
	if answer.JSON200.Reports == nil {
		return 0, nil
	}
	for _, d := range *answer.JSON200.Reports {
		if there[d.Item+" "+d.Period] {
			continue
		}
		for column, text := range map[int]string{colTitle: d.Title, colItem: d.Item, colPeriod: d.Period, colCutoff: d.Cutoff} {
			err = errors.Join(err, s.set(len(rows)+added, column, text))
		}
		added++
	}
	return added, err
}
