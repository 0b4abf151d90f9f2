package plan

import "testing"

// TestSealedWordsAreNotTakenForEmptyOnes: a neighbour may seal what no kind here seals; nothing is shown as said then.
func TestSealedWordsAreNotTakenForEmptyOnes(t *testing.T) {
	for _, c := range []struct {
		raw  string
		gone bool
	}{
		{`{"progress":"主体完工"}`, false},
		{`{"sealed":1,"to":[{"member":"500152","key":"","wrap":""}],"box":""}`, true},
		{`{"sealed":7}`, true},
	} {
		if _, gone, err := words[ReportWords]([]byte(c.raw)); gone != c.gone || err != nil {
			t.Errorf("%s: gone %v, %v", c.raw, gone, err)
		}
	}
}
