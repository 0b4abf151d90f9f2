package stage

import (
	"sync"

	"liandong/exchange"
	"liandong/node"
)

// circle is the one whose book is tampered with: all members of the demonstration are in it.
const circle = "chengyu"

// Post is one node of the demonstration in this process.
type Post struct {
	*node.Folder
	Follower *exchange.Follower
	Address  string // http://127.0.0.1:8081

	// Set under Stage.mu:
	changed  *changedByte
	forked   *history
	verified *verdict
}

// Stage is all nodes with what was done to them.
type Stage struct {
	posts []*Post

	mu    sync.Mutex
	wires map[pair]chan struct{} // closed: cut
}

// pair is two members, the smaller code first.
type pair [2]string

func between(a, b string) pair {
	if a > b {
		a, b = b, a
	}
	return pair{a, b}
}

// New makes the stage of nodes that are about to be served.
func New(posts ...*Post) *Stage {
	s := &Stage{posts: posts, wires: map[pair]chan struct{}{}}
	for i, p := range posts {
		for _, q := range posts[:i] {
			s.wires[between(p.Member, q.Member)] = make(chan struct{})
		}
		p.Follower.Pace = pace
		p.Follower.Client.Transport = s.Transport(p.Member, p.Follower.Client.Transport)
	}
	return s
}

func (s *Stage) post(member string) *Post {
	for _, p := range s.posts {
		if p.Member == member {
			return p
		}
	}
	return nil
}

// others are the posts beside one.
func (s *Stage) others(p *Post) (all []*Post) {
	for _, q := range s.posts {
		if q != p {
			all = append(all, q)
		}
	}
	return all
}

func (s *Stage) at(host string) string {
	for _, p := range s.posts {
		if p.Address == "http://"+host {
			return p.Member
		}
	}
	return ""
}
