package demo

// plot is what sets an item apart from those that simply go on.
type plot struct {
	done    string // day on which the work was done: a report claims it and the coordinator confirms
	risk    int    // month from which the lead warns; 0: never
	missed  []int  // months in which nothing is filed
	late    []int  // months in which the report comes after the cut-off
	back    []int  // months in which the first filing is sent back
	problem string // instead of what the subject's texts say
}

// plots are by title in any list.
var plots = map[string]plot{
	"推出遂潼精品旅游线路":         {done: "2022-04-22"},
	"川渝通办窗口互设":           {done: "2022-04-19"},
	"编制产业协作招商图谱":         {done: "2022-06-08", late: []int{5}, problem: "图谱数据口径与统计部门不一致，定稿时间推迟。"},
	"开展秸秆禁烧联防":           {done: "2022-05-28"},
	"申报区域性大型物资集散中心":      {done: "2022-06-14"},
	"统一市场准入负面清单执行标准":     {done: "2022-06-10"},
	"统一信用信息归集标准":         {risk: 6, problem: "双方信用信息目录差异较大，27项需要重新编码。"},
	"开行跨省城际公交和城乡客运班线":    {done: "2022-06-13", back: []int{4}},
	"制定园区成本共担利益共享办法":     {risk: 4, problem: "两地对税收留存部分的分享比例、培育期年限尚未达成一致，未能按期印发。"},
	"开展涪江右岸水资源配置工程前期工作":  {risk: 5, late: []int{4}, problem: "可研报告审查要件中用地预审尚未取得，三季度开工存在风险。"},
	"建设遂甘飞地产业园区":         {risk: 4, late: []int{3}, problem: "飞地园区土地指标分两批下达，第二批尚未落实，场平进度慢于计划。"},
	"实施城镇污水处理提质增效":       {risk: 4, back: []int{3}},
	"建设冷链物流骨干节点":         {risk: 5, missed: []int{3}},
	"推进城市更新和老旧小区改造":      {risk: 3, problem: "受沿街管线迁改影响，24个小区未能按期进场。"},
	"支持遂宁高新区争创国家级高新区":    {risk: 5},
	"推动近零碳园区试点":          {risk: 6},
	"推进沱江涪江流域补偿机制":       {risk: 6},
	"推进养老服务协作":           {missed: []int{2, 5}},
	"推动国资国企跨区域合作":        {missed: []int{3}, late: []int{4, 5}},
	"建立跨省公共法律服务协作机制":     {missed: []int{5}},
	"开展成渝消费维权联动":         {late: []int{2}, missed: []int{4}},
	"推进住房公积金异地贷款":        {late: []int{1, 3}},
	"举办成渝地区创新创业大赛遂宁赛区比赛": {missed: []int{1}},
	"开展口岸通关协作":           {late: []int{3, 5}},
	"推进工业互联网标识解析应用":      {back: []int{2, 6}},
	"共建公共实训基地":           {back: []int{5, 6}},
	"发展直播电商和跨境电商":        {back: []int{6}},
	"推进高标准农田建设":          {back: []int{6}},
	"建设蔬菜核心示范基地":         {back: []int{1}},
	"医疗检查结果互认":           {back: []int{4}, late: []int{2}},
	"打通双江至三家断头路":         {risk: 5, problem: "桥梁跨越光缆迁改方案尚未批复，通车时间可能推迟。"},
	"编制遂潼涪江创新产业园区总体规划":   {risk: 6, problem: "规划审批需两省市分别报批，6月底前获批难度较大。"},
	"推进成遂快速通道前期研究":       {missed: []int{3}},
	"推动图书馆文化馆联盟通借通还":     {late: []int{3}},
	"推动遂宁中学与成都石室中学合作办学":  {risk: 6, problem: "管理团队派驻的编制和待遇政策尚待明确，协议文本未最后签订。"},
	"推进遂宁陆港型国家物流枢纽建设":    {back: []int{2}},
	"联合开展安全生产检查":         {late: []int{4}},
	"深化银政企合作落实园区授信":      {back: []int{5}},
	"建设渝遂绵优质蔬菜生产带船山基地":   {late: []int{2}},
	"打造天府源、潼南绿区域公用品牌":    {late: []int{1}},
	"成立乡村振兴研究机构并开展课题研究":  {missed: []int{2}},
	"推动成遂南达万高铁遂宁段前期工作":   {risk: 5, problem: "线路方案涉及多市比选，预可研审查批次未定。"},
	"建立水质监测数据共享平台":       {risk: 6},
	"建立信用信息共享和联合奖惩机制":    {back: []int{3}},
	"开展人才互派挂职":           {done: "2022-06-15"},
	"培育文旅消费新场景":          {late: []int{5}},
	"联合开展动植物疫病防控":        {missed: []int{1}},
	"联合开展应急救援演练":         {back: []int{4}},
	"融入成渝汽车零部件配套体系":      {missed: []int{4}},
	"开行遂潼跨省城际公交":         {done: "2022-06-13"},
	"图书馆通借通还":            {late: []int{3}},
	"建设产学研创协同示范区":        {missed: []int{5}},
	"推进证照互认和电子证照共享":      {back: []int{1}},
	"推进职业教育园区建设":         {late: []int{5}, problem: "实训楼外立面施工进度偏慢，主体完工较节点推迟半个月。"},
	"联合举办柠檬与蔬菜展销":        {missed: []int{2}},
}

// plotOf finds an item's plot by the wording of any of its rows.
func plotOf(w *work) plot {
	for _, r := range w.rows {
		if p, ok := plots[r.title]; ok {
			return p
		}
	}
	return plot{}
}
