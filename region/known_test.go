package region_test

import (
	"testing"

	"liandong/region"
)

func TestACircleIsCalledAsItsEntriesCallIt(t *testing.T) {
	own := []region.Circle{{ID: "suitong", Name: "遂潼合作圈"}, {ID: "lvyou", Name: "涪江旅游圈"}}
	for id, want := range map[string]string{
		"suitong": "遂潼合作圈", "lvyou": "涪江旅游圈", // by an entry, also where the design has another name
		"chengyu": "成渝地区双城经济圈", // by the design
		"nowhere": "nowhere",   // by its id, never by nothing
	} {
		if got := region.NameIn(own, id); got != want {
			t.Errorf("%s is called %s, want %s", id, got, want)
		}
	}
}
