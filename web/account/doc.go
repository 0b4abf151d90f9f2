// Package account signs people in: local accounts, sessions, one-time links and API tokens.
//
// Words: an account (账号) is a person's name and password here; a session (登录) one device that is
// signed in; a link (一次性链接) lets its holder set a password once; a token (接口令牌) lets a program
// do chosen actions for one seat; a second factor (二次验证) is what somebody shows besides his password;
// a passkey (通行密钥) is a key on his device that signs him in by itself;
// a known browser (认识的浏览器) is one in which he has signed in before. None of it is in a book: it is this node's own affair, kept in
// lasting tables, and it goes by real time, never by a demonstration's clock. Secrets are stored as
// SHA-256 only, passwords as argon2id; that of an authenticator app as it is, for codes are made of it.
package account
