// Package gallery shows every part of web/ui on one page, for tests and for eyes; no site serves it.
package gallery
