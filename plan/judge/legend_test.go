package judge

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestLegend(t *testing.T) {
	data, err := json.Marshal(DefaultLegend())
	if err != nil {
		t.Fatal(err)
	}
	legend, err := ParseLegend(data)
	if err != nil || legend.Lamp(Late) != (Lamp{Late, Red, "滞后"}) || legend.Lamp(Done).Light != Green || legend.Lamp(AtRisk).Light != Yellow {
		t.Fatalf("%v %v", legend, err)
	}
	if lamp := (Legend{}).Lamp(Late); lamp != (Lamp{Late, Grey, "滞后"}) {
		t.Errorf("a state that the legend lacks shows as %v", lamp)
	}
	for _, l := range lights {
		if l.state.Zh() != l.zh || l.state.En() != l.en {
			t.Error(l)
		}
	}
	good := string(data)
	for _, c := range []struct{ remark, in, code string }{
		{"another place's blue is fine", strings.Replace(good, `"yellow"`, `"blue"`, 1), ""},
		{"no JSON", `绿黄红`, "legend-json"},
		{"two values", good + `[]`, "legend-json"},
		{"unknown field", strings.Replace(good, `"label"`, `"text"`, 1), "legend-json"},
		{"a state is missing", `[{"state":"late","light":"red","label":"滞后"}]`, "legend-lacks"},
		{"a state twice", strings.Replace(good, `"planned"`, `"late"`, 1), "legend-doubled"},
		{"unknown state", strings.Replace(good, `"planned"`, `"asleep"`, 1), "work-state-unknown"},
		{"unknown colour", strings.Replace(good, `"red"`, `"crimson"`, 1), "legend-light"},
		{"a colour alone is not enough", strings.Replace(good, `"滞后"`, `" "`, 1), "legend-label"},
		{"too long for the chip", strings.Replace(good, `"滞后"`, `"`+strings.Repeat("滞", 13)+`"`, 1), "legend-label"},
	} {
		_, err := ParseLegend([]byte(c.in))
		var p *Problem
		if c.code == "" && err == nil || errors.As(err, &p) && p.Code == c.code {
			continue
		}
		t.Errorf("%s: %v, want %q", c.remark, err, c.code)
	}
}
