package admin

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// mostDirectory is how large a file of the directory may be, in bytes; mostUnits how many lines.
const (
	mostDirectory = 1 << 20
	mostUnits     = 5000
)

// unit is a line of a file: 名称, 别名, 成员代码.
type unit struct {
	Line    int
	Name    string
	Aliases []string
	Side    string
}

type directoryData struct {
	Key    string
	Errors []ui.FieldError
}

// directory offers to take in a file. GET /admin/directory
func (p *pages) directory(w http.ResponseWriter, r *http.Request) error {
	return web.Show(w, r, directoryView(directoryData{Key: web.NewRequestKey()}))
}

// importDirectory takes in a file of organisations, all of it or nothing: names that are known get
// the aliases of the file added, the others are registered. POST /admin/directory
func (p *pages) importDirectory(w http.ResponseWriter, r *http.Request) error {
	fresh, changed, err := p.takeDirectory(r)
	if fields, ok := web.FieldErrors(r.Context(), err); ok {
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, directoryView(directoryData{Key: web.NewRequestKey(), Errors: fields}))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(r.Context(), "admin.directory.done", "new", fresh, "changed", changed))
	return web.Redirect(w, r, "/admin/orgs")
}

func (p *pages) takeDirectory(r *http.Request) (fresh, changed int, err error) {
	f, _, err := r.FormFile("file")
	if err != nil {
		return 0, 0, refuse.New("admin.directory.file").At("file")
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		return 0, 0, err
	}
	sum := sha256.Sum256(content)
	return p.takeUnits(r.Context(), node.Request{ID: web.RequestKey(r), Print: append([]byte("directory\n"), sum[:]...), Actor: web.Actor(r)}, content)
}

// takeUnits takes in the lines of a file, and says how many are new and how many were changed.
func (p *pages) takeUnits(ctx context.Context, req node.Request, content []byte) (fresh, changed int, err error) {
	units, err := readUnits(content, p.node.Member)
	if err != nil {
		return 0, 0, err
	}
	receipt, err := p.node.Write(ctx, req, func(ctx context.Context, w *node.Writing) error {
		n, m, err := sayUnits(ctx, w, units, p.node.Member)
		w.Note(strconv.Itoa(n) + " " + strconv.Itoa(m))
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	a, b, _ := strings.Cut(receipt.Note, " ")
	fresh, _ = strconv.Atoi(a)
	changed, _ = strconv.Atoi(b)
	return fresh, changed, nil
}

// readUnits reads lines of 名称, 别名 and 成员代码; the last two may be left out. Files of Excel come in
// GB18030 or with a mark of order. All that is wrong is named at once, by line.
func readUnits(content []byte, member string) (units []unit, err error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) {
		if content, err = simplifiedchinese.GB18030.NewDecoder().Bytes(content); err != nil || bytes.ContainsRune(content, utf8.RuneError) {
			return nil, refuse.New("admin.directory.encoding").At("file")
		}
	}
	lines := csv.NewReader(bytes.NewReader(content))
	lines.FieldsPerRecord, lines.LazyQuotes = -1, true
	var wrong []error
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse.New("admin.directory.csv").At("file")
		}
		line, _ := lines.FieldPos(0)
		u, ok, err := readUnit(line, cells, member)
		if wrong = append(wrong, err); ok {
			units = append(units, u)
		}
		if len(units) > mostUnits {
			return nil, refuse.New("admin.directory.long", "most", mostUnits).At("file")
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	if len(units) == 0 {
		return nil, refuse.New("admin.directory.empty").At("file")
	}
	return units, nil
}

// heads are what the first line may call the first column.
var heads = []string{"名称", "单位", "单位名称", "name"}

func readUnit(line int, cells []string, member string) (u unit, ok bool, err error) {
	cell := func(n int) string {
		if n < len(cells) {
			return strings.TrimSpace(cells[n])
		}
		return ""
	}
	u = unit{Line: line, Name: cell(0), Aliases: names(cell(1)), Side: cell(2)}
	if u.Name == "" && len(u.Aliases) == 0 && u.Side == "" || line == 1 && slices.Contains(heads, strings.ToLower(u.Name)) {
		return u, false, nil
	}
	if u.Side == "" {
		u.Side = member
	}
	switch {
	case u.Name == "" || utf8.RuneCountInString(u.Name) > 60:
		return u, false, refuse.New("admin.directory.name", "line", line).At("file")
	case !book.IsMember(u.Side):
		return u, false, refuse.New("admin.directory.side", "line", line).At("file")
	}
	return u, true, nil
}

func sayUnits(ctx context.Context, w *node.Writing, units []unit, own string) (fresh, changed int, err error) {
	sort := 0
	if err := w.Tx().Row(ctx, `SELECT COALESCE(max(sort), 0) FROM region_org`).Scan(&sort); err != nil {
		return 0, 0, err
	}
	for _, u := range units {
		known, at, err := knownAs(ctx, w.Tx(), u, own)
		if err != nil {
			return 0, 0, err
		}
		words := region.OrgWords{Name: u.Name, Aliases: u.Aliases}
		facts := region.OrgFacts{Org: "o-" + strings.ToLower(rand.Text()[:12]), Side: u.Side, Sort: sort + 1}
		if known != nil {
			words = region.OrgWords{Name: known.Name, Aliases: known.Aliases, Members: known.Members}
			facts = region.OrgFacts{Org: known.ID, Side: known.Side, Sort: at, Group: known.Group}
			for _, a := range append(u.Aliases, u.Name) {
				if a != known.Name && !slices.Contains(words.Aliases, a) {
					words.Aliases = append(words.Aliases, a)
				}
			}
			if facts.Side == u.Side && len(words.Aliases) == len(known.Aliases) {
				continue
			}
			facts.Side = u.Side
			changed++
		} else {
			again, err := region.LostOrg(ctx, w.Tx(), u.Side, u.Name)
			if err != nil {
				return 0, 0, err
			}
			facts.Org = cmp.Or(again, facts.Org)
			sort, fresh = sort+1, fresh+1
		}
		if err := nameFree(ctx, w.Tx(), facts.Org, facts.Side, words, false); err != nil {
			return 0, 0, err
		}
		_, err = region.OrgNamed.Say(ctx, w, node.Said[region.OrgFacts, region.OrgWords]{
			Circle: node.Self, Subjects: []string{facts.Org}, Facts: facts, Words: &words,
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return fresh, changed, nil
}

// knownAs finds the organisation that a line means, with its place in lists.
func knownAs(ctx context.Context, tx *store.Tx, u unit, own string) (*region.Org, int, error) {
	all, err := region.Orgs(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	for _, is := range []func(o region.Org) bool{
		func(o region.Org) bool {
			return o.Side == u.Side && (o.Name == u.Name || slices.Contains(o.Aliases, u.Name))
		},
		func(o region.Org) bool { return misplaced(o, u, own) },
	} {
		i := slices.IndexFunc(all, func(o region.Org) bool { return !o.Closed && is(o) })
		if i < 0 {
			continue
		}
		var at int
		err := tx.Row(ctx, `SELECT sort FROM region_org WHERE org = ?`, all[i].ID).Scan(&at)
		return &all[i], at, err
	}
	return nil, 0, nil
}

// misplaced says that an organisation of the own member is the unit that a line places with another member, as its name
// says: 绵阳市教育局 of 510700. A second one of that name would leave lists that name it with nobody to ask.
func misplaced(o region.Org, u unit, own string) bool {
	place := region.MemberName(u.Side)
	return o.Side == own && u.Side != own && o.Name == u.Name && place != u.Side && strings.HasPrefix(u.Name, place)
}
