package region

import "liandong/node"

// Seat is what a person may do for an organisation (席位). A person acts for one at a time.
type Seat string

// The seats. Names in the interface: 系统管理员, 安全管理员, 协调员, 领导, 填报员, 审核员, 阅览员, 审计员.
const (
	Administrator Seat = "administrator" // people, organisations, technical settings; no say in the work
	Security      Seat = "security"      // gives and takes seats, sets the rules of safety; no say in the work
	Coordinator   Seat = "coordinator"   // lists, links, verdicts, bulletins, review
	Leader        Seat = "leader"        // reads what was accepted, and gives his word (批示) on it
	Reporter      Seat = "reporter"      // reports of his own organisation
	Reviewer      Seat = "reviewer"      // accepts or returns what was filed
	Reader        Seat = "reader"        // reads what was accepted
	Auditor       Seat = "auditor"       // reads everything, proves it, changes nothing
)

// Machine is the seat of what a node says by itself. It is none of Seats: nobody is given it.
const Machine Seat = node.Machine

// Seats lists all seats in the order of the interface.
var Seats = []Seat{Administrator, Security, Coordinator, Leader, Reporter, Reviewer, Reader, Auditor}

// Action is one line of the permission table: what a route shows or a kind says.
type Action string

// Actions. Each route and each kind names one; what is not here is denied.
const (
	Public  Action = "public"   // before sign-in: the sign-in page, health, assets
	SelfAct Action = "self.act" // whoever is signed in, on what is his own: sessions, seat, tokens

	BookRead     Action = "book.read"     // the books' page, an entry and its proof
	BookVerify   Action = "book.verify"   // verify now
	AuditRead    Action = "audit.read"    // everything written, also what stays inside
	SignInsRead  Action = "sign-ins.read" // who signed in when, from where, and what was done with accounts
	SignInsSeal  Action = "sign-ins.seal" // how far the record of sign-ins goes
	ClockConfirm Action = "node.clock.confirm"
	NodeResume   Action = "node.resume"        // after a restore
	WordsErase   Action = "node.words.erase"   // on request or by a retention rule, for good
	WordsConfirm Action = "node.words.confirm" // that a neighbour's erasure was carried out here
	ErasuresRead Action = "node.erasures.read" // what was erased, and who confirmed it

	OrgWrite        Action = "region.org.write"
	OrgMerge        Action = "region.org.merge" // with all the work that passes, so it is who says what the work is
	PersonWrite     Action = "region.person.write"
	PersonHand      Action = "region.person.hand" // passes the work of who leaves or moves to a colleague; no say in what it is
	PeopleRead      Action = "region.people.read"
	SeatGive        Action = "region.seat.give"        // and take; the administrator while nobody is the security administrator
	SecurityWrite   Action = "region.security.write"   // the rules of safety, and whose sessions end; as above
	SubstituteWrite Action = "region.substitute.write" // names who stands in (AB岗) for himself; who gives seats for anybody
	CalendarRead    Action = "region.calendar.read"    // which days are working days, and who said so
	CalendarWrite   Action = "region.calendar.write"
	SiteWrite       Action = "region.site.write"      // what the platform is called here, whom to call, and what stands on its pages
	RetentionRead   Action = "region.retention.read"  // how long words are kept
	RetentionWrite  Action = "region.retention.write" // and setting it
	CircleOpen      Action = "region.circle.open"
	MemberRecognise Action = "region.member.recognise" // whom this member knows by which keys
	KeyRoll         Action = "region.key.roll"
	NoteSay         Action = "region.note.say"
	NoteRead        Action = "region.note.read"
	HearsaySay      Action = "region.hearsay.say" // what a member said that writes no book yet, and whether it was so
	HearsayRead     Action = "region.hearsay.read"
	SealShow        Action = "region.seal.show" // by which key words are sealed for this member
	ExchangeRead    Action = "exchange.read"    // who recognises whom, what was received and seen when

	NoticeOwn    Action = "notice.own"    // what the person himself was told, and how he wants to be: the calls, which a token may make for him
	NoticeManage Action = "notice.manage" // over which lines people are told, and what could not be sent

	PlanRead       Action = "plan.read"
	PlanImport     Action = "plan.import"
	PlanLink       Action = "plan.link"
	PlanVerdict    Action = "plan.verdict"
	PlanObject     Action = "plan.verdict.object" // to a neighbour's verdict on this member's part
	PlanChange     Action = "plan.change"         // proposes and answers changes of what neighbours ask
	PlanCall       Action = "plan.call"           // asks for reports out of turn
	PlanDraft      Action = "plan.draft"          // makes lists, sends them for comment, decides on comments
	PlanAmend      Action = "plan.amend"          // asks for another deadline or target of what its organisation leads
	PlanComment    Action = "plan.comment"        // on draft lists that ask its organisation; of neighbours' this member
	PlanDraftRead  Action = "plan.draft.read"
	PlanSlip       Action = "plan.slip"        // issues, raises, returns and closes supervision slips
	SlipAnswer     Action = "plan.slip.answer" // signs for and answers those of its organisation; of neighbours' this member
	SlipRead       Action = "plan.slip.read"
	PlanExport     Action = "plan.export"
	PlanInstruct   Action = "plan.instruct"           // gives a leader's word (批示), returns answers to it and closes it
	InstructAnswer Action = "plan.instruction.answer" // signs for and answers those that name its organisation
	InstructRead   Action = "plan.instruction.read"
	LeaderRead     Action = "plan.leader.read"  // the leader's screen, and the paper that is laid before him
	PlanLegend     Action = "plan.legend"       // what the colours of lists mean
	PlanSplit      Action = "plan.split"        // asks sections, counties and supporting units for parts of what its organisation leads
	ShareAnswer    Action = "plan.share.answer" // reports or declines the parts that are asked of its organisation
	ShareRead      Action = "plan.share.read"
	PlanMeeting    Action = "plan.meeting"        // sets up working groups, calls meetings, issues their minutes
	MeetingAnswer  Action = "plan.meeting.answer" // answers invitations and minutes for its organisation; to neighbours for this member
	MeetingRead    Action = "plan.meeting.read"
	ReportFile     Action = "plan.report.file"
	ReportSign     Action = "plan.report.sign"   // signs (审签) what his own organisation reports, before it is filed
	SigningWrite   Action = "plan.signing.write" // whether an organisation's reports are signed first
	ReportReview   Action = "plan.report.review"
	BulletinRead   Action = "plan.bulletin.read"
	BulletinIssue  Action = "plan.bulletin.issue"
	AttachmentRead Action = "plan.attachment.read"
	AttachmentSend Action = "plan.attachment.send" // a file that something said later will carry
)

// permissions is the one table: who may do what. Deny by default; which organisation's rows a
// seat reaches is decided where the rows are read.
var permissions = map[Action][]Seat{
	SelfAct: Seats,

	BookRead:     Seats,
	BookVerify:   {Administrator, Coordinator, Auditor},
	AuditRead:    {Auditor},
	SignInsRead:  {Auditor},
	SignInsSeal:  {Machine},
	ClockConfirm: {Administrator},
	NodeResume:   {Administrator},
	WordsErase:   {Administrator, Machine},
	WordsConfirm: {Machine},
	ErasuresRead: {Administrator, Coordinator, Auditor},

	OrgWrite:        {Administrator, Coordinator},
	OrgMerge:        {Coordinator},
	PersonWrite:     {Administrator},
	PersonHand:      {Administrator, Security},
	PeopleRead:      {Administrator, Security, Auditor},
	SeatGive:        {Administrator, Security},
	SecurityWrite:   {Administrator, Security},
	SubstituteWrite: {Administrator, Security, Coordinator, Leader, Reporter, Reviewer},
	CalendarRead:    {Administrator, Coordinator, Auditor},
	CalendarWrite:   {Administrator},
	SiteWrite:       {Administrator},
	RetentionRead:   {Administrator, Auditor},
	RetentionWrite:  {Administrator},
	CircleOpen:      {Administrator, Coordinator},
	MemberRecognise: {Administrator},
	KeyRoll:         {Administrator},
	SealShow:        {Machine},
	NoteSay:         {Coordinator},
	NoteRead:        {Coordinator, Auditor},
	HearsaySay:      {Coordinator},
	HearsayRead:     {Coordinator, Leader, Reporter, Reviewer, Reader, Auditor},
	ExchangeRead:    {Administrator, Coordinator, Auditor},

	NoticeOwn:    Seats,
	NoticeManage: {Administrator},

	PlanRead:       {Coordinator, Leader, Reporter, Reviewer, Reader, Auditor},
	PlanImport:     {Coordinator},
	PlanLink:       {Coordinator},
	PlanVerdict:    {Coordinator},
	PlanObject:     {Coordinator},
	PlanChange:     {Coordinator},
	PlanLegend:     {Administrator, Coordinator},
	PlanCall:       {Coordinator},
	PlanDraft:      {Coordinator},
	PlanAmend:      {Reporter},
	PlanComment:    {Coordinator, Reporter},
	PlanDraftRead:  {Coordinator, Reporter, Auditor},
	PlanSlip:       {Coordinator},
	SlipAnswer:     {Coordinator, Reporter},
	SlipRead:       {Coordinator, Leader, Reporter, Auditor},
	PlanExport:     {Coordinator, Leader, Reporter, Reviewer, Reader, Auditor},
	PlanInstruct:   {Coordinator, Leader},
	InstructAnswer: {Coordinator, Reporter},
	InstructRead:   {Coordinator, Leader, Reporter, Auditor},
	LeaderRead:     {Coordinator, Leader},
	PlanSplit:      {Reporter, Reviewer},
	ShareAnswer:    {Reporter},
	ShareRead:      {Coordinator, Reporter, Reviewer, Auditor},
	PlanMeeting:    {Coordinator},
	MeetingAnswer:  {Coordinator, Reporter},
	MeetingRead:    {Coordinator, Leader, Reporter, Auditor},
	ReportFile:     {Reporter},
	ReportSign:     {Reviewer},
	SigningWrite:   {Administrator, Reviewer},
	ReportReview:   {Coordinator, Reviewer},
	BulletinRead:   {Coordinator, Leader, Reviewer, Reader, Auditor},
	BulletinIssue:  {Coordinator},
	AttachmentRead: {Coordinator, Leader, Reporter, Reviewer, Auditor},
	AttachmentSend: {Coordinator, Leader, Reporter},
}

// May says whether a seat may do an action.
func May(seat Seat, act Action) bool {
	for _, s := range permissions[act] {
		if s == seat {
			return true
		}
	}
	return false
}

// Actions lists the lines of the table, for the test that walks them.
func Actions() []Action {
	var all []Action
	for a := range permissions {
		all = append(all, a)
	}
	return all
}

// Permit is May in the form that a node asks in.
func Permit(a node.Actor, action string) bool { return May(Seat(a.Seat), Action(action)) }
