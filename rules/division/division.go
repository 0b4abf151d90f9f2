// Package division (行政区划) names places by their code.
//
// Words: a code (代码) has the six digits of GB/T 2260; a place (地方) is a province, a city, a district
// or a county that may be a member of the platform or a side of a list.
package division

import "strings"

// Place is one place with its code.
type Place struct {
	Code string
	Name string
}

// places are those of 川渝: cities of 四川 and the counties of 遂宁, districts and counties of 重庆, as in
// GB/T 2260; autonomous prefectures and counties by their short names.
const places = `510000 四川省 500000 重庆市 510100 成都市 510300 自贡市 510400 攀枝花市 510500 泸州市 510600 德阳市 510700 绵阳市
510800 广元市 510900 遂宁市 511000 内江市 511100 乐山市 511300 南充市 511400 眉山市 511500 宜宾市 511600 广安市 511700 达州市
511800 雅安市 511900 巴中市 512000 资阳市 513200 阿坝州 513300 甘孜州 513400 凉山州
510903 船山区 510904 安居区 510921 蓬溪县 510923 大英县 510981 射洪市
500101 万州区 500102 涪陵区 500103 渝中区 500104 大渡口区 500105 江北区 500106 沙坪坝区 500107 九龙坡区 500108 南岸区 500109 北碚区
500110 綦江区 500111 大足区 500112 渝北区 500113 巴南区 500114 黔江区 500115 长寿区 500116 江津区 500117 合川区 500118 永川区
500119 南川区 500120 璧山区 500151 铜梁区 500152 潼南区 500153 荣昌区 500154 开州区 500155 梁平区 500156 武隆区
500229 城口县 500230 丰都县 500231 垫江县 500233 忠县 500235 云阳县 500236 奉节县 500237 巫山县 500238 巫溪县
500240 石柱县 500241 秀山县 500242 酉阳县 500243 彭水县`

var known, names = read()

func read() ([]Place, map[string]string) {
	fields := strings.Fields(places)
	all, byCode := make([]Place, 0, len(fields)/2), map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		all = append(all, Place{fields[i], fields[i+1]})
		byCode[fields[i]] = fields[i+1]
	}
	return all, byCode
}

// Apart says that of two places neither is a part of the other: 遂宁市 and 潼南区, but not 遂宁市 and its 船山区.
func Apart(a, b string) bool { return !part(a, b) && !part(b, a) }

// part: the code of what lies in a place begins with that of the place but for the pairs of noughts at its end.
func part(whole, of string) bool {
	for strings.HasSuffix(whole, "00") {
		whole = strings.TrimSuffix(whole, "00")
	}
	return strings.HasPrefix(of, whole)
}

// Known lists the places that are known here. It must not be changed.
func Known() []Place { return known }

// Name is the name of the place with a code; empty for a code that is not known here.
func Name(code string) string { return names[code] }
