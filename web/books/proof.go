package books

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/civil"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
)

// proofData is what the proof page shows.
type proofData struct {
	Circle     string
	CircleName string
	Index      int64
	Entry      book.Entry
	Member     string
	Org        string
	For        string // name of the person for whom he acted, as of Person
	Person     string // name; the id where the reader may not know it
	Facts      []line
	Words      []line
	WordsState string // none, here, erased, withheld
	PlainState string // of words that are here, to this reader: node.Plain
	To         []string
	Whole      bool
	Aside      string // reason for which it was set aside
	Causes     []cause
	Erasures   []erasure // that erased this entry's words, or that this entry is
	MayErase   bool
	Evidence   book.Evidence
	Size       int64
	Path       path
	Of         string // the neighbour whose book it is; empty: the own book
	Site       string // address of this node, as the reader reaches it: https://liandong.example.gov.cn
	Reached    []Reached
	Counts     Counts
}

// cause is an entry that this one answers; Href is empty where its book is not ours, or the reader may not open it.
type cause struct{ Text, Href string }

// href is the address of the entry's page, or with more of something beneath it.
func (d proofData) href(more string) string {
	href := proofHref(d.Circle, d.Index) + more
	if d.Of != "" {
		href += "?member=" + d.Of
	}
	return href
}

// proof shows who said what and when, and how to prove it. GET /proof/{circle}/{index}
func (p *pages) proof(w http.ResponseWriter, r *http.Request) error {
	d, err := p.read(r)
	if bad, ok := errors.AsType[*unproven](err); ok {
		p.log.ErrorContext(r.Context(), "an entry does not lead to the signed head", "circle", d.Circle, "index", d.Index, "error", bad.why)
		return web.ShowStatus(w, r, http.StatusConflict, unprovenView(*bad))
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, proofView(d))
}

// evidence gives the file of `liandong proof export`. GET /proof/{circle}/{index}/evidence.json
func (p *pages) evidence(w http.ResponseWriter, r *http.Request) error {
	d, err := p.read(r)
	if err != nil {
		return err
	}
	if !d.Whole {
		return web.ErrNotFound
	}
	b, err := d.Evidence.Bytes()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="evidence-`+d.Circle+"-"+strconv.FormatInt(d.Index, 10)+`.json"`)
	_, err = w.Write(b)
	return err
}

// read reads an entry as far as its reader may see it; who may see nothing is told that there is
// none.
func (p *pages) read(r *http.Request) (d proofData, err error) {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil {
		return d, web.ErrNotFound
	}
	d, err = p.readAt(r.Context(), cmp.Or(r.URL.Query().Get("member"), p.node.Member), r.PathValue("circle"), index)
	d.Site = "http://" + r.Host
	if p.secure {
		d.Site = "https://" + r.Host
	}
	return d, err
}

// readAt is read of an entry that is named by its place.
func (p *pages) readAt(ctx context.Context, member, circle string, index int64) (d proofData, err error) {
	d = proofData{Circle: circle, Index: index}
	if member != p.node.Member {
		if d.Of = member; d.Circle == node.Self || !book.IsMember(member) {
			return d, web.ErrNotFound
		}
	}
	if index < 0 {
		return d, web.ErrNotFound
	}
	err = p.node.Store.Read(ctx, func(tx *store.Tx) (err error) {
		name := member + "/" + d.Circle
		evidence := node.Evidence
		if p.out.Evidence != nil {
			evidence = p.out.Evidence
		}
		d.Evidence, err = evidence(ctx, tx, name, d.Index, p.memberName(member))
		if refuse.Is(err, "node.entry-unknown") || refuse.Is(err, "node.book-absent") || errors.Is(err, node.ErrNoBook) {
			return web.ErrNotFound
		}
		if errors.Is(err, book.ErrUnproven) {
			return p.unproven(ctx, tx, name, d, err)
		}
		if err != nil {
			return err
		}
		return p.fill(ctx, tx, name, &d)
	})
	return d, err
}

func (p *pages) fill(ctx context.Context, tx *store.Tx, name string, d *proofData) error {
	report, err := d.Evidence.Verify("")
	if err != nil {
		return err
	}
	d.Entry, d.Size, d.WordsState = report.Entry, report.Size, report.Words
	seen, err := p.sightOf(ctx, tx, d.Entry)
	if err != nil || seen == nothing {
		return errors.Join(err, web.ErrNotFound)
	}
	d.Whole = seen == whole
	if p.out.Reached != nil && d.Circle != node.Self && d.Of == "" {
		if d.Reached, err = p.out.Reached(ctx, tx, d.Circle, d.Index); err != nil {
			return err
		}
	}
	if p.out.Counts != nil && d.Circle != node.Self && d.Of == "" {
		if d.Counts, err = p.out.Counts(ctx, tx, d.Circle, d.Index, d.Entry.At); err != nil {
			return err
		}
	}
	if d.Path, err = pathOf(d.Evidence.Inclusion, report); err != nil {
		return err
	}
	return p.tell(ctx, tx, name, report, d)
}

// tell puts the entry into words.
func (p *pages) tell(ctx context.Context, tx *store.Tx, name string, report book.Report, d *proofData) error {
	circles, err := p.circleNames(ctx, tx)
	if err != nil {
		return err
	}
	orgs, err := region.OrgNames(ctx, tx)
	if err != nil {
		return err
	}
	if d.Of != "" {
		orgs = map[string]string{} // a neighbour may call its organisations as we do
		shown, err := region.Shown(ctx, tx, p.node.Member)
		if err != nil {
			return err
		}
		for _, o := range shown {
			if o.Member == d.Of {
				orgs[o.ID] = o.Name
			}
		}
	}
	e := d.Entry
	d.CircleName, d.Member, d.Org = cmp.Or(circles[d.Circle], d.Circle), p.memberName(e.Member), cmp.Or(orgs[e.Org], e.Org)
	if d.Person = e.Person; d.Of == "" {
		if d.Person, err = p.personName(ctx, tx, e.Person); err != nil {
			return err
		}
		if d.For, err = p.personName(ctx, tx, node.ForOf(e)); err != nil {
			return err
		}
	} else {
		d.For = node.ForOf(e)
	}
	for _, c := range e.Causes {
		told, err := p.causeOf(ctx, tx, circles, c)
		if err != nil {
			return err
		}
		d.Causes = append(d.Causes, told)
	}
	if err := p.tellErasure(ctx, tx, name, d); err != nil {
		return err
	}
	if d.Aside, err = asideReason(ctx, tx, name, d.Index); err != nil || !d.Whole {
		return err
	}
	s := sayer{ctx: ctx, orgs: orgs, member: e.Member, theirs: d.Of != "", circle: d.Circle, index: d.Index}
	if s.names, err = p.namesIn(ctx, tx, e); err != nil {
		return err
	}
	if d.Facts, err = s.lines(e.Facts); err != nil {
		return err
	}
	if report.Text == "" {
		return nil
	}
	plain := p.node.Plain(e, book.WordsHere, []byte(report.Text))
	d.PlainState = plain.State
	for _, member := range plain.To {
		d.To = append(d.To, p.memberName(member))
	}
	if plain.State == node.PlainHere {
		d.Words, err = s.lines(plain.Text)
	}
	return err
}

func (p *pages) memberName(code string) string {
	if code == p.node.Member {
		return p.node.Name
	}
	return region.MemberName(code)
}

// personName is a person's name for who may read the register, and for himself; the id otherwise.
func (p *pages) personName(ctx context.Context, tx *store.Tx, person string) (string, error) {
	if person == "" || !web.May(ctx, region.PeopleRead) && web.ActorOf(ctx).Person != person {
		return person, nil
	}
	return region.PersonName(ctx, tx, person)
}

// namesIn are the names of what e names by id: of people by the rule of personName, of the rest as the
// rooms above say.
func (p *pages) namesIn(ctx context.Context, tx *store.Tx, e book.Entry) (map[string]string, error) {
	if !names(e.Kind) {
		return p.names(ctx, tx, e)
	}
	var f struct {
		Person string `json:"person"`
	}
	if err := json.Unmarshal(e.Facts, &f); err != nil {
		return nil, fmt.Errorf("facts of entry %s: %w", e.Kind, err)
	}
	name, err := p.personName(ctx, tx, f.Person)
	return map[string]string{f.Person: name}, err
}

func (p *pages) causeOf(ctx context.Context, tx *store.Tx, circles map[string]string, c book.Cause) (told cause, err error) {
	origin, circle := c.Origin, c.Origin[strings.LastIndexByte(c.Origin, '/')+1:]
	if origin != p.node.OriginOf(circle) {
		return cause{Text: web.T(ctx, "books.proof.cause", "origin", origin, "n", c.Index)}, nil
	}
	told.Text = web.T(ctx, "books.proof.cause", "origin", cmp.Or(circles[circle], circle), "n", c.Index)
	raw, err := node.Entries(ctx, tx, p.node.BookName(circle), c.Index, 1)
	if err != nil || len(raw) == 0 {
		return told, err
	}
	e, err := book.Scan(raw[0])
	if err != nil {
		return told, nil // it is set aside everywhere, and nobody reads it
	}
	seen, err := p.sightOf(ctx, tx, e)
	if seen != nothing {
		told.Href = proofHref(circle, c.Index)
	}
	return told, err
}

func asideReason(ctx context.Context, tx *store.Tx, name string, index int64) (string, error) {
	rows, err := tx.Query(ctx, `SELECT reason FROM node_aside WHERE book = ? AND idx = ?`, name, index)
	if err != nil {
		return "", err
	}
	found, err := store.Collect(rows, func(scan func(...any) error) (s string, err error) { return s, scan(&s) })
	if len(found) == 0 {
		return "", err
	}
	return found[0], err
}

// instant writes a time to the millisecond, in Beijing.
func instant(t time.Time) string { return t.In(civil.Beijing).Format("2006-01-02 15:04:05.000") }

// wordsNote says why there are no words.
func (d proofData) wordsNote(ctx context.Context) string {
	switch {
	case d.WordsState == "none":
		return web.T(ctx, "books.words.none")
	case !d.Whole:
		return web.T(ctx, "books.words.not-yours")
	case d.WordsState == "erased":
		return web.T(ctx, "books.words.erased")
	case d.PlainState == node.PlainNotOurs, d.PlainState == node.PlainBroken:
		return web.T(ctx, "books.words."+d.PlainState)
	}
	return web.T(ctx, "books.words.withheld")
}
