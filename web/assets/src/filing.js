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

const columns = ["p", "f", "t"];

// The cells that a block would fill to the right and down from one; null where one of its lines or columns has no cell, where a text comes to
// stand among the figures, or where its first line may be a header: then the server puts it in its place, which knows the titles of the rows,
// and says what found none.
function fits(from, block) {
  if (block.length > 1 && block[0].some((c) => /进展|推进|完成|情况|事项|任务|序号|问题|困难|下一?步|数据|progress|task|figure|problem/i.test(c) && c.length <= 16)) return null;
  const first = columns.indexOf(from.dataset.col);
  const filled = [];
  let row = from.closest("tr");
  for (const line of block) {
    for (let n = 0; n < line.length; n++) {
      const text = line[n].trim();
      const cell = row && columns[first + n] && row.querySelector(`[data-col="${columns[first + n]}"]`);
      if (text && (!cell || (columns[first + n] === "f" && !/\d|[０-９]/.test(text)))) return null;
      if (text) filled.push([cell, text]);
    }
    row = row && row.nextElementSibling;
  }
  return filled;
}

function paste(e) {
  const from = e.target.closest("[data-grid] [data-col]");
  if (!from) return;
  const block = cells(e.clipboardData.getData("text/plain"));
  if (block.length === 1 && block[0].length === 1) return;
  e.preventDefault();
  const filled = fits(from, block);
  if (!filled) {
    const box = from.form.querySelector("[data-block]");
    box.value = block.map((line) => line.map((c) => `"${c.replace(/"/g, '""')}"`).join("\t")).join("\n");
    from.form.querySelector("[data-block-at]").value = from.name;
    from.form.querySelector("[data-block-do]").click();
    return;
  }
  for (const [cell, text] of filled) cell.value = text;
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
