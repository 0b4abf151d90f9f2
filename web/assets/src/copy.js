// Copying a table gives clean cells: one line a row, a tab between cells, no icons and no buttons.

const clean = (s) => s.replace(/\s+/g, " ").trim();

function cell(td) {
  if (td.dataset.copy !== undefined) return td.dataset.copy;
  const copy = td.cloneNode(true);
  copy.querySelectorAll(".no-copy, .proof, button, svg, .more-word").forEach((n) => n.remove());
  return clean(copy.textContent);
}

const lines = (trs) => trs.map((tr) => Array.from(tr.cells, cell).join("\t")).join("\n");

// navigator.clipboard is missing on plain HTTP, so the old way is the only one that works everywhere.
function put(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "hidden-text";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

function say(button) {
  const before = button.textContent;
  const word = button.dataset.done;
  if (!word || before === word) return;
  button.querySelector("span").textContent = word;
  setTimeout(() => (button.querySelector("span").textContent = before.trim()), 2000);
}

export function copying(root) {
  root.addEventListener("click", (e) => {
    const button = e.target.closest("[data-copy-table], [data-copy-text]");
    if (!button) return;
    const id = button.dataset.copyTable;
    const text = id ? lines(Array.from(document.getElementById(id).rows)) : button.dataset.copyText;
    if (put(text)) say(button);
    button.focus();
  });
  root.addEventListener("copy", (e) => {
    const sel = getSelection();
    if (!sel.rangeCount || sel.isCollapsed) return;
    const node = sel.getRangeAt(0).commonAncestorContainer;
    const table = (node.closest ? node : node.parentElement).closest("table.table");
    if (!table) return;
    const picked = Array.from(table.rows).filter((tr) => sel.containsNode(tr, true));
    if (!picked.length || (picked.length === 1 && !sel.containsNode(picked[0].cells[0], true))) return;
    if ((node.closest ? node : node.parentElement).closest("td, th")) return;
    e.clipboardData.setData("text/plain", lines(picked));
    e.preventDefault();
  });
}
