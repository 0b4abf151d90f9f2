package storetest

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Pair is a PostgreSQL of its own with a hot standby.
type Pair struct {
	// Address leads to whichever of the two may be written to.
	Address string

	t       testing.TB
	bin     string
	primary *server
	standby *server
}

type server struct {
	dir, data string
	process   *exec.Cmd
}

// NewPair starts the two; synchronous: a commit is answered when the standby has it on its disk.
func NewPair(t testing.TB, synchronous bool) *Pair {
	t.Helper()
	bin, err := binaries()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v (make test installs it)", err)
	}
	p := &Pair{t: t, bin: bin}
	p.primary = p.start(func(data string) *exec.Cmd {
		return exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	})
	p.standby = p.start(func(data string) *exec.Cmd {
		return exec.Command(filepath.Join(bin, "pg_basebackup"), "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync",
			"-h", p.primary.dir, "-U", "postgres")
	})
	p.Address = fmt.Sprintf("postgres://postgres@/postgres?host=%s,%s&port=5432,5432&target_session_attrs=read-write&connect_timeout=2",
		p.primary.dir, p.standby.dir)
	if synchronous {
		p.on(p.primary, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
		p.on(p.primary, `SELECT pg_reload_conf()`)
		p.wait(p.primary, `SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'`)
	} else {
		p.wait(p.primary, `SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'`)
	}
	return p
}

func (p *Pair) start(fill func(data string) *exec.Cmd) *server {
	p.t.Helper()
	dir, err := os.MkdirTemp("", "liandong-pg-")
	if err != nil {
		p.t.Fatal(err)
	}
	as, err := serverUser(dir)
	if err != nil {
		p.t.Fatal(err)
	}
	s := &server{dir: dir, data: filepath.Join(dir, "data")}
	made := fill(s.data)
	made.SysProcAttr, made.Dir = as, dir
	if out, err := made.CombinedOutput(); err != nil {
		p.t.Fatalf("%s: %v: %s", made.Path, err, out)
	}
	s.process = exec.Command(filepath.Join(p.bin, "postgres"), "-D", s.data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off",
		"-c", "wal_level=replica", "-c", "hot_standby=on")
	s.process.SysProcAttr, s.process.Dir = as, dir
	started := make(chan error, 1)
	ended := make(chan struct{})
	go func() { // as in startServer
		lockThread()
		started <- s.process.Start()
		s.process.Wait()
		close(ended)
	}()
	if err := <-started; err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = s.process.Process.Signal(syscall.SIGQUIT)
		<-ended
		os.RemoveAll(dir)
	})
	if err := waitFor(filepath.Join(dir, ".s.PGSQL.5432"), dir); err != nil {
		p.t.Fatal(err)
	}
	return s
}

// Detach stops the standby's receiving: what is committed from now on, it does not get.
func (p *Pair) Detach() {
	p.t.Helper()
	p.on(p.standby, `ALTER SYSTEM SET primary_conninfo = ''`)
	p.on(p.standby, `SELECT pg_reload_conf()`)
	p.wait(p.primary, `SELECT count(*) = 0 FROM pg_stat_replication`)
}

// Replace ends the primary as a power cut would, and promotes the standby.
func (p *Pair) Replace() {
	p.t.Helper()
	if err := p.primary.process.Process.Signal(syscall.SIGQUIT); err != nil { // immediate shutdown: nothing is finished
		p.t.Fatal(err)
	}
	p.on(p.standby, `SELECT pg_promote()`)
}

func (p *Pair) on(s *server, statement string) {
	p.t.Helper()
	db := p.open(s)
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}

func (p *Pair) open(s *server) *sql.DB {
	p.t.Helper()
	db, err := sql.Open("pgx", "postgres://postgres@/postgres?host="+s.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	return db
}

func (p *Pair) wait(s *server, question string) {
	p.t.Helper()
	db := p.open(s)
	defer db.Close()
	for range 500 {
		var yes bool
		if err := db.QueryRow(question).Scan(&yes); err != nil {
			p.t.Fatalf("%s: %v", question, err)
		}
		if yes {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	p.t.Fatalf("not within 10 s: %s", question)
}
