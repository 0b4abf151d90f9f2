package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"liandong/node"
	"liandong/plan"
	"liandong/region"
)

// leader is a request of the one who gives his word.
func (s *seeding) leader() node.Request {
	return s.as("p-lingdao", s.founder.Org, region.Leader)
}

// planWords plans two leaders' words (批示): one that a leader typed about an item, which its lead has answered and a supporting unit has
// not, and one that the office entered from paper, which nobody has signed for yet.
func (s *seeding) planWords() error {
	n := slices.IndexFunc(s.works, func(w *work) bool { return w.title() == "建设遂甘飞地产业园区" })
	if n < 0 || len(s.works[n].facts.Supports) == 0 {
		return fmt.Errorf("no work that a leader has a word for")
	}
	facts := s.works[n].facts
	orgs := []string{facts.Leads[0], facts.Supports[0]}
	var id string
	s.on(at("2022-06-14", 9, 40), func(ctx context.Context) (err error) {
		id, err = s.desk.GiveInstruction(ctx, s.leader(), plan.NewInstruction{
			Item: facts.Item, Orgs: orgs, Due: "2022-06-22",
			Words: plan.InstructionWords{Text: "第二批土地指标什么时候能落实？请会同有关部门拿出时间表，一周内报我。（演示数据）"},
		})
		return err
	})
	s.on(at("2022-06-14", 15, 20), func(ctx context.Context) error { return s.desk.SignInstruction(ctx, s.reporter(orgs[0]), id) })
	s.on(at("2022-06-16", 17, 10), func(ctx context.Context) error {
		return s.desk.AnswerInstruction(ctx, s.reporter(orgs[0]), id, "已与省级主管部门对接，第二批指标预计7月中旬下达；先行完成300亩场平，时间表已报办公室。（演示数据）", nil)
	})
	s.on(at("2022-06-17", 11, 30), func(ctx context.Context) error {
		scan, err := scanned()
		if err != nil {
			return err
		}
		office := s.coordinator()
		file, err := s.desk.Attach(ctx, office.Actor, "纸质批示扫描件（演示数据）.png", bytes.NewReader(scan), plan.DefaultFileLimit)
		if err != nil {
			return err
		}
		_, err = s.desk.GiveInstruction(ctx, office, plan.NewInstruction{
			Plan: "suitong-2022", Orgs: s.orgsOf("市交通运输局", "市农业农村局"), Day: "2022-06-16", Due: "2022-06-24",
			Words: plan.InstructionWords{Text: "先行区任务逐条过一遍，下旬专题调度。（演示数据）", Leader: "副市长（演示）", Files: []plan.FileRef{file}},
		})
		return err
	})
	return nil
}

// orgsOf are the ids of units by their names.
func (s *seeding) orgsOf(names ...string) (all []string) {
	for _, name := range names {
		for _, u := range s.units {
			if u.name == name {
				all = append(all, u.id)
			}
		}
	}
	return all
}

// scanned is what the scan of a paper with a few lines of handwriting looks like from afar.
func scanned() ([]byte, error) {
	const width, height = 210, 297 // a pixel for a millimetre of A4
	page := image.NewGray(image.Rect(0, 0, width, height))
	for i := range page.Pix {
		page.Pix[i] = 0xf6
	}
	for line := range 9 {
		for x := 30; x < width-30-(line*37)%60; x++ {
			if x%7 > 4 {
				continue
			}
			for y := range 3 {
				page.SetGray(x, 60+line*18+y+(x*line)%3, color.Gray{Y: 0x40})
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, page)
	return out.Bytes(), err
}
