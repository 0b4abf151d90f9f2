package webtest

import (
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Own is a person's own browser: what it keeps outlives it.
type Own struct {
	*Browser
	cmd *exec.Cmd
}

// StartOwn starts the browser whose profile lies in dir, an empty folder for a new one.
func StartOwn(t testing.TB, dir string) *Own {
	t.Helper()
	d := &Own{}
	d.Browser = start(t, chromedp.UserDataDir(dir), chromedp.ModifyCmdFunc(func(cmd *exec.Cmd) {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what Chromium starts dies with it
		d.cmd = cmd
	}))
	return d
}

// Open opens a tab that shares cookies and what is kept with all others of it.
func (d *Own) Open(t testing.TB, base string, look Look) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(d.ctx)
	return open(ctx, t, cancel, base, look)
}

// Kill ends it at once, as when the power goes.
func (d *Own) Kill(t testing.TB) {
	t.Helper()
	if err := syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// Its last process holds the lock of what is kept.
	for end := time.Now().Add(patience); syscall.Kill(-d.cmd.Process.Pid, 0) == nil && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
}
