package region

// KnownCircle gives name and members of the circles that the design names, so that the first list
// of one of them can be taken in without typing them. Members are those this platform's region
// has (docs: FACTS of the region); a circle opened later may name others.
func KnownCircle(id string) Circle {
	switch id {
	case "chengyu":
		return Circle{ID: id, Name: "成渝地区双城经济圈", Members: []string{"500152", "510100", "510900", "511500"}}
	case "chengduplain":
		return Circle{ID: id, Name: "成都平原经济区", Members: []string{
			"510100", "510600", "510700", "510900", "511100", "511400", "511800", "512000",
		}}
	case "suitong":
		return Circle{ID: id, Name: "遂潼川渝毗邻地区一体化发展先行区", Members: []string{"500152", "510900"}}
	}
	return Circle{ID: id, Name: id}
}
