package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Beside (随附) is what lies beside an entry, outside the log: its words, and the evidence of the causes that stand in
// other members' books. It travels with the entry, so that nobody has to wait for a third book.
type Beside struct {
	Index  int64
	Words  Words
	Causes []CauseEvidence
}

// Weight is about how many bytes it is.
func (b Beside) Weight() int {
	n := len(b.Words.Text)
	for _, c := range b.Causes {
		n += len(c.Evidence.Entry) + len(c.Evidence.Checkpoint)
	}
	return n
}

// CauseEvidence (依据凭证) proves the cause of that number (from 0) of an entry.
type CauseEvidence struct {
	Number   int
	Evidence Evidence // without the cause's words
}

// besideLine is the form of Beside in a bundle: one line of JSON.
type besideLine struct {
	Index  int64         `json:"index"`
	Words  EvidenceWords `json:"words"`
	Causes []causeLine   `json:"causes"`
}

type causeLine struct {
	Number   int      `json:"n"`
	Evidence Evidence `json:"evidence"`
}

// MaxBesideLine bounds one line: words of 1 MiB, escaped, and the evidence of 16 causes.
const MaxBesideLine = 8 << 20

// ErrBeside: a bundle of what lies beside entries is not in its one form.
var ErrBeside = errors.New("随附内容不合格式 (malformed bundle of what lies beside entries)")

// BesideBundle writes what lies beside the entries of a bundle, one line of JSON for each entry that has anything, in
// the order of their indexes.
func BesideBundle(all []Beside) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, one := range all {
		if one.Words.State == WordsNone && len(one.Causes) == 0 {
			continue
		}
		line := besideLine{Index: one.Index, Words: EvidenceWords{State: one.Words.State.String()}, Causes: []causeLine{}}
		if one.Words.State == WordsHere {
			if !utf8.Valid(one.Words.Text) {
				return nil, fmt.Errorf("%w: words of entry %d are not UTF-8", ErrBeside, one.Index)
			}
			line.Words.Salt, line.Words.Text = &one.Words.Salt, string(one.Words.Text)
		}
		for _, c := range one.Causes {
			line.Causes = append(line.Causes, causeLine(c))
		}
		if err := enc.Encode(line); err != nil {
			return nil, fmt.Errorf("write what lies beside entry %d: %w", one.Index, err)
		}
	}
	return b.Bytes(), nil
}

// ScanBeside reads a bundle for count entries from an index on: one Beside for each entry, also for those of which the
// bundle says nothing. Doubled, unknown or foreign lines are refused.
func ScanBeside(b []byte, from int64, count int) ([]Beside, error) {
	all := make([]Beside, count)
	for i := range all {
		all[i].Index = from + int64(i)
	}
	next := from
	for line := range bytes.Lines(b) {
		one, err := scanBesideLine(line)
		if err != nil {
			return nil, err
		}
		if one.Index < next || one.Index >= from+int64(count) {
			return nil, fmt.Errorf("%w: entry %d is not expected here", ErrBeside, one.Index)
		}
		next = one.Index + 1
		all[one.Index-from] = one
	}
	return all, nil
}

func scanBesideLine(line []byte) (one Beside, err error) {
	var l besideLine
	packed, whole := bytes.CutSuffix(line, []byte("\n"))
	if !whole || len(line) > MaxBesideLine {
		return one, fmt.Errorf("%w: a line of %d bytes", ErrBeside, len(line))
	}
	if err := DecodeFacts(packed, &l); err != nil {
		return one, fmt.Errorf("%w: %w", ErrBeside, err)
	}
	one = Beside{Index: l.Index}
	if one.Words, err = l.Words.words(); err != nil {
		return one, fmt.Errorf("%w: entry %d: %w", ErrBeside, l.Index, err)
	}
	for _, c := range l.Causes {
		one.Causes = append(one.Causes, CauseEvidence(c))
	}
	return one, nil
}

// words reads the state by its word.
func (w EvidenceWords) words() (Words, error) {
	for _, state := range []WordsState{WordsNone, WordsHere, WordsErased, WordsWithheld} {
		if w.State != state.String() {
			continue
		}
		if (state == WordsHere) != (w.Salt != nil) || state != WordsHere && w.Text != "" {
			return Words{}, ErrEvidenceWords
		}
		words := Words{State: state}
		if state == WordsHere {
			words.Salt, words.Text = *w.Salt, []byte(w.Text)
		}
		return words, nil
	}
	return Words{}, ErrEvidenceWords
}
