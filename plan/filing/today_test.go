package filing

import (
	"context"
	"strings"
	"testing"

	"liandong/plan"
)

// TestMyDayDoesNotSayThatOnlyReviewsStandThere: a coordinator's day also holds what neighbours ask and propose.
func TestMyDayDoesNotSayThatOnlyReviewsStandThere(t *testing.T) {
	v := todayView{Todo: plan.Todo{Asked: 1, Changes: 2}, Reviews: true}
	if got := todayLede(context.Background(), v); !strings.Contains(got, "审核") || !strings.Contains(got, "答复") {
		t.Errorf("above what waits for an answer it says %q", got)
	}
}
