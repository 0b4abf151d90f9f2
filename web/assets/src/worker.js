// Answers for the site while there is no line: with the forms that the person opened or owes, and with the page of what waits to be sent.
// All else goes through untouched; nothing is ever taken from here while there is a line.
import { owner } from "./device.js";

const days = 7; // a kept form is not shown for longer, as no session lasts longer either
const fresh = 600e3; // ms within which it is not fetched again
const shell = "shell";
const kept = (who) => "kept-" + who;
const unseen = { headers: { "Liandong-Ahead": "1" } }; // for nobody's eyes yet: what is to be said once must wait
const age = (answer) => Date.now() - Date.parse(answer.headers.get("Date") || 0);

// keep keeps a form for its owner, while he is here: an answer that comes after he signed out leaves nothing behind.
async function keep(address, answer) {
  const who = answer.ok && answer.headers.get("Liandong-Keep");
  if (!who || who !== (await owner())) return;
  await (await caches.open(kept(who))).put(address, answer);
  if (who !== (await owner())) await caches.delete(kept(who));
}

async function ahead(address, who) {
  const old = await (await caches.open(kept(who))).match(address, { ignoreVary: true });
  if (!old || age(old) > fresh) await keep(address, await fetch(address, unseen));
}

async function page(e) {
  try {
    const answer = await fetch(e.request);
    e.waitUntil(keep(e.request.url, answer.clone()).catch(() => {}));
    return answer;
  } catch (lost) {
    const who = await owner();
    const form = who && (await (await caches.open(kept(who))).match(e.request.url, { ignoreVary: true }));
    return form && age(form) < days * 864e5 ? form : (await caches.match("/outbox", { ignoreVary: true })) || Response.error();
  }
}

async function asset(request) {
  const had = await caches.match(request, { ignoreVary: true });
  if (had) return had;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(shell)).put(request, answer.clone());
  return answer;
}

// What belongs to an older build, or to another seat, goes.
async function tidy(assets, who) {
  const has = await caches.open(shell);
  const names = await caches.keys();
  const build = assets.find((a) => /\/app\..*js$/.test(a));
  if (build && !(await has.match(build, { ignoreVary: true }))) await Promise.all(names.map((n) => caches.delete(n)));
  else await Promise.all(names.filter((n) => n !== shell && n !== kept(who)).map((n) => caches.delete(n)));
}

async function told({ who, assets, pages, forget }) {
  if (forget) await (await caches.open(kept(who))).delete(forget, { ignoreVary: true });
  if (!assets) return;
  await tidy(assets, who);
  const has = await caches.open(shell);
  await Promise.all(assets.map((a) => asset(new Request(a)).catch(() => {})));
  const outbox = await fetch("/outbox?shell=1", unseen);
  if (outbox.ok) await has.put("/outbox", outbox);
  const gone = async () => who !== (await owner());
  for (const address of pages) if (!(await gone())) await ahead(address, who); // one after another: a slow line stays usable
  if (await gone()) await caches.delete(kept(who)); // he signed out while it was being filled
}

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
addEventListener("message", (e) => e.waitUntil(told(e.data).catch(() => {})));
addEventListener("fetch", (e) => {
  const at = new URL(e.request.url);
  if (e.request.method !== "GET" || at.origin !== location.origin) return;
  if (at.pathname.startsWith("/assets/")) e.respondWith(asset(e.request));
  else if (e.request.mode === "navigate") e.respondWith(page(e));
});
