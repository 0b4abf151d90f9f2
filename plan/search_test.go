package plan

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestTermsFindWhatATextHas: a text is found by each run of its Chinese, down to one character, and by
// the beginning of each Latin word or number, and by nothing that it lacks.
func TestTermsFindWhatATextHas(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(strings.Split("蔬 菜 基 地 推进 G93 2022 a ab abcde ， \u3000 １２３", " ")), 1, 12).Draw(r, "text"), "")
		kept := indexed(text)
		found := func(query string) bool {
			whole, begins := asked(query)
			for _, t := range whole {
				if !slices.Contains(kept, t) {
					return false
				}
			}
			for _, t := range begins {
				if !slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(k, t) }) {
					return false
				}
			}
			return len(whole)+len(begins) > 0
		}
		for _, word := range terms(text) {
			all := []rune(word)
			for n := 1; n <= len(all); n++ {
				if part := string(all[:n]); !found(part) {
					r.Fatalf("%q is not found by %q", text, part)
				}
			}
		}
		for _, query := range []string{"港", "菜港", "zz", "abcdef"} {
			if found(query) {
				r.Fatalf("%q is found by %q", text, query)
			}
		}
	})
}
