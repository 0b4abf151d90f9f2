package region

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"

	"liandong/book"
	"liandong/node"
	"liandong/rules/refuse"
	"liandong/store"
)

// RecognisedFacts: by which keys a neighbour is known in this circle. Keys are 32 bytes of Ed25519 in base64.
type RecognisedFacts struct {
	Member  string `json:"member"`  // GB/T 2260 code
	Origin  string `json:"origin"`  // tongnan.example; its book of the circle is tongnan.example/suitong
	Key     string `json:"key"`     // signs its books
	Witness string `json:"witness"` // cosigns others' heads
	Request string `json:"request"` // signs its requests to read
	// Until is the size up to which heads under the key recognised before are good: where the neighbour rolled
	// it, or as far as it was read here when the key was lost; 0 then says that no head under it is good.
	// It says nothing where the key is the same or the first.
	Until int64 `json:"until"`
}

// RecognisedWords hold what people read and what may change without a new recognition elsewhere.
type RecognisedWords struct {
	Name    string `json:"name"`    // 重庆市潼南区
	Address string `json:"address"` // https://tongnan.example:8443; empty: only by file
	How     string `json:"how"`     // how the keys were compared: by telephone with whom
}

// MemberRecognised 认可成员: it stands in the own book of the circle; a later entry on the same member replaces the
// earlier. From then on the member's book is followed, its requests are answered, and its entries may be answered.
// A cause, where there is one, is the neighbour's own KeyRolled entry.
var MemberRecognised = &node.Kind[RecognisedFacts, RecognisedWords]{
	Name: "region.member.recognised/1", Action: string(MemberRecognise),
	Allow: func(_ context.Context, _ *node.Writing, _ string, f RecognisedFacts, words *RecognisedWords) error {
		if words == nil || words.Name == "" {
			return refuse.New("region.member.unnamed").At("name")
		}
		if !book.IsOrigin(node.WitnessName(f.Origin)) { // its lines could stand under no head
			return refuse.New("region.member.origin-form", "origin", f.Origin).At("origin")
		}
		return nil
	},
	Check: checkRecognised,
	Apply: func(ctx context.Context, own *node.Own, e book.Entry, f RecognisedFacts) ([]string, error) {
		earlier, err := neighbourIn(ctx, own, f.Member)
		if err != nil {
			return nil, err
		}
		if earlier.Key != "" && (earlier.Key != f.Key || earlier.Origin != f.Origin) {
			if err := endKey(ctx, own, earlier, e.Circle, f.Until); err != nil {
				return nil, err
			}
		}
		if err := own.Recognise(ctx, f.Member, Neighbour{Origin: f.Origin, Key: f.Key}.Verifier(e.Circle), 0); err != nil {
			return nil, err
		}
		_, err = own.Exec(ctx, `INSERT INTO region_neighbour (book, member, origin, pubkey, witness, request, suspended, idx)
			VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (book, member) DO UPDATE SET origin = excluded.origin,
			pubkey = excluded.pubkey, witness = excluded.witness, request = excluded.request, suspended = 0, idx = excluded.idx`,
			f.Member, f.Origin, f.Key, f.Witness, f.Request, own.Index)
		return nil, err
	},
}

// endKey bounds what the key recognised before is good for.
func endKey(ctx context.Context, own *node.Own, earlier Neighbour, circle string, until int64) error {
	if until == 0 {
		return own.Disown(ctx, earlier.Verifier(circle))
	}
	return own.Recognise(ctx, earlier.Member, earlier.Verifier(circle), until)
}

func checkRecognised(ctx context.Context, own *node.Own, e book.Entry, f RecognisedFacts) error {
	if err := notSelf(e); err != nil {
		return err
	}
	if err := needMember(f.Member); err != nil {
		return err
	}
	if f.Member == e.Member {
		return refuse.New("region.member.oneself").At("member")
	}
	if !book.IsOrigin(f.Origin + "/" + e.Circle) {
		return refuse.New("region.member.origin-form", "origin", f.Origin).At("origin")
	}
	for field, key := range map[string]string{"key": f.Key, "witness": f.Witness, "request": f.Request} {
		if _, err := PublicKey(key); err != nil {
			return refuse.New("region.member.key-form").At(field)
		}
	}
	if f.Until < 0 {
		return refuse.New("region.member.until").At("until")
	}
	var other string
	err := own.Row(ctx, `SELECT member FROM region_neighbour WHERE book = ? AND origin = ? AND member <> ?`, f.Origin, f.Member).Scan(&other)
	if err == nil {
		return refuse.New("region.member.origin-taken", "origin", f.Origin, "member", other).At("origin")
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return checkRoll(ctx, own, e, f)
}

// checkRoll: a recognition that answers the neighbour's own roll names just that key and place.
func checkRoll(ctx context.Context, own *node.Own, e book.Entry, f RecognisedFacts) error {
	if len(e.Causes) == 0 {
		return nil
	}
	cause, err := own.Cause(ctx, e, 0)
	if err != nil {
		return err
	}
	var rolled RolledFacts
	if cause.Kind != KeyRolled.Name || cause.Member != f.Member || book.DecodeFacts(cause.Facts, &rolled) != nil ||
		rolled.Key != f.Key || rolled.Witness != f.Witness || rolled.Request != f.Request || f.Until != e.Causes[0].Index+1 {
		return refuse.New("region.member.other-roll")
	}
	return nil
}

// SuspendedFacts: whether a neighbour's book is followed and its requests are answered, for now.
type SuspendedFacts struct {
	Member    string `json:"member"`
	Suspended bool   `json:"suspended"`
}

// ReasonWords say why.
type ReasonWords struct {
	Reason string `json:"reason"`
}

// MemberSuspended 暂停(恢复)往来: nothing is read from the member nor shown to it in this circle until the opposite is
// said. What was received stays.
var MemberSuspended = &node.Kind[SuspendedFacts, ReasonWords]{
	Name: "region.member.suspended/1", Action: string(MemberRecognise),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ SuspendedFacts, words *ReasonWords) error {
		return needReason(words)
	},
	Check: func(ctx context.Context, own *node.Own, e book.Entry, f SuspendedFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		known, err := neighbourIn(ctx, own, f.Member)
		if err == nil && known.Key == "" {
			return refuse.New("region.member.unrecognised", "member", f.Member).At("member")
		}
		return err
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f SuspendedFacts) ([]string, error) {
		set := `UPDATE region_neighbour SET suspended = 0 WHERE book = ? AND member = ?`
		if f.Suspended {
			set = `UPDATE region_neighbour SET suspended = 1 WHERE book = ? AND member = ?`
		}
		_, err := own.Exec(ctx, set, f.Member)
		return nil, err
	},
}

// RolledFacts are the keys by which the member is known after this entry.
type RolledFacts struct {
	Key     string `json:"key"`
	Witness string `json:"witness"`
	Request string `json:"request"`
}

// KeyRolled 更换密钥: the last entry of a book under its old key; heads after it are signed by the new one. Neighbours
// recognise the member anew, with this entry as the cause.
var KeyRolled = &node.Kind[RolledFacts, ReasonWords]{
	Name: "region.key.rolled/1", Action: string(KeyRoll),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ RolledFacts, words *ReasonWords) error {
		return needReason(words)
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, f RolledFacts) error {
		if err := notSelf(e); err != nil {
			return err
		}
		for field, key := range map[string]string{"key": f.Key, "witness": f.Witness, "request": f.Request} {
			if _, err := PublicKey(key); err != nil {
				return refuse.New("region.member.key-form").At(field)
			}
		}
		return nil
	},
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, f RolledFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_roll (book, idx, pubkey) VALUES (?, ?, ?)`, own.Index, f.Key)
		return nil, err
	},
}

// LeftFacts: nothing but that it left.
type LeftFacts struct{}

// CircleLeft 退出圈: the member says nothing more in this circle, and nothing is asked of it from this entry on. Its
// history stays valid. Opening the circle again ends it.
var CircleLeft = &node.Kind[LeftFacts, ReasonWords]{
	Name: "region.circle.left/1", Action: string(CircleOpen),
	Allow: func(_ context.Context, _ *node.Writing, _ string, _ LeftFacts, words *ReasonWords) error {
		return needReason(words)
	},
	Check: func(_ context.Context, _ *node.Own, e book.Entry, _ LeftFacts) error { return notSelf(e) },
	Apply: func(ctx context.Context, own *node.Own, _ book.Entry, _ LeftFacts) ([]string, error) {
		_, err := own.Exec(ctx, `INSERT INTO region_left (book, idx) VALUES (?, ?)
			ON CONFLICT (book) DO UPDATE SET idx = excluded.idx`, own.Index)
		return nil, err
	},
}

// HasLeft says whether the member of a book left its circle.
func HasLeft(ctx context.Context, tx *store.Tx, name string) (bool, error) {
	var n int
	err := tx.Row(ctx, `SELECT count(*) FROM region_left WHERE book = ?`, name).Scan(&n)
	return n > 0, err
}

func needReason(words *ReasonWords) error {
	if words == nil || words.Reason == "" {
		return refuse.New("node.reason-missing").At("reason")
	}
	return nil
}

func notSelf(e book.Entry) error {
	if e.Circle == node.Self {
		return refuse.New("region.not-self")
	}
	return nil
}

// PublicKey reads a key as facts name it.
func PublicKey(text string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("不是 Ed25519 公钥 (not a public key): %q", text)
	}
	return b, nil
}

// KeyText writes a key as facts name it.
func KeyText(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }

// neighbourIn reads how a book recognises a member; without a key: it does not.
func neighbourIn(ctx context.Context, own *node.Own, member string) (n Neighbour, err error) {
	err = own.Row(ctx, `SELECT member, origin, pubkey FROM region_neighbour WHERE book = ? AND member = ?`, member).
		Scan(&n.Member, &n.Origin, &n.Key)
	if errors.Is(err, sql.ErrNoRows) {
		return Neighbour{}, nil
	}
	return n, err
}

// Neighbour is a member as another one recognises it in a circle.
type Neighbour struct {
	Member    string
	Name      string // its code where the words were erased
	Origin    string
	Address   string
	Key       string // base64
	Witness   string
	Request   string
	Suspended bool
	Left      bool // by its own book, as far as it was read here
	Index     int64
}

// Verifier is the verifier key of its book of a circle.
func (n Neighbour) Verifier(circle string) string {
	key, err := PublicKey(n.Key)
	if err != nil {
		return ""
	}
	return book.VerifierKey(n.Origin+"/"+circle, key)
}

// Neighbours lists whom a member recognises in a circle, in the order of their codes.
func Neighbours(ctx context.Context, tx *store.Tx, member, circle string) ([]Neighbour, error) {
	return neighbours(ctx, tx, member, circle, ``)
}

// NeighbourIn is whom a member recognises in a circle under a code; nil: nobody.
func NeighbourIn(ctx context.Context, tx *store.Tx, member, circle, code string) (*Neighbour, error) {
	return oneOf(neighbours(ctx, tx, member, circle, ` AND n.member = ?`, code))
}

// NeighbourFrom is whom a member recognises in a circle under an origin; nil: nobody.
func NeighbourFrom(ctx context.Context, tx *store.Tx, member, circle, origin string) (*Neighbour, error) {
	return oneOf(neighbours(ctx, tx, member, circle, ` AND n.origin = ?`, origin))
}

func oneOf(all []Neighbour, err error) (*Neighbour, error) {
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

func neighbours(ctx context.Context, tx *store.Tx, member, circle, only string, args ...any) ([]Neighbour, error) {
	rows, err := tx.Query(ctx, `SELECT n.member, n.origin, n.pubkey, n.witness, n.request, n.suspended, n.idx, e.words,
		(SELECT count(*) FROM region_left l WHERE l.book = n.member || ?)
		FROM region_neighbour n JOIN book_entry e ON e.book = n.book AND e.idx = n.idx
		WHERE n.book = ?`+only+` ORDER BY n.member`, append([]any{"/" + circle, member + "/" + circle}, args...)...)
	if err != nil {
		return nil, err
	}
	return store.Collect(rows, func(scan func(...any) error) (n Neighbour, err error) {
		var raw []byte
		var suspended, left int
		if err := scan(&n.Member, &n.Origin, &n.Key, &n.Witness, &n.Request, &suspended, &n.Index, &raw, &left); err != nil {
			return n, err
		}
		n.Suspended, n.Left, n.Name = suspended != 0, left != 0, n.Member
		if raw != nil {
			if w, err := MemberRecognised.WordsOf(raw); err == nil && w.Name != "" { // else they read as erased
				n.Name, n.Address = w.Name, w.Address
			}
		}
		return n, nil
	})
}

// PublicText writes the public half of a private key as facts name it.
func PublicText(key ed25519.PrivateKey) string { return KeyText(key.Public().(ed25519.PublicKey)) }
