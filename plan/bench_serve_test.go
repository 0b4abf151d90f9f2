package plan_test

import (
	"errors"
	"fmt"
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
)

// BenchmarkServe measures the program itself on a folder with over a million entries: how long
// `liandong serve` takes to answer, which is to be under 0.5 s, and the memory that it then holds
// (VmRSS, after ten idle seconds), under 80 MB.
func BenchmarkServe(b *testing.B) {
	dir := copyOf(b, benchItems(b))
	binary := filepath.Join(b.TempDir(), "liandong")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "./cmd/liandong")
	build.Dir, build.Env = "..", append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	var starts, memory []float64
	for i := range 4 {
		took, rss := serveOnce(b, binary, dir)
		if i > 0 { // the first time the accounts' tables are made
			starts, memory = append(starts, took.Seconds()), append(memory, rss)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(starts), "start-s")
	b.ReportMetric(median(memory), "idle-MB")
}

func serveOnce(b *testing.B, binary, dir string) (took time.Duration, megabytes float64) {
	address := freeAddress(b)
	server := exec.Command(binary, "serve", "--dir", dir, "--addr", address)
	var said strings.Builder
	server.Stdout, server.Stderr = &said, &said
	start := time.Now()
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	for answered := false; !answered; {
		select {
		case err := <-ended:
			b.Fatalf("serve ended: %v\n%s", err, said.String())
		case <-time.After(2 * time.Millisecond):
		}
		if time.Since(start) > time.Minute {
			b.Fatal("serve does not answer")
		}
		if r, err := http.Get("http://" + address + "/readyz"); err == nil {
			answered = r.StatusCode == http.StatusOK
			r.Body.Close()
		}
	}
	took = time.Since(start)
	<-time.After(20 * time.Second) // by then all texts of the index were looked at once
	megabytes = residentMB(b, server.Process.Pid)
	if err := server.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		b.Fatal(err)
	}
	<-ended
	return took, megabytes
}

func freeAddress(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func residentMB(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "VmRSS:" {
			kb, err := strconv.ParseFloat(words[1], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
