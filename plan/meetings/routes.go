package meetings

import (
	"context"
	"embed"

	"liandong/plan"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/web"
	"liandong/web/lang"
)

//go:embed locales
var locales embed.FS

func init() { lang.Add(locales) }

// maxMinutes is the largest form of minutes: what was said of a hundred points.
const maxMinutes = 4 << 20

type pages struct {
	desk *plan.Desk
	demo bool
}

// Routes adds the pages.
func Routes(site *web.Site, d *plan.Desk) {
	p := pages{d, site.Demo}
	site.Handle("GET /meetings", region.MeetingRead, p.list)
	site.Handle("GET /meetings/groups/new", region.PlanMeeting, p.newGroup)
	site.Handle("POST /meetings/groups/new", region.PlanMeeting, p.setUp).Keep()
	site.Handle("GET /group/{id}", region.MeetingRead, p.group)
	site.Handle("GET /group/{id}/edit", region.PlanMeeting, p.editGroup)
	site.Handle("POST /group/{id}/edit", region.PlanMeeting, p.changeGroup).Keep()
	site.Handle("POST /group/{id}/contacts", region.PlanMeeting, p.setContacts).Keep()
	site.Handle("POST /group/{id}/dissolve", region.PlanMeeting, p.dissolve).Keep()
	site.Handle("POST /meetings/new", region.PlanMeeting, p.begin)
	site.Handle("GET /meetings/draft/{id}", region.PlanMeeting, p.draft)
	site.Handle("POST /meetings/draft/{id}", region.PlanMeeting, p.saveDraft)
	site.Handle("POST /meetings/draft/{id}/invite", region.PlanMeeting, p.invite)
	site.Handle("POST /meetings/draft/{id}/take", region.PlanMeeting, p.take)
	site.Handle("POST /meetings/draft/{id}/point/{n}", region.PlanMeeting, p.changePoint)
	site.Handle("POST /meetings/draft/{id}/call", region.PlanMeeting, p.call)
	site.Handle("POST /meetings/draft/{id}/drop", region.PlanMeeting, p.drop)
	site.Handle("GET /meeting/{id}", region.MeetingRead, p.meeting)
	site.Handle("GET /meeting/{id}/notice.docx", region.MeetingRead, p.print(noticePaper))
	site.Handle("POST /meeting/{id}/change", region.PlanMeeting, p.change)
	site.Handle("POST /meeting/{id}/cancel", region.PlanMeeting, p.cancel).Keep()
	site.Handle("POST /meeting/{id}/reply", region.MeetingAnswer, p.reply).Keep()
	site.Handle("POST /meeting/{id}/propose", region.MeetingAnswer, p.propose).Keep()
	site.Handle("POST /meeting/{id}/point", region.PlanMeeting, p.answerPoint).Keep()
	site.Handle("GET /meeting/{id}/minutes", region.PlanMeeting, p.minutes)
	site.Handle("POST /meeting/{id}/minutes", region.PlanMeeting, p.writeMinutes).Keep().Body(maxMinutes)
	site.Handle("GET /meeting/{id}/correct", region.PlanMeeting, p.correcting)
	site.Handle("POST /meeting/{id}/correct", region.PlanMeeting, p.correct).Keep().Body(maxMinutes)
	site.Handle("GET /meeting/{id}/minutes.docx", region.MeetingRead, p.print(minutesPaper))
	site.Handle("POST /meeting/{id}/confirm", region.MeetingAnswer, p.confirm).Keep()
	site.Nav(web.NavItem{LabelKey: "meetings.nav", Href: "/meetings", Group: "web.nav.work", Action: region.MeetingRead, Under: []string{"/meetings/*", "/meetings/*/*", "/meeting/*", "/meeting/*/*", "/group/*", "/group/*/*"}})
}

func t(ctx context.Context, key string, args ...any) string {
	return web.T(ctx, "meetings."+key, args...)
}

// gone makes what is not there, or not the reader's, the page that says both.
func gone(err error) error {
	for _, code := range []string{"plan.meeting-unknown", "plan.group-unknown", "plan.meeting-draft-unknown"} {
		if refuse.Is(err, code) {
			return web.ErrNotFound
		}
	}
	return err
}
