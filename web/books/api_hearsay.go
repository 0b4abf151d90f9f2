package books

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"liandong/node"
	"liandong/region"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// Hearsay (转述) is what one member recorded of another's word, with what became of it.
type Hearsay struct {
	By        string        `json:"by" doc:"Code of the member that recorded it" example:"510900"`
	Of        string        `json:"of" doc:"Code of the member whose word it is" example:"500152"`
	Circle    string        `json:"circle" example:"suitong"`
	Index     int64         `json:"index" doc:"Of the entry in the book of who recorded it"`
	Source    region.Source `json:"source"`
	Day       string        `json:"day" doc:"On which it was said" example:"2022-05-12"`
	Text      string        `json:"text,omitempty" doc:"None where the words were erased"`
	Who       string        `json:"who,omitempty" doc:"Number of the letter, or who spoke to whom"`
	About     []string      `json:"about" doc:"Ids of what it is about"`
	Withdrawn bool          `json:"withdrawn,omitempty"`
	Reason    string        `json:"reason,omitempty" doc:"Of the withdrawal"`
	Answered  bool          `json:"answered"`
	Confirmed bool          `json:"confirmed,omitempty" doc:"With answered: it was so"`
	Account   string        `json:"account,omitempty" doc:"What the member said itself"`
	Waits     bool          `json:"waits" doc:"For the member whose word it is"`
	Proof     string        `json:"proof"`
}

// hearsayCalls are the calls on what a member said that writes no book yet.
func (p *pages) hearsayCalls(calls *api.API) {
	example := Hearsay{
		By: "510900", Of: "500152", Circle: "suitong", Index: 12, Source: "letter", Day: "2022-05-12", Text: "潼南段征地已完成八成（演示数据）",
		Who: "潼发改函〔2022〕9号（演示数据）", About: []string{"i-77aa"}, Waits: true, Proof: "/proof/suitong/12?member=510900",
	}
	api.Register(calls, operation(http.MethodGet, "hearsay", "/hearsay", "What was recorded of others' words, the newest first, at most 200 (转述)", nil, []Hearsay{example}), region.HearsayRead, p.hearsayCall)
	api.Register(calls, operation(http.MethodPost, "record-hearsay", "/hearsay", "Record what a member said by letter or telephone that writes no book yet (记录转述)",
		map[string]any{"circle": "suitong", "member": "500152", "source": "letter", "day": "2022-05-12", "who": example.Who, "text": example.Text, "about": "i-77aa"}, exampleWritten), region.HearsaySay, p.recordCall)
	api.Register(calls, operation(http.MethodPost, "withdraw-hearsay", "/hearsay/{circle}/{index}/withdraw", "Take back what this member recorded (撤回转述)",
		map[string]any{"reason": "来函系草稿"}, exampleWritten), region.HearsaySay, p.withdrawCall)
	api.Register(calls, operation(http.MethodPost, "answer-hearsay", "/hearsay/{member}/{circle}/{index}/answer", "Confirm or contradict what another member recorded of this one (确认, 更正)",
		map[string]any{"confirmed": false, "text": "已完成六成"}, exampleWritten), region.HearsaySay, p.answerCall)
}

func (p *pages) hearsayCall(ctx context.Context, _ *struct{}) (*api.Answer[[]Hearsay], error) {
	out := []Hearsay{}
	err := p.node.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := region.Hearsays(ctx, tx, mostHearsay)
		for _, h := range all {
			out = append(out, Hearsay{
				By: h.By, Of: h.Of, Circle: h.Circle, Index: h.Index, Source: h.Source, Day: h.Day, Text: h.Words.Text, Who: h.Words.Who,
				About: append([]string{}, h.Subjects...), Withdrawn: h.WasWrong, Reason: h.Withdrawn, Answered: h.Answered, Confirmed: h.Confirmed,
				Account: h.Account, Waits: h.Waits(), Proof: web.ProofHref(h.Book(), h.Index),
			})
		}
		return err
	})
	return &api.Answer[[]Hearsay]{Body: out}, err
}

func (p *pages) recordCall(ctx context.Context, in *struct {
	Body struct {
		Circle string        `json:"circle" example:"suitong"`
		Member string        `json:"member" doc:"Whose word it is: GB/T 2260 code" example:"500152"`
		Source region.Source `json:"source" doc:"letter, telephone, meeting, message or visit"`
		Day    string        `json:"day" doc:"On which it was said" example:"2022-05-12"`
		Who    string        `json:"who" doc:"Number of the letter, or who spoke to whom"`
		Text   string        `json:"text"`
		About  string        `json:"about,omitempty" doc:"Id of what it is about"`
	}
},
) (*api.Answer[Written], error) {
	b := in.Body
	said := node.Said[region.HearsayFacts, region.HearsayWords]{
		Circle: b.Circle, Facts: region.HearsayFacts{Member: b.Member, Source: b.Source, Day: b.Day},
		Words: &region.HearsayWords{Text: strings.TrimSpace(b.Text), Who: strings.TrimSpace(b.Who)},
	}
	if b.About != "" {
		said.Subjects = []string{b.About}
	}
	print := strings.Join([]string{"record-hearsay", b.Circle, b.Member, string(b.Source), b.Day, b.Who, b.Text, b.About}, "\n")
	return p.write(ctx, print, func(ctx context.Context, w *node.Writing) error {
		_, err := region.HearsaySaid.Say(ctx, w, said)
		return err
	})
}

func (p *pages) withdrawCall(ctx context.Context, in *struct {
	Circle string `path:"circle" example:"suitong"`
	Index  int64  `path:"index" doc:"Of the entry in this member's book" example:"12"`
	Body   struct {
		Reason string `json:"reason"`
	}
},
) (*api.Answer[Written], error) {
	print := fmt.Sprintf("withdraw-hearsay\n%s\n%d\n%s", in.Circle, in.Index, in.Body.Reason)
	return p.write(ctx, print, func(ctx context.Context, w *node.Writing) error {
		return region.WithdrawHearsay(ctx, w, in.Index, in.Circle, in.Body.Reason)
	})
}

func (p *pages) answerCall(ctx context.Context, in *struct {
	Member string `path:"member" doc:"Who recorded it" example:"510900"`
	Circle string `path:"circle" example:"suitong"`
	Index  int64  `path:"index" doc:"Of the entry in its book" example:"12"`
	Body   struct {
		Confirmed bool   `json:"confirmed"`
		Text      string `json:"text,omitempty" doc:"What this member says itself; needed where it was not so"`
	}
},
) (*api.Answer[Written], error) {
	print := fmt.Sprintf("answer-hearsay\n%s\n%s\n%d\n%v\n%s", in.Member, in.Circle, in.Index, in.Body.Confirmed, in.Body.Text)
	return p.write(ctx, print, func(ctx context.Context, w *node.Writing) error {
		h, err := region.HearsayAt(ctx, w.Tx(), in.Member+"/"+in.Circle, in.Index)
		if err != nil {
			return err
		}
		return region.AnswerHearsay(ctx, w, h, in.Body.Confirmed, in.Body.Text)
	})
}
