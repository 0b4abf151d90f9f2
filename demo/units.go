package demo

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"liandong/region"
)

//go:embed units.txt
var unitsText string

// coordinating is the short of the commission that coordinates for its member.
const coordinating = "fgw"

// unit is one line of the directory.
type unit struct {
	id, side, name   string
	aliases, members []string // members: ids, of a group
	under            string   // id of the unit that it is a section of
	local            bool     // a government below the member
}

// directory reads the units of the sides that the member's lists name. office is the id of the coordinating office,
// which a node has from its first start.
func (m *member) directory(office string) ([]unit, error) {
	var all []unit
	var side string
	for n, line := range strings.Split(unitsText, "\n") {
		line = strings.TrimSpace(line)
		if code, ok := strings.CutPrefix(line, "== "); ok {
			side = code
			continue
		}
		if line == "" || line[0] == '#' || !slices.Contains(m.sides, side) {
			continue
		}
		cells := cells(line)
		if len(cells) < 3 {
			return nil, fmt.Errorf("units.txt, line %d: %q", n+1, line)
		}
		u := unit{id: m.unitID(side, cells[1], office), side: side, name: cells[0], aliases: names(cells[2])}
		if len(cells) > 3 {
			for _, short := range names(cells[3]) {
				u.members = append(u.members, m.unitID(side, short, office))
			}
		}
		if len(cells) > 4 && side == m.Member {
			if u.local = cells[4] == "下级政府"; !u.local {
				u.under = m.unitID(side, cells[4], office)
			}
		} else if len(cells) > 4 && cells[4] != "下级政府" {
			continue // a neighbour's section is its own affair
		}
		all = append(all, u)
	}
	return all, nil
}

func (m *member) unitID(side, short, office string) string {
	if side == m.Member && short == coordinating {
		return office
	}
	return "o-" + side + "-" + short
}

func (u unit) facts(sort int) (region.OrgFacts, region.OrgWords) {
	return region.OrgFacts{Org: u.id, Side: u.side, Sort: sort, Group: len(u.members) > 0},
		region.OrgWords{Name: u.name, Aliases: u.aliases, Members: u.members}
}

// cells splits a line of the texts of this package.
func cells(line string) []string {
	all := strings.Split(line, "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

func names(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "、")
}

// leading are the ids of the member's units that lead something in its lists.
func (m *member) leading(units []unit) (map[string]bool, error) {
	all, err := m.lists()
	if err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for _, u := range units {
		if u.side == m.Member {
			byName[u.name] = u.id
		}
	}
	leads := map[string]bool{}
	for _, l := range all {
		for _, t := range l.tasks {
			own, _, _ := strings.Cut(strings.TrimPrefix(t.lead, m.Name+"："), "；")
			id, ok := byName[own]
			if !ok {
				return nil, fmt.Errorf("%s: the lead %q of %q is not in the directory", l.key, own, t.title)
			}
			leads[id] = true
		}
	}
	return leads, nil
}
