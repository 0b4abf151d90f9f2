package books

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/ui"
)

// erasure is one entry by which words were erased, and what became of it.
type erasure struct {
	Href      string // of the entry
	Book      string // name of its circle, of its member where that is another
	At        time.Time
	Reason    node.EraseReason
	Reference string
	AskedBy   string
	Entries   []cause // that were erased
	Finished  bool    // here: database, log and attachments
	Inside    bool    // of the own book: nobody else was told
	Told      []told
}

// told is a member that reads the book in which an erasure stands.
type told struct {
	Member    string
	Confirmed time.Time // zero: not yet
}

// tellErasure says of an entry whose words were erased by whom and who confirmed it, and of one whose words are here
// whether the reader may erase them.
func (p *pages) tellErasure(ctx context.Context, tx *store.Tx, name string, d *proofData) error {
	d.MayErase = d.WordsState == "here" && d.Of == "" && web.May(ctx, region.WordsErase)
	if d.WordsState != "erased" && d.Entry.Kind != node.WordsErased.Name {
		return nil
	}
	all, err := node.Erasures(ctx, tx, name, d.Index, 2)
	if err != nil {
		return err
	}
	d.Erasures, err = p.shown(ctx, tx, all)
	return err
}

// shown puts erasures into words.
func (p *pages) shown(ctx context.Context, tx *store.Tx, all []node.Erasure) ([]erasure, error) {
	circles, err := p.circleNames(ctx, tx)
	if err != nil {
		return nil, err
	}
	var shown []erasure
	for _, x := range all {
		e := erasure{
			Book: cmp.Or(circles[x.Entry.Circle], x.Entry.Circle), At: x.Entry.At, Reason: x.Facts.Reason, Reference: x.Words.Reference,
			AskedBy: x.Words.AskedBy, Finished: x.Finished, Inside: x.Entry.Circle == node.Self,
		}
		if x.Entry.Member != p.node.Member {
			e.Book += " · " + p.memberName(x.Entry.Member)
		}
		e.Href = p.proofOf(x.Entry.Member, x.Entry.Circle, x.Index)
		for _, i := range x.Facts.Indexes {
			e.Entries = append(e.Entries, cause{web.T(ctx, "books.entry", "n", i), p.proofOf(x.Entry.Member, x.Entry.Circle, i)})
		}
		if e.Told, err = p.told(ctx, tx, x); err != nil {
			return nil, err
		}
		shown = append(shown, e)
	}
	return shown, nil
}

// told lists who reads the book of an erasure: of ours, whom we recognise in the circle; of a neighbour's, ourselves and
// whoever else confirmed it.
func (p *pages) told(ctx context.Context, tx *store.Tx, x node.Erasure) (all []told, err error) {
	members := map[string]time.Time{}
	if x.Entry.Member != p.node.Member {
		members[p.node.Member] = time.Time{}
	} else if x.Entry.Circle != node.Self {
		neighbours, err := region.Neighbours(ctx, tx, p.node.Member, x.Entry.Circle)
		if err != nil {
			return nil, err
		}
		for _, n := range neighbours {
			members[n.Member] = time.Time{}
		}
	}
	for _, c := range x.Confirmed {
		members[c.Member] = c.At
	}
	for member, at := range members {
		all = append(all, told{p.memberName(member), at})
	}
	slices.SortFunc(all, func(a, b told) int {
		return cmp.Or(a.Confirmed.Compare(b.Confirmed), strings.Compare(a.Member, b.Member))
	})
	return all, nil
}

// mostErasures is how many erasures the page lists.
const mostErasures = 200

// erasuresPage lists what was erased, and who confirmed it. GET /erasures
func (p *pages) erasuresPage(w http.ResponseWriter, r *http.Request) error {
	var shown []erasure
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		all, err := node.Erasures(r.Context(), tx, "", 0, mostErasures)
		if err == nil {
			shown, err = p.shown(r.Context(), tx, all)
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.Show(w, r, erasuresView(shown))
}

// eraseData is the page that asks why words are to be erased.
type eraseData struct {
	proofData
	Same       []standingSame
	Chosen     []string
	Reason     string
	Reference  string
	AskedBy    string
	Neighbours []string // who will be told
	Key        string
	Errors     []ui.FieldError
}

// standingSame is another entry that says the same.
type standingSame struct {
	Value string // suitong/17
	Label string
}

// erasePage asks. GET /proof/{circle}/{index}/erase
func (p *pages) erasePage(w http.ResponseWriter, r *http.Request) error {
	d, err := p.asking(r)
	if err != nil {
		return err
	}
	for _, s := range d.Same {
		d.Chosen = append(d.Chosen, s.Value)
	}
	return web.Show(w, r, eraseView(d))
}

func (p *pages) asking(r *http.Request) (d eraseData, err error) {
	ctx := r.Context()
	if d.proofData, err = p.read(r); err != nil {
		return d, err
	}
	if d.Of != "" { // a neighbour's is the neighbour's to erase
		return d, web.ErrNotFound
	}
	if d.WordsState != "here" {
		return d, refuse.New("node.erase.nothing", "index", d.Index)
	}
	d.Key = web.NewRequestKey()
	return d, p.node.Store.Read(ctx, func(tx *store.Tx) error {
		circles, err := p.circleNames(ctx, tx)
		if err != nil {
			return err
		}
		same, err := p.node.SameWords(ctx, tx, p.node.BookName(d.Circle), d.Index)
		if err != nil {
			return err
		}
		for _, s := range same {
			one, err := sameEntry(ctx, tx, circles, s)
			if err != nil {
				return err
			}
			d.Same = append(d.Same, one)
		}
		if d.Circle == node.Self {
			return nil
		}
		neighbours, err := region.Neighbours(ctx, tx, p.node.Member, d.Circle)
		for _, n := range neighbours {
			d.Neighbours = append(d.Neighbours, n.Name)
		}
		return err
	})
}

func sameEntry(ctx context.Context, tx *store.Tx, circles map[string]string, at node.Position) (s standingSame, err error) {
	_, circle, _ := strings.Cut(at.Book, "/")
	raw, err := node.Entries(ctx, tx, at.Book, at.Index, 1)
	if err != nil || len(raw) == 0 {
		return s, fmt.Errorf("entry %d of %s: %w", at.Index, at.Book, err)
	}
	e, err := book.Scan(raw[0])
	s.Value = circle + "/" + strconv.FormatInt(at.Index, 10)
	s.Label = cmp.Or(circles[circle], circle) + " · " + web.T(ctx, "books.entry", "n", at.Index) + " · " + kindName(ctx, e.Kind) + " · " + ui.Clock(e.At)
	return s, err
}

// postErase 删除正文. POST /proof/{circle}/{index}/erase
func (p *pages) postErase(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return web.ErrNotFound
	}
	chosen := r.PostForm["same"]
	reason := r.PostFormValue("reason")
	words := node.ErasedWords{Reference: strings.TrimSpace(r.PostFormValue("reference")), AskedBy: strings.TrimSpace(r.PostFormValue("askedBy"))}
	what, err := erased(r.PathValue("circle")+"/"+r.PathValue("index"), chosen, node.EraseReason(reason))
	err = errors.Join(err, node.EraseGrounds(node.EraseReason(reason), words))
	if r.PostFormValue("sure") == "" {
		err = errors.Join(err, refuse.New("books.erase.unsure").At("sure"))
	}
	if err == nil {
		print := strings.Join(append([]string{r.URL.Path, reason, words.Reference, words.AskedBy}, chosen...), "\n")
		_, err = p.node.Erase(ctx, node.Request{ID: web.RequestKey(r), Print: []byte(print), Actor: web.Actor(r)}, what, words)
	}
	if fields, ok := web.FieldErrors(ctx, err); ok {
		d, err := p.asking(r)
		if err != nil {
			return err
		}
		d.Chosen, d.Reason, d.Reference, d.AskedBy, d.Errors = chosen, reason, words.Reference, words.AskedBy, fields
		return web.ShowStatus(w, r, http.StatusUnprocessableEntity, eraseView(d))
	}
	if err != nil {
		return err
	}
	web.Flash(w, r, ui.Good, web.T(ctx, "books.erase.done"))
	return web.Redirect(w, r, proofHref(r.PathValue("circle"), atoi(r.PathValue("index"))))
}

func atoi(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// erased gathers entries by their circles: suitong/17.
func erased(first string, more []string, reason node.EraseReason) (map[string]node.ErasedFacts, error) {
	indexes := map[string][]int64{}
	for _, one := range append([]string{first}, more...) {
		circle, index, _ := strings.Cut(one, "/")
		n := atoi(index)
		if n < 0 {
			return nil, refuse.New("node.erase.index", "index", index)
		}
		indexes[circle] = append(indexes[circle], n)
	}
	what := map[string]node.ErasedFacts{}
	for circle, all := range indexes {
		slices.Sort(all)
		what[circle] = node.ErasedFacts{Indexes: slices.Compact(all), Reason: reason}
	}
	return what, nil
}

func reasonOptions(ctx context.Context) (all []ui.Option) {
	for _, r := range node.EraseReasons {
		all = append(all, ui.Option{Value: string(r), Label: web.T(ctx, "books.value."+string(r)), Hint: web.T(ctx, "books.erase."+string(r)+".hint")})
	}
	return all
}

func sameOptions(same []standingSame) (all []ui.Option) {
	for _, s := range same {
		all = append(all, ui.Option{Value: s.Value, Label: s.Label})
	}
	return all
}
