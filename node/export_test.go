package node

import "time"

// SetSilence sets how long the database may be silent, before anything is written.
func (n *Node) SetSilence(d time.Duration) { n.silence = d }
