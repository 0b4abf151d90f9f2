package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"

	"liandong/book"
	"liandong/rules/refuse"
	"liandong/store"
)

// Kind is one sort of entry (类别): F are its facts, W its words. Once released, a kind's
// version never changes its meaning; what means something else gets another name.
type Kind[F, W any] struct {
	// Name with version: "plan.report.filed/1".
	Name string
	// Action is the line of the permission table under which a seat may say it.
	Action string
	// Allow: may this person say this, here and now? It may read everything this node knows,
	// and the clock. It runs only where the entry is made. Nil: the action alone decides.
	Allow func(ctx context.Context, w *Writing, circle string, f F, words *W) error
	// Check: is it valid, for ever and everywhere? It sees the facts, the rows of the entry's
	// own book before it, and the bytes of its causes. Nil: the form alone decides.
	Check func(ctx context.Context, own *Own, e book.Entry, f F) error
	// Apply writes rows of its own book and returns the keys that Project must look at.
	Apply func(ctx context.Context, own *Own, e book.Entry, f F) (keys []string, err error)
	// effect changes what lasts outside the view: an erasure does, and nothing else. It runs after Apply where the
	// entry comes into this node's own store, and again with each rebuild, so a second time it must find nothing to do.
	// A replay into another store (verify --view) runs none.
	effect func(ctx context.Context, n *Node, own *Own, f F) error
}

// AnyKind is a kind of whatever facts and words.
type AnyKind interface {
	KindName() string
	// HasWords says whether entries of the kind may have words.
	HasWords() bool
	check(ctx context.Context, own *Own, e book.Entry) error
	apply(ctx context.Context, own *Own, e book.Entry) ([]string, error)
	last(ctx context.Context, n *Node, own *Own, e book.Entry) error
}

// KindName is the kind's name with its version.
func (k *Kind[F, W]) KindName() string { return k.Name }

// HasWords says whether entries of the kind may have words.
func (k *Kind[F, W]) HasWords() bool {
	of := reflect.TypeFor[W]()
	return of.Kind() != reflect.Struct || of.NumField() > 0
}

func (k *Kind[F, W]) check(ctx context.Context, own *Own, e book.Entry) error {
	f, err := k.facts(e)
	if err != nil {
		return err
	}
	if k.Check == nil {
		return nil
	}
	return k.Check(ctx, own, e, f)
}

func (k *Kind[F, W]) apply(ctx context.Context, own *Own, e book.Entry) ([]string, error) {
	f, err := k.facts(e)
	if err != nil {
		return nil, err
	}
	return k.Apply(ctx, own, e, f)
}

// last runs the effect where the rows are the node's own.
func (k *Kind[F, W]) last(ctx context.Context, n *Node, own *Own, e book.Entry) error {
	if k.effect == nil || own.scratch() {
		return nil
	}
	f, err := k.facts(e)
	if err != nil {
		return err
	}
	return k.effect(ctx, n, own, f)
}

func (k *Kind[F, W]) facts(e book.Entry) (f F, err error) {
	if err := book.DecodeFacts(e.Facts, &f); err != nil {
		return f, refuse.New("node.facts-malformed", "kind", k.Name, "why", err.Error())
	}
	return f, nil
}

// maxWords bounds the words of one entry, in bytes: a text of over 300,000 characters. What is
// longer is an attachment.
const maxWords = 1 << 20

// Said is what an act puts into a book.
type Said[F, W any] struct {
	Circle   string // the circle whose book it goes to; Self for the member's own
	Subjects []string
	Causes   []Position
	Facts    F
	Words    *W // nil: no words
	// To are the members of the circle that may read the words; empty: all who read the book. The author always may.
	To []string
}

// Say allows, checks, appends and applies one entry. A refusal undoes the whole request.
func (k *Kind[F, W]) Say(ctx context.Context, w *Writing, s Said[F, W]) (Position, error) {
	if !w.node.may(w.Actor, k.Action) {
		return Position{}, refuse.New("node.not-permitted", "action", k.Action)
	}
	if k.Allow != nil {
		if err := k.Allow(ctx, w, s.Circle, s.Facts, s.Words); err != nil {
			return Position{}, err
		}
	}
	facts, err := json.Marshal(s.Facts)
	if err != nil {
		return Position{}, fmt.Errorf("encode the facts of %s: %w", k.Name, err)
	}
	words, err := k.wordsFor(ctx, w, s)
	if err != nil {
		return Position{}, err
	}
	return w.append(ctx, k, s.Circle, s.Subjects, s.Causes, facts, words)
}

// wordsFor encodes the words, in an envelope where they are for named members only.
func (k *Kind[F, W]) wordsFor(ctx context.Context, w *Writing, s Said[F, W]) (words []byte, err error) {
	if s.Words == nil {
		return nil, nil
	}
	if words, err = json.Marshal(s.Words); err != nil {
		return nil, fmt.Errorf("encode the words of %s: %w", k.Name, err)
	}
	if book.IsSealed(words) {
		return nil, fmt.Errorf("the words of %s begin like an envelope", k.Name)
	}
	if len(s.To) > 0 {
		if words, err = w.seal(ctx, k.Name, s.Circle, s.To, words); err != nil {
			return nil, err
		}
	}
	if len(words) > maxWords {
		return nil, refuse.New("node.words-too-long", "bytes", len(words), "most", maxWords)
	}
	return words, nil
}

// WordsOf decodes the words of an entry of this kind. Of a kind whose words may be sealed they come from Node.Plain.
func (k *Kind[F, W]) WordsOf(raw []byte) (w W, err error) {
	if err := json.Unmarshal(raw, &w); err != nil {
		return w, fmt.Errorf("words of %s: %w", k.Name, err)
	}
	return w, nil
}

// Own is all that Check and Apply may reach: the rows of one book in the tables of the view.
// Every statement gets the book as its first argument, so its first placeholder is the book.
type Own struct {
	tx    *store.Tx
	books *store.Tx // where entries and the bytes of causes lie; nil: beside the rows
	order *order    // of the entries so far; nil: the writer made it sure
	Book  string    // "510900/suitong"
	Index int64     // of the entry at hand
}

// scratch: the rows are made in another store than the books stand in.
func (o *Own) scratch() bool { return o.books != nil && o.books != o.tx }

// Exec runs a statement on rows of the own book.
func (o *Own) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return o.tx.Exec(ctx, query, o.with(args)...)
}

// Query reads rows of the own book.
func (o *Own) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return o.tx.Query(ctx, query, o.with(args)...)
}

// Row reads one row of the own book.
func (o *Own) Row(ctx context.Context, query string, args ...any) *store.Row {
	return o.tx.Row(ctx, query, o.with(args)...)
}

func (o *Own) with(args []any) []any { return append([]any{o.Book}, args...) }
