package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
)

// Act is what a line of the record of sign-ins tells.
type Act string

// The acts.
const (
	ActSignIn         Act = "signin"
	ActSignOut        Act = "signout"
	ActEnded          Act = "ended" // sessions, before their time
	ActSeat           Act = "seat"  // another of one's seats taken
	ActPassword       Act = "password"
	ActOwnPassword    Act = "own-password" // typed again by who is signed in, before something grave
	ActLink           Act = "link"         // a one-time link made
	ActSecondOn       Act = "second-on"
	ActSecondOff      Act = "second-off"
	ActRecovery       Act = "recovery" // new recovery codes
	ActPasskeyAdded   Act = "passkey-added"
	ActPasskeyRemoved Act = "passkey-removed"
	ActProviderOn     Act = "provider-on" // an account of the provider linked
	ActProviderOff    Act = "provider-off"
	ActTokenMade      Act = "token-made"
	ActTokenRevoked   Act = "token-revoked"
	ActPeopleRead     Act = "people-read"  // names and logins of the register
	ActRecordRead     Act = "record-read"  // this record
	ActRecordTaken    Act = "record-taken" // this record, as a file
)

// Acts lists them in the order of the interface.
var Acts = []Act{
	ActSignIn, ActSignOut, ActEnded, ActSeat, ActPassword, ActOwnPassword, ActLink, ActSecondOn, ActSecondOff, ActRecovery,
	ActPasskeyAdded, ActPasskeyRemoved, ActProviderOn, ActProviderOff, ActTokenMade, ActTokenRevoked, ActPeopleRead, ActRecordRead, ActRecordTaken,
}

// Outcome is how an act ended.
type Outcome string

// The outcomes.
const (
	Done   Outcome = "done"
	Half   Outcome = "half"   // the password was right; the second factor is still to be shown
	Wrong  Outcome = "wrong"  // password, code, passkey
	Slowed Outcome = "slowed" // tried too early; told once a minute
	Many   Outcome = "many"   // more of this kind in this minute are not told one by one
)

// Outcomes lists them in the order of the interface.
var Outcomes = []Outcome{Done, Half, Wrong, Slowed, Many}

// Record is one line of the record of sign-ins (登录记录). What was typed as a login is not in it: where it is an account's the
// line names the person, and where it is none somebody may have typed his password into that field.
type Record struct {
	Seq     int64
	At      time.Time // to the millisecond
	Person  string    // whose account; empty: nobody's
	Actor   string    // who did it, where it was another
	Act     Act
	Way     string // password, code, recovery, passkey, link, provider; of a seat that was taken its name
	Outcome Outcome
	Address string // empty: not known, behind a proxy that nobody named
	Device  string
	hash    string
}

// after is the hash of the line, which holds that of the line before it: none can be changed, taken away or put between
// without all later ones.
func (r Record) after(before string) string {
	text, err := json.Marshal([]any{before, r.Seq, r.At.UnixMilli(), r.Person, r.Actor, r.Act, r.Way, r.Outcome, r.Address, r.Device})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// doer is who asks, for the record: a request's functions find him in their context.
type doer struct {
	person, address, device string
	here                    bool // at the machine itself
}

type doerKey struct{}

func doerOf(ctx context.Context) doer {
	d, _ := ctx.Value(doerKey{}).(doer)
	return d
}

// As lets what is done in the context of a page or a call be recorded as its request's: by whom, from which address and device. What is done at the
// machine itself stays so.
func (a *Accounts) As(ctx context.Context) context.Context {
	if doerOf(ctx).here {
		return ctx
	}
	d := doer{person: web.ActorOf(ctx).Person}
	if r := web.Asked(ctx); r != nil {
		d.address, d.device = a.addressOf(r), deviceOf(r)
	}
	return context.WithValue(ctx, doerKey{}, d)
}

// AsOperator lets what is done in the context be recorded as done at the machine itself, by person.
func AsOperator(ctx context.Context, person string) context.Context {
	return context.WithValue(ctx, doerKey{}, doer{person: person, device: "liandong", here: true})
}

// recorded is a handler whose functions record what they do as the request's.
func (a *Accounts) recorded(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return h(w, r.WithContext(a.As(r.Context()))) }
}

// note records what was done with person's account, in the transaction that does it.
func (a *Accounts) note(ctx context.Context, tx *store.Tx, person string, act Act, way string, outcome Outcome) error {
	d := doerOf(ctx)
	r := Record{
		At: a.now(), Person: person, Act: act, Way: way, Outcome: outcome, Address: d.address, Device: d.device,
	}
	if d.person != person && act != ActSignIn { // whose session the browser had before is not who signs in
		r.Actor = d.person
	}
	var before string
	// The row is locked first: of two processes the second waits here, and reads what the first has written.
	err := tx.Row(ctx, `UPDATE account_chain SET seq = seq + 1 WHERE one = 1 RETURNING seq, hash`).Scan(&r.Seq, &before)
	if err != nil {
		return fmt.Errorf("record of sign-ins: %w", err)
	}
	r.hash = r.after(before)
	if _, err := tx.Exec(ctx, `UPDATE account_chain SET hash = ? WHERE one = 1`, r.hash); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO account_record (seq, at, person, actor, act, way, outcome, address, device, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, r.Seq, r.At.UnixMilli(), r.Person, r.Actor, string(r.Act), r.Way,
		string(r.Outcome), r.Address, r.Device, r.hash)
	return err
}

// Note records an act of the request's doer that is no change of an account, such as reading the register.
func (a *Accounts) Note(ctx context.Context, act Act) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return a.note(ctx, tx, doerOf(ctx).person, act, "", Done) })
}

// mostUnknown is how many failures that concern no account are told one by one in a minute: whoever reaches the sign-in page
// could fill the disk otherwise.
const mostUnknown = 100

// noteFailure records an attempt that came to nothing, in a transaction of its own, and returns why it did.
func (a *Accounts) noteFailure(ctx context.Context, person string, act Act, way string, why error) error {
	outcome := Wrong
	if errors.Is(why, web.ErrTooMany) {
		outcome = Slowed
	}
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		since := a.now().Add(-time.Minute).UnixMilli()
		var same, unknown int
		if err := tx.Row(ctx, `SELECT COALESCE(sum(CASE WHEN outcome = ? AND address = ? THEN 1 ELSE 0 END), 0), count(*)
			FROM account_record WHERE person = ? AND at > ? AND outcome <> ?`, string(Slowed), doerOf(ctx).address, person, since,
			string(Done)).Scan(&same, &unknown); err != nil {
			return err
		}
		switch {
		case outcome == Slowed && same > 0, person == "" && unknown > mostUnknown:
			return nil
		case person == "" && unknown == mostUnknown:
			outcome = Many
		}
		return a.note(ctx, tx, person, act, way, outcome)
	})
	return errors.Join(err, why)
}

// Query says which lines are wanted; what is empty asks for all.
type Query struct {
	Person      string
	Act         Act
	Outcome     Outcome
	From, Until time.Time // Until is not included
	Before      int64     // only lines with a smaller number
	Limit       int       // 0: all
}

// Records reads lines, the newest first.
func Records(ctx context.Context, tx *store.Tx, q Query) ([]Record, error) {
	where, args := []string{"1 = 1"}, []any{}
	add := func(yes bool, condition string, arg any) {
		if yes {
			where, args = append(where, condition), append(args, arg)
		}
	}
	add(q.Person != "", "(person = ? OR actor = ?)", q.Person)
	if q.Person != "" {
		args = append(args, q.Person)
	}
	add(q.Act != "", "act = ?", string(q.Act))
	add(q.Outcome != "", "outcome = ?", string(q.Outcome))
	add(!q.From.IsZero(), "at >= ?", q.From.UnixMilli())
	add(!q.Until.IsZero(), "at < ?", q.Until.UnixMilli())
	add(q.Before > 0, "seq < ?", q.Before)
	limit := ""
	if q.Limit > 0 {
		limit, args = " LIMIT ?", append(args, q.Limit)
	}
	rows, err := tx.Query(ctx, `SELECT seq, at, person, actor, act, way, outcome, address, device, hash FROM account_record
		WHERE `+strings.Join(where, " AND ")+` ORDER BY seq DESC`+limit, args...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, scanRecord)
}

func scanRecord(scan func(...any) error) (r Record, err error) {
	var at int64
	err = scan(&r.Seq, &at, &r.Person, &r.Actor, &r.Act, &r.Way, &r.Outcome, &r.Address, &r.Device, &r.hash)
	r.At = time.UnixMilli(at)
	return r, err
}

// last are person's sign-ins of before, right and wrong, the newest first.
func (a *Accounts) last(ctx context.Context, person string, n int) (all []Record, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Query(ctx, `SELECT seq, at, person, actor, act, way, outcome, address, device, hash FROM account_record
			WHERE person = ? AND act = ? ORDER BY seq DESC LIMIT ?`, person, string(ActSignIn), n)
		if err == nil {
			all, err = store.Collect(rows, scanRecord)
		}
		return err
	})
	return all, err
}

// LeastKept is how many days sign-ins are kept at least: 网络安全法 asks for six months of logs.
const LeastKept = 184

// DropRecords removes lines older than so many days and remembers the hash of the last of them, from which the rest goes on.
func (a *Accounts) DropRecords(ctx context.Context, days int) (n int64, err error) {
	before := a.now().AddDate(0, 0, -max(days, LeastKept)).UnixMilli()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		var seq int64
		var hash string
		err := tx.Row(ctx, `SELECT seq, hash FROM account_record WHERE seq < (SELECT COALESCE(min(seq), 1 + (SELECT seq FROM account_chain))
			FROM account_record WHERE at >= ?) ORDER BY seq DESC LIMIT 1`, before).Scan(&seq, &hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE account_chain SET cut = ?, cut_hash = ? WHERE one = 1`, seq, hash); err != nil {
			return err
		}
		n, err = tx.Exec(ctx, `DELETE FROM account_record WHERE seq <= ?`, seq)
		return err
	})
	return n, err
}

// Checked is what a check of the record found.
type Checked struct {
	Lines  int64
	Seals  int   // entries of the own book that the lines were compared with
	Sealed int64 // lines up to this number are held by an entry
	Broken int64 // number of the first line that is not as it was written; 0: none
}

// CheckRecords goes over the whole record: each line follows from the one before, the last is the one that was written last,
// and what the own book says of the record is so.
func CheckRecords(ctx context.Context, tx *store.Tx, member string) (c Checked, err error) {
	seals, err := region.SignInSeals(ctx, tx, member)
	if err != nil {
		return c, err
	}
	var end, cut int64
	var last, hash string
	if err := tx.Row(ctx, `SELECT seq, hash, cut, cut_hash FROM account_chain`).Scan(&end, &last, &cut, &hash); err != nil {
		return c, err
	}
	said := map[int64]string{}
	for _, s := range seals {
		if s.Lines > end {
			c.Broken = end + 1 // the book knows of lines that are not here
		}
		said[s.Lines] = s.Hash
		c.Seals, c.Sealed = c.Seals+1, max(c.Sealed, s.Lines)
	}
	rows, err := tx.Query(ctx, `SELECT seq, at, person, actor, act, way, outcome, address, device, hash FROM account_record ORDER BY seq`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	if s, ok := said[cut]; ok && s != hash {
		c.Broken = cut
		return c, nil
	}
	next := cut + 1
	for ; rows.Next(); next++ {
		r, err := scanRecord(rows.Scan)
		if err != nil {
			return c, err
		}
		hash = r.after(hash)
		if s, ok := said[r.Seq]; r.Seq != next || hash != r.hash || ok && s != hash {
			c.Broken = next
			return c, rows.Err()
		}
		c.Lines++
	}
	if c.Broken == 0 && (next != end+1 || hash != last) {
		c.Broken = next
	}
	return c, rows.Err()
}

// SealRecords says in the member's own book how far the record goes, if there is something new.
func (a *Accounts) SealRecords(ctx context.Context, n *node.Node) error {
	var f region.SignInsFacts
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		return tx.Row(ctx, `SELECT seq, hash FROM account_chain`).Scan(&f.Lines, &f.Hash)
	})
	if err != nil || f.Lines == 0 {
		return err
	}
	return region.SealSignIns(ctx, n, f)
}
