package judge

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Light is a colour of a board (亮灯).
type Light string

// The lights that places use; what each means differs by place (RULES §2.1).
const (
	Green  Light = "green"  // 绿
	Yellow Light = "yellow" // 黄
	Orange Light = "orange" // 橙
	Red    Light = "red"    // 红
	Blue   Light = "blue"   // 蓝
	Grey   Light = "grey"   // 灰
)

var lights = []stateFact[Light]{
	{Green, "绿", "green"},
	{Yellow, "黄", "yellow"},
	{Orange, "橙", "orange"},
	{Red, "红", "red"},
	{Blue, "蓝", "blue"},
	{Grey, "灰", "grey"},
}

// Zh is the word: 绿.
func (l Light) Zh() string { zh, _ := wordOf(lights, l); return zh }

// En is the English word: green.
func (l Light) En() string { _, en := wordOf(lights, l); return en }

// Lamp is what a state shows as: a colour and always a word, never a colour alone.
type Lamp struct {
	State WorkState `json:"state"`
	Light Light     `json:"light"`
	Label string    `json:"label"`
}

// Legend is the 图例 of a plan: one lamp for every work state, in the order of display.
type Legend []Lamp

// DefaultLegend: 绿 done or on time, 黄 slow or near due, 红 overdue (RULES §2.1); what is not
// begun or no longer owed is grey. Done late is yellow: slow, but no longer owed.
func DefaultLegend() Legend {
	legend := Legend{
		{State: Planned, Light: Grey},
		{State: OnTime, Light: Green},
		{State: AtRisk, Light: Yellow},
		{State: Late, Light: Red},
		{State: Done, Light: Green},
		{State: DoneLate, Light: Yellow},
		{State: Dropped, Light: Grey},
	}
	for i := range legend {
		legend[i].Label = legend[i].State.Zh()
	}
	return legend
}

// Lamp is the lamp of a state; for a state the legend lacks, grey with the official word.
func (l Legend) Lamp(s WorkState) Lamp {
	for _, lamp := range l {
		if lamp.State == s {
			return lamp
		}
	}
	return Lamp{State: s, Light: Grey, Label: s.Zh()}
}

// Word is how a state is called on a board: by its label in Chinese, by its own word in English.
func (l Legend) Word(s WorkState, english bool) string {
	if english {
		return s.En()
	}
	return l.Lamp(s).Label
}

// Lights lists all lights in the order of a choice.
func Lights() []Light { return listed(lights) }

const longestLabel = 12 // characters: more breaks the chip on a phone

// Check refuses a legend that lacks or doubles a state, or has an unknown colour or no word.
func (l Legend) Check() error {
	seen := map[WorkState]bool{}
	for _, lamp := range l {
		_, err := ParseWorkState(string(lamp.State))
		size := utf8.RuneCountInString(lamp.Label)
		switch {
		case err != nil:
			return err
		case seen[lamp.State]:
			return problem("legend-doubled", "图例中状态“%s”出现两次，请保留一个", "the legend names the state %q twice", lamp.State)
		case !slices.Contains(listed(lights), lamp.Light):
			return problem("legend-light", "图例颜色“%s”无法识别，可选：green、yellow、orange、red、blue、grey",
				"the colour %q is none of green, yellow, orange, red, blue, grey", lamp.Light)
		case strings.TrimSpace(lamp.Label) == "" || size > longestLabel || !utf8.ValidString(lamp.Label):
			return problem("legend-label", "图例中状态“%s”的文字应为1至12个字", "the label of %q must have 1 to 12 characters", lamp.State)
		}
		seen[lamp.State] = true
	}
	for _, s := range WorkStates() {
		if !seen[s] {
			return problem("legend-lacks", "图例缺少状态“%[2]s”（%[1]s）", "the legend lacks the state %[1]q (%[2]s)", string(s), s.Zh())
		}
	}
	return nil
}

// ParseLegend reads a legend from JSON, [{"state":"late","light":"red","label":"滞后"}, …],
// and checks it.
func ParseLegend(data []byte) (Legend, error) {
	var legend Legend
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&legend); err != nil {
		return nil, problem("legend-json", "图例不是有效的 JSON：%v", "the legend is not valid JSON: %v", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, problem("legend-json", "图例的 JSON 之后还有多余内容", "something follows the legend's JSON")
	}
	if err := legend.Check(); err != nil {
		return nil, err
	}
	return legend, nil
}
