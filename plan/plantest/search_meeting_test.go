package plantest_test

import (
	"context"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
)

// found are the meetings and minutes that a search finds, as sort, title and snippet.
func found(t *testing.T, o *plantest.Office, text string, kind plan.HitKind, who node.Actor) string {
	t.Helper()
	p, err := o.Search(context.Background(), plan.SearchQuery{Text: text, Kind: kind, Viewer: plan.ViewerOf(who)})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, g := range p.Groups {
		if g.Kind != "meeting" && g.Kind != "minutes" {
			continue
		}
		for _, h := range g.Hits {
			line := string(g.Kind) + " " + h.Meeting + " "
			for _, piece := range append(h.Title, h.Snippet...) {
				line += piece.Text
			}
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

// TestMeetingsAreFoundByWords: an invitation by its title and its points, minutes by what was said and decided, by who may read the meeting and by
// nobody else; who came is not searched, and what was erased is found no more.
func TestMeetingsAreFoundByWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := open(t, s)
		o.Day("2022-06-20")
		group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[road]}, Words: plan.GroupWords{Name: "交通专班"}})
		id, err := o.CallMeeting(ctx, o.Coordinator(), prepared(t, o, group, "2022-06-24", "琼江巡查调度会", plan.DraftPoint{Ground: plan.AgendaFree, Title: "联合巡查安排", Text: "研究船只调配"}))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.ReplyMeeting(ctx, o.As(region.Reporter, road), id, plan.MeetingComes, plan.MeetingReplyWords{People: "欧阳演示"}); err != nil {
			t.Fatal(err)
		}
		o.Day("2022-06-24")
		m, err := o.MinutesDraft(ctx, id, plan.ViewerOf(o.Coordinator().Actor))
		if err != nil {
			t.Fatal(err)
		}
		plantest.AllCame(&m)
		m.Chair = "欧阳演示"
		m.Points[0].Text = "会议听取了汛期水位情况。"
		m.Resolutions = []plan.DraftResolution{{Point: 1, Text: "七月上旬完成浮标布设", Org: o.Units[road], Follow: plan.FollowNone}}
		if err := o.IssueMinutes(ctx, o.Coordinator(), id, m); err != nil {
			t.Fatal(err)
		}
		if err := o.Reindex(ctx); err != nil {
			t.Fatal(err)
		}
		office, invited, other := o.Coordinator().Actor, o.As(region.Reporter, road).Actor, o.As(region.Reporter, farm).Actor
		for _, c := range []struct{ remark, text, want string }{
			{"by the title", "琼江巡查", "meeting " + id + " 琼江巡查调度会"},
			{"by a point", "船只调配", "meeting " + id + " 琼江巡查调度会研究船只调配"},
			{"by what was said", "汛期水位", "minutes " + id + " 琼江巡查调度会会议听取了汛期水位情况。"},
			{"by a decision", "浮标布设", "minutes " + id + " 琼江巡查调度会七月上旬完成浮标布设"},
			{"by who came", "欧阳演示", ""},
		} {
			for _, who := range []node.Actor{office, invited, o.As(region.Auditor, plantest.UnitNames[0]).Actor, o.As(region.Leader, plantest.UnitNames[0]).Actor} {
				if got := found(t, o, c.text, "", who); got != c.want {
					t.Errorf("%s, %s finds %q, want %q", c.remark, who.Seat, got, c.want)
				}
			}
			for _, who := range []node.Actor{other, o.As(region.Reader, road).Actor, o.As(region.Reviewer, road).Actor} {
				if got := found(t, o, c.text, "", who) + found(t, o, c.text, "minutes", who); got != "" {
					t.Errorf("%s, %s of another unit finds %q", c.remark, who.Seat, got)
				}
			}
		}
		if got := found(t, o, "浮标布设", "minutes", invited); !strings.HasPrefix(got, "minutes") {
			t.Errorf("of that sort only: %q", got)
		}
		wantCode(t, "corrected", "", o.CorrectMinutes(ctx, o.Coordinator(), id, func(n *plan.MinutesCorrection) {
			n.Resolutions[0].Text, n.Reason = "七月上旬完成航标布设", "笔误"
		}))
		if err := o.CatchUpSearch(ctx); err != nil {
			t.Fatal(err)
		}
		if old, now := found(t, o, "浮标布设", "", invited), found(t, o, "航标布设", "", invited); old != "" || !strings.HasPrefix(now, "minutes "+id) {
			t.Errorf("corrected: by what stood %q, by what stands %q", old, now)
		}
		minutes := meetingOf(t, o, id, plan.ViewerOf(office)).Minutes
		admin := node.Request{Actor: node.Actor{Person: "p-admin", Org: "o-1", Seat: string(region.Administrator), Member: o.Node().Member}}
		if _, err := o.Node().Erase(ctx, admin, map[string]node.ErasedFacts{node.Self: {Indexes: []int64{minutes.Now}, Reason: node.EraseAsked}}, node.ErasedWords{Reference: "申请第 1 号"}); err != nil {
			t.Fatal(err)
		}
		if got := found(t, o, "航标布设", "", office); got != "" {
			t.Errorf("what was erased is found: %q", got)
		}
	})
}

// TestContactsThatPassedAreNotForAll: the entry by which a contact passed has telephones, as that by which contacts are set has.
func TestContactsThatPassedAreNotForAll(t *testing.T) {
	ctx := context.Background()
	o := open(t, storetest.OpenSQLite(t))
	seated(o, "p-old", "王演示", roads, region.Reporter)
	seated(o, "p-new", "李演示", roads, region.Reporter)
	group := groupOf(t, o, plan.NewGroup{Orgs: []string{o.Units[roads]}, Words: plan.GroupWords{Name: "交通专班"}})
	if err := o.SetContacts(ctx, o.Coordinator(), group, []plan.Contact{{Unit: roads, Name: "王演示", Phone: "13800001234"}}); err != nil {
		t.Fatal(err)
	}
	if err := leaves(o, region.Handover{Person: "p-old", To: "p-new", Org: o.Units[roads], Phone: "13700001234"}); err != nil {
		t.Fatal(err)
	}
	g, err := o.Group(ctx, group, plan.ViewerOf(o.Coordinator().Actor))
	if err != nil {
		t.Fatal(err)
	}
	last := g.History[len(g.History)-1]
	for seat, unit := range map[region.Seat]string{region.Leader: plantest.UnitNames[0], region.Auditor: plantest.UnitNames[0], region.Reporter: farms} {
		if proved(t, o, o.As(seat, unit).Actor, last.Index) {
			t.Errorf("%s reads the telephones", seat)
		}
	}
	if !proved(t, o, o.As(region.Reporter, roads).Actor, last.Index) || !proved(t, o, o.Coordinator().Actor, last.Index) {
		t.Error("who works with them does not")
	}
}
