// What is typed into a report is kept for the unit while typing: neither the end of a session nor
// another browser loses it, and nobody's text is overwritten unseen.

const pause = 1500; // ms after the last key

function typed(form) {
  const all = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") all.append(name, value);
  return all;
}

function keep(form) {
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let busy = false;
  let stopped = false;
  const say = (word) => (note.textContent = note.dataset[word] || "");
  const words = { 401: "expired", 409: "newer" };

  async function save() {
    if (busy) return later();
    busy = true;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(form), headers: { Accept: "application/json" } });
      if (answer.ok) form.elements.version.value = await answer.text();
      stopped = stopped || answer.status === 409;
      say(answer.ok ? "saved" : words[answer.status] || "failed");
    } catch (e) {
      say("failed");
    }
    busy = false;
  }
  function later() {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, pause);
  }
  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
  });
}

export function drafts(root) {
  root.querySelectorAll("form[data-draft]").forEach(keep);
}
