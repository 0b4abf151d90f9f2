package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// commitsChannel is told of in each transaction that other processes want to hear of.
const commitsChannel = "liandong_commits"

// Announce tells the other processes on this database when tx is committed; from says which process tells. A database that one
// process has for itself tells nobody, nor does an engine that has no announcements: there others look from time to time.
func (tx *Tx) Announce(ctx context.Context, from string) error {
	if !tx.announces {
		return nil
	}
	_, err := tx.Exec(ctx, `SELECT pg_notify(?, ?)`, commitsChannel, from)
	return err
}

// listenAgain is how long Listen waits before it asks a database again that cannot be reached.
const listenAgain = time.Second

// Listen calls heard with what another process announced, until ctx ends; with an empty text when announcements may have
// been missed: at the start, and when the database was away. Of a database that one process has for itself it hears nothing.
func (s *Store) Listen(ctx context.Context, heard func(from string)) {
	if !s.announces {
		return
	}
	for ctx.Err() == nil {
		_ = s.listen(ctx, heard) // it ends with the connection, which is then made anew
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func (s *Store) listen(ctx context.Context, heard func(from string)) error {
	c, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of %T cannot listen", driver)
		}
		if _, err := conn.Conn().Exec(ctx, "LISTEN "+commitsChannel); err != nil {
			return err
		}
		heard("")
		for {
			n, err := conn.Conn().WaitForNotification(ctx)
			if err != nil {
				_ = conn.Conn().Close(context.WithoutCancel(ctx)) // it still listens: nobody else may get it
				return err
			}
			heard(n.Payload)
		}
	})
}
