package ui

import (
	"context"
	"strings"
	"testing"
)

// TestRealTimeIsSaidInADemonstration: there the head of the page shows another clock; elsewhere there is but one.
func TestRealTimeIsSaidInADemonstration(t *testing.T) {
	for _, demo := range []bool{true, false} {
		var b strings.Builder
		if err := RealTime().Render(WithFrame(context.Background(), Frame{Demo: demo}), &b); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(b.String(), "真实时间"); said != demo {
			t.Errorf("demonstration %v: the page says %q", demo, b.String())
		}
	}
}
