package books_test

import (
	"fmt"
	"strings"
	"testing"

	"liandong/book"
)

// TestEvidenceOfANeighbourNamesTheNeighbour: file and page say whose entry and whose key it is, not whose node was asked.
func TestEvidenceOfANeighbourNamesTheNeighbour(t *testing.T) {
	s, h := stand(t)
	theirs := neighbourBook(t, s, tongnansKey(t), aNote)
	for _, c := range []struct{ of, at, name, signed string }{
		{"a neighbour's", fmt.Sprintf("/proof/suitong/%d%%s?member=500152", theirs), "潼南区", "并由潼南区的密钥签名"},
		{"the own", "/proof/suitong/1%s", "遂宁市", "并由遂宁市的密钥签名"},
	} {
		w := get(h, "auditor@fgw", fmt.Sprintf(c.at, "/evidence.json"))
		if e, err := book.ReadEvidence(w.Body.Bytes()); err != nil || e.MemberName != c.name {
			t.Errorf("%s entry is said to be of %q (%v)", c.of, e.MemberName, err)
		}
		if b := get(h, "auditor@fgw", fmt.Sprintf(c.at, "")).Body.String(); !strings.Contains(b, c.signed) {
			t.Errorf("the page of %s entry does not say %s", c.of, c.signed)
		}
	}
}

// TestAnEntryThatDoesNotProveItselfIsAFinding: the page says so in red, what to do about it, and nothing of what is
// stored; it is no accident, and nobody learns of an entry that he could not see before.
func TestAnEntryThatDoesNotProveItselfIsAFinding(t *testing.T) {
	s, h := stand(t)
	last := size(t, s, "suitong") - 1
	at := fmt.Sprintf("/proof/suitong/%d", last)
	flip(t, s, last)
	for seat, verifies := range map[string]bool{"auditor@fgw": true, "reader@fgw": false} {
		w := get(h, seat, at)
		b := w.Body.String()
		if w.Code != 409 || !strings.Contains(b, "这一条与签名账头不符") || !strings.Contains(b, "从改动之前的备份恢复") {
			t.Errorf("%s: %d does not say what was found and what to do", seat, w.Code)
		}
		if strings.Contains(b, secret) || strings.Contains(b, "凭证成立") {
			t.Errorf("%s reads words that nobody can prove", seat)
		}
		if strings.Contains(b, `action="/books/verify"`) != verifies {
			t.Errorf("%s is offered to verify the books: %v", seat, !verifies)
		}
		if w := get(h, seat, at+"/evidence.json"); w.Code != 409 {
			t.Errorf("%s downloads evidence that does not hold: %d", seat, w.Code)
		}
	}
	if w := get(h, "administrator@fgw", at+"/erase"); w.Code != 409 {
		t.Errorf("the words of a changed entry are offered to be erased: %d", w.Code)
	}
	if w := get(h, "auditor@fgw", fmt.Sprintf("/proof/suitong/%d", last-1)); w.Code != 200 || !strings.Contains(w.Body.String(), "凭证成立") {
		t.Errorf("the entry beside it: %d", w.Code)
	}
	inside := size(t, s, "self") - 1
	flipIn(t, s, "self", inside)
	if w := get(h, "reader@fgw", fmt.Sprintf("/proof/self/%d", inside)); w.Code != 404 {
		t.Errorf("a reader learns of an entry of the own book because it was changed: %d", w.Code)
	}
}
