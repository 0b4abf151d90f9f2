package demo

import (
	"context"
	"fmt"

	"liandong/book"
	"liandong/exchange"
	"liandong/plan"
	"liandong/plan/judge"
)

// joint is the circle in whose list Suining's rows name Tongnan's units.
const joint = "suitong"

// everyFifth of the works that Tongnan has in its own list too is left for a visitor to claim.
const everyFifth = 5

// otherwise are Tongnan's answers to rows that it does not claim, by the beginning of their titles.
var otherwise = map[string]struct {
	reason string
	by     judge.Date // "": declined
}{
	"联合开展安全生产检查": {reason: "我区安全生产检查另有统一安排，请与区应急部门直接联系（演示）。"},
	"图书馆通借通还":    {reason: "系统对接需两侧同步招标，7月底前难以完成（演示）。", by: "2022-09-30"},
}

// later are the deadlines that Tongnan, having claimed a row, would have otherwise: Suining accepts or declines.
var later = map[string]plan.Proposed{
	"推行一卡通一码通试点": {
		Deadline: judge.Deadline{Kind: judge.By, Date: "2022-11-30"},
		Words:    plan.ChangeWords{Reason: "读卡设备10月才能到货，联调还需一个月（演示）。"},
	},
}

// answer has Tongnan read what Suining's joint list asks, and answer a good part of it.
func answer(ctx context.Context, suining, tongnan *place) error {
	asking, name := suining.open.Node, suining.open.BookName(joint)
	reading := exchange.Catching{Node: tongnan.open.Node, Book: name, Keys: []exchange.Key{{
		Verifier: book.VerifierKey(asking.OriginOf(joint), suining.key.Public()),
	}}}
	if _, _, err := reading.From(ctx, exchange.Local{Node: asking, Book: name}); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	s := tongnan.past
	asked, err := s.desk.AskedOfUs(ctx)
	if err != nil {
		return err
	}
	for _, a := range asked {
		if err := s.answer(ctx, a); err != nil {
			return fmt.Errorf("answer to %s: %w", a.Words.Title, err)
		}
	}
	return s.confer(ctx)
}

func (s *seeding) answer(ctx context.Context, a plan.Asked) error {
	if o, ok := otherwise[a.Words.Title]; ok {
		_, err := s.desk.Decline(ctx, s.coordinator(), a.Listing, o.reason, o.by)
		return err
	}
	for i, w := range s.works {
		if w.title() == a.Words.Title && i%everyFifth < everyFifth-1 {
			_, err := s.desk.Claim(ctx, s.coordinator(), a.Listing, w.facts.Item, nil)
			if change, ok := later[w.title()]; ok && err == nil {
				_, err = s.desk.ProposeChange(ctx, s.coordinator(), a.Listing, "", change)
			}
			return err
		}
	}
	return nil
}
