package store

// Unsynced opens SQLite without waiting for the disk: a crash of the machine may lose the whole
// database. It is for what is simply made anew then, such as a demonstration while it is filled.
func Unsynced() Option {
	return func(o *opening) { o.params = "_pragma=synchronous(OFF)" }
}
