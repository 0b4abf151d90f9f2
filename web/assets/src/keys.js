// Rows by j and k, Enter opens the row, / goes to the search, ? shows the keys, Escape closes.

const typing = (t) => t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName);
const rows = () => Array.from(document.querySelectorAll(".table tbody tr:not(.group)")).filter((r) => r.offsetParent);

function step(by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((r) => r.classList.contains("here"));
  const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + by))];
  if (now >= 0) all[now].classList.remove("here");
  next.classList.add("here");
  const link = next.querySelector("a");
  if (link) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function help(show) {
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  sheet.hidden = show === undefined ? !sheet.hidden : !show;
  if (!sheet.hidden) sheet.querySelector("button").focus();
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  "?": () => help(),
  "/": () => {
    const box = document.querySelector("[data-search]");
    if (!box) return false;
    box.focus();
    box.select();
  },
  Enter: (e) => {
    const link = document.querySelector(".table tr.here a");
    if (!link || /^(A|BUTTON|SUMMARY)$/.test(e.target.tagName)) return false;
    link.click();
  },
};

const menus = (except) =>
  document.querySelectorAll("details.menu[open]").forEach((d) => {
    if (!except || !d.contains(except)) d.open = false;
  });

export function keys(root) {
  root.addEventListener("keydown", (e) => {
    if (e.key === "Escape") {
      const open = document.querySelector("details.menu[open] > summary");
      menus();
      help(false);
      if (open) open.focus();
    }
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e.target)) return;
    const act = actions[e.key];
    if (act && act(e) !== false) e.preventDefault();
  });
  root.addEventListener("click", (e) => {
    menus(e.target);
    if (e.target.closest("[data-close-keys]")) help(false);
    if (e.target.closest("[data-open-keys]")) help(true);
  });
}
