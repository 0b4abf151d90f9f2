package twin

// weights of the features, in the order of names: fitted on the sets of testdata that fit_test.go names,
// by go test ./plan/twin -run TestFit -fit.
var weights = [len(names)]float64{
	-6.463, // bias
	1.113,  // near
	1.822,  // near-and-much
	1.571,  // near-squared
	1.606,  // much
	1.095,  // things
	-0.314, // own-of-both
	-0.660, // own-of-one
	-2.166, // titles
	0.658,  // chars
	2.054,  // whole
	3.580,  // in-either
	1.930,  // in-both
	-1.219, // pairs-in-either
	-1.268, // pairs-in-both
	1.324,  // figure
	-1.210, // figures-off
	0.741,  // lead
	-0.741, // other-lead
	1.872,  // figure-and-lead
	-0.190, // figure-and-thing
	-0.828, // clash-share
	-1.760, // clash-of-names
	-0.634, // other-stage
	-1.125, // other-place
	-1.674, // other-phase
	-0.398, // other-which
	-0.719, // other-head
	0.417,  // kin-titles
	1.559,  // kin-whole
	1.115,  // kin-and-figure
	1.227,  // no-topic
	0.800,  // no-topic-and-figure
	0.784,  // deadline
	-1.378, // other-deadline
	-0.681, // beyond-row
	-1.270, // beyond-item
	-0.466, // amid
}
