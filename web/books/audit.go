package books

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
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

// auditPage is how many entries stand on a page; mostScanned how many are read to fill it: beyond
// that the page says so and offers to go on, so that a rare kind in a long book costs no minute.
const (
	auditPage   = 50
	mostScanned = 20_000
)

// auditQuery is what the auditor asks for.
type auditQuery struct {
	Circle, Kind, Org string
	From, Until       string // civil days, both included
	After             string
}

// written is an entry in the list of all.
type written struct {
	Circle, CircleName string
	Index              int64
	At                 time.Time
	Kind               string
	Org, Person        string
	For                string // name of the person for whom he acted
	Subjects           []subject
}

// subject is what an entry is about: its id, and its name where it has one.
type subject struct{ ID, Name string }

type auditData struct {
	Query   auditQuery
	Entries []written
	Next    string
	Cut     bool // so many were read without filling the page
	Circles []option
	Orgs    []option
	Kinds   []string
}

type option struct{ Value, Label string }

// audit lists all entries of all books of this member, newest first. GET /audit
func (p *pages) audit(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	d := auditData{Query: auditQuery{
		Circle: v.Get("book"), Kind: v.Get("kind"), Org: v.Get("org"), From: v.Get("from"), Until: v.Get("until"), After: v.Get("after"),
	}, Kinds: p.kinds()}
	err := p.node.Store.Read(r.Context(), func(tx *store.Tx) error {
		l := auditing{ctx: r.Context(), tx: tx, pages: p, q: d.Query, people: map[string]string{}}
		return l.run(&d)
	})
	if err != nil {
		return found(err)
	}
	return web.Show(w, r, auditView(d))
}

// kinds are the names of all kinds, without their versions.
func (p *pages) kinds() []string {
	seen := map[string]bool{}
	for _, m := range p.node.Modules() {
		for _, k := range m.Kinds {
			name, _, _ := strings.Cut(k.KindName(), "/")
			seen[name] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

type auditing struct {
	ctx    context.Context
	tx     *store.Tx
	pages  *pages
	q      auditQuery
	orgs   map[string]string
	names  map[string]string
	people map[string]string
	begin  time.Time // of the days asked for; zero: none
}

// cursor is one book's place in the walk backwards: the entries from next-1 down are not seen yet.
type cursor struct {
	name  string
	next  int64
	ahead []book.Entry // read already, newest first; ahead[0] is entry next-1
}

func (l *auditing) run(d *auditData) (err error) {
	if l.orgs, err = region.OrgNames(l.ctx, l.tx); err != nil {
		return err
	}
	if l.names, err = l.pages.circleNames(l.ctx, l.tx); err != nil {
		return err
	}
	circles, err := node.Circles(l.ctx, l.tx, l.pages.node.Member)
	if err != nil {
		return err
	}
	d.Circles, d.Orgs = l.options(circles), orgOptions(l.orgs)
	cursors, err := l.begins(circles)
	if err != nil {
		return err
	}
	return l.walk(cursors, d)
}

func (l *auditing) options(circles []string) []option {
	var all []option
	for _, c := range circles {
		all = append(all, option{c, cmp.Or(l.names[c], c)})
	}
	return all
}

func orgOptions(orgs map[string]string) []option {
	var all []option
	for id, name := range orgs {
		all = append(all, option{id, name})
	}
	slices.SortFunc(all, func(a, b option) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return all
}

// begins places a cursor in each book: at its end, at the end of the last day asked for, or behind
// the last entry of the page before.
func (l *auditing) begins(circles []string) ([]*cursor, error) {
	var err error
	if l.begin, err = dayStart(l.q.From, 0); err != nil {
		return nil, err
	}
	end, err := dayStart(l.q.Until, 1)
	if err != nil {
		return nil, err
	}
	after, err := web.ParseCursor(l.q.After, 3)
	if err != nil {
		return nil, err
	}
	var all []*cursor
	for _, c := range circles {
		if l.q.Circle != "" && l.q.Circle != c {
			continue
		}
		cur := &cursor{name: l.pages.node.BookName(c)}
		if cur.next, err = l.place(cur.name, end, after); err != nil {
			return nil, err
		}
		all = append(all, cur)
	}
	return all, nil
}

// dayStart is when a civil day begins in Beijing, or the day so many days later; zero for "".
func dayStart(day string, plus int) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation("2006-01-02", day, civil.Beijing)
	if err != nil {
		return t, refuse.New("books.day", "day", day).At("from")
	}
	return t.AddDate(0, 0, plus), nil
}

// place finds how many entries of a book come before what was seen. The order of the walk is: newer
// first; at one time by name of the book; in one book the higher index first.
func (l *auditing) place(name string, end time.Time, after []string) (int64, error) {
	head, _, err := node.Head(l.ctx, l.tx, name)
	if err != nil {
		return 0, err
	}
	size := head.Size
	if !end.IsZero() {
		if size, err = l.before(name, size, end); err != nil {
			return 0, err
		}
	}
	if after == nil {
		return size, nil
	}
	ms, _ := strconv.ParseInt(after[0], 10, 64)
	at, index := time.UnixMilli(ms), after[2]
	switch {
	case name == after[1]:
		n, err := strconv.ParseInt(index, 10, 64)
		if err != nil || n < 0 {
			return 0, refuse.New("web.cursor").At("after")
		}
		return min(size, n), nil
	case name < after[1]: // of this time all are seen
		return l.before(name, size, at)
	}
	return l.before(name, size, at.Add(time.Millisecond))
}

// before counts the entries of a book that were made before a moment; times never fall in a book.
func (l *auditing) before(name string, size int64, moment time.Time) (int64, error) {
	low, high := int64(0), size
	for low < high {
		mid := (low + high) / 2
		e, err := entryAt(l.ctx, l.tx, name, mid)
		if err != nil {
			return 0, err
		}
		if e.At.Before(moment) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}

func (l *auditing) walk(cursors []*cursor, d *auditData) error {
	for scanned := 0; ; scanned++ {
		c, e, err := l.newest(cursors)
		if err != nil || c == nil {
			return err
		}
		if !l.begin.IsZero() && e.At.Before(l.begin) {
			return nil
		}
		if len(d.Entries) == auditPage || scanned == mostScanned {
			// The page ended before this entry, so the next one begins with it.
			d.Next = web.Cursor(strconv.FormatInt(e.At.UnixMilli(), 10), c.name, strconv.FormatInt(c.next, 10))
			d.Cut = scanned == mostScanned
			return nil
		}
		c.next, c.ahead = c.next-1, c.ahead[1:]
		if l.asked(e) {
			one, err := l.written(c, e)
			if err != nil {
				return err
			}
			d.Entries = append(d.Entries, one)
		}
	}
}

// newest is the cursor with the newest entry that was not seen, and the entry; nil at the end.
func (l *auditing) newest(cursors []*cursor) (best *cursor, e book.Entry, err error) {
	for _, c := range cursors {
		if err := l.readAhead(c); err != nil {
			return nil, e, err
		}
		if len(c.ahead) > 0 && (best == nil || c.ahead[0].At.After(e.At)) {
			best, e = c, c.ahead[0]
		}
	}
	return best, e, nil
}

// chunk is how many entries are read at once.
const chunk = 128

func (l *auditing) readAhead(c *cursor) error {
	if len(c.ahead) > 0 || c.next == 0 {
		return nil
	}
	from := max(0, c.next-chunk)
	raw, err := node.Entries(l.ctx, l.tx, c.name, from, int(c.next-from))
	if err != nil {
		return err
	}
	for _, b := range slices.Backward(raw) {
		e, err := book.Scan(b)
		if err != nil {
			return err
		}
		c.ahead = append(c.ahead, e)
	}
	return nil
}

func (l *auditing) asked(e book.Entry) bool {
	return (l.q.Kind == "" || strings.HasPrefix(e.Kind, l.q.Kind+"/")) && (l.q.Org == "" || e.Org == l.q.Org)
}

func (l *auditing) written(c *cursor, e book.Entry) (w written, err error) {
	about := node.About(e)
	w = written{
		Circle: e.Circle, CircleName: cmp.Or(l.names[e.Circle], e.Circle), Index: c.next, At: e.At, Kind: e.Kind,
		Org: cmp.Or(l.orgs[e.Org], e.Org), Subjects: make([]subject, len(about)),
	}
	name, ok := l.people[e.Person]
	if !ok {
		if name, err = l.pages.personName(l.ctx, l.tx, e.Person); err != nil {
			return w, err
		}
		l.people[e.Person] = name
	}
	w.Person = name
	if w.For, err = l.pages.personName(l.ctx, l.tx, node.ForOf(e)); err != nil {
		return w, err
	}
	named, err := l.pages.namesIn(l.ctx, l.tx, e)
	for i, s := range about {
		w.Subjects[i] = subject{s, cmp.Or(named[s], l.orgs[s])}
	}
	return w, err
}
