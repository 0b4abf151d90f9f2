package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"liandong/plan"
	"liandong/plan/intake"
	"liandong/plan/judge"
	"liandong/plan/sheet"
	"liandong/region"
	"liandong/rules/refuse"
)

type planCommand struct {
	Import   planImportCommand `cmd:"" help:"导入一份任务清单 (take a task list in)."`
	Status   planStatusCommand `cmd:"" help:"各清单的办理与填报情况 (how the lists and their reports stand)."`
	Export   planExportCommand `cmd:"" help:"按原样式导出清单并填入进展 (a list as it came, with its progress)."`
	Bulletin bulletinCommand   `cmd:"" help:"生成月度通报 (write the month's bulletin)."`
}

type planImportCommand struct {
	reachFlags
	jsonFlag
	Plan    string `help:"清单代号 (key of the list)." required:"" placeholder:"KEY"`
	Year    int    `help:"年度;不给则取文件中的 (year; else as the file says)." placeholder:"2022"`
	Circle  string `help:"新清单所属的圈;不给则为本成员内部清单 (circle of a new list)." placeholder:"suitong"`
	Another bool   `help:"各行虽已在另一份清单中,仍作为新清单导入 (another list, though its rows stand in one already)."`
	Cycle   string `help:"填报周期;不给则为原周期或按月 (reporting cycle: ten-day, month, quarter, half-year, year or adhoc)." placeholder:"month"`
	Cutoff  int    `help:"填报截止日 (day of the last month of a period by which reports are due)." placeholder:"25"`
	Open    int    `name:"open-days" help:"截止日前多少天开始等待填报 (days before the cut-off from which reports are waited for)." placeholder:"10"`
	Grace   int    `name:"grace-days" help:"旬报顺延天数 (days after a ten-day period by which its report is due)." placeholder:"0"`
	Warn    int    `name:"warn-days" help:"时限前多少天起算有风险 (days before a deadline from which work is at risk)." placeholder:"15"`
	Title   string `help:"清单名称;不给则取文件中的标题 (title)."`
	Reason  string `help:"调整时限、目标的原因;不给则记为按修订后的清单 (why deadlines or targets are otherwise)."`
	DryRun  bool   `help:"只说明识别结果,不写入 (say what was understood, write nothing)."`
	Yes     bool   `help:"采用全部建议并导入:相近单位按最相近的记,其余登记为新单位,疑似同一事项关联,但会向圈内公开已有填报的除外 (take every proposal, but no link that discloses reports)."`
	File    string `arg:"" help:"清单文件:.xlsx、.docx 或 .csv (the list)." type:"path"`
}

func (planImportCommand) Help() string {
	return `再次导入同一代号即为修订:逐行对比,只写变化。全部写入或全不写入。
带密级标志的文件拒收,不留存副本。

退出码:0 已导入(或 --dry-run 读懂了);1 被拒绝;2 无法运行。

例 (examples):
  liandong plan import --dir /srv/liandong --plan suitong-2022 --year 2022 --circle suitong --dry-run --json 清单.xlsx
  liandong plan import --dir /srv/liandong --plan suitong-2022 --year 2022 --circle suitong --yes 清单.xlsx`
}

// interactive says whether a person is there to be asked.
func (t *terminal) interactive() bool {
	f, ok := t.in.(*os.File)
	return ok && isTerminal(f)
}

func (c planImportCommand) Run(t *terminal) (err error) {
	if !c.DryRun && !c.Yes && !t.interactive() {
		return errors.New("这里没有终端可以询问,未导入;请先用 --dry-run 核对,再加 --yes 导入 (no terminal to ask: check with --dry-run, then add --yes)")
	}
	content, err := readList(c.File)
	if err != nil {
		return err
	}
	n, err := c.reach(t, region.Coordinator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if c.DryRun {
		return c.dryRun(t, n, content)
	}
	if !c.Yes {
		if ok, err := c.ask(t, n, content); err != nil || !ok {
			return err
		}
	}
	var done plan.Imported
	if err := c.send(t, n, "import", content, &done); err != nil {
		return err
	}
	if c.JSON {
		return t.json(done)
	}
	t.say("已导入 %s:新增 %d,变更 %d,调整顺序 %d,移出 %d,无变化 %d;关联已有事项 %d,新登记单位 %d (imported)",
		done.Plan, done.New, done.Changed, done.Moved, done.Dropped, done.Same, done.Linked, done.Units)
	sayAsking(t, done.Asking)
	return nil
}

// readList reads a file into memory, no more of it than a list may have.
func readList(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("读清单文件 (read the list): %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, sheet.DefaultLimits.File+1))
	if err != nil {
		return nil, fmt.Errorf("读清单文件 (read the list): %w", err)
	}
	if len(content) == 0 {
		return nil, refuse.New("plan.sheet."+sheet.ErrEmpty.Code, "zh", sheet.ErrEmpty.Message+sheet.ErrEmpty.Suggestion, "en", sheet.ErrEmpty.English)
	}
	return content, nil
}

// understood is the answer to a preview; the list is passed on as it came.
type understood struct {
	intake.Understood
	List json.RawMessage `json:"list"`
}

func (c planImportCommand) dryRun(t *terminal, n *caller, content []byte) error {
	var u understood
	if err := c.send(t, n, "preview", content, &u); err != nil {
		return err
	}
	if c.JSON {
		return t.json(u.List)
	}
	return c.summary(t, u)
}

// ask shows what would be written and lets a person decide.
func (c planImportCommand) ask(t *terminal, n *caller, content []byte) (bool, error) {
	var u understood
	if err := c.send(t, n, "preview", content, &u); err != nil {
		return false, err
	}
	if err := c.summary(t, u); err != nil {
		return false, err
	}
	fmt.Fprint(t.err, "确认导入?(import?) [y/N] ")
	answer, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "是":
		return true, nil
	}
	t.say("未导入,没有写入任何内容 (nothing was written)")
	return false, nil
}

// mostLines of problems are printed; the page and --json have them all.
const mostLines = 20

func (c planImportCommand) summary(t *terminal, u understood) error {
	var list sheet.List
	if err := json.Unmarshal(u.List, &list); err != nil {
		return fmt.Errorf("the node's answer: %w", err)
	}
	t.say("%s(%s),%d 年", u.Title, u.Plan, u.Year)
	t.say("新增 %d,变更 %d,调整顺序 %d,移出 %d,无变化 %d;疑似同一事项并将关联 %d;新单位 %d",
		u.Changes.New, u.Changes.Changed, u.Changes.Moved, u.Changes.Dropped, u.Changes.Same, u.Changes.Linked, len(u.NewUnits))
	if s := u.SameList; s != nil && !c.Another {
		t.say("注意:%d 行中有 %d 行已在清单《%s》(%s)中。是同一份清单的,请用 --plan %s 导入,即为修订;确是另一份清单的,请加 --another (these rows stand already in that list: revise it, or say that this is another)",
			s.Rows, s.Same, s.Title, s.Plan, s.Plan)
	}
	for _, twin := range list.Twins {
		if twin.Discloses > 0 {
			t.say("  第 %d 行疑似已有事项 %s(%.0f%%),关联会向本圈公开 %d 期已采用的填报,不能收回,未自动关联;确认后请在清单页关联 (not linked: it would disclose reports)",
				twin.Row, twin.Item, 100*twin.Score, twin.Discloses)
		}
	}
	if len(u.NewUnits) > 0 {
		t.say("将登记的新单位 (units that become new): %s", strings.Join(u.NewUnits, "、"))
	}
	for _, name := range slices.Sorted(maps.Keys(u.NearUnits)) {
		t.say("名录里没有“%s”,按“%s”记 (taken for the near unit)", name, u.NearUnits[name])
	}
	for _, name := range slices.Sorted(maps.Keys(u.NeighbourUnits)) {
		code := u.NeighbourUnits[name]
		t.say("名录里没有“%s”,按名称登记为%s(%s)的单位 (taken for a unit of that member)", name, region.MemberName(code), code)
	}
	sayAsking(t, u.Asking)
	if u.NewBook {
		t.say("将为圈 %s 新开账本 (its book will be opened)", u.Circle)
	}
	for i, p := range list.Problems {
		if i == mostLines {
			t.say("……另有 %d 处,见 --dry-run --json (and more)", len(list.Problems)-i)
			break
		}
		t.say("  %s %s [%s] %s %s", p.Sheet, p.Cell, p.Code, p.Message, p.Suggestion)
	}
	return nil
}

// sayAsking says which neighbours are asked, and whose units are named although nobody is.
func sayAsking(t *terminal, a plan.Asking) {
	for _, m := range a.Asks {
		t.say("%d 行请%s(%s)认领 (rows that ask the neighbour)", m.Rows, m.Name, m.Member)
	}
	for _, u := range a.Unasked {
		t.say("注意:%d 行点名%s(%s)的单位(%s),但没有请其认领:%s", u.Rows, u.Name, u.Member, strings.Join(u.Units, "、"), whyUnasked[u.Why])
	}
}

var whyUnasked = map[plan.UnaskedWhy]string{
	plan.OnlySupports: "只列为配合单位,只请牵头方认领 (it only supports)",
	plan.OursByName:   "单位名录把它记作本成员的单位,请改其成员代码,再导入一次 (the directory has it as our own: change its member code, import again)",
	plan.Unrecognised: "本方在这个圈内还没有认可该成员,认可后再导入一次 (it is not recognised in this circle: recognise it, import again)",
	plan.OnHold:       "与该成员的往来已暂停,恢复后再导入一次 (exchange with it is suspended)",
	plan.HasLeft:      "该成员已退出这个圈 (it has left the circle)",
}

// send puts the file to a call of the API.
func (c planImportCommand) send(t *terminal, n *caller, call string, content []byte, out any) error {
	q := url.Values{"name": {filepath.Base(c.File)}, "circle": {c.Circle}, "title": {c.Title}}
	if c.Another {
		q.Set("another", "true")
	}
	for name, n := range map[string]int{"year": c.Year, "cutoff": c.Cutoff, "open": c.Open, "grace": c.Grace, "warn": c.Warn} {
		if n != 0 {
			q.Set(name, strconv.Itoa(n))
		}
	}
	for name, text := range map[string]string{"cycle": c.Cycle, "reason": c.Reason} {
		if text != "" {
			q.Set(name, text)
		}
	}
	path := "/api/v1/plans/" + url.PathEscape(c.Plan) + "/" + call + "?" + q.Encode()
	r, err := http.NewRequestWithContext(t.ctx, http.MethodPost, path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Idempotency-Key", rand.Text())
	answer, err := n.Do(r)
	if err != nil {
		return fmt.Errorf("联系不上节点 (cannot reach the node): %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		return problem(answer)
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

type planStatusCommand struct {
	folderFlags
	jsonFlag
	Plan string `help:"清单代号;不给则全部 (key of the list; else all)." placeholder:"KEY"`
	AsOf string `name:"as-of" help:"截至日期,默认今天 (as-of date)." placeholder:"2022-06-20"`
}

func (planStatusCommand) Help() string {
	return `只读,可在服务运行时进行。

例 (examples):
  liandong plan status --dir /srv/liandong --as-of 2022-06-20 --json
  liandong plan status --dir /srv/liandong --plan suitong-2022`
}

func (c planStatusCommand) Run(t *terminal) error {
	f, err := c.readView(t)
	if err != nil {
		return err
	}
	defer f.Close()
	desk := plan.NewDesk(f.Node)
	day, err := dayOf(c.AsOf, desk)
	if err != nil {
		return err
	}
	s, err := desk.Status(t.ctx, c.Plan, day)
	if err != nil {
		return err
	}
	if c.JSON {
		return t.json(s)
	}
	t.say("截至 %s (as of)", s.AsOf)
	rows := [][]any{{"清单", "代号", "事项", "情况"}}
	for _, p := range s.Plans {
		rows = append(rows, []any{p.Title, p.Key, p.Rows, statesLine(p.States)})
	}
	return t.table(rows...)
}

func statesLine(counts map[judge.WorkState]int) string {
	var parts []string
	for _, s := range judge.WorkStates() {
		if n := counts[s]; n > 0 {
			parts = append(parts, s.Zh()+" "+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, ",")
}

// dayOf reads an as-of date, today where none is given.
func dayOf(text string, desk *plan.Desk) (judge.Date, error) {
	if text == "" {
		return desk.Today(), nil
	}
	return judge.ParseDate(text)
}

type planExportCommand struct {
	folderFlags
	jsonFlag
	Plan string `help:"清单代号 (key of the list)." required:"" placeholder:"KEY"`
	AsOf string `name:"as-of" help:"截至日期,默认今天 (as-of date)." placeholder:"2022-06-20"`
	Out  string `help:"写到的文件 (file to write)." required:"" type:"path" placeholder:"FILE.xlsx"`
}

func (planExportCommand) Help() string {
	return `只读,可在服务运行时进行。不能在原样式中显示的行在标准错误中逐行列出,不会悄悄漏掉。
导出的文件再次导入,不产生任何变化。

例 (examples):
  liandong plan export --dir /srv/liandong --plan suitong-2022 --out 清单.xlsx`
}

// exported is what the command did, for --json.
type exported struct {
	File    string            `json:"file"`
	AsOf    judge.Date        `json:"asOf"`
	Written int               `json:"written"`
	Unshown []plan.UnshownRow `json:"unshown"`
}

func (c planExportCommand) Run(t *terminal) error {
	f, err := c.readView(t)
	if err != nil {
		return err
	}
	defer f.Close()
	desk := plan.NewDesk(f.Node)
	day, err := dayOf(c.AsOf, desk)
	if err != nil {
		return err
	}
	e, err := desk.Export(t.ctx, c.Plan, day)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, e.Content, 0o644); err != nil {
		return fmt.Errorf("写文件 (write): %w", err)
	}
	for _, u := range e.Unshown {
		t.complain("未能显示:%s %s:%s (not shown)", u.Number, u.Title, u.Reason)
	}
	if c.JSON {
		return t.json(exported{File: c.Out, AsOf: e.AsOf, Written: e.Written, Unshown: append([]plan.UnshownRow{}, e.Unshown...)})
	}
	t.say("%s:填入 %d 行进展,截至 %s;不能显示 %d 行 (written)", c.Out, e.Written, e.AsOf, len(e.Unshown))
	return nil
}
