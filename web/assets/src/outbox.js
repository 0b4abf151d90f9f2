// The page of what waits on the device: each filing with what was typed, why it was not taken, and what somebody else filed meanwhile.
import { drop, put } from "./device.js";
import { put as choose, size } from "./photos.js";
import { flush, mine, paint, whose } from "./queue.js";
import { announce, newKey } from "./taken.js";

const clock = (at) => {
  const d = new Date(at);
  const two = (n) => String(n).padStart(2, "0");
  return `${d.getMonth() + 1}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
};

// check sends the filing as its form would: the server answers with the form, what is wrong at its fields, and both sides. A file that the
// server has read already has its page.
async function check(entry) {
  if (entry.open) return location.assign(entry.open);
  entry.checked = newKey(); // should it be taken now, it waits here no more
  await put("queue", entry);
  const form = document.createElement("form");
  form.method = "post";
  form.enctype = "multipart/form-data";
  form.action = entry.action;
  form.hidden = true;
  for (const [name, v] of entry.fields) {
    const field = document.createElement("input");
    field.name = name;
    field.type = typeof v === "string" ? "hidden" : "file";
    if (typeof v === "string") field.value = v;
    else choose(field, [v]);
    form.append(field);
  }
  document.body.append(form);
  announce(form, null, entry.checked);
  form.submit();
}

const shown = (entry) => {
  if (entry.rows) return entry.rows.map((r) => r.text).join("\n\n");
  const own = /^(progress|problem|next|reason|fig-|answer-)/;
  return entry.fields.filter(([n, v]) => own.test(n) && typeof v === "string" && v).map(([, v]) => v).join("\n");
};

function card(box, entry) {
  const made = box.querySelector("template").content.cloneNode(true);
  const is = (name) => made.querySelector(`[data-is="${name}"]`);
  is("title").textContent = entry.title;
  is("state").textContent = (box.dataset[entry.state] || box.dataset.wait).replace("#", clock(entry.at));
  for (const e of entry.errors || []) is("errors").appendChild(document.createElement("li")).textContent = e;
  is("text").textContent = shown(entry);
  const files = entry.fields.filter(([, v]) => typeof v !== "string").map(([, v]) => v.name + " " + size(v.size));
  is("files").textContent = (entry.rows ? [box.dataset.rows.replace("#", entry.rows.length)] : []).concat(files).join(" · ");
  if (entry.other) {
    is("by").textContent = entry.other.by;
    is("theirs").textContent = entry.other.text;
  } else is("other").remove();
  is("check").onclick = () => check(entry);
  is("again").onclick = () => flush(entry.id);
  is("drop").onclick = async () => {
    if (!confirm(box.dataset.sure)) return;
    await drop("queue", entry.id);
    await paint();
    await show(box);
  };
  (entry.state === "refused" ? is("again") : is("check")).remove();
  return made;
}

async function show(box) {
  const waiting = await mine();
  box.querySelector("[data-list]").replaceChildren(...waiting.map((e) => card(box, e)));
  box.querySelector("[data-none]").hidden = waiting.length > 0;
}

// The forms that open without a line, by their titles.
async function pages(box) {
  const list = box.querySelector("[data-pages]");
  const name = "kept-" + (await whose());
  if (!self.caches || !(await caches.has(name))) return; // to open it would make it
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    const text = await (await cache.match(request, { ignoreVary: true })).text();
    const form = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-queue]");
    if (!form) continue;
    const link = document.createElement("a");
    link.href = request.url;
    link.textContent = form.dataset.queue;
    list.querySelector("ul").appendChild(document.createElement("li")).append(link);
    list.hidden = false;
  }
}

export function outbox(root) {
  const box = root.querySelector("[data-outbox]");
  if (!box) return;
  root.addEventListener("queue", () => show(box));
  show(box).then(() => pages(box)).catch(() => {});
}
