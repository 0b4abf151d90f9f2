// Reports: a block copied from a spreadsheet fills the grid's cells, and one key answers a filing.

const typing = (t) => t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName);

// A spreadsheet copies cells with tabs and line ends, and quotes a cell that holds either.
function cells(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const row = rows[rows.length - 1];
    if (quoted) {
      if (c !== '"') row[row.length - 1] += c;
      else if (text[i + 1] === '"') row[row.length - 1] += text[++i];
      else quoted = false;
    } else if (c === '"' && row[row.length - 1] === "") quoted = true;
    else if (c === "\t") row.push("");
    else if (c === "\n") rows.push([""]);
    else if (c !== "\r") row[row.length - 1] += c;
  }
  if (rows.length > 1 && rows[rows.length - 1].join("") === "") rows.pop();
  return rows;
}

const headers = /进展|推进|完成情况|事项|任务|序号|问题|下一步/;

// A block with a header, with other columns or more lines than there are rows is put in its place by
// the server, which knows the titles of the rows.
function whole(from, block) {
  const columns = 3 - ["p", "f", "t"].indexOf(from.dataset.col);
  const headed = block[0].every((c) => c.length <= 12) && block[0].some((c) => headers.test(c));
  if (!headed && block.every((line) => line.length <= columns)) return false;
  const box = from.form.querySelector("[data-block]");
  box.value = block.map((line) => line.map((c) => `"${c.replace(/"/g, '""')}"`).join("\t")).join("\n");
  from.form.querySelector("[data-block-do]").click();
  return true;
}

function paste(e) {
  const from = e.target.closest("[data-grid] [data-col]");
  if (!from) return;
  const block = cells(e.clipboardData.getData("text/plain"));
  if (block.length === 1 && block[0].length === 1) return;
  e.preventDefault();
  if (whole(from, block)) return;
  let row = from.closest("tr");
  const columns = ["p", "f", "t"];
  const first = columns.indexOf(from.dataset.col);
  for (const line of block) {
    if (!row) break;
    line.forEach((text, n) => {
      const cell = row.querySelector(`[data-col="${columns[first + n]}"]`);
      if (cell && text.trim()) cell.value = text.trim();
    });
    row = row.nextElementSibling;
  }
  from.dispatchEvent(new Event("input", { bubbles: true }));
}

// Enter with Ctrl goes to the cell below; Alt and an arrow moves as well.
function move(e) {
  const cell = e.target.closest("[data-grid] [data-col]");
  if (!cell || !((e.ctrlKey && e.key === "Enter") || (e.altKey && /^Arrow(Up|Down)$/.test(e.key)))) return;
  const row = cell.closest("tr");
  const to = e.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
  const next = to && to.querySelector(`[data-col="${cell.dataset.col}"]`);
  if (!next) return;
  e.preventDefault();
  next.focus();
}

// a accepts, r opens the return, j and k go to the next and the previous filing.
function answer(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e.target) || !/^[arjk]$/.test(e.key)) return;
  const target = document.querySelector(`[data-review] [data-key="${e.key}"]`);
  if (!target) return;
  e.preventDefault();
  if (e.key !== "r") {
    target.click();
    return;
  }
  target.closest("details").open = true;
  document.getElementById("reason").focus();
}

// The day of completion is asked for only with a claim of done.
function whenDone() {
  const box = document.querySelector(".when-done");
  const done = document.querySelector('input[name="claim"][value="done"]');
  if (box && done) box.hidden = !done.checked;
}

export function filing(root) {
  whenDone();
  root.addEventListener("change", (e) => e.target.name === "claim" && whenDone());
  root.addEventListener("paste", paste);
  root.addEventListener("keydown", (e) => {
    move(e);
    answer(e);
  });
}
