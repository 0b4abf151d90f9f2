package division

import (
	"regexp"
	"testing"
)

func TestName(t *testing.T) {
	for code, want := range map[string]string{"510900": "遂宁市", "500152": "潼南区", "500243": "彭水县", "110000": "", "": ""} {
		if got := Name(code); got != want {
			t.Errorf("Name(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestKnown(t *testing.T) {
	code, seen := regexp.MustCompile(`^5[01]\d{4}$`), map[string]bool{}
	for _, p := range Known() {
		if !code.MatchString(p.Code) || p.Name == "" || seen[p.Code] || seen[p.Name] {
			t.Errorf("%+v is no place, or stands twice", p)
		}
		seen[p.Code], seen[p.Name] = true, true
	}
}

func TestApart(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"510900", "500152", true},
		{"510900", "510700", true},
		{"500152", "510000", true},
		{"510900", "510903", false},
		{"510921", "510900", false},
		{"510900", "510000", false},
		{"500152", "500000", false},
		{"510900", "510900", false},
		{"500152", "500110", true},
	} {
		if got := Apart(c.a, c.b); got != c.want {
			t.Errorf("Apart(%s, %s) = %v", c.a, c.b, got)
		}
	}
}
