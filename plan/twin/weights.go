package twin

// weights of the features, in the order of names: fitted on the sets of testdata that fit_test.go names,
// by go test ./plan/twin -run TestFit -fit.
var weights = [len(names)]float64{
	-6.318, // bias
	1.118,  // near
	1.785,  // near-and-much
	1.567,  // near-squared
	1.585,  // much
	1.065,  // things
	-0.295, // own-of-both
	-0.605, // own-of-one
	-1.956, // titles
	0.802,  // chars
	1.912,  // whole
	3.440,  // in-either
	1.638,  // in-both
	-1.043, // pairs-in-either
	-1.309, // pairs-in-both
	1.504,  // figure
	-1.155, // figures-off
	0.708,  // lead
	-0.708, // other-lead
	1.904,  // figure-and-lead
	-0.046, // figure-and-thing
	-1.018, // clash-share
	-1.657, // clash-of-names
	-0.634, // other-stage
	-1.057, // other-place
	-1.617, // other-phase
	-0.506, // other-which
	-0.714, // other-head
	0.482,  // kin-titles
	1.485,  // kin-whole
	1.088,  // kin-and-figure
	1.208,  // no-topic
	0.814,  // no-topic-and-figure
	1.022,  // deadline
	-1.451, // other-deadline
	-0.912, // beyond-row
	-1.434, // beyond-item
	-0.440, // amid
}
