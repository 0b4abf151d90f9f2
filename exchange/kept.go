package exchange

import "sync"

// keptBytes bounds what Kept holds: 8 MB.
const keptBytes = 8 << 20

// Kept keeps files of books that never change and were just asked for, so that many followers who ask for the same
// tile cost one reading. Whether the reader may have it is asked before, each time.
type Kept struct {
	mu    sync.Mutex
	files map[string]file
	bytes int
}

func (k *Kept) get(key string) (f file, ok bool) {
	if k == nil {
		return f, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok = k.files[key]
	return f, ok
}

// put keeps a file; others make room for it, whichever come first to hand.
func (k *Kept) put(key string, f file) {
	if k == nil || !f.lasting || len(f.body) > keptBytes/64 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.files == nil {
		k.files = map[string]file{}
	}
	k.bytes += len(f.body) - len(k.files[key].body)
	k.files[key] = f
	for old, o := range k.files {
		if k.bytes <= keptBytes {
			break
		}
		if old != key {
			delete(k.files, old)
			k.bytes -= len(o.body)
		}
	}
}
