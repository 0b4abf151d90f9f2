package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"liandong/node"
	"liandong/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"liandong": main})
}

// TestScripts runs the stories of testdata: what a person types, and what comes back.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "flip": flipBit, "port": freePort, "serving": serving, "fetch": fetch,
			"terminate": terminate, "older": older, "meet": meet, "talk": talk, "forges": forges, "accuses": accuses, "shows": shows,
		},
		Setup: func(e *testscript.Env) error {
			released, err := filepath.Abs("testdata/released")
			e.Setenv("RELEASED", released)
			return err
		},
		RequireExplicitExec: true,
	})
}

// exits runs a command and expects just this exit code: exits 1 liandong book verify
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want := atoi(ts, args[0])
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// older leaves a folder as a version before a table was added would have it: older DIR TABLE
func older(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	s, err := store.Open(ctx, ts.MkAbs(args[0])+"/liandong.db")
	ts.Check(err)
	defer s.Close()
	ts.Check(s.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DROP TABLE `+args[1])
		if err == nil {
			_, err = tx.Exec(ctx, `UPDATE node_state SET view_schema = 'before'`)
		}
		return err
	}))
}

func atoi(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// flipBit turns a bit of a value: flip DIR book_entry leaf 'idx = 2'
func flipBit(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	s, err := store.Open(ctx, ts.MkAbs(args[0])+"/liandong.db")
	ts.Check(err)
	defer s.Close()
	table, column, where := args[1], args[2], args[3]
	ts.Check(s.Write(ctx, func(tx *store.Tx) error {
		var value []byte
		err := tx.Row(ctx, "SELECT "+column+" FROM "+table+" WHERE "+where).Scan(&value)
		if err != nil {
			return err
		}
		value[len(value)/2] ^= 1
		_, err = tx.Exec(ctx, "UPDATE "+table+" SET "+column+" = ? WHERE "+where, value)
		return err
	}))
}

// freePort sets $ADDR to an address that is free now.
func freePort(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv("ADDR", l.Addr().String())
	ts.Check(l.Close())
}

// serving waits until a folder is served: serving DIR
func serving(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	deadline := time.After(20 * time.Second)
	for {
		if c, err := dialSocket(context.Background(), dir); err == nil {
			c.Close()
			return
		}
		select {
		case <-deadline:
			ts.Fatalf("%s is not served", node.SocketOf(dir))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// terminate sends SIGTERM to the process whose pid stands in the folder's lock: terminate DIR
func terminate(ts *testscript.TestScript, _ bool, args []string) {
	pid, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile(args[0] + "/lock")))
	ts.Check(err)
	ts.Check(syscall.Kill(pid, syscall.SIGTERM))
}

// fetch writes what an address answers to a file, and expects its status: fetch 200 URL FILE
func fetch(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := http.Get(args[1])
	ts.Check(err)
	defer answer.Body.Close()
	if strconv.Itoa(answer.StatusCode) != args[0] {
		ts.Fatalf("%s: %s", args[1], answer.Status)
	}
	if len(args) > 2 {
		f, err := os.Create(ts.MkAbs(args[2]))
		ts.Check(err)
		defer f.Close()
		_, err = f.ReadFrom(answer.Body)
		ts.Check(err)
	}
}
