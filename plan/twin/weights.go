package twin

// weights of the features, in the order of names: fitted on testdata/build.tsv and
// testdata/tune2.tsv by go test ./plan/twin -run TestFit -fit.
var weights = [len(names)]float64{
	-7.159, // bias
	1.243,  // near
	1.714,  // near-and-much
	1.839,  // near-squared
	1.339,  // much
	1.451,  // things
	-0.697, // own-of-both
	-0.365, // own-of-one
	-1.119, // titles
	1.565,  // chars
	0.510,  // whole
	2.787,  // in-either
	1.568,  // in-both
	-0.108, // pairs-in-either
	-1.163, // pairs-in-both
	1.402,  // figure
	-0.154, // figures-off
	0.741,  // lead
	-0.741, // other-lead
	1.388,  // figure-and-lead
	0.387,  // figure-and-thing
	-0.785, // clash-share
	-1.607, // clash-of-names
	-0.649, // other-stage
	-0.125, // other-place
	-1.408, // other-phase
	-0.099, // other-which
	-0.789, // other-head
	0.770,  // kin-titles
	1.060,  // kin-whole
	1.095,  // kin-and-figure
	1.030,  // no-topic
	0.786,  // no-topic-and-figure
	0.766,  // deadline
	-0.001, // other-deadline
}
