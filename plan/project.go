package plan

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"liandong/node"
	"liandong/plan/judge"
	"liandong/store"
)

// Keys that Apply returns: what of the joint rows must be looked at again.
//
//	p:PLAN          the plan's head or rhythm
//	l:LISTING       the listing: its row, its items, its verdicts
//	a:LISTING       what a neighbour answered to what the listing asks, or was proposed to change of it
//	c:BOOK/INDEX    what was answered to a proposal
//	i:ITEM          the item: its units, milestones, the listings that point at it
//	r:ITEM          what was accepted of the item
//	f:ITEM@PERIOD   what was filed, returned or accepted of the item for a period
//	                (ITEM names its member behind an '@' too)
//
// project recomputes the rows of these keys from the rows of the books, and moves the tallies by
// the difference. The result is that of a recomputation from nothing.
func project(ctx context.Context, tx *store.Tx, keys []string) error {
	p := &projector{
		ctx: ctx, tx: tx, tallies: tallies{}, facts: map[string]*itemFacts{},
		stood: map[string]standing{}, calls: map[string][]call{}, said: map[string]saidOf{},
	}
	if err := p.look(len(keys)); err != nil {
		return err
	}
	listings, items, filings, err := p.expand(keys)
	if err != nil {
		return err
	}
	if err := p.listingsAndItems(listings, items); err != nil {
		return err
	}
	p.again = true
	for _, f := range sortedKeys(filings) {
		done, err := p.broughtWhole(f, listings, items)
		if err != nil {
			return err
		}
		if !done {
			if err := p.filings(f); err != nil {
				return fmt.Errorf("filing %s: %w", f, err)
			}
		}
		if p.anew {
			continue
		}
		if err := p.waits(f); err != nil {
			return fmt.Errorf("waiting %s: %w", f, err)
		}
	}
	if p.anew {
		if err := p.allWaiting(filings); err != nil {
			return fmt.Errorf("waiting: %w", err)
		}
	}
	return p.flush()
}

// listingsAndItems brings all listings up to date and each item as soon as all listings that hold it are: what was
// read for these is still at hand.
func (p *projector) listingsAndItems(listings, items map[string]bool) error {
	done := map[string]bool{}
	bring := func(item string) error {
		if done[item] {
			return nil
		}
		done[item] = true
		if err := p.item(item, items[item]); err != nil {
			return fmt.Errorf("item %s: %w", item, err)
		}
		p.forget(item)
		return nil
	}
	left := map[string]int{}
	for _, l := range sortedKeys(listings) {
		if err := p.listing(l, listings[l]); err != nil {
			return fmt.Errorf("listing %s: %w", l, err)
		}
		for _, item := range p.pointers.items[l] {
			if left[item]++; left[item] == len(p.pointers.listings[item]) {
				if err := bring(item); err != nil {
					return err
				}
			}
		}
	}
	for _, item := range sortedKeys(items) {
		if err := bring(item); err != nil {
			return err
		}
	}
	return nil
}

// broughtWhole says whether all periods of an item and of every listing that holds it were brought up to date already. An
// item can be whole for the sake of one listing while another, which only heard of a report, is not.
func (p *projector) broughtWhole(filing string, listings, items map[string]bool) (bool, error) {
	item, _ := cutPeriod(filing)
	if !items[item] {
		return false, nil
	}
	held, err := p.listingsOf(item)
	for _, l := range held {
		if !listings[l] {
			return false, err
		}
	}
	return true, err
}

type projector struct {
	ctx     context.Context
	tx      *store.Tx
	tallies tallies
	facts   map[string]*itemFacts // by circle, book and item
	stood   map[string]standing   // by listing
	calls   map[string][]call     // by book and list
	anew    bool                  // there are no joint rows yet: nothing old is looked for
	again   bool                  // rows of filings may stand already that were stored a moment ago

	// What is read at once when the view is made from nothing: for a key or two, a query each is cheaper.
	pointers pointers
	asks     *bool             // whether neighbours answered anything; nil: not looked yet
	said     map[string]saidOf // by item that was not done with
	equals   *bool             // whether neighbours agreed on or judged anything; nil: not looked yet
}

// standing is a listing as read, and how it stands.
type standing struct {
	facts *listingFacts
	spans []judge.WorkSpan
	owed  window
	asked days // called for by hand
	last  lastReport
}

// expand turns keys into listings and items (true: with all their filings) and single filings.
func (p *projector) expand(keys []string) (listings, items, filings map[string]bool, err error) {
	listings, items, filings = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, k := range keys {
		sort, id, _ := strings.Cut(k, ":")
		whole := sort != "r"
		var touched []string
		switch sort {
		case "p":
			touched, err = p.texts(`SELECT listing FROM plan_listing WHERE plan = ?`, id)
		case "l":
			if touched, err = p.sameBeside(id); err == nil {
				touched = append(touched, id)
			}
		case "a": // a neighbour's listing may not be here yet
			touched, err = p.texts(`SELECT DISTINCT listing FROM plan_listing WHERE listing = ?`, id)
		case "c": // nor may the proposal
			at := strings.LastIndexByte(id, '/')
			touched, err = p.texts(`SELECT DISTINCT l.listing FROM plan_change c JOIN plan_listing l ON l.listing = c.listing
				WHERE c.book = ? AND c.idx = ?`, id[:at], atoi(id[at+1:]))
		case "i", "r":
			items[id] = items[id] || whole
			touched, err = p.listingsOf(id)
		case "f":
			filings[id] = true
		}
		if err != nil {
			return nil, nil, nil, err
		}
		for _, l := range touched {
			listings[l] = listings[l] || whole
		}
	}
	for l, whole := range listings { // what stands in a listing stands as the listing does
		in, err := p.itemsIn(l)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, i := range in {
			items[i] = items[i] || whole
		}
	}
	return listings, items, filings, nil
}

func (p *projector) texts(query string, args ...any) ([]string, error) {
	rows, err := p.tx.Query(p.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return texts(rows)
}

// listing brings plan_now and plan_span of one listing up to date, with all its filings if whole.
func (p *projector) listing(id string, whole bool) error {
	s, err := p.stand(id)
	if err != nil {
		return err
	}
	l, last, owed := s.facts, s.last, s.owed
	old, err := p.oldNow(id)
	if err != nil {
		return err
	}
	if err := errors.Join(p.storeSpans(l, old, s.spans), p.storeClaims(l), p.storeAgreed(l)); err != nil {
		return err
	}
	called, err := p.listingAsked(s, old)
	if err != nil {
		return err
	}
	whole = whole || called
	p.tallies.owed(reportScopes(old.plan, old.lead, l.circle), old.cycle, old.owed, begins(old.spans), -1)
	p.tallies.owed(reportScopes(l.plan, l.lead, l.circle), l.cycle, owed, l.since, 1)
	gap := old.gap
	if whole || old.owed != owed || begins(old.spans) != l.since {
		filed, err := p.allFilings(l)
		if err != nil {
			return err
		}
		gap = owed.gap(l.cycle, filed)
	}
	if p.anew {
		return p.tx.Later(p.ctx, nowTable, id, l.book, l.circle, l.plan, l.ord, l.idx, first(l.items), len(l.items), l.lead,
			string(l.cycle), string(owed.from), string(owed.until), last.period, last.book, last.idx, gap, string(begins(s.spans)))
	}
	_, err = p.tx.Exec(p.ctx, `INSERT INTO plan_now (listing, book, circle, plan, ord, idx, item, items, lead, cycle,
		owed_from, owed_until, last_period, last_book, last_idx, gap, begun) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (listing) DO UPDATE SET book = excluded.book, circle = excluded.circle, plan = excluded.plan, ord = excluded.ord, idx = excluded.idx, item = excluded.item,
		items = excluded.items, lead = excluded.lead, cycle = excluded.cycle, owed_from = excluded.owed_from,
		owed_until = excluded.owed_until, last_period = excluded.last_period, last_book = excluded.last_book,
		last_idx = excluded.last_idx, gap = excluded.gap, begun = excluded.begun`,
		id, l.book, l.circle, l.plan, l.ord, l.idx, first(l.items), len(l.items), l.lead, string(l.cycle),
		string(owed.from), string(owed.until), last.period, last.book, last.idx, gap, string(begins(s.spans)))
	return err
}

// stand is how the listing stands over all days, and the newest report accepted of its items.
func (p *projector) stand(listing string) (standing, error) {
	if s, ok := p.stood[listing]; ok {
		return s, nil
	}
	l, err := p.readListing(listing)
	if err != nil {
		return standing{}, err
	}
	s := standing{facts: l}
	var outlooks [][]judge.WorkSpan
	for _, w := range l.work() {
		f, err := p.readItem(w.book, l.circle, w.item)
		if err != nil {
			return standing{}, err
		}
		outlooks = append(outlooks, f.history(l, w))
		s.last = s.last.newer(f.last())
	}
	s.spans = judge.Since(l.since, judge.Merge(outlooks...))
	s.owed = l.owed(s.spans)
	if s.asked, err = p.asked(l, s.spans); err != nil {
		return standing{}, err
	}
	p.stood[listing] = s
	return s, nil
}

// nowRow is what plan_now said before.
type nowRow struct {
	plan, lead string
	cycle      judge.Cycle
	owed       window
	gap        string
	spans      []judge.WorkSpan
}

func (p *projector) oldNow(listing string) (old nowRow, err error) {
	if p.anew {
		return old, nil
	}
	rows, err := p.tx.Query(p.ctx, `SELECT plan, lead, cycle, owed_from, owed_until, gap FROM plan_now WHERE listing = ?`, listing)
	if err != nil {
		return old, err
	}
	all, err := store.Collect(rows, func(scan func(...any) error) (r nowRow, err error) {
		err = scan(&r.plan, &r.lead, &r.cycle, &r.owed.from, &r.owed.until, &r.gap)
		return r, err
	})
	if err != nil || len(all) == 0 {
		return old, err
	}
	old = all[0]
	old.spans, err = p.oldSpans(`SELECT from_day, until_day, state, code, day, on_day, ref FROM plan_span
		WHERE listing = ? ORDER BY from_day`, listing)
	return old, err
}

func planScopes(plan, lead string) []string {
	if plan == "" {
		return nil
	}
	scopes := []string{"plan:" + plan}
	if lead != "" {
		scopes = append(scopes, "planunit:"+plan+" "+lead)
	}
	return scopes
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func sortedTexts(s []string) []string {
	slices.Sort(s)
	return s
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Module is what plan brings to a node.
func Module() node.Module {
	return node.Module{
		Name: "plan", View: 17, Rows: rows + passedRows + askRows + changeRows + partRows + sameRows + slipRows + ladderRows + consultRows + amendRows + instructionRows + shareRows + signingRows + groupRows + meetingRows + correctionRows, Joint: joint + waiting + claimedJoint + agreedJoint, Project: project,
		Kinds: []node.AnyKind{
			PlanIssued, Listed, ListingDropped, Pointed, VerdictGiven, ItemOpened,
			ReportFiled, PartFiled, ReportReturned, ReportAccepted, BulletinIssued, bulletinIssuedFirst, LegendSet,
			ReportCalled, CallWithdrawn, WorkAsked, WorkAskedAgain, WorkClaimed, WorkDeclined,
			ChangeProposed, ChangeAnswered, PartJudged, VerdictObjected, ListsSame,
			SlipIssued, SlipSigned, SlipAnswered, SlipReturned, SlipRaised, SlipClosed, LadderSet,
			ConsultationOpened, ConsultationRow, CommentGiven, CommentDecided, ConsultationClosed, ConsultationWidened,
			ListingAmended, AmendmentProposed, AmendmentAnswered,
			InstructionGiven, InstructionSigned, InstructionAnswered, InstructionReturned, InstructionClosed,
			ShareAsked, ShareReported, ShareDeclined, ShareWithdrawn,
			SigningSet, ReportSubmitted, ReportSigned, SubmissionReturned,
			GroupSet, GroupContacts, GroupDissolved, MeetingCalled, MeetingCancelled, MeetingReplied, PointProposed, PointAnswered, MinutesIssued, MinutesAnswered, MinutesCorrected, CorrectionAnswered,
			WorkPassed, ContactPassed,
		},
		Migrations: drafts,
		Indexes:    []string{"plan_search", "plan_search_section", "plan_search_at", "plan_search_unread"},
		Forget:     forgetWords, Scrub: scrubSearch,
	}
}
