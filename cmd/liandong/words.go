package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"liandong/node"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/web"
	"liandong/web/api"
)

// eraseRequest is the body of POST /api/v1/words/erasures.
type eraseRequest struct {
	Member    string  `json:"member,omitempty" doc:"Whose book it is; empty, or this node's own member: nobody erases what a neighbour says" example:"510900"`
	Circle    string  `json:"circle" doc:"Circle of the book; self for the own book" example:"suitong"`
	Indexes   []int64 `json:"indexes" doc:"Numbers of the entries, rising" example:"[17]" minItems:"1" maxItems:"1000"`
	Reason    string  `json:"reason" enum:"asked,retention,mistake" doc:"Asked for by the person concerned, retention over, said by mistake"`
	Reference string  `json:"reference" doc:"Number of the request or name of the rule; the circle reads it" maxLength:"2000"`
	AskedBy   string  `json:"askedBy,omitempty" doc:"The office or post that asks" maxLength:"2000"`
}

// erasures lists who confirmed what was erased.
type erasures struct {
	Erasures []erasureLine `json:"erasures"`
}

type erasureLine struct {
	Book      string        `json:"book" doc:"The book, member and circle" example:"510900/suitong"`
	Index     int64         `json:"index" doc:"Number of the erasure" example:"31"`
	At        time.Time     `json:"at"`
	Indexes   []int64       `json:"indexes" doc:"Entries of the book whose words were erased"`
	Reason    string        `json:"reason"`
	Reference string        `json:"reference"`
	Finished  bool          `json:"finished" doc:"Their bytes are gone from this node's disk"`
	Confirmed []confirmedAt `json:"confirmed" doc:"Members that have said so in their own books"`
	Waiting   []string      `json:"waiting" doc:"Members of the circle that have not confirmed yet"`
}

type confirmedAt struct {
	Member string    `json:"member" example:"500152"`
	At     time.Time `json:"at"`
}

// wordsCalls 删除正文: the calls behind the commands.
func wordsCalls(calls *api.API, n *node.Node) {
	example := erasures{Erasures: []erasureLine{{
		Book: "510900/suitong", Index: 31, Indexes: []int64{17}, Reason: "asked", Reference: "申请第 7 号（演示数据）", Finished: true,
		At: time.Date(2022, 6, 20, 1, 0, 0, 0, time.UTC), Confirmed: []confirmedAt{{"500152", time.Date(2022, 6, 20, 1, 0, 2, 0, time.UTC)}}, Waiting: []string{},
	}}}
	type body struct{ Body eraseRequest }
	erase := huma.Operation{
		OperationID: "erase-words", Method: http.MethodPost, Path: "/words/erasures", Tags: []string{"node"},
		Summary: "Erase the words of entries of a book, for good, here and at the members of its circle", Responses: api.Example(example),
	}
	api.Register(calls, erase, region.WordsErase, func(ctx context.Context, in *body) (*api.Answer[erasures], error) {
		b := in.Body
		if b.Member != "" && b.Member != n.Member {
			return nil, refuse.New("node.erase.not-ours", "member", b.Member).At("member")
		}
		print := []string{"erase", b.Circle, b.Reason, b.Reference, b.AskedBy, fmt.Sprint(b.Indexes)}
		r, err := n.Erase(ctx, node.Request{ID: web.RequestKeyOf(ctx), Print: []byte(strings.Join(print, "\n")), Actor: web.ActorOf(ctx)},
			map[string]node.ErasedFacts{b.Circle: {Indexes: b.Indexes, Reason: node.EraseReason(b.Reason)}},
			node.ErasedWords{Reference: b.Reference, AskedBy: b.AskedBy})
		if err != nil {
			return nil, err
		}
		all, err := readErasures(ctx, n, n.BookName(b.Circle), b.Indexes[0], 1)
		if err == nil && len(all.Erasures) == 0 {
			err = fmt.Errorf("the erasure %v is not there", r.Entries)
		}
		return &api.Answer[erasures]{Body: all}, err
	})
	list := huma.Operation{
		OperationID: "list-erasures", Method: http.MethodGet, Path: "/words/erasures", Tags: []string{"node"},
		Summary: "What was erased, and who confirmed it", Responses: api.Example(example),
	}
	api.Register(calls, list, region.ErasuresRead, func(ctx context.Context, _ *struct{}) (*api.Answer[erasures], error) {
		all, err := readErasures(ctx, n, "", 0, 1000)
		return &api.Answer[erasures]{Body: all}, err
	})
}

// readErasures reads the newest; with a book: the one that erased an entry.
func readErasures(ctx context.Context, n *node.Node, book string, erased int64, limit int) (out erasures, err error) {
	out.Erasures = []erasureLine{}
	err = n.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := node.Erasures(ctx, tx, book, erased, limit)
		if err != nil {
			return err
		}
		for _, x := range all {
			line := erasureLine{
				Book: x.Book, Index: x.Index, At: x.Entry.At, Indexes: x.Facts.Indexes, Reason: string(x.Facts.Reason),
				Reference: x.Words.Reference, Finished: x.Finished, Confirmed: []confirmedAt{}, Waiting: []string{},
			}
			waiting := map[string]bool{}
			if x.Entry.Member == n.Member && x.Entry.Circle != node.Self {
				neighbours, err := region.Neighbours(ctx, tx, n.Member, x.Entry.Circle)
				if err != nil {
					return err
				}
				for _, m := range neighbours {
					waiting[m.Member] = true
				}
			}
			for _, c := range x.Confirmed {
				line.Confirmed = append(line.Confirmed, confirmedAt{c.Member, c.At})
				delete(waiting, c.Member)
			}
			line.Waiting = append(line.Waiting, sortedKeys(waiting)...)
			out.Erasures = append(out.Erasures, line)
		}
		return nil
	})
	return out, err
}

type wordsCommand struct {
	Erase wordsEraseCommand `cmd:"" help:"删除记录的正文,不能恢复 (erase the words of an entry, for good)."`
	List  wordsListCommand  `cmd:"" help:"删除了什么,谁已确认 (what was erased, and who confirmed it)."`
}

type wordsEraseCommand struct {
	reachFlags
	Book      string  `help:"圈的名称,内部账写 self (circle of the book)." required:"" placeholder:"CIRCLE"`
	Index     []int64 `help:"记录编号,可多次给出 (number of the entry)." required:"" placeholder:"N"`
	Reason    string  `help:"理由:asked 当事人申请,retention 保存期满,mistake 误填 (ground)." required:"" enum:"asked,retention,mistake"`
	Reference string  `help:"依据:申请编号或规定名称;圈内各方可见,不要重复被删除的内容 (reference; the circle reads it)." required:""`
	AskedBy   string  `help:"提出的单位或岗位 (who asks)." placeholder:"OFFICE"`
	Yes       bool    `help:"已核对依据,知道正文无法恢复 (do it)."`
	jsonFlag
}

func (wordsEraseCommand) Help() string {
	return `记录留在账本里,凭证照样可以核对;正文、盐、附件在本节点和圈内各方销毁。此前的备份怎么办,见 docs/how-to/erase.md。

例 (example):
  liandong words erase --dir /srv/liandong --book suitong --index 17 --reason asked --reference '申请第 7 号' --yes`
}

var errUnsure = errors.New("正文删除后无法恢复;核对依据后加上 --yes (words cannot be brought back: add --yes)")

func (c wordsEraseCommand) Run(t *terminal) (err error) {
	if !c.Yes {
		return errUnsure
	}
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	member, circle, whole := strings.Cut(c.Book, "/") // 510900/suitong as well as suitong
	if !whole {
		member, circle = "", c.Book
	}
	in := eraseRequest{Member: member, Circle: circle, Indexes: sortedOnce(c.Index), Reason: c.Reason, Reference: c.Reference, AskedBy: c.AskedBy}
	var out erasures
	if err := n.Call(t.ctx, http.MethodPost, "/api/v1/words/erasures", in, &out); err != nil {
		return err
	}
	if c.JSON {
		return t.json(out)
	}
	t.sayErasures(out)
	return nil
}

type wordsListCommand struct {
	reachFlags
	jsonFlag
}

func (wordsListCommand) Help() string {
	return `圈内每一方的节点销毁之后自动确认;还没有确认的逐一列出。

例 (example):
  liandong words list --dir /srv/liandong --json`
}

func (c wordsListCommand) Run(t *terminal) (err error) {
	n, err := c.reach(t, region.Administrator)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	var out erasures
	if err := n.Call(t.ctx, http.MethodGet, "/api/v1/words/erasures", nil, &out); err != nil {
		return err
	}
	if c.JSON {
		return t.json(out)
	}
	t.sayErasures(out)
	return nil
}

func (t *terminal) sayErasures(all erasures) {
	if len(all.Erasures) == 0 {
		t.say("没有删除过正文 (no words were erased)")
	}
	for _, e := range all.Erasures {
		var of []string
		for _, i := range e.Indexes {
			of = append(of, strconv.FormatInt(i, 10))
		}
		t.say("%s 第 %s 条的正文已删除,记在第 %d 条 (erased)", e.Book, strings.Join(of, "、"), e.Index)
		for _, c := range e.Confirmed {
			t.say("  %s %s 已确认 (confirmed)", c.Member, c.At.Format(time.RFC3339))
		}
		for _, m := range e.Waiting {
			t.say("  %s 尚未确认 (not confirmed yet)", m)
		}
	}
}

func sortedOnce(all []int64) []int64 {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}

func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
