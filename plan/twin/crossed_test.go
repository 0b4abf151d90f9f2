package twin

import (
	"strings"
	"testing"
)

// TestALeadThatOnlySupportsThere is no shared lead: the reason says what is so.
func TestALeadThatOnlySupportsThere(t *testing.T) {
	row := Work{Title: "建设冷藏保鲜设施50座", Leads: []string{"市农业农村局"}, Supports: []string{"市商务局"}}
	item := Work{ID: "i-1", Title: "新建冷藏保鲜设施50座", Leads: []string{"市商务局"}}
	all := NewIndex([]Work{item}).ProposeList([]Work{row}, 0)
	if len(all) != 1 || len(all[0]) != 1 {
		t.Fatalf("%+v", all)
	}
	zh := all[0][0].Reason.Zh
	if strings.Contains(zh, "有共同的牵头单位") || !strings.Contains(zh, "一方的牵头单位是另一方的配合单位") {
		t.Errorf("reason: %s", zh)
	}
}
