// Counters under long fields, one submission for one press, select-all boxes, print buttons.

function count(box) {
  const out = document.getElementById(box.dataset.counter);
  if (!out) return;
  const left = Number(box.dataset.limit) - Array.from(box.value).length;
  out.textContent = (left < 0 ? out.dataset.over : out.dataset.left).replace("{n}", Math.abs(left));
  out.classList.toggle("over", left < 0);
}

function once(form, e) {
  if (form.dataset.sent) {
    e.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // The page may come back from the browser's memory with the mark still set.
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
}

export function forms(root) {
  root.querySelectorAll("[data-counter]").forEach(count);
  root.addEventListener("input", (e) => e.target.dataset.counter && count(e.target));
  root.addEventListener("submit", (e) => e.target.method === "post" && !e.defaultPrevented && once(e.target, e));
  root.addEventListener("change", (e) => {
    const all = e.target.dataset.all;
    if (all) root.querySelectorAll(`input[name="${all}"]`).forEach((b) => (b.checked = e.target.checked));
    if (e.target.matches("[data-auto]")) e.target.form.submit();
  });
  root.addEventListener("click", (e) => e.target.closest("[data-print]") && print());
  const summary = root.querySelector(".errors");
  if (summary) summary.focus();
}
