package notices_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"liandong/node"
	"liandong/notice"
	"liandong/plan/notices"
	"liandong/plan/plantest"
	"liandong/region"
	"liandong/store"
	"liandong/store/storetest"
	"liandong/web/lang"
)

const benchPeople, benchUnits, benchItems = 5000, 250, 1250

// mails is a real mail server that counts what it takes.
type mails struct{ took atomic.Int64 }

func (m *mails) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }

func (m *mails) Mail(string, *smtp.MailOptions) error { return nil }

func (m *mails) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (m *mails) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	m.took.Add(1)
	return nil
}

func (m *mails) Reset()        {}
func (m *mails) Logout() error { return nil }

// BenchmarkDigest is the day's letter of 5,000 people in the units of an office of 1,250 items that have a report due soon: from finding out what waits until
// the mail server has the last.
func BenchmarkDigest(b *testing.B) {
	o := plantest.New(b, storetest.OpenSQLite(b), notice.Module())
	plantest.FillBulk(b, o, plantest.Bulk{Items: benchItems, Units: benchUnits, Reports: 11 * benchItems})
	o.Day("2022-12-23")
	quiet := slog.New(slog.DiscardHandler)
	for round := range b.N {
		box := &mails{}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		server := smtp.NewServer(box)
		go server.Serve(l)
		d := notice.NewDesk(o.Node(), notice.Options{
			Source: notices.Source(o.Desk), Site: "https://suining.example", Log: quiet,
			Mail: &notice.Mail{Server: l.Addr().String(), From: "notice@suining.example", Security: "none"},
		})
		fillPeople(b, o, d, round, owing(b, o))
		b.ResetTimer()
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		start := time.Now()
		go func() { defer close(ended); d.Run(ctx) }()
		for box.took.Load() < benchPeople {
			if time.Since(start) > time.Minute {
				b.Fatalf("only %d letters after a minute", box.took.Load())
			}
			<-time.After(5 * time.Millisecond)
		}
		took := time.Since(start)
		b.StopTimer()
		stop()
		<-ended
		server.Close()
		_, all, err := d.Deliveries(context.Background(), notice.Sent)
		if err != nil || box.took.Load() != benchPeople || all[notice.Dead] != 0 {
			b.Fatalf("%d letters, %v, %v", box.took.Load(), all, err)
		}
		b.ReportMetric(took.Seconds(), "digest-s")
		b.ReportMetric(float64(matters(b, o))/benchPeople, "matters/person")
	}
}

// owing are the units that have something to be told of.
func owing(b *testing.B, o *plantest.Office) (units []string) {
	b.Helper()
	source := notices.Source(o.Desk)
	for i := range benchUnits {
		unit := fmt.Sprintf("o-%d", i+1)
		all, err := source.Standing(context.Background(), node.Actor{Org: unit, Seat: string(region.Reporter), Member: o.Node().Member})
		if err != nil {
			b.Fatal(err)
		}
		if slices.ContainsFunc(all, func(m notice.Matter) bool { return m.Day <= string(o.Today()) }) {
			units = append(units, unit)
		}
	}
	return units
}

// fillPeople seats 5,000 reporters who want letters; those of an earlier round leave their addresses.
func fillPeople(b *testing.B, o *plantest.Office, d *notice.Desk, round int, units []string) {
	b.Helper()
	ctx := context.Background()
	for from := 0; from < benchPeople; from += 250 {
		o.Write(func(ctx context.Context, w *node.Writing) error {
			for i := from; i < from+250; i++ {
				person := fmt.Sprintf("p-%d-%d", round, i)
				_, err := region.PersonNamed.Say(ctx, w, node.Said[region.PersonFacts, region.PersonWords]{
					Circle: node.Self, Facts: region.PersonFacts{Person: person}, Words: &region.PersonWords{Name: "演示" + person},
				})
				if err != nil {
					return err
				}
				_, err = region.SeatGiven.Say(ctx, w, node.Said[region.SeatFacts, region.NoWords]{
					Circle: node.Self, Facts: region.SeatFacts{Person: person, Org: units[i%len(units)], Seat: region.Reporter},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	for i := range benchPeople {
		p := notice.Pref{Lang: lang.Zh, Mail: fmt.Sprintf("p%d@example.cn", i), ByMail: true, DigestHour: 8}
		if err := d.SetPref(ctx, fmt.Sprintf("p-%d-%d", round, i), p); err != nil {
			b.Fatal(err)
		}
	}
}

// matters counts what was told.
func matters(b *testing.B, o *plantest.Office) (n int) {
	b.Helper()
	err := o.Node().Store.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Row(context.Background(), `SELECT count(*) FROM notice_carried`).Scan(&n)
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
