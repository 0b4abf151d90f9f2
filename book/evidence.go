package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// EvidenceFormat is the only format of evidence so far.
const EvidenceFormat = "liandong-evidence/1"

// Evidence (证据) is one entry with all that is needed to check it without us: the file of `liandong proof export`.
// Its fields are described in docs/reference/entry.md.
type Evidence struct {
	Format     string        `json:"format"`     // EvidenceFormat
	Origin     string        `json:"origin"`     // the book: "suining.example/suitong"
	MemberName string        `json:"memberName"` // as the exporter calls the member; not covered by any signature
	Index      int64         `json:"index"`      // from 0
	Entry      string        `json:"entry"`      // the entry's exact bytes as text
	Words      EvidenceWords `json:"words"`
	Inclusion  []tlog.Hash   `json:"inclusion"`  // RFC 6962 audit path, base64
	Checkpoint string        `json:"checkpoint"` // the signed note, with its line ends
	Key        string        `json:"key"`        // verifier key of the book
}

// EvidenceWords are the words of an entry within evidence. State is none, here, erased or withheld; salt and text
// stand there only when here.
type EvidenceWords struct {
	State string `json:"state"`
	Salt  *Salt  `json:"salt,omitempty"`
	Text  string `json:"text,omitempty"`
}

// NewEvidence puts evidence together from an entry's bytes, its words, its inclusion proof under checkpoint, and the
// verifier key of the book. The result is verified before it is given out; ErrUnproven where it does not hold.
func NewEvidence(entry []byte, w Words, index int64, inclusion []tlog.Hash, checkpoint []byte, vkey, memberName string) (Evidence, error) {
	v, err := Verifier(vkey)
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{
		Format: EvidenceFormat, Origin: v.Name(), MemberName: memberName, Index: index, Entry: string(entry),
		Words: EvidenceWords{State: w.State.String()}, Inclusion: inclusion, Checkpoint: string(checkpoint), Key: vkey,
	}
	if inclusion == nil {
		e.Inclusion = []tlog.Hash{}
	}
	if w.State == WordsHere {
		if !utf8.Valid(w.Text) {
			return Evidence{}, fmt.Errorf("正文不是 UTF-8, 不能写入证据文件 (words are not UTF-8)")
		}
		e.Words.Salt, e.Words.Text = &w.Salt, string(w.Text)
	}
	if _, err := e.Verify(vkey); err != nil {
		return Evidence{}, fmt.Errorf("%w: %w", ErrUnproven, err)
	}
	return e, nil
}

// Bytes writes the file: JSON in UTF-8, indented for people.
func (e Evidence) Bytes() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("write evidence: %w", err)
	}
	return b.Bytes(), nil
}

// ReadEvidence reads the file; blanks between its parts do not matter, unknown or doubled keys are refused.
func ReadEvidence(b []byte) (Evidence, error) {
	var packed bytes.Buffer
	if err := json.Compact(&packed, b); err != nil {
		return Evidence{}, fmt.Errorf("不是证据文件, 请重新导出 (not an evidence file; export it again): %w", err)
	}
	var e Evidence
	if err := DecodeFacts(packed.Bytes(), &e); err != nil {
		return Evidence{}, fmt.Errorf("不是证据文件, 请重新导出 (not an evidence file; export it again): %w", err)
	}
	return e, nil
}

// Report is what evidence proves.
type Report struct {
	Trusted    bool      // whether the key was one that the reader already trusted
	Key        string    // the verifier key that was used
	Origin     string    // the book
	Index      int64     // the entry's number in it
	Size       int64     // entries under the checkpoint
	Root       tlog.Hash // root under the checkpoint
	Leaf       tlog.Hash // hash of the entry
	Entry      Entry     // who, when, what
	MemberName string    // as the exporter calls the member; not proven
	Words      string    // none, here, erased or withheld
	Text       string    // the words, proven, when here
}

// ErrUnproven says that what is stored does not prove itself: entry, words or tree were changed or damaged after the
// checkpoint over them was signed.
var ErrUnproven = errors.New("所存的记录与签名账头不符 (what is stored does not lead to the signed head)")

// The ways in which evidence fails that are not those of a checkpoint or an entry.
var (
	ErrEvidenceFormat = errors.New("未知的证据格式 (unknown format of evidence)")
	ErrOtherKey       = errors.New("证据所带公钥不是所信任的公钥 (the key in the evidence is not the trusted one)")
	ErrOtherCircle    = errors.New("记录的圈与账本不符 (the entry is for another circle than the book)")
	ErrEvidenceWords  = errors.New("证据的正文状态不合理 (state of words does not fit the entry)")
)

// Verify checks the evidence. With a trusted verifier key it must be under exactly that key; with "" the key in the
// evidence is used, and Report.Trusted is false: then it is proven only that the holder of that key said so.
func (e Evidence) Verify(trusted string) (Report, error) {
	if e.Format != EvidenceFormat {
		return Report{}, fmt.Errorf("%w: %q", ErrEvidenceFormat, e.Format)
	}
	if trusted != "" && trusted != e.Key {
		return Report{}, ErrOtherKey
	}
	v, err := Verifier(e.Key)
	if err != nil {
		return Report{}, err
	}
	head, err := OpenCheckpoint([]byte(e.Checkpoint), e.Origin, v)
	if err != nil {
		return Report{}, err
	}
	entry, err := Scan([]byte(e.Entry))
	if err != nil {
		return Report{}, err
	}
	if !strings.HasSuffix(e.Origin, "/"+entry.Circle) {
		return Report{}, fmt.Errorf("%w: %s, %s", ErrOtherCircle, entry.Circle, e.Origin)
	}
	leaf := LeafHash([]byte(e.Entry))
	if err := CheckInclusion(head.Size, e.Index, head.Root, leaf, e.Inclusion); err != nil {
		return Report{}, err
	}
	if err := e.Words.check(entry.Words); err != nil {
		return Report{}, err
	}
	return Report{
		Trusted: trusted != "", Key: e.Key, Origin: e.Origin, Index: e.Index, Size: head.Size, Root: head.Root, Leaf: leaf,
		Entry: entry, MemberName: e.MemberName, Words: e.Words.State, Text: e.Words.Text,
	}, nil
}

func (w EvidenceWords) check(c *Commitment) error {
	here := w.State == WordsHere.String()
	switch {
	case (w.State == WordsNone.String()) != (c == nil), here != (w.Salt != nil), !here && w.Text != "":
		return ErrEvidenceWords
	case here && Commit(*w.Salt, []byte(w.Text)) != *c:
		return errOtherWords
	case !here && c != nil && w.State != WordsErased.String() && w.State != WordsWithheld.String():
		return ErrEvidenceWords
	}
	return nil
}
