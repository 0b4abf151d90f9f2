package node

import "testing"

func TestWhyAReplacedDatabaseStopsWriting(t *testing.T) {
	const one, two, other = "7/00000001", "7/00000002", "8/00000001"
	for _, c := range []struct {
		remark   string
		knew     string
		stored   primary
		now      primary
		found    int64 // entries, of 10 that the process knows
		starting bool
		want     string
	}{
		{"the same server", one, primary{one, false}, primary{one, false}, 10, false, ""},
		{"first met", "", primary{}, primary{one, false}, 0, true, ""},
		{"replication turned on", one, primary{one, false}, primary{one, true}, 10, false, ""},
		{"a synchronous standby", one, primary{one, true}, primary{two, false}, 12, false, ""},
		{"one that lacks what was answered", one, primary{one, true}, primary{two, true}, 9, false, whyMissing},
		{"met first by another process, which lost nothing", one, primary{two, true}, primary{two, true}, 9, false, whyMissing},
		{"an asynchronous standby", one, primary{one, false}, primary{two, false}, 10, false, whyNotCopied},
		{"a synchronous one, by a process that starts", "", primary{one, true}, primary{two, false}, 10, true, whyNotWatched},
		{"another server altogether", one, primary{one, true}, primary{other, true}, 10, false, whyNotWatched},
		{"an engine without timelines", "", primary{}, primary{}, 0, false, ""},
	} {
		w := &watch{on: primary{server: c.knew}, sizes: map[string]int64{"510900/suitong": 10}}
		if c.knew == "" {
			w.sizes = nil
		}
		got := w.why(look{stored: c.stored, now: c.now}, map[string]int64{"510900/suitong": c.found}, c.starting)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.remark, got, c.want)
		}
	}
}
