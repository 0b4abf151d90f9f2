package books_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"liandong/book"
	"liandong/node"
	"liandong/region"
	"liandong/store"
)

// TestItIsSaidWhoseBooksTheyAre: the own stand first, a neighbour's of the same circle below under its name, with a way to its last
// entry; and each can be pointed at by itself.
func TestItIsSaidWhoseBooksTheyAre(t *testing.T) {
	s, h := stand(t)
	theirs := neighbourBook(t, s, tongnansKey(t), aNote)
	b := get(h, "reader@fgw", "/books/").Body.String()
	var at []int
	for _, s := range []string{">内部账", `id="book-suitong"`, ">圈内成员的账本<", "潼南区 · 遂潼", fmt.Sprintf(`href="/proof/suitong/%d?member=500152"`, theirs)} {
		at = append(at, strings.Index(strings.ReplaceAll(b, "\n", ""), s))
	}
	for i, n := range at {
		if n < 0 || i > 0 && n < at[i-1] {
			t.Errorf("the books stand at %v of the page:\n%s", at, b)
			break
		}
	}
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="[^"]+"`).FindAllString(b, -1) {
		if seen[id] {
			t.Errorf("%s stands twice", id)
		}
		seen[id] = true
	}
	if strings.Contains(b[strings.Index(b, ">圈内成员的账本<"):], "/book/suitong/checkpoint") {
		t.Error("the own head is offered as that of a neighbour")
	}
}

// TestAFaultIsToldInWords: whose book it is in, where, and of which sort, by the node's clock; and the home page says so to who
// looks after the books, and to nobody else.
func TestAFaultIsToldInWords(t *testing.T) {
	s, h := stand(t)
	theirs := neighbourBook(t, s, tongnansKey(t), aNote)
	err := s.Node.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE book_entry SET words = ? WHERE book = '500152/suitong' AND idx = ?`, []byte("{}"), theirs)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if home := get(h, "auditor@fgw", "/").Body.String(); strings.Contains(home, "不符") {
		t.Error("the home page tells of faults before anybody looked")
	}
	if w := post(h, "auditor@fgw", "/books/verify", url.Values{}); w.Code != 303 {
		t.Fatalf("verify: %d", w.Code)
	}
	page := ""
	for begun := time.Now(); page == "" || strings.Contains(page, "正在核验"); time.Sleep(10 * time.Millisecond) {
		if page = get(h, "auditor@fgw", "/books/verify").Body.String(); time.Since(begun) > time.Minute {
			t.Fatal("it does not end")
		}
	}
	for _, says := range []string{"潼南区 · 遂潼", fmt.Sprintf(`href="/proof/suitong/%d?member=500152"`, theirs), "正文承诺", "2022-06-20"} {
		if !strings.Contains(page, says) {
			t.Errorf("the page lacks %s:\n%s", says, page)
		}
	}
	if strings.Contains(page, ">commitment<") || strings.Contains(page, time.Now().Format("2006-01-02")) {
		t.Error("the page tells the sort of a fault by its code, or a time that is not the node's")
	}
	for seat, told := range map[string]bool{"auditor@fgw": true, "administrator@fgw": true, "reporter@jtj": false} {
		if home := get(h, seat, "/").Body.String(); strings.Contains(home, "账本核验发现 1 处不符") != told {
			t.Errorf("%s is told on the home page: %v", seat, !told)
		}
	}
}

func tongnansKey(t *testing.T) book.Key {
	t.Helper()
	key, err := book.GenerateKey(bytes.NewReader(bytes.Repeat([]byte("tongnan."), 8)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// aNote is something that a neighbour says.
func aNote(ctx context.Context, w *node.Writing) error {
	_, err := region.NoteSaid.Say(ctx, w, node.Said[region.NoteFacts, region.NoteWords]{
		Circle: "suitong", Words: &region.NoteWords{Title: "商请", Text: "演示"},
	})
	return err
}
