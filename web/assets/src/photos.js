// Photos are made smaller before they are sent, which also takes place, time and device of the shot out of them. Who ticks "original"
// sends them as they are.

const longest = 2000; // pixels
const quality = 0.8;
const originals = new WeakMap(); // field -> the files as chosen
const under = new WeakMap(); // form -> what is being worked on

export const shrunk = (form) => under.get(form) || Promise.resolve();

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp|bmp|hei[cf])$/.test(file.type)) return file;
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch (e) {
    return file; // no picture that this browser can read
  }
  const by = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * by);
  canvas.height = Math.round(picture.height * by);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!made || (file.type !== "image/jpeg" && made.size >= file.size)) return file;
  return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}

export function put(field, files) {
  const list = new DataTransfer();
  files.forEach((f) => list.items.add(f));
  field.files = list.files;
}

export const size = (n) => (n < 1048576 ? Math.ceil(n / 1024) + " KB" : (n / 1048576).toFixed(1) + " MB");

async function work(form) {
  const as = form.querySelector("[data-original]");
  const note = form.querySelector("[data-shrunk]");
  let n = 0;
  let before = 0;
  let after = 0;
  for (const field of form.querySelectorAll("[data-shrink]")) {
    const chosen = originals.get(field) || [];
    const sent = as && as.checked ? chosen : await Promise.all(chosen.map(smaller));
    chosen.forEach((f, i) => {
      if (sent[i] === f) return;
      n++;
      before += f.size;
      after += sent[i].size;
    });
    put(field, sent);
  }
  if (note) note.textContent = n ? note.dataset.shrunk.replace("{n}", n).replace("{before}", size(before)).replace("{after}", size(after)) : "";
}

export function photos(root) {
  root.addEventListener("change", (e) => {
    const form = e.target.form;
    if (!form || !e.target.matches("[data-shrink], [data-original]")) return;
    if (e.target.files) originals.set(e.target, Array.from(e.target.files));
    under.set(form, shrunk(form).then(() => work(form)).catch(() => {}));
  });
}
