// Package account signs people in: local accounts, sessions, one-time links and API tokens.
//
// Words: an account (账号) is a person's name and password here; a session (登录) one device that is
// signed in; a link (一次性链接) lets its holder set a password once; a token (接口令牌) lets a program
// do chosen actions for one seat. None of it is in a book: it is this node's own affair, kept in
// lasting tables, and it goes by real time, never by a demonstration's clock. Secrets are stored as
// SHA-256 only, passwords as argon2id.
package account
