import { check, Failure } from "./proof.js";

const $ = (id) => document.getElementById(id);

// row adds a line of two texts; both are text, never markup.
function row(list, label, value) {
  const dt = document.createElement("dt"), dd = document.createElement("dd");
  dt.textContent = label;
  dd.textContent = value;
  list.append(dt, dd);
}

const beijing = (date) => date.toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false }) + " 北京时间";

function tell(found, trusted) {
  const list = $("facts");
  list.replaceChildren();
  if (found.kind === "fork") {
    row(list, "账本 (book)", found.file.origin);
    row(list, "同一密钥签了两个账头 (two heads of one key)", found.heads.map((h) => `${h.size} 条`).join(" / "));
    row(list, "不同之处 (where they differ)", found.file.index < 0 ? "长度相同,根散列不同 (same size, other root)" : `第 ${found.file.index} 条 (entry ${found.file.index})`);
    return;
  }
  const e = found.entry;
  row(list, "账本 (book)", found.file.origin);
  row(list, "成员 (member)", `${e.member}${found.file.memberName ? "  " + found.file.memberName + "(名称不在证明之内, name not proven)" : ""}`);
  row(list, "类别 (kind)", e.kind);
  row(list, "时间 (when)", `${beijing(new Date(e.at))}  ${e.at}`);
  row(list, "单位、人员标识 (unit, person id)", [e.org, e.person].filter(Boolean).join(" · "));
  row(list, "位置 (position)", `第 ${found.file.index} 条,账头共 ${found.head.size} 条 (entry ${found.file.index} of ${found.head.size})`);
  row(list, "事实 (facts)", JSON.stringify(e.facts, null, 1));
  row(list, "正文 (words)", found.file.words.state === "here" ? found.file.words.text : { none: "没有正文 (none)", erased: "已删除 (erased)", withheld: "不在文件内 (withheld)" }[found.file.words.state] || found.file.words.state);
  for (const s of found.head.seen) {
    row(list, `见证 (witness) ${s.name}`, `${beijing(s.at)}  ${s.proven ? "已核对 (checked)" : "未核对:没有给出其公钥 (not checked: key not given)"}`);
  }
  row(list, "公钥 (key)", found.file.key + (trusted ? "" : "  — 请与对方另行告知的公钥核对 (compare it with what the member told you by another way)"));
}

// What follows # in the address pins the one entry that the file must hold: from a printed code.
const pinned = new URLSearchParams(location.hash.slice(1));

function matches(found) {
  if (!pinned.has("leaf") || found.kind === "fork") return;
  if (found.leaf !== pinned.get("leaf") || found.file.origin !== pinned.get("origin") || String(found.file.index) !== pinned.get("index")) {
    throw new Failure("文件不是二维码所指的那条记录 (the file holds another entry than the code names)");
  }
}

function run() {
  const json = $("file").value.trim(), verdict = $("verdict");
  $("facts").replaceChildren();
  if (!json) {
    verdict.className = "";
    verdict.textContent = "请选择或粘贴证据文件。 (Choose or paste a file.)";
    return;
  }
  const trusted = $("key").value.trim();
  try {
    const found = check(json, trusted, $("witnesses").value);
    matches(found);
    verdict.className = found.kind === "fork" ? "bad" : "good";
    verdict.textContent = found.kind === "fork"
      ? "证据成立:该密钥的持有人出示了两本不同的账。 (Proven: the holder of this key showed two different books.)"
      : trusted
        ? "相符:这条记录确由该账本所载,一字未改。 (It holds: the entry stands in this book, unchanged.)"
        : "相符,但公钥尚待核对:文件自带的公钥的持有人说过这些。 (It holds under the key in the file; compare the key.)";
    tell(found, trusted);
  } catch (error) {
    verdict.className = "bad";
    verdict.textContent = "不相符:" + (error instanceof Failure ? error.message : "文件残缺 (the file is incomplete)");
  }
}

$("choose").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (file) $("file").value = await file.text();
  run();
});
for (const id of ["file", "key", "witnesses"]) $(id).addEventListener("input", run);
run();
