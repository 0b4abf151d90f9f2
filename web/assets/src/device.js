// What this device keeps for its owner: filings that wait for a line (queue), what was typed and could not be saved (typed), and whose
// seat it was last (about). Where the browser lends no store, all promises fail and pages do without.

let opened;

function open() {
  opened =
    opened ||
    new Promise((yes, no) => {
      const ask = indexedDB.open("liandong", 1);
      ask.onupgradeneeded = () => ["queue", "typed", "about"].forEach((name) => ask.result.createObjectStore(name, { keyPath: "id" }));
      ask.onsuccess = () => yes(ask.result);
      ask.onerror = () => no(ask.error);
    });
  return opened;
}

async function ask(name, mode, what) {
  const db = await open();
  return new Promise((yes, no) => {
    const tx = db.transaction(name, mode, { durability: "strict" });
    const got = what(tx.objectStore(name));
    tx.oncomplete = () => yes(got.result);
    tx.onabort = tx.onerror = () => no(tx.error);
  });
}

export const all = (name) => ask(name, "readonly", (s) => s.getAll());
export const get = (name, id) => ask(name, "readonly", (s) => s.get(id));
export async function put(name, what) {
  if (closed) throw new Error("signed out"); // who sends all the same does so as without a store
  return ask(name, "readwrite", (s) => s.put(what));
}

// Once somebody signs out his pages keep nothing more, here and in other tabs, whatever they were about to keep.
let closed = false;
const tabs = self.BroadcastChannel && new BroadcastChannel("liandong");
if (tabs) tabs.onmessage = (e) => (closed = closed || e.data === document.body.dataset.owner);

// leave closes the device's store for its owner and takes out of it what is his: each thing by itself, so that one that cannot be read or
// removed keeps no other.
export async function leave(his) {
  closed = true;
  if (tabs) tabs.postMessage(document.body.dataset.owner);
  for (const [name, entry] of notes()) if (!entry || his(entry)) unnote(name);
  for (const name of ["queue", "typed"]) {
    const kept = await all(name).catch(() => []);
    for (const x of kept.filter(his)) await ask(name, "readwrite", (s) => s.delete(x.id)).catch(() => {});
  }
  await drop("about", "who").catch(() => {});
  if (self.caches) for (const name of await caches.keys()) await caches.delete(name).catch(() => {});
}

export function drop(name, id) {
  if (name === "typed") unnote(noted + id);
  return ask(name, "readwrite", (s) => s.delete(id));
}

// A page that is being left is gone before the store answers: what was typed last is noted at once, and put into the store by the next page.
const noted = "typed ";

export function note(entry) {
  if (closed) return;
  try {
    localStorage.setItem(noted + entry.id, JSON.stringify(entry));
  } catch (none) {
    // the browser lends no store, or it is full: what was typed before stands in the other one
  }
}

function unnote(name) {
  try {
    localStorage.removeItem(name);
  } catch (none) {
    // the browser lends no store
  }
}

// notes are all that was noted, by name; what cannot be read is null.
function notes() {
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch (damaged) {
      return null;
    }
  };
  try {
    return Object.keys(localStorage).filter((k) => k.startsWith(noted)).map((name) => [name, read(name)]);
  } catch (none) {
    return []; // the browser lends no store
  }
}

// settle moves what was noted into the store, but for what is over.
export async function settle(over) {
  for (const [name, entry] of notes()) {
    if (entry && !over(entry)) {
      const had = await get("typed", entry.id);
      if (!had || had.at <= entry.at) await put("typed", entry);
    }
    unnote(name);
  }
}

// The seat that pages were last opened from; a page that was kept without a name has it from here.
export async function owner() {
  const last = await get("about", "who");
  return last ? last.value : "";
}
