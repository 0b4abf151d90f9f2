package sheet

import (
	"regexp"
	"strings"
)

// How sure a label is.
const (
	unknown = iota
	weak    // only together with other labels
	likely  // contains the word
	certain // is the word
)

// words are the headers offices write, folded. RULES 2.1, widened.
var words = map[Field]string{
	Number: "序号 编号 项次 任务编号 任务序号 事项编号 项目序号 no no. № 序 号 排序 次序 项号 顺序号",
	Section: "类别 领域 板块 分类 任务类别 大类 工作类别 重点领域 工作领域 任务分类 项目类别 所属领域 模块 " +
		"方面 重点方向 工作方向 主攻方向 领域类别 工作板块 所属板块 项目类型 任务类型 所属类别 专项 章节 一级任务 事项类别 工作方面 任务板块",
	Title: "工作任务 重点任务 任务名称 事项名称 工作事项 项目名称 目标任务 任务 事项 重点工作 主要任务 任务事项 重点事项 工作要点 " +
		"工作项目 任务内容 重点工作任务 工作任务内容 改革事项 合作事项 议定事项 督办事项 交办事项 主要工作 工作名称 重大项目 任务清单 建设项目 " +
		"年度任务 年度重点任务 年度工作任务 任务要求 任务事项名称 重点项目 二级任务 合作项目 具体事项 重点任务名称 主要工作任务 议题 督查事项 " +
		"重点工作内容 主要任务内容 工作任务名称 年度重点工作 重大事项 任务条目 事项内容 督办内容 交办内容 清单事项 待办事项 共建事项 重点合作事项",
	Measures: "主要内容 具体举措 工作措施 工作内容 建设内容 主要措施 具体措施 推进措施 工作举措 重点举措 建设内容及规模 建设规模及内容 " +
		"主要建设内容 主要工作内容 实施内容 具体内容 任务分解 细化措施 具体任务 工作任务分解 落实措施 主要举措 工作要求 具体工作 举措 措施 三级任务 " +
		"内容 具体要求 落实举措 工作安排 建设规模及主要内容 项目内容 具体工作内容 细化任务 分解任务 具体工作任务 推进举措 主要建设内容及规模 建设规模",
	Target: "年度目标 工作目标 预期成效 成果形式 量化指标 目标 目标要求 预期目标 预期成果 主要目标 年度任务目标 完成目标 指标 目标值 绩效目标 " +
		"成果 考核指标 阶段目标 标志性成果 工作成果 年度工作目标 年度建设目标 年度计划目标 目标成效 可检验成果 完成标准 总体目标 具体目标",
	Lead: "牵头单位 牵头部门 主责单位 牵头责任单位 主办单位 承办单位 牵头 主责部门 主办部门 牵头市级部门 市级牵头单位 市级牵头部门 " +
		"第一责任单位 牵头责任部门 主牵头单位 总牵头单位 主要责任单位 牵头处室 牵头科室 主责 牵头方 主体责任单位 牵头及责任单位",
	Support: "配合单位 协办单位 参与单位 配合部门 协办部门 协同单位 参加单位 协助单位 配合 支持单位 参与部门 协同部门 配合责任单位 协同配合单位 配合方 成员单位 配合市级部门 责任配合单位",
	Leader: "责任领导 分管领导 包联领导 责任人 联系人 负责人 牵头领导 责任人员 挂联领导 市领导 联系领导 责任县领导 责任市领导 分管市领导 " +
		"牵头市领导 联系市领导 具体责任人 工作责任人 主要负责人 联络员 经办人 市级领导 责任人及电话 包保领导 责任人及联系方式 联系人及电话 第一责任人 区领导 挂钩领导",
	Due: "完成时限 完成时间 时间节点 时限要求 进度安排 时限 时间要求 截止时间 办结时限 完成期限 计划完成时间 时间安排 时间进度 预计完成时间 " +
		"完成日期 截止日期 节点 工作时限 推进时限 竣工时间 建成时间 计划完工时间 完工时间 办理时限 计划完成时限 期限 任务时限 要求完成时间 完成节点 " +
		"时间 完成时限要求 计划竣工时间 目标时限 起止时间 起止年限 建设年限 建设工期 起止年月 建设起止年限 实施期限 完成月份 推进计划 计划时间 落实时限 整改时限 时限节点",
	Done: "推进情况 进展情况 工作进展 形象进度 工作进展情况 落实情况 目前进展 进度 最新进展 工作推进情况 进展 办理情况 贯彻落实情况 执行情况 " +
		"实施进展 工作进度 当前进展 完成进度 推进进展 工作落实情况 目前进展情况 任务进展 项目进展 推进进度 工作开展情况 开展情况 进度情况",
	Trouble: "存在问题 困难问题 问题 存在的问题 存在困难 困难和问题 存在问题及困难 存在的困难 问题困难 主要问题 困难 存在困难问题 存在的主要问题 " +
		"需协调解决的问题 需要协调事项 需协调事项 需协调解决事项 存在的困难和问题 未完成原因",
	Next: "下一步打算 下步工作计划 下月计划 下一步工作 下步打算 下一步工作计划 下一步计划 下阶段计划 下步计划 下步工作 下月工作计划 下步工作打算 " +
		"下一步工作打算 下一步安排 下步安排 下一步工作安排 下步措施 下一步措施 下一步推进计划 下季度计划 下一步",
	Money: "总投资 年度计划投资 累计完成投资 投资额 年度投资 计划投资 完成投资 概算总投资 估算总投资 年度完成投资 累计投资 投资 本月完成投资 资金",
	Status: "状态 是否完成 亮灯 完成状态 进展状态 红黄绿灯 灯色 完成与否 预警 亮灯情况 工作状态 任务状态 是否达标 预警等级 进展标识 亮牌 完成情况标识 " +
		"推进状态 是否办结 办结状态",
	Note: "备注 说明 备注说明 附注 备考",
}

// cautious words count only beside others: they stand in every sort of table.
var cautious = map[string]Field{
	"单位": Lead, "部门": Lead, "责任": Lead, "名称": Title, "内容": Measures, "时间": Due, "项目": Title, "姓名": Extra,
	"进度": Done, "资金": Money, "投资": Money, "问题": Trouble, "指标": Target, "目标": Target, "事项": Title,
	"负责人": Leader, "联系人": Leader, "成员单位": Support, "议题": Title, "困难": Trouble, "章节": Section, "联络员": Leader, "经办人": Leader,
	"主要负责人": Leader, "指标名称": Title, "主要指标": Title, "指标任务": Title, "任务指标": Title, "目标名称": Title,
}

// responsible are the headers whose meaning hangs on the others: lead where no column says 牵头.
const responsible = " 责任单位 责任部门 责任主体 落实单位 实施单位 责任单位及责任人 责任处室 责任科室 承担单位 责任单位(部门) 相关责任单位 市级责任单位 " +
	"责任部门(单位) 市级责任部门 县级责任单位 责任区县 责任地区 责任县区 责任方 实施主体 责任部门及单位 责任部门和单位 办理单位 推进单位 责任单位和责任人 " +
	"责任分工 职责分工 任务分工 工作分工 责任单位分工 部门分工 单位分工 "

var exact = invert(words)

func invert(in map[Field]string) map[string]Field {
	out := map[string]Field{}
	for f, list := range in {
		for _, w := range strings.Fields(list) {
			out[fold(w)] = f
		}
	}
	for _, w := range strings.Fields(responsible) {
		out[w] = Lead
	}
	for w, f := range cautious {
		out[w] = f
	}
	out["完成情况"] = Done
	return out
}

// parts are tried in order when no word fits the whole label.
var parts = []struct {
	re    *regexp.Regexp
	field Field
}{
	{regexp.MustCompile(`资金来源|投资主体|业主|建设性质|开工时间|启动时间|开始时间|电话|联系方式|进展时限|单价|填报`), Extra},
	{regexp.MustCompile(`下一?步|下月|下阶段|下季度|下一阶段`), Next},
	{regexp.MustCompile(`^截[至止].*(完成|累计|达到|实现)|^(实际|累计|已)完成(值|数|量)?$`), Done},
	{regexp.MustCompile(`进展|推进情况|完成情况|落实情况|形象进度|办理情况|开展情况|办理结果`), Done},
	{regexp.MustCompile(`存在.*(问题|困难)|困难.*问题|问题.*困难|需.*协调`), Trouble},
	{regexp.MustCompile(`配合|协办|协同|参与|协助`), Support},
	{regexp.MustCompile(`(牵头|责任|主办)(单位|部门)$`), Lead}, // also 牵头领导及牵头单位: the units are what must not be lost
	{regexp.MustCompile(`领导|责任人$|联系人`), Leader},
	{regexp.MustCompile(`牵头|主办|主责|承办`), Lead},
	{regexp.MustCompile(`责任.{0,4}(单位|部门|主体)|(单位|部门)责任`), Lead},
	{regexp.MustCompile(`时限|期限|何时完成|完成时间|完成日期|时间节点|截止|竣工|办结时间|完工|时间要求|建成时间`), Due},
	{regexp.MustCompile(`目标|成效|成果|指标`), Target},
	{regexp.MustCompile(`总投资|完成投资|计划投资|年度投资|投资额`), Money},
	{regexp.MustCompile(`(措施|举措|内容|任务分解|具体任务)$`), Measures},
	{regexp.MustCompile(`(任务|事项|工作要点|重点工作|项目名称)(名称|清单)?$`), Title},
	{regexp.MustCompile(`亮灯|红黄绿|是否完成|状态$`), Status},
	{regexp.MustCompile(`(类别|领域|板块|分类)$`), Section},
	{regexp.MustCompile(`序号|编号$`), Number},
	{regexp.MustCompile(`^备注`), Note},
}

var (
	bracketed  = regexp.MustCompile(`[(\[【〔][^)\]】〕]*[)\]】〕]`)
	yearBefore = regexp.MustCompile(`^(20\d\d年?(度)?|本年度?|今年|当年)`)
)

// label is a header folded, without remarks in brackets and without a year before it.
func label(header string) string {
	s := fold(header)
	if strings.ContainsAny(s, "([【〔") {
		s = bracketed.ReplaceAllString(s, "")
	}
	s = strings.Trim(s, ":;,.*、/·")
	if strings.HasPrefix(s, "20") || strings.HasPrefix(s, "本") || strings.HasPrefix(s, "今") || strings.HasPrefix(s, "当") {
		if cut := yearBefore.ReplaceAllString(s, ""); cut != "" {
			s = cut
		}
	}
	return s
}

const longestLabel = 96 // bytes; longer texts are no headers, which spares the work of looking

// isWord: the text is exactly a word of headers. It is asked of every cell, so it is cheap.
func isWord(text string) bool {
	if len(text) > longestLabel || text == "" {
		return false
	}
	s := label(text)
	_, known := exact[s]
	_, careful := cautious[s]
	return known && !careful
}

// IsHeader says that a text is a word that offices write over a column and not into it: 牵头单位, 备注, but not 进展顺利.
func IsHeader(text string) bool {
	if len(text) > longestLabel {
		return false
	}
	_, known := exact[label(text)]
	return known
}

// classify says what a header means and how sure that is.
func classify(header string) (Field, int) {
	if len(header) > 2*longestLabel {
		return Extra, unknown
	}
	s := label(header)
	if s == "" || length(s) > 24 {
		return Extra, unknown
	}
	if f, ok := exact[s]; ok {
		if _, c := cautious[s]; c {
			return f, weak
		}
		return f, certain
	}
	if strings.ContainsAny(s, "。;:") { // 联系人:王某 is a remark over the table, not the head of a column
		return Extra, unknown
	}
	for _, p := range parts {
		if p.re.MatchString(s) {
			if p.field == Extra {
				return Extra, unknown
			}
			return p.field, likely
		}
	}
	return Extra, unknown
}

// saysResponsible tells a 责任单位 column from a 牵头单位 one. Under a wide header the leaf counts,
// unless it only names a side: 责任单位/遂宁市.
func saysResponsible(header string) bool {
	parent, leaf, _ := cutLast(header, "/")
	s := label(leaf)
	if _, sure := classify(leaf); sure == unknown && parent != "" {
		s = label(parent)
	}
	return strings.Contains(responsible, " "+s+" ") ||
		(strings.Contains(s, "责任") || strings.Contains(s, "单位") || strings.Contains(s, "部门")) &&
			!strings.Contains(s, "牵头") && !strings.Contains(s, "主")
}
