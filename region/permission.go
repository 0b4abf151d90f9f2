package region

import "liandong/node"

// Seat is what a person may do for an organisation (席位). A person acts for one at a time.
type Seat string

// The seats. Names in the interface: 管理员, 协调员, 填报员, 审核员, 阅览员, 审计员.
const (
	Administrator Seat = "administrator" // people, organisations, settings; no say in the work
	Coordinator   Seat = "coordinator"   // lists, links, verdicts, bulletins, review
	Reporter      Seat = "reporter"      // reports of his own organisation
	Reviewer      Seat = "reviewer"      // accepts or returns what was filed
	Reader        Seat = "reader"        // reads what was accepted
	Auditor       Seat = "auditor"       // reads everything, proves it, changes nothing
)

// Machine is the seat of what a node says by itself. It is none of Seats: nobody is given it.
const Machine Seat = node.Machine

// Seats lists all seats in the order of the interface.
var Seats = []Seat{Administrator, Coordinator, Reporter, Reviewer, Reader, Auditor}

// Action is one line of the permission table: what a route shows or a kind says.
type Action string

// Actions. Each route and each kind names one; what is not here is denied.
const (
	Public  Action = "public"   // before sign-in: the sign-in page, health, assets
	SelfAct Action = "self.act" // whoever is signed in, on what is his own: sessions, seat, tokens

	BookRead     Action = "book.read"   // the books' page, an entry and its proof
	BookVerify   Action = "book.verify" // verify now
	AuditRead    Action = "audit.read"  // everything written, also what stays inside
	ClockConfirm Action = "node.clock.confirm"
	NodeResume   Action = "node.resume"        // after a restore
	WordsErase   Action = "node.words.erase"   // on request or by a retention rule, for good
	WordsConfirm Action = "node.words.confirm" // that a neighbour's erasure was carried out here
	ErasuresRead Action = "node.erasures.read" // what was erased, and who confirmed it

	OrgWrite        Action = "region.org.write"
	PersonWrite     Action = "region.person.write"
	PeopleRead      Action = "region.people.read"
	CircleOpen      Action = "region.circle.open"
	MemberRecognise Action = "region.member.recognise" // whom this member knows by which keys
	KeyRoll         Action = "region.key.roll"
	NoteSay         Action = "region.note.say"
	NoteRead        Action = "region.note.read"
	HearsaySay      Action = "region.hearsay.say" // what a member said that writes no book yet, and whether it was so
	HearsayRead     Action = "region.hearsay.read"
	SealShow        Action = "region.seal.show" // by which key words are sealed for this member
	ExchangeRead    Action = "exchange.read"    // who recognises whom, what was received and seen when

	PlanRead       Action = "plan.read"
	PlanImport     Action = "plan.import"
	PlanLink       Action = "plan.link"
	PlanVerdict    Action = "plan.verdict"
	PlanObject     Action = "plan.verdict.object" // to a neighbour's verdict on this member's part
	PlanChange     Action = "plan.change"         // proposes and answers changes of what neighbours ask
	PlanCall       Action = "plan.call"           // asks for reports out of turn
	PlanSlip       Action = "plan.slip"           // issues, raises, returns and closes supervision slips
	SlipAnswer     Action = "plan.slip.answer"    // signs for and answers those of its organisation; of neighbours' this member
	SlipRead       Action = "plan.slip.read"
	PlanExport     Action = "plan.export"
	PlanLegend     Action = "plan.legend" // what the colours of lists mean
	ReportFile     Action = "plan.report.file"
	ReportReview   Action = "plan.report.review"
	BulletinRead   Action = "plan.bulletin.read"
	BulletinIssue  Action = "plan.bulletin.issue"
	AttachmentRead Action = "plan.attachment.read"
)

// permissions is the one table: who may do what. Deny by default; which organisation's rows a
// seat reaches is decided where the rows are read.
var permissions = map[Action][]Seat{
	SelfAct: Seats,

	BookRead:     Seats,
	BookVerify:   {Administrator, Coordinator, Auditor},
	AuditRead:    {Auditor},
	ClockConfirm: {Administrator},
	NodeResume:   {Administrator},
	WordsErase:   {Administrator, Machine},
	WordsConfirm: {Machine},
	ErasuresRead: {Administrator, Coordinator, Auditor},

	OrgWrite:        {Administrator, Coordinator},
	PersonWrite:     {Administrator},
	PeopleRead:      {Administrator, Auditor},
	CircleOpen:      {Administrator, Coordinator},
	MemberRecognise: {Administrator},
	KeyRoll:         {Administrator},
	SealShow:        {Machine},
	NoteSay:         {Coordinator},
	NoteRead:        {Coordinator, Auditor},
	HearsaySay:      {Coordinator},
	HearsayRead:     {Coordinator, Reporter, Reviewer, Reader, Auditor},
	ExchangeRead:    {Administrator, Coordinator, Auditor},

	PlanRead:       {Coordinator, Reporter, Reviewer, Reader, Auditor},
	PlanImport:     {Coordinator},
	PlanLink:       {Coordinator},
	PlanVerdict:    {Coordinator},
	PlanObject:     {Coordinator},
	PlanChange:     {Coordinator},
	PlanLegend:     {Administrator, Coordinator},
	PlanCall:       {Coordinator},
	PlanSlip:       {Coordinator},
	SlipAnswer:     {Coordinator, Reporter},
	SlipRead:       {Coordinator, Reporter, Auditor},
	PlanExport:     {Coordinator, Reporter, Reviewer, Reader, Auditor},
	ReportFile:     {Reporter},
	ReportReview:   {Coordinator, Reviewer},
	BulletinRead:   {Coordinator, Reviewer, Reader, Auditor},
	BulletinIssue:  {Coordinator},
	AttachmentRead: {Coordinator, Reporter, Reviewer, Auditor},
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
