package sheet

import (
	"regexp"
	"slices"
	"strings"
)

// unitCell is what a cell of units says.
type unitCell struct {
	own    Units
	sides  map[string]Units
	shared bool     // 按职责分工负责
	people []string // persons named beside their unit
}

// unitReader reads cells of units in one column.
type unitReader struct {
	sides *sideBook
	known func(name string) bool // is a name of the directory
	role  Field                  // Lead or Support: what an unmarked unit is
	// first: only the first unmarked unit is lead, the others support (责任单位 without 配合单位).
	first bool
	side  string // the column belongs to this side
}

var (
	roleWord = `(?:第一|主要|市级|共同|总)?(?:牵头|责任|主办|主责|承办|配合|协办|协同|协助|参与|参加|落实|实施|支持)(?:责任)?(?:单位|部门|方|市级部门|处室|科室)?(?:及责任人)?`
	// labelled: "牵头单位：", "遂宁市：", "市发改委：".
	labelled = regexp.MustCompile(`([\p{Han}A-Za-z0-9（）()]{2,24}?)\s*[:：]`)
	// bare role words that need no colon.
	bareRole = regexp.MustCompile(`(牵头|主办|主责|责任|配合|协办|参与|协助)(单位|部门)`)
	// a role before its units, "牵头市发改委，配合市交通局".
	frontRole = regexp.MustCompile(`(^|[，,；;、。：:\n ])(牵头|主办|配合|协办|参与|协助)([市区县省各由遂潼])`)
	roleLabel = regexp.MustCompile(`^(.*?)(` + roleWord + `)$`)
	supports  = regexp.MustCompile(`配合|协办|协同|协助|参与|参加|支持`)
	shared    = regexp.MustCompile(`[，,、]?\s*(?:等)?(?:市级)?(?:相关|有关|各)?(?:部门|单位)?(?:按照?|依据?|根据)(?:各自|部门|工作|单位)*职[责能](?:分工)?(?:分别|共同|各自)?(?:负责|落实|推进|抓好落实|组织实施|牵头负责|开展工作)?`)
	nothing   = regexp.MustCompile(`^[\s/／\\—–\-－_、.。无]*$`)
	verbs     = regexp.MustCompile(`牵头(?:负责|组织实施|实施|落实|推进|抓总)?|(?:共同|协同|积极|密切)?(?:配合|参与|协办|协助)(?:落实|实施|推进)?`)
)

// read understands one cell.
func (u *unitReader) read(text string) unitCell {
	out := unitCell{sides: map[string]Units{}}
	text = asShown(text)
	if nothing.MatchString(text) {
		return out
	}
	side, role, led := u.side, Field(""), false
	for _, seg := range u.segments(text) {
		if seg.side != "" {
			side, role, led = seg.side, "", false
		}
		if seg.role != "" {
			role = seg.role
		}
		if seg.plain { // 责任单位 beside 牵头单位 supports; alone it leads
			if role = ""; led {
				role = Support
			}
		}
		if seg.person {
			if who := strings.Trim(seg.text, " \n；;，,、。"); who != "" {
				out.people = append(out.people, who)
			}
			continue
		}
		led = led || role == Lead
		out.add(u.orOwn(side, &out), u.body(seg.text, role, &out))
	}
	return out
}

// orOwn maps the list's own side to "". Where nobody said whose list it is, the side that is named
// first is taken for its own.
func (u *unitReader) orOwn(side string, out *unitCell) string {
	if side != "" && u.sides.self == "" && len(out.sides) == 0 && len(out.own.Lead)+len(out.own.Support) == 0 {
		u.sides.self = side
	}
	if side == u.sides.self {
		return ""
	}
	return side
}

func (c *unitCell) add(side string, more Units) {
	into := c.own
	if side != "" {
		into = c.sides[side]
	}
	for _, n := range more.Lead {
		if !slices.Contains(into.Lead, n) {
			into.Lead = append(into.Lead, n)
		}
	}
	for _, n := range more.Support {
		if !slices.Contains(into.Support, n) && !slices.Contains(into.Lead, n) {
			into.Support = append(into.Support, n)
		}
	}
	switch {
	case side == "":
		c.own = into
	case len(into.Lead)+len(into.Support) > 0:
		c.sides[side] = into
	}
}

// segment is text under one label.
type segment struct {
	side, text string
	role       Field
	plain      bool // labelled 责任单位, which is lead or support
	person     bool // labelled 责任人 or 联系电话: no unit
}

// segments cuts a cell at its labels: sides, roles, or a unit that is followed by its duty.
func (u *unitReader) segments(text string) []segment {
	text = frontRole.ReplaceAllString(text, "${1}${2}单位：${3}")
	text = bareRole.ReplaceAllStringFunc(text, func(m string) string { return m + "：" })
	text = strings.NewReplacer("：：", "：", "：:", "：", "::", "：").Replace(text)
	found := labelled.FindAllStringSubmatchIndex(text, -1)
	if len(found) == 0 {
		return []segment{{text: text}}
	}
	var out []segment
	if found[0][0] > 0 {
		out = append(out, segment{text: text[:found[0][0]]})
	}
	for i, m := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		out = append(out, u.labelledSegment(text[m[2]:m[3]], text[m[1]:end]))
	}
	return out
}

func (u *unitReader) labelledSegment(name, body string) segment {
	name = strings.TrimLeft(name, "（(）)")
	if code, ok := u.sides.code(name); ok {
		return segment{side: code, text: body}
	}
	if m := roleLabel.FindStringSubmatch(name); m != nil {
		seg := segment{role: Lead, text: body}
		if supports.MatchString(m[2]) {
			seg.role = Support
		} else if strings.Contains(m[2], "责任") && !strings.Contains(m[2], "牵头") && !strings.Contains(m[2], "主要") {
			seg.role, seg.plain = "", true
		}
		if code, ok := u.sides.code(strings.TrimRight(m[1], "（(")); ok && m[1] != "" {
			seg.side = code
		}
		return seg
	}
	if personLabel.MatchString(name) {
		return segment{person: true, text: body}
	}
	if levelWord.MatchString(name) {
		return segment{text: body}
	}
	if looksLikeUnit(name) || u.known(name) {
		return segment{text: name} // "市发改委：负责统筹"
	}
	return segment{text: name + "、" + body}
}

var personLabel = regexp.MustCompile(`^(?:责任人|负责人|联系人|联络员|经办人|(?:责任|分管|牵头|包联|联系|市|区|县)?领导|(?:联系)?电话|联系方式|手机)$`)

var levelWord = regexp.MustCompile(`^(市级|区级|县级|省级|市直|区直|川方|渝方|其他|其它|地方|部门|单位)(部门|单位)?$`)

// body reads the units of one segment.
func (u *unitReader) body(text string, role Field, out *unitCell) Units {
	if shared.MatchString(text) {
		out.shared = true
		text = shared.ReplaceAllString(text, "、")
	}
	text = endVerbs(text)
	var units Units
	var open []string // not marked yet
	marked := role != ""
	for _, t := range u.tokens(text) {
		name, mark := unmark(t)
		if name = cleanUnit(name); name != "" {
			if u.person(name, open, units) {
				out.people = append(out.people, name)
			} else {
				open = append(open, name)
			}
		}
		switch mark {
		case Lead:
			units.Lead, open, marked = append(units.Lead, open...), nil, true
			role = Support
		case Support:
			units.Support, open = append(units.Support, u.early(&units, &open)...), nil
		}
	}
	u.rest(&units, open, role, marked || out.shared)
	return units
}

// early: of "A、B、C（配合）" only the marked unit is support when the mark stands in its brackets
// and nobody led yet; of "B、C配合" all are.
func (u *unitReader) early(units *Units, open *[]string) []string {
	if len(units.Lead) > 0 || u.role == Support || len(*open) < 2 {
		return *open
	}
	lead, last := (*open)[:len(*open)-1], (*open)[len(*open)-1:]
	if u.first {
		lead, last = (*open)[:1], (*open)[1:]
	}
	units.Lead = append(units.Lead, lead...)
	return last
}

// rest places the units nobody marked.
func (u *unitReader) rest(units *Units, open []string, role Field, marked bool) {
	if len(open) == 0 {
		return
	}
	if role == "" {
		role = u.role
	}
	switch {
	case role == Support:
		units.Support = append(units.Support, open...)
	case u.first && !marked && len(units.Lead) == 0:
		units.Lead, units.Support = open[:1:1], append(units.Support, open[1:]...)
	default:
		units.Lead = append(units.Lead, open...)
	}
}

// endVerbs puts a separator after 牵头 and 配合 used as verbs: "由A牵头B配合".
func endVerbs(text string) string {
	text = strings.ReplaceAll(text, "会同", "（牵头）、")
	var b strings.Builder
	at := 0
	for _, m := range verbs.FindAllStringIndex(text, -1) {
		b.WriteString(text[at:m[1]])
		at = m[1]
		if !strings.HasPrefix(text[at:], "）") && !strings.HasPrefix(text[at:], ")") {
			b.WriteString("、")
		}
	}
	b.WriteString(text[at:])
	return b.String()
}

var (
	bracketMark = regexp.MustCompile(`[（(【\[]\s*(牵头|主办|主责|责任|配合|协办|参与|协助)(?:单位|部门)?\s*[）)】\]]`)
	verbMark    = regexp.MustCompile(`(牵头|主办|配合|协办|参与|协助)(?:负责|组织实施|实施|落实|推进|抓总)?$`)
	beforeVerb  = regexp.MustCompile(`(?:负责|共同|协同|积极|密切|具体)$`)
)

// unmark takes "（牵头）" or "牵头" off a name.
func unmark(t string) (name string, mark Field) {
	if m := bracketMark.FindStringSubmatch(t); m != nil {
		return bracketMark.ReplaceAllString(t, ""), markOf(m[1])
	}
	t = strings.TrimRight(t, "。.")
	if m := verbMark.FindStringSubmatchIndex(t); m != nil {
		return beforeVerb.ReplaceAllString(t[:m[0]], ""), markOf(t[m[2]:m[3]])
	}
	return t, ""
}

func markOf(word string) Field {
	if supports.MatchString(word) {
		return Support
	}
	return Lead
}

// person: a name of two or three characters after its unit, "市发改委 张三".
func (u *unitReader) person(name string, open []string, units Units) bool {
	if len(open)+len(units.Lead) == 0 || looksLikeUnit(name) || u.known(name) {
		return false
	}
	return personName.MatchString(name)
}

var personName = regexp.MustCompile(`^[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳段焦巴弓牧车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻党翟谭贡劳申扶堵冉宰雍郤桑桂牛寿通边扈燕冀尚温庄晏柴瞿阎连茹习艾鱼容向古易廖居衡步都耿满文寇广阙东欧沃利师巩聂晁勾敖融冷辛阚那简饶空曾沙丰关蒯相查荆红游权岳帅况肖付覃][\p{Han}]{1,2}$`)
