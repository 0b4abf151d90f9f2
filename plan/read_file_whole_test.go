package plan_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"liandong/node"
	"liandong/plan"
	"liandong/plan/judge"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/rules/refuse"
	"liandong/store"
	"liandong/store/storetest"
)

// TestADamagedFileIsNotGivenOut: neither for download nor past the verification.
func TestADamagedFileIsNotGivenOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		o := plantest.New(t, s)
		o.Take(plan.ImportOptions{Plan: "suitong", Year: 2022, Circle: "suitong", Title: "遂潼工作计划"}, suitongList)
		o.Day("2022-02-20")
		_, road := o.Row(motorway)
		lead := o.As(region.Reporter, "市交通运输局")
		ref, err := o.Attach(ctx, lead.Actor, "现场.txt", strings.NewReader("路基完成"), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		done, err := o.File(ctx, lead, plan.ReportFacts{Item: road, Period: "2022-02", Claim: judge.OnTime},
			plan.ReportWords{Progress: "路基", Files: []plan.FileRef{ref}})
		if err != nil {
			t.Fatal(err)
		}
		at := done.Entries[0].Index
		_, f, err := o.OpenFile(ctx, lead.Actor, o.Node().BookName(node.Self), at, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if b, err := io.ReadAll(f); err != nil || string(b) != "路基完成" {
			t.Errorf("%q, %v", b, err)
		}
		wantFaults(t, o, 0, "whole")
		spoiled, err := os.OpenFile(f.(*os.File).Name(), os.O_WRONLY, 0)
		if err == nil {
			_, err = spoiled.WriteAt([]byte("x"), 3)
		}
		if err = errors.Join(err, spoiled.Close()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.OpenFile(ctx, lead.Actor, o.Node().BookName(node.Self), at, 0); !refuse.Is(err, "plan.file-damaged") {
			t.Errorf("a damaged one: %v", err)
		}
		wantFaults(t, o, 1, "damaged")
		if err := os.Remove(f.(*os.File).Name()); err != nil {
			t.Fatal(err)
		}
		wantFaults(t, o, 1, "missing")
	})
}

func wantFaults(t *testing.T, o *plantest.Office, n int, remark string) {
	t.Helper()
	v, err := o.Node().Verify(context.Background(), node.VerifyOptions{Attachments: o.VerifyFiles})
	if err != nil || len(v.Faults) != n {
		t.Errorf("%s: %+v, %v; want %d", remark, v.Faults, err, n)
	}
	for _, f := range v.Faults {
		if f.Code != node.FaultAttachment || !strings.Contains(f.What, remark) || strings.Contains(f.What, "现场") {
			t.Errorf("%s: %+v", remark, f)
		}
	}
}
