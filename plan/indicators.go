package plan

// indicatorsOf proposes indicators from the figures that a target names.
func indicatorsOf(target string) (facts []IndicatorFacts, names, targets map[string]string) {
	return []IndicatorFacts{}, nil, nil
}
