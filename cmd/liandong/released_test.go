package main

import (
	"encoding/json"
	"os"
	"reflect"

	"github.com/rogpeppe/go-internal/testscript"
)

// status is what `plan status --json` says that every version is to say alike.
type status struct {
	Plans []struct {
		Key     string         `json:"key"`
		Rows    int            `json:"rows"`
		States  map[string]int `json:"states"`
		Filings []struct {
			Period   string `json:"period"`
			Owed     int    `json:"owed"`
			Filed    int    `json:"filed"`
			Returned int    `json:"returned"`
			Accepted int    `json:"accepted"`
			Missing  int    `json:"missing"`
			OnTime   int    `json:"onTime"`
		} `json:"filings"`
		Listings []struct {
			Number string `json:"number"`
			State  string `json:"state"`
			Reason string `json:"reason"`
			Filing string `json:"filing"`
		} `json:"listings"`
	} `json:"plans"`
}

// shows compares what a folder shows with what the version that made it showed: shows now.json then.json
func shows(ts *testscript.TestScript, _ bool, args []string) {
	var read [2]status
	for i, name := range args {
		b, err := os.ReadFile(ts.MkAbs(name))
		ts.Check(err)
		ts.Check(json.Unmarshal(b, &read[i]))
	}
	now, then := read[0].Plans, read[1].Plans
	if len(now) != len(then) || len(then) == 0 {
		ts.Fatalf("%d lists, %d were there", len(now), len(then))
	}
	for i, p := range then {
		if q := now[i]; q.Key != p.Key || q.Rows != p.Rows || !reflect.DeepEqual(q.States, p.States) || !reflect.DeepEqual(q.Filings, p.Filings) {
			ts.Fatalf("%s shows %v %+v, it showed %v %+v", p.Key, q.States, q.Filings, p.States, p.Filings)
		}
		for j, l := range p.Listings {
			if got := now[i].Listings[j]; got != l {
				ts.Fatalf("%s row %s shows %+v, it showed %+v", p.Key, l.Number, got, l)
			}
		}
	}
}
