package division

import (
	"strings"
	"unicode/utf8"
)

// ownWords begin like a place's kind and are words of their own: 市场监管局 is no 场监管局 of a 市.
var ownWords = []string{"市场", "市容", "市政管理", "市政园林", "市政公用", "市政工程", "市政设施", "市民中心", "市民服务", "市中区", "区域", "区块", "县域"}

// Unit names a unit with its place, as a document that others read does. At home a unit begins with the kind of its place:
// 遂宁市's 市交通运输局 is 遂宁市交通运输局, 潼南区's 区水利局 is 潼南区水利局. What begins with the place, or with its name without the kind (遂宁高新区),
// stays, and a unit without a name reads as its place.
func Unit(place, unit string) string {
	if place == "" || strings.HasPrefix(unit, place) {
		return unit
	}
	kind, size := utf8.DecodeLastRuneInString(place)
	if stem := place[:len(place)-size]; utf8.RuneCountInString(stem) > 1 && strings.HasPrefix(unit, stem) {
		return unit
	}
	for _, word := range ownWords {
		if strings.HasPrefix(unit, word) {
			return place + unit
		}
	}
	if strings.ContainsRune("市区县州", kind) && strings.HasPrefix(unit, string(kind)) {
		return place + unit[size:]
	}
	return place + unit
}
