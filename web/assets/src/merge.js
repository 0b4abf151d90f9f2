// Parts beside a report: a click puts what a unit said into the fields, or its figure, without a way to the server.

function append(form, name, text) {
  const field = form.elements[name];
  if (!text || !field) return;
  field.value = [field.value.trim(), text].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function keepFile(form, file) {
  const before = form.querySelector(".pick-files");
  if (!before || [...form.querySelectorAll('input[name="keep"]')].some((k) => k.value === file.blob)) return;
  const label = document.createElement("label");
  label.className = "choice";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "keep", value: file.blob, checked: true });
  const name = document.createElement("span");
  name.textContent = file.name;
  label.append(box, " ", name);
  before.before(label);
}

function take(button) {
  const form = button.form;
  append(form, "progress", button.dataset.progress);
  append(form, "problem", button.dataset.problem);
  JSON.parse(button.dataset.files || "[]").forEach((f) => keepFile(form, f));
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "part", value: button.value }));
  const done = document.createElement("span");
  done.className = "small muted";
  done.setAttribute("role", "status");
  done.textContent = button.dataset.done;
  button.replaceWith(done);
}

export function merging(root) {
  root.addEventListener("click", (e) => {
    const one = e.target.closest("button[data-progress]");
    const all = e.target.closest("button[data-merge-all]");
    const figure = e.target.closest("button[data-fill]");
    if (one) take(one);
    else if (all) {
      all.form.querySelectorAll("button[data-progress]").forEach(take);
      all.remove();
    } else if (figure) {
      const field = figure.form.elements[figure.dataset.fill];
      if (!field) return;
      field.value = figure.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    } else return;
    e.preventDefault();
  });
}
