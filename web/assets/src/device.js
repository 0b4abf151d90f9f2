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
export const put = (name, what) => ask(name, "readwrite", (s) => s.put(what));

export function drop(name, id) {
  if (name === "typed") unnote(id);
  return ask(name, "readwrite", (s) => s.delete(id));
}

// A page that is being left is gone before the store answers: what was typed last is noted at once, and put into the store by the next page.
const noted = "typed ";

export function note(entry) {
  try {
    localStorage.setItem(noted + entry.id, JSON.stringify(entry));
  } catch (none) {
    // the browser lends no store, or it is full: what was typed before stands in the other one
  }
}

function unnote(id) {
  try {
    localStorage.removeItem(noted + id);
  } catch (none) {
    // the browser lends no store
  }
}

export async function settle() {
  for (const name of Object.keys(localStorage).filter((k) => k.startsWith(noted))) {
    const entry = JSON.parse(localStorage.getItem(name));
    const had = await get("typed", entry.id);
    if (!had || had.at <= entry.at) await put("typed", entry);
    localStorage.removeItem(name);
  }
}

// The seat that pages were last opened from; a page that was kept without a name has it from here.
export async function owner() {
  const last = await get("about", "who");
  return last ? last.value : "";
}
