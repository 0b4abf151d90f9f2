// What is typed into a report is kept for the unit while typing: neither the end of a session nor
// another browser loses it, and nobody's text is overwritten unseen. What cannot be saved for want of a line or a session stays on the
// device until it can.
import { drop, get, note as noteLast, put } from "./device.js";
import { fill } from "./queue.js";
import { beside } from "./typed.js";
import { announce, forgotten, keyOf } from "./taken.js";

const pause = 1200; // ms from the first key on: what is typed is saved within 2 s, however long somebody goes on
const soon = 100; // ms until the device has it: who closes the page right after the last key loses nothing
const patience = 15e3; // ms until a line that says nothing counts as lost

function typed(form) {
  const all = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") all.append(name, value);
  return all;
}

const version = (fields) => Number((fields.find(([name]) => name === "version") || [])[1]);

// own are the values without what each page has of its own.
const own = (fields) => JSON.stringify(fields.filter(([name]) => !/^(version|request|seen)\b/.test(name)));

function keep(form) {
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let near = 0;
  let busy = false;
  let stopped = false;
  const say = (word) => (note.textContent = note.dataset[word] || "");
  const who = document.body.dataset.who;
  const id = who + " " + form.dataset.draft;
  const words = { 401: "expired", 409: "newer" };

  async function save() {
    timer = 0;
    if (busy) return later();
    clearTimeout(near);
    near = 0;
    busy = true;
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), patience);
    await aside().catch(() => {}); // first: the browser may be gone before the server answers
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(form), headers: { Accept: "application/json" }, signal: stop.signal });
      if (answer.ok) form.elements.version.value = await answer.text();
      stopped = stopped || answer.status === 409;
      say(answer.ok ? "saved" : words[answer.status] || "failed");
      if (answer.ok && !stopped) await (timer ? aside() : drop("typed", id)); // what was typed meanwhile stands on the new version
    } catch (e) {
      say("failed");
    }
    clearTimeout(late);
    busy = false;
  }
  const now = () => ({ id, who, owner: document.body.dataset.owner, key: keyOf(form), at: Date.now(), fields: Array.from(typed(form)) });
  const aside = () => put("typed", now());
  // What the device kept stands in the form again, with the version it was made from: a colleague's newer text is not overwritten.
  async function back() {
    await forgotten;
    const kept = who && (await get("typed", id));
    if (!kept || (await get("queue", who + " " + form.getAttribute("action")))) return;
    const here = Array.from(typed(form));
    // The page may have it already: it was saved, and the browser left before it heard so.
    if (own(here) === own(kept.fields)) return drop("typed", id);
    if (version(here) > version(kept.fields)) return newer(kept.fields);
    fill(form, kept.fields);
    say("back");
    later();
  }
  // A draft that was saved since, by a colleague or from another device, stands; what this device kept is shown above it.
  function newer(fields) {
    const texts = fields.filter(([name, v]) => v && /^(progress|problem|next|[pft]-)/.test(name)).map(([, v]) => v);
    if (texts.length) beside(form, texts, () => drop("typed", id));
    else drop("typed", id);
  }
  function later() {
    if (!stopped) timer = timer || setTimeout(save, pause);
  }
  const keepNear = () => {
    clearTimeout(near);
    near = 0;
    return aside().catch(() => {});
  };
  form.addEventListener("input", () => {
    near = near || setTimeout(keepNear, soon);
    later();
  });
  addEventListener("pagehide", () => near && noteLast(now()));
  form.addEventListener("submit", (e) => {
    clearTimeout(timer);
    timer = 0;
    noteLast(now()); // what the device keeps is what was sent: the page that answers brings it, or the server has it
    clearTimeout(near);
    near = 0;
    stopped = true;
    announce(form, e.submitter);
  });
  form.addEventListener("queued", () => (stopped = false));
  if (document.querySelector(".errors")) later(); // what was refused is a draft
  back().catch(() => {});
}

export function drafts(root) {
  root.querySelectorAll("form[data-draft]").forEach(keep);
  // Who gives a draft up gives up what the device kept of it.
  root.querySelectorAll("form[data-discards]").forEach((form) =>
    form.addEventListener("submit", () => drop("typed", document.body.dataset.who + " " + form.dataset.discards).catch(() => {})),
  );
}
