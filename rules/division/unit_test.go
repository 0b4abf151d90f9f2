package division

import "testing"

func TestUnit(t *testing.T) {
	for _, c := range []struct{ remark, place, unit, want string }{
		{"of a city", "遂宁市", "市交通运输局", "遂宁市交通运输局"},
		{"of a district", "潼南区", "区水利局", "潼南区水利局"},
		{"of a county", "蓬溪县", "县发展改革局", "蓬溪县发展改革局"},
		{"of a prefecture", "阿坝州", "州生态环境局", "阿坝州生态环境局"},
		{"already whole", "遂宁市", "遂宁市水利局", "遂宁市水利局"},
		{"without the kind", "遂宁市", "税务局", "遂宁市税务局"},
		{"a place below it", "遂宁市", "船山区农业农村局", "遂宁市船山区农业农村局"},
		{"a word that begins like the kind", "遂宁市", "市场监管局", "遂宁市市场监管局"},
		{"the same with the kind before it", "遂宁市", "市市场监管局", "遂宁市市场监管局"},
		{"the city's people's affairs are no citizens", "遂宁市", "市民政局", "遂宁市民政局"},
		{"of a district, but a word", "潼南区", "区域合作中心", "潼南区区域合作中心"},
		{"another kind's", "潼南区", "市水利局", "潼南区市水利局"},
		{"a district called so", "内江市", "市中区人民政府", "内江市市中区人民政府"},
		{"the place without its kind", "遂宁市", "遂宁高新区", "遂宁高新区"},
		{"no place", "", "市水利局", "市水利局"},
		{"no name", "遂宁市", "", "遂宁市"},
	} {
		if got := Unit(c.place, c.unit); got != c.want {
			t.Errorf("%s: Unit(%q, %q) = %q, want %q", c.remark, c.place, c.unit, got, c.want)
		}
	}
}
