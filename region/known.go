package region

import (
	"cmp"
	"slices"

	"liandong/rules/division"
)

// knownCircles are the circles that the design names, in the order of the interface, so that the first
// list of one of them can be taken in without typing them. Members are those this platform's region
// has (docs: FACTS of the region); a circle opened later may name others.
var knownCircles = []Circle{
	{ID: "suitong", Name: "遂潼川渝毗邻地区一体化发展先行区", Members: []string{"500152", "510900"}},
	{ID: "chengyu", Name: "成渝地区双城经济圈", Members: []string{"500152", "510100", "510900", "511500"}},
	{ID: "chengduplain", Name: "成都平原经济区", Members: []string{
		"510100", "510600", "510700", "510900", "511100", "511400", "511800", "512000",
	}},
}

// KnownCircle gives name and members of a circle by its id; a circle that the design does not name
// has its id for a name, and no members.
func KnownCircle(id string) Circle {
	if at := slices.IndexFunc(knownCircles, func(c Circle) bool { return c.ID == id }); at >= 0 {
		return knownCircles[at]
	}
	return Circle{ID: id, Name: id}
}

// NameIn is what the circles of this member call a circle; where it is none of them, what the design calls it, or its id.
func NameIn(circles []Circle, id string) string {
	for _, c := range circles {
		if c.ID == id {
			return c.Name
		}
	}
	return KnownCircle(id).Name
}

// KnownBut lists the circles that the design names and that are not among have: those still to open.
func KnownBut(have []Circle) []Circle {
	return slices.DeleteFunc(slices.Clone(knownCircles), func(c Circle) bool {
		return slices.ContainsFunc(have, func(h Circle) bool { return h.ID == c.ID })
	})
}

// MemberName is the name of a member by its code, or the code where the place is not known here.
func MemberName(code string) string { return cmp.Or(division.Name(code), code) }

// UnitOf names a unit together with its member, wherever the two stand side by side: 遂宁市交通运输局.
func UnitOf(member, unit string) string { return division.Unit(MemberName(member), unit) }
