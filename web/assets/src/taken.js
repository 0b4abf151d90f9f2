// Whether the server has taken a form, as the page after it knows: only then may what the device kept of it go.
import { all, drop, settle } from "./device.js";

const days = 7; // what nobody came back to for longer goes

export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
const keys = new WeakMap();

// keyOf names what is typed into a form of this page.
export function keyOf(form) {
  if (!keys.has(form)) keys.set(form, newKey());
  return keys.get(form);
}

// announce has the server answer to the key when it has taken what goes to the form's address, and to no other.
export function announce(form, submitter, key = keyOf(form)) {
  const to = new URL((submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || "", location);
  document.cookie = `typing=${key}.${encodeURIComponent(to.pathname)}; path=${to.pathname}; max-age=86400; samesite=lax`;
}

async function forget() {
  const done = Array.from(document.cookie.matchAll(/(?:^|; )typed-(\w+)=/g), (m) => m[1]);
  const over = (e) => done.includes(e.key) || Date.now() - e.at > days * 864e5;
  try {
    await settle(over);
    for (const e of await all("typed")) if (over(e)) await drop("typed", e.id);
    for (const e of await all("queue")) if (done.includes(e.checked)) await drop("queue", e.id);
  } catch (none) {
    if (await all("about").catch(() => false)) return; // the store is there and failed: the next page tries again
  }
  done.forEach((key) => (document.cookie = `typed-${key}=; path=/; max-age=0`)); // not before: this page may be left at any moment
}

// forgotten comes true when what was taken is kept no more.
export const forgotten = forget();
