// A filing is put into the store of the device before it is sent, so that neither a lost line nor a killed browser loses it. Its request
// key goes along: sent twice, it is filed once. The server checks the rules when it comes. A table goes as its rows that say something; those
// that the server took go from it, the others stay.
import { all, drop, get, leave, owner, put } from "./device.js";
import { put as choose, shrunk } from "./photos.js";
import { newKey } from "./taken.js";

const here = () => document.body.dataset.who || "";
const line = () => document.getElementById("line");
const worker = () => navigator.serviceWorker && navigator.serviceWorker.controller;
const counted = (text, n) => text.replace("#", n);

// What is under way from this page, by key: who pressed waits for that answer, and the page it opens says that it was filed.
const underway = new Set();

export const whose = async () => here() || (await owner());
export const mine = async () => {
  const who = await whose();
  return (await all("queue")).filter((e) => e.who === who).sort((a, b) => a.at - b.at);
};

// fill puts kept values into a form; the key of the request stays the page's own.
export function fill(form, fields) {
  const values = {};
  for (const [name, v] of fields) (values[name] = values[name] || []).push(v);
  for (const c of form.elements) {
    if (!c.name || c.name === "request" || c.tagName === "BUTTON") continue;
    const v = values[c.name] || [];
    if (c.type === "file") {
      choose(c, v.filter((f) => typeof f !== "string"));
      values[c.name] = [];
    } else if (c.type === "checkbox" || c.type === "radio") c.checked = v.includes(c.value);
    else if (v.length) c.value = v.shift();
    if (c.dataset.counter) c.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// rowsOf are the rows of a table that go along: where rows are ticked the ticked ones, else those in which something is typed.
function rowsOf(form) {
  return Array.from(form.querySelectorAll("[data-row]"), (tr) => {
    const pick = tr.querySelector("[name=pick]");
    const said = Array.from(tr.querySelectorAll("[data-col]"), (c) => c.value.trim()).filter(Boolean);
    return (pick ? pick.checked : said.length) && { id: tr.dataset.row, text: [tr.dataset.title, ...said].join("\n") };
  }).filter(Boolean);
}

// only are the fields of those rows, and what is of no row.
const only = (fields, rows) =>
  fields.filter(([name, v]) => {
    const of = name === "pick" ? v.slice(0, v.lastIndexOf("@")) : name.split("-").slice(1).join("-");
    return !of || rows.some((r) => r.id === of);
  });

const isTable = (form) => !!form.querySelector("[data-row]");

// fileOf is the name of the table that a form sends, or was made from: several may wait.
const isFile = (form) => "as" in form.dataset;
const fileOf = (form) => isFile(form) && (form.dataset.as || (form.elements.file.files[0] || {}).name);
const idOf = (form) => [here(), form.getAttribute("action"), fileOf(form)].filter(Boolean).join(" ");

async function hold(form) {
  let fields = Array.from(new FormData(form)).filter(([, v]) => typeof v === "string" || v.size || v.name);
  const rows = isTable(form) && rowsOf(form);
  if (rows) fields = only(fields, rows);
  const id = idOf(form);
  const before = await get("queue", id);
  // What was sent once and then changed is another request: were it the same, the server could not tell which one counts.
  if (before && before.tried && before.key === form.elements.request.value) form.elements.request.value = newKey();
  const key = form.elements.request.value;
  const period = form.querySelector("select[name=period]");
  fields.forEach((f) => f[0] === "request" && (f[1] = key));
  const entry = {
    id, key, who: here(), owner: document.body.dataset.owner, action: form.getAttribute("action"), draft: form.dataset.draft, page: form.dataset.page, title: form.dataset.queue + (period ? " · " + period.selectedOptions[0].text : ""), at: Date.now(),
    state: "wait", waited: !!(before && before.waited), fields, rows,
  };
  await put("queue", entry);
  return entry;
}

async function change(entry, to) {
  const now = await get("queue", entry.id);
  Object.assign(entry, to);
  if (now && now.key === entry.key) await put("queue", Object.assign(now, to)); // another send of it may have noted something
  return entry.state;
}

async function why(answer, entry) {
  const said = await answer.json().catch(() => ({}));
  const errors = (said.errors || []).map((e) => e.detail || e);
  const to = { state: "refused", errors: errors.length ? errors : [said.detail || said.title || String(answer.status)], other: said.other, open: said.open };
  if (!entry.rows) return to;
  const rows = entry.rows.filter((r) => !(said.done || []).includes(r.id));
  return Object.assign(to, { rows, fields: only(entry.fields, rows) });
}

export async function send(entry, pressed) {
  underway.add(entry.key);
  try {
    return await post(entry, pressed);
  } finally {
    underway.delete(entry.key);
  }
}

async function post(entry, pressed) {
  await change(entry, { tried: true });
  const body = new FormData();
  for (const [name, v] of entry.fields) body.append(name, v);
  const headers = { Accept: "application/json", "Liandong-Who": entry.who };
  if (pressed) headers["Liandong-Pressed"] = "1";
  let answer;
  try {
    answer = await fetch(entry.action, { method: "POST", body, headers });
  } catch (lost) {
    return change(entry, { state: "wait", waited: true });
  }
  const ours = /json/.test(answer.headers.get("Content-Type") || ""); // and not the sign-in page of a hotel's network
  if (!ours || answer.status >= 500 || answer.status === 429) return change(entry, { state: "wait", waited: true });
  if (answer.status === 401) return change(entry, { state: "signin", waited: true });
  if (!answer.ok) return change(entry, await why(answer, entry));
  const now = await get("queue", entry.id);
  if (now && now.key === entry.key) await drop("queue", entry.id);
  await drop("typed", entry.who + " " + entry.draft);
  if (worker()) worker().postMessage({ who: entry.who, forget: entry.page });
  return "done";
}

// paint says in the bar what waits.
export async function paint(sent) {
  const bar = line();
  const waiting = (await mine()).filter((e) => !underway.has(e.key));
  const n = (state) => waiting.filter((e) => e.state === state).length;
  const words = [];
  let to = "/outbox";
  if (sent) words.push(counted(bar.dataset.sent, sent));
  if (n("signin")) {
    words.push(counted(bar.dataset.signin, n("signin")));
    if (!here()) to = "/signin?to=%2Foutbox";
  }
  if (n("wait")) words.push(counted(bar.dataset.waiting, n("wait")));
  else if (navigator.onLine === false) words.push(bar.dataset.offline);
  if (n("refused")) words.push(counted(bar.dataset.refused, n("refused")));
  bar.textContent = words.join(" · ");
  bar.classList.toggle("bad", n("refused") + n("signin") > 0);
  if (!waiting.length || location.pathname === "/outbox") return;
  const link = document.createElement("a");
  link.href = to;
  link.textContent = bar.dataset.open;
  bar.append(" ", link);
}

let busy = false;
let asked = false; // while it was busy

// flush sends what waits, and tells whoever listens.
export async function flush(again, before = 0) {
  asked = busy;
  if (busy) return;
  busy = true;
  let sent = before;
  try {
    for (const entry of await mine()) {
      if (underway.has(entry.key) || (entry.state === "refused" && again !== entry.id)) continue;
      line().textContent = counted(line().dataset.sending, 1);
      const state = await send(entry, false);
      if (state !== "done" && state !== "refused") break; // no line, or nobody signed in: the others would fare alike
      if (state === "done") {
        sent++;
        document.dispatchEvent(new CustomEvent("filed", { detail: entry }));
      }
    }
  } finally {
    busy = false;
    await paint(sent);
    document.dispatchEvent(new Event("queue"));
  }
  if (asked) await flush("", sent); // the line came back while it was given up
}

function queued(form) {
  const note = form.querySelector("[data-draft-note]");
  const say = (word) => note && (note.textContent = note.dataset[word]);
  let changed = false;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", async (e) => {
    const by = e.submitter;
    if (!here() || (by && (by.name || by.hasAttribute("formaction")))) return;
    e.preventDefault();
    if (form.dataset.busy) return;
    if (isTable(form) ? !rowsOf(form).length : isFile(form) && !fileOf(form)) return say("nothing");
    form.dataset.busy = "1";
    say("sending");
    await shrunk(form);
    let outcome;
    let entry;
    try {
      entry = await hold(form);
      outcome = await send(entry, true);
    } catch (none) {
      form.submit(); // the browser lends no store: as without script
      return;
    }
    delete form.dataset.busy;
    changed = false;
    if (outcome === "done") location.assign("/");
    else if (outcome === "refused") await refused(form, entry);
    else if (outcome === "signin") location.assign("/signin?to=%2Foutbox");
    else {
      say(worker() ? "queued" : "plain");
      form.dispatchEvent(new Event("queued"));
      await paint();
    }
  });
  document.addEventListener("filed", (e) => {
    if (e.detail.id !== idOf(form) || form.dataset.busy) return;
    if (changed) form.elements.request.value = newKey();
    else location.assign("/");
  });
  return async () => {
    await resume(form, say);
    changed = false; // filled in, not typed
  };
}

// refused opens the page that says what is wrong, at its field: of a file that the server has read, and of a table without the rows that it took.
async function refused(form, entry) {
  if (entry.open) {
    if (!entry.waited) await drop("queue", entry.id);
    return location.assign(entry.open);
  }
  if (entry.rows) {
    for (const tr of form.querySelectorAll("[data-row]")) {
      if (entry.rows.some((r) => r.id === tr.dataset.row)) continue;
      tr.querySelectorAll("[data-col]").forEach((c) => (c.value = ""));
      tr.querySelectorAll("[name=pick]").forEach((c) => (c.checked = false));
    }
    form.dispatchEvent(new Event("input")); // what the device keeps of the form is without them as well
  }
  form.submit();
}

// A page that says what is wrong with a filing has all of it; one that waits for the line stands in its form again, and so do rows that were
// refused: the next press of the table takes their place.
async function resume(form, say) {
  const entry = await get("queue", idOf(form));
  if (!entry) return;
  if (entry.key === (form.dataset.answers || form.elements.request.value) && document.querySelector(".errors")) {
    if (!entry.waited) await drop("queue", entry.id);
  } else if (entry.state !== "refused" || entry.rows) {
    fill(form, entry.fields);
    say(entry.state === "refused" ? "back" : "queued");
  }
}

// What a person takes along when he signs out is nothing.
function leaving(form) {
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    // of each of his seats
    const who = await whose().catch(here);
    const his = (x) => x.who === who || (x.owner && x.owner === document.body.dataset.owner);
    const n = (await all("queue").catch(() => [])).filter(his).length;
    if (n && !confirm(counted(line().dataset.discard, n))) return;
    await leave(his);
    form.submit();
  });
}

// What he owes is fetched while there is a line, on a phone, so that it opens when there is none.
async function ahead(root) {
  if (!navigator.serviceWorker || !root.querySelector("[data-ahead], form[data-queue]")) return;
  await navigator.serviceWorker.register("/worker.js");
  const ready = await navigator.serviceWorker.ready;
  const phone = matchMedia("(max-width: 640px), (pointer: coarse)").matches && !(navigator.connection || {}).saveData;
  const owed = phone ? Array.from(root.querySelectorAll("[data-ahead]"), (a) => a.href).slice(0, 30) : [];
  const open = root.querySelector("form[data-queue] .errors") ? [] : Array.from(root.querySelectorAll("form[data-page]"), (f) => new URL(f.dataset.page, location).href);
  const address = (x) => new URL(x.getAttribute("href") || x.getAttribute("src"), location).href.split("#")[0];
  const assets = Array.from(root.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use"), address);
  ready.active.postMessage({ who: here(), assets: Array.from(new Set(assets)), pages: open.concat(owed) });
}

export async function queue(root) {
  root.querySelectorAll('form[action="/signout"]').forEach(leaving);
  const resumed = Array.from(root.querySelectorAll("form[data-queue]"), queued);
  try {
    if (here()) await put("about", { id: "who", value: here() });
    for (const again of resumed) await again();
    addEventListener("online", () => flush());
    addEventListener("offline", () => paint());
    setInterval(async () => (await mine()).some((e) => e.state === "wait") && flush(), 30e3);
    if ((await mine()).some((e) => e.state !== "refused")) await flush();
    else await paint();
  } catch (none) {
    // no store: pages work as they do without script
  }
  if (here() && navigator.onLine !== false) ahead(root).catch(() => {});
}
