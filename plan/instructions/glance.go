package instructions

import (
	"context"
	"net/http"
	"strconv"

	"liandong/plan"
	"liandong/plan/judge"
	"liandong/web"
	"liandong/web/lang"
	"liandong/web/ui"
)

// glance is the leader's one screen: how the work stands, what needs his word, and the answers that came back. GET /glance
func (p pages) glance(w http.ResponseWriter, r *http.Request) error {
	v, err := p.desk.Leader(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, glancePage(v))
}

// standing are the numbers on top, each with the items behind it.
func standing(ctx context.Context, p plan.LeaderPage) []ui.Figure {
	b := p.Board
	done := b.Totals[judge.Done] + b.Totals[judge.DoneLate]
	items := func(label string, n int, state judge.WorkState) ui.Figure {
		return ui.Figure{Label: label, N: ui.Count(n), Note: ui.Percent(n, b.Totals.Standing()), Href: "/items?state=" + string(state)}
	}
	all := []ui.Figure{
		{Label: t(ctx, "figure.items"), N: ui.Count(b.Totals.Standing()), Note: t(ctx, "figure.lists", "n", b.Lists), Href: "/items?state=" + string(plan.Standing)},
		items(t(ctx, "figure.done"), done, plan.Finished),
		items(word(ctx, judge.AtRisk), b.Totals[judge.AtRisk], judge.AtRisk),
		items(word(ctx, judge.Late), b.Totals[judge.Late], judge.Late),
	}
	if r := b.Report; r.Owed > 0 {
		all = append(all, ui.Figure{Label: t(ctx, "figure.reported"), N: ui.Count(r.Reported()), Unit: "/ " + ui.Count(r.Owed), Note: ui.Percent(r.Reported(), r.Owed), Href: "/items?filing=" + string(plan.Reported)})
	}
	return append(all, ui.Figure{Label: t(ctx, "figure.words"), N: ui.Count(len(p.Words)), Note: t(ctx, "figure.back", "n", back(p)), Href: "/instructions"})
}

// back is how many open words every unit has answered.
func back(p plan.LeaderPage) (n int) {
	for _, i := range p.Words {
		if i.State == plan.InstructionIsAnswered {
			n++
		}
	}
	return n
}

func word(ctx context.Context, s judge.WorkState) string {
	if lang.Of(ctx) == lang.En {
		return ui.Capital(s.En())
	}
	return s.Zh()
}

// courses draw how many items were done and how many late at the ends of the months.
func courses(ctx context.Context, p plan.LeaderPage) []ui.Chart {
	all := p.Board.Totals.Standing()
	done := ui.Chart{Title: t(ctx, "course.done"), Whole: true, Target: float64(all), TargetLabel: t(ctx, "course.all", "n", ui.Count(all))}
	late := ui.Chart{Title: t(ctx, "course.late"), Whole: true}
	for _, c := range p.Course {
		label := c.Month.ShortZh()
		if lang.Of(ctx) == lang.En {
			label = c.Month.En()
		}
		done.Points = append(done.Points, ui.Point{Label: label, Value: strconv.Itoa(c.Done), Height: float64(c.Done)})
		late.Points = append(late.Points, ui.Point{Label: label, Value: strconv.Itoa(c.Late), Height: float64(c.Late)})
	}
	return []ui.Chart{done, late}
}

// needStatus says that a piece of work is late, and why.
func needStatus(ctx context.Context, p plan.LeaderPage, n plan.WordNeeded) ui.Status {
	zh, en := n.Work.Reason.Words(n.Why, p.AsOf)
	if lang.Of(ctx) == lang.En {
		zh = en
	}
	return ui.Status{Tone: ui.Late, Word: ui.Capital(p.Board.Legend.Word(n.Work.State, lang.Of(ctx) == lang.En)), Why: zh}
}

func leadNames(ctx context.Context, n plan.WordNeeded) (names string) {
	for i, u := range n.Units {
		if i > 0 {
			names += t(ctx, "comma")
		}
		names += u.Name
	}
	return names
}

// wordsOnScreen is how many open words stand on the screen.
const wordsOnScreen = 6

func shown(all []plan.Instruction) []plan.Instruction { return all[:min(len(all), wordsOnScreen)] }
