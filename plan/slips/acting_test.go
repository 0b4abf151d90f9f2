package slips_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"liandong/node"
	"liandong/region"
)

// TestASlipOfASubstituteSaysSo on its page and in its document (代): who issued it and who answered it for whom. What somebody said for himself is
// not marked.
func TestASlipOfASubstituteSaysSo(t *testing.T) {
	d := open(t)
	d.Write(func(ctx context.Context, w *node.Writing) error {
		for _, p := range []struct {
			id, name, unit string
			seat           region.Seat
		}{{"p-reporter", "演示填报", roads, region.Reporter}, {"p-b", "演示乙", office, region.Reader}, {"p-c", "演示丙", roads, region.Reader}} {
			_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
				Circle: node.Self, Facts: region.PersonFacts{Person: p.id}, Words: &region.PersonWords{Name: p.name},
			})
			if err == nil {
				_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
					Circle: node.Self, Facts: region.SeatFacts{Person: p.id, Org: d.Units[p.unit], Seat: p.seat},
				})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	stands := func(who node.Actor, by string) node.Actor {
		t.Helper()
		_, err := d.Node().Write(context.Background(), node.Request{Actor: who}, func(ctx context.Context, w *node.Writing) error {
			_, err := region.SubstituteNamed.Say(ctx, w, node.Said[region.SubstituteFacts, region.NoWords]{Circle: node.Self, Facts: region.SubstituteFacts{
				Substitute: "b-" + by, Person: who.Person, By: by, Org: who.Org, Seat: region.Seat(who.Seat), From: "2022-07-01", Until: "2022-07-05",
			}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		who.Person, who.For = by, who.Person
		return who
	}
	coordinator, reporter := d.Coordinator().Actor, d.As(region.Reporter, roads).Actor
	form := url.Values{"item": {d.road}, "org": {d.Units[roads]}, "ground": {"late"}, "level": {"blue"}, "matter": {"遂渝高速扩容滞后"}, "demand": {"说明原因"}, "signer": {"演示主任"}}
	at := d.Want("issued by a substitute", d.Ask(stands(coordinator, "p-b"), "/slips/new", form), 303).Header().Get("Location")
	d.Want("answered by a substitute", d.Ask(stands(reporter, "p-c"), at+"/answer", url.Values{"answer": {"已加派两个班组"}}), 303)
	d.Want("returned by herself", d.Ask(coordinator, at+"/return", url.Values{"return": {"写明完成时间"}, "days": {"3"}}), 303)
	d.Want("the page", d.Ask(coordinator, at, nil), 200, "演示乙（代演示协调员）", "演示丙（代演示填报）")
	w := d.Want("the document", d.Ask(coordinator, at+"/slip.docx", nil), 200)
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"演示主任", "印发经办", "演示乙（代演示协调员）", "2022年7月1日，演示丙（代演示填报）：已加派两个班组", "2022年7月1日退回：写明完成时间"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the document lacks %q", want)
		}
	}
	if n := strings.Count(string(text), "（代"); n != 2 {
		t.Errorf("it is marked %d times", n)
	}
}
