package twin

import (
	"cmp"
	"fmt"
	"strings"
)

// Reason says why a twin is proposed. Code is for machines: "same-words" (nearly one wording),
// "same-name-and-figure", "shared-words".
type Reason struct {
	Code   string   `json:"code"`
	Words  []string `json:"words"` // shared, weightiest first
	Leads  int      `json:"leads"` // 1 a lead is shared, or supports the other side, -1 both name leads but no shared one, 0 unknown
	Doubts []string `json:"doubts"`
	Zh     string   `json:"zh"`
	En     string   `json:"en"`
}

func (m *match) reason() Reason {
	r := Reason{Code: m.code(), Words: m.words[:min(len(m.words), 6)], Leads: m.leads}
	var zh, en []string
	say := func(yes bool, doubt, chinese, english string) {
		if !yes {
			return
		}
		if doubt != "" {
			r.Doubts = append(r.Doubts, doubt)
		}
		zh, en = append(zh, chinese), append(en, english)
	}
	for _, o := range m.same {
		say(true, "", "同一"+o.what+"："+o.full, "one name: "+o.full)
	}
	say(true, "", "都提到“"+strings.Join(r.Words, "”“")+"”", fmt.Sprintf("both speak of “%s”", strings.Join(r.Words, "”, “")))
	say(m.leads > 0 && !m.crossed, "", "有共同的牵头单位", "a lead unit is shared")
	say(m.crossed, "", "牵头单位不同，一方的牵头单位是另一方的配合单位", "the lead units differ; the one side's lead supports the other")
	say(m.leads < 0, "other-lead", "牵头单位不同", "the lead units differ")
	differs := func(what, doubt, chinese, english string) {
		say(what != "", doubt, chinese+"："+what, english+": "+what)
	}
	say(m.places, "other-place", "地点不同", "the places differ")
	differs(m.object(), "other-object", "不是同一"+m.here.what, "the names differ")
	if m.here.name == "" && m.along == "" && m.clash.share >= 0.5 {
		differs(m.clash.names, "other-name", "名称不同", "the names differ")
	}
	differs(cmp.Or(m.phase, m.stage), "other-phase", "序号不同", "the ordinals differ")
	differs(m.along, "other-segment", "路段或河段不同", "the segments of the line differ")
	say(m.acts, "other-act", "所做的事不同", "what is done differs")
	say(m.otherItem, "other-item", "本行更像另一事项", "the row is more like another item")
	say(m.otherRow, "other-row", "清单中另一行更像此事项", "another row of the list is more like the item")
	differs(m.figuresOff, "other-figure", "数量不同", "the figures differ")
	r.Zh, r.En = strings.Join(zh, "；"), strings.Join(en, "; ")
	return r
}

// object tells which named things differ.
func (m *match) object() string {
	if m.here.name == "" {
		return ""
	}
	return unlike(m.here.full, m.there.full)
}

func (m *match) code() string {
	switch {
	case m.row+m.item < 0.2*m.shared:
		return "same-words"
	case m.figures:
		return "same-figure"
	default:
		return "shared-words"
	}
}
