package twin

// weights of the features, in the order of names: fitted on the sets of testdata that fit_test.go names,
// by go test ./plan/twin -run TestFit -fit.
var weights = [len(names)]float64{
	-5.398, // bias
	1.020,  // near
	1.788,  // near-and-much
	1.437,  // near-squared
	1.671,  // much
	1.209,  // things
	0.239,  // own-of-both
	-0.564, // own-of-one
	-2.010, // titles
	0.658,  // chars
	2.031,  // whole
	3.311,  // in-either
	1.716,  // in-both
	-1.047, // pairs-in-either
	-1.318, // pairs-in-both
	1.188,  // figure
	0.753,  // lead
	-0.753, // other-lead
	1.906,  // figure-and-lead
	1.074,  // kin-whole
	0.901,  // kin-and-figure
	0.686,  // no-topic
	0.709,  // no-topic-and-figure
	0.730,  // deadline
	-1.396, // other-deadline
	-1.191, // figures-off
	-0.923, // clash-share
	-1.778, // clash-of-names
	-0.638, // other-stage
	-0.921, // other-place
	-1.543, // other-phase
	-0.407, // other-which
	-0.514, // other-head
	-0.397, // beyond
	-0.502, // amid
	-1.039, // odd-known
	-0.737, // odd-both
	-0.748, // odd-heads
	-0.400, // odd-head
	0.290,  // kin-rest-titles
	0.584,  // kin-rest
	-0.630, // kin-rest-apart
	-1.189, // other-acts
}
