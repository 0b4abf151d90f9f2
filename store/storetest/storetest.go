// Package storetest gives tests a real SQLite and a real PostgreSQL, each fresh.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"liandong/store"
)

// Each runs f on both engines as subtests.
func Each(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, OpenSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, OpenPostgres(t)) })
}

// OpenSQLite opens a new SQLite file that goes with the test.
func OpenSQLite(t testing.TB) *store.Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "test.db"))
}

// OpenPostgres opens a new database of the test's PostgreSQL server.
func OpenPostgres(t testing.TB) *store.Store {
	t.Helper()
	return open(t, PostgresAddress(t))
}

func open(t testing.TB, where string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var (
	startOnce sync.Once
	socketDir string
	startErr  error
	databases atomic.Int64
)

// PostgresAddress makes a new database and returns its address. The server is started once for
// a test process and ends with it.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	startOnce.Do(func() { socketDir, startErr = startServer() })
	if startErr != nil {
		t.Fatalf("PostgreSQL for tests: %v (make test installs it)", startErr)
	}
	name := fmt.Sprintf("t%d", databases.Add(1))
	db, err := sql.Open("pgx", address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	return address(name)
}

func address(name string) string {
	return "postgres://postgres@/" + name + "?host=" + socketDir
}

// startServer runs the system's PostgreSQL in a folder of its own on a Unix socket. It is told
// to die with this process.
func startServer() (socket string, err error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	sweep()
	dir, err := os.MkdirTemp("", "liandong-pg-")
	if err != nil {
		return "", err
	}
	as, err := serverUser(dir)
	if err != nil {
		return "", err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust",
		"--no-sync", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "max_connections=200", "-c", "autovacuum=off")
	server.SysProcAttr, server.Dir = as, dir
	started := make(chan error, 1)
	go func() { // Pdeathsig watches the thread that starts the child: keep it
		lockThread()
		started <- server.Start()
		server.Wait()
		os.RemoveAll(dir)
	}()
	if err := <-started; err != nil {
		return "", err
	}
	return dir, waitFor(filepath.Join(dir, ".s.PGSQL.5432"), dir)
}

// sweep removes the folders of servers that died with their tests: nobody else does.
func sweep() {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), "liandong-pg-*"))
	for _, dir := range old {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute { // perhaps just being started
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		first, _, _ := strings.Cut(string(text), "\n")
		if pid, bad := strconv.Atoi(first); err != nil || bad != nil || syscall.Kill(pid, 0) != nil {
			os.RemoveAll(dir)
		}
	}
}

func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		if p, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(p), nil
		}
		return "", fmt.Errorf("no initdb in /usr/lib/postgresql/*/bin or on the PATH")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// serverUser: initdb refuses root, so root lends the folder to the user postgres.
func serverUser(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

func waitFor(socket, dir string) error {
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if _, err := os.Stat(socket); err == nil {
			db, err := sql.Open("pgx", "postgres://postgres@/postgres?host="+dir)
			if err != nil {
				return err
			}
			err = db.Ping()
			db.Close()
			if err == nil {
				return nil
			}
		}
		<-time.After(20 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL did not answer in 20 s")
}
