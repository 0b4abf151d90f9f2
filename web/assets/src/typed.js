// What is typed into a form stays on the device until the server has taken it, so that neither a lost line, an ended session nor a killed
// browser costs it. Forms that keep drafts with the server (drafts.js) see to it themselves.
import { all, drop, note, put } from "./device.js";
import { announce, forgotten, keyOf } from "./taken.js";

const pause = 100; // ms; what is typed is kept before the next page can come

// fields are what a person can change in a form, each under a name of its own, with what the page brought.
function fields(form) {
  const seen = {};
  const found = [];
  for (const c of form.elements) {
    const tick = c.type === "checkbox" || c.type === "radio";
    const text = c.tagName === "TEXTAREA" || /^(text|search|number|date|month|tel|email|url)$/.test(c.type);
    if (!c.name || c.readOnly || c.disabled || !(tick || text || c.tagName === "SELECT")) continue;
    const name = tick ? c.name + "=" + c.value : c.name;
    const nth = (seen[name] = (seen[name] || 0) + 1);
    const brought = () => {
      if (tick) return c.defaultChecked ? "1" : "";
      if (text) return c.defaultValue;
      const chosen = Array.from(c.options).filter((o) => o.defaultSelected);
      return (chosen[0] || c.options[0] || c).value;
    };
    found.push({
      name: name + "#" + nth,
      label: c.labels && c.labels[0] ? c.labels[0].textContent.trim() : "",
      text,
      brought: brought(),
      get: () => (tick ? (c.checked ? "1" : "") : c.value),
      set: (v) => {
        if (tick) c.checked = v === "1";
        else c.value = v;
        if (c.dataset.counter) c.dispatchEvent(new Event("input", { bubbles: true }));
      },
    });
  }
  return found;
}

// idOf is the same for the same form on whichever page: where it goes, and what about.
function idOf(form, who) {
  const about = Array.from(form.elements).filter((c) => c.type === "hidden" && c.name && !/^(request|version|was|sum|at)$|^seen\b/.test(c.name));
  return [who, form.getAttribute("action"), ...about.map((c) => c.name + "=" + c.value)].join(" ");
}

// keep watches a form. base is what the fields held before anybody typed, which a page that answers with what was typed no longer says.
function keep(form, id, who, base) {
  let timer = 0;
  const now = () => {
    const was = (f) => (f.name in base ? base[f.name] : f.brought);
    const changed = fields(form).filter((f) => f.get() !== was(f));
    const what = changed.map((f) => ({ name: f.name, brought: was(f), value: f.get() }));
    return { id, who, owner: document.body.dataset.owner, key: keyOf(form), at: Date.now(), fields: what };
  };
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    const entry = now();
    return (entry.fields.length ? put("typed", entry) : drop("typed", id)).catch(() => {});
  };
  form.addEventListener("input", () => (timer = timer || setTimeout(save, pause)));
  addEventListener("pagehide", () => timer && note(now()));
  form.addEventListener("submit", (e) => {
    clearTimeout(timer);
    timer = 0;
    note(now());
    announce(form, e.submitter);
  });
  return save;
}

// beside shows above a form texts that were typed and are not put into it, until somebody has seen to them.
export function beside(form, texts, discard) {
  const note = document.getElementById("typed-note").content.cloneNode(true).firstElementChild;
  const list = note.querySelector("[data-beside]");
  list.hidden = !texts.length;
  for (const text of texts) {
    const p = list.appendChild(document.createElement("p"));
    p.className = "typed";
    p.textContent = text;
  }
  note.querySelector("button").onclick = () => {
    discard();
    note.remove();
  };
  form.prepend(note);
  for (let d = form.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
}

// back puts into the form what was typed and not taken. Where the page brings something else by now, that stays, and what was typed
// stands above it.
function back(form, entry, base, save) {
  const all = fields(form);
  const again = [];
  const other = [];
  for (const kept of entry.fields) {
    const f = all.find((x) => x.name === kept.name);
    if (!f || f.get() !== f.brought) continue; // it has gone, or somebody types already
    if (f.brought === kept.brought || f.brought === kept.value) base[f.name] = kept.brought;
    if (f.brought === kept.value) continue; // the page has it
    if (f.brought === kept.brought) again.push([f, kept.value]);
    else if (f.text) other.push((f.label ? f.label + " · " : "") + kept.value);
  }
  again.forEach(([f, v]) => f.set(v));
  if (again.length || other.length) {
    beside(form, other, () => {
      again.forEach(([f]) => f.set(f.brought));
      drop("typed", entry.id).catch(() => {});
    });
  }
  if (!other.length) save(); // under the name of this page: taken from here it goes
}

// kept says whether a form is one that is kept here: it is written into, and neither a search nor a secret.
function kept(form) {
  const own = form.dataset.draft || form.matches("[role=search]");
  return !own && form.querySelector("textarea, input[type=text], input:not([type])") && !form.querySelector("[type=password], [type=search], [name=q], [autocomplete=one-time-code]");
}

export async function typed(root) {
  const who = document.body.dataset.who;
  if (!who) return;
  const forms = new Map();
  for (const form of root.querySelectorAll("main form[method=post]")) {
    const id = idOf(form, who);
    if (kept(form) && !forms.has(id)) {
      const base = {};
      forms.set(id, { form, base, save: keep(form, id, who, base) });
    }
  }
  if (!forms.size) return;
  try {
    await forgotten;
    for (const entry of await all("typed")) {
      const at = forms.get(entry.id);
      if (at) back(at.form, entry, at.base, at.save);
    }
  } catch (none) {
    // no store: pages work as they do without script
  }
}
