// Checks the files of `liandong proof export` (liandong-evidence/1) and of forks (liandong-fork/1) without any node.
// The forms are described in docs/reference/entry.md and by c2sp.org (signed-note, tlog-checkpoint, tlog-cosignature).
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

const utf8 = (s) => new TextEncoder().encode(s);
const domain = utf8("liandong/words/1\n");

export class Failure extends Error {}
const fail = (zh, en) => {
  throw new Failure(`${zh} (${en})`);
};

function bytes(base64) {
  let raw;
  try {
    raw = atob(base64);
  } catch {
    fail("不是规范的 base64", "not base64");
  }
  const out = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  if (text(out) !== base64) fail("不是规范的 base64", "not canonical base64");
  return out;
}

const text = (b) => btoa(String.fromCharCode(...b));
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

function join(...parts) {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}

const hash = (...parts) => sha256(join(...parts));
const nodeHash = (l, r) => hash([1], l, r);

// verifierKey reads name+hash+base64(type, key).
function verifierKey(line, type) {
  const m = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim());
  if (!m) fail("公钥写法不对", "malformed verifier key");
  const data = bytes(m[3]);
  const id = hash(utf8(m[1] + "\n"), data).slice(0, 4);
  if (data.length !== 33 || data[0] !== type || hex(id) !== m[2]) fail("公钥不合格式", "malformed verifier key");
  return { name: m[1], id, key: data.slice(1) };
}

const hex = (b) => Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");

function note(signed) {
  const at = signed.lastIndexOf("\n\n");
  if (at < 0 || !signed.endsWith("\n")) fail("不是签名账头", "not a signed note");
  const lines = signed.slice(at + 2, -1).split("\n").map((line) => {
    const m = /^— (\S+) (\S+)$/.exec(line);
    if (!m) fail("签名行不合格式", "malformed signature line");
    const raw = bytes(m[2]);
    return { name: m[1], id: raw.slice(0, 4), signature: raw.slice(4) };
  });
  return { body: signed.slice(0, at + 1), lines };
}

const lineOf = (n, key) => n.lines.find((l) => l.name === key.name && same(l.id, key.id));

function holds(signature, message, key) {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

// head opens a checkpoint under the book's key; witnesses are verifier keys that the reader knows.
function head(signed, origin, vkey, witnesses) {
  const n = note(signed);
  const key = verifierKey(vkey, 1);
  const line = lineOf(n, key);
  if (key.name !== origin) fail("公钥不是这本账的", "the key is another book's");
  if (!line) fail("账头没有该密钥的签名", "not signed by this key");
  if (!holds(line.signature, utf8(n.body), key.key)) fail("账头的签名不符", "bad signature");
  const [name, size, root] = n.body.split("\n");
  if (name !== origin) fail("账头属于另一本账", "wrong origin");
  if (!/^(0|[1-9]\d{0,15})$/.test(size)) fail("账头的条数写法不对", "malformed size");
  return { size: Number(size), root: bytes(root), seen: sightings(n, key, witnesses) };
}

// sightings are the lines of witnesses: of a known one it is checked, of others it is only told.
function sightings(n, own, witnesses) {
  return n.lines.filter((l) => l.name !== own.name && l.signature.length === 72).map((l) => {
    const seconds = Number(new DataView(l.signature.buffer.slice(l.signature.byteOffset)).getBigUint64(0));
    const known = witnesses.find((w) => w.name === l.name && same(w.id, l.id));
    if (known && !holds(l.signature.slice(8), utf8(`cosignature/v1\ntime ${seconds}\n${n.body}`), known.key)) {
      fail(`见证 ${l.name} 的签名不符`, "a witness's signature does not hold");
    }
    return { name: l.name, at: new Date(seconds * 1000), proven: Boolean(known) };
  });
}

// rootFrom walks the audit path of RFC 6962 from a leaf.
function rootFrom(index, size, leaf, path) {
  let at = BigInt(index), last = BigInt(size) - 1n, h = leaf;
  if (index < 0 || index >= size) fail("账头之下没有这一条", "no such entry under this head");
  for (const step of path) {
    if (last === 0n) fail("证明过长", "the proof is too long");
    if (at % 2n === 1n || at === last) {
      h = nodeHash(step, h);
      while (at % 2n === 0n && at !== 0n) (at /= 2n), (last /= 2n);
    } else {
      h = nodeHash(h, step);
    }
    at /= 2n;
    last /= 2n;
  }
  if (last !== 0n) fail("证明过短", "the proof is too short");
  return h;
}

function included(h, index, leaf, path) {
  if (!same(rootFrom(index, h.size, leaf, path.map(bytes)), h.root)) fail("记录不在此账头之下", "the entry is not under this head");
}

function words(state, entry) {
  if ((state.state === "none") !== (entry.words === null)) fail("正文状态不合理", "the state of the words does not fit the entry");
  if (state.state !== "here") return;
  const sum = hash(domain, bytes(state.salt), utf8(state.text));
  if (text(sum) !== entry.words) fail("正文与承诺不符", "the words do not match the commitment");
}

// check proves a file; trusted is a verifier key that the reader already knows, or "".
export function check(json, trusted, witnessKeys) {
  let file;
  try {
    file = JSON.parse(json);
  } catch {
    fail("不是证据文件", "not a file of evidence");
  }
  const witnesses = witnessKeys.split("\n").filter((l) => l.trim()).map((l) => verifierKey(l, 4));
  if (trusted && trusted.trim() !== file.key) fail("证据所带公钥不是所信任的公钥", "the key in the file is not the trusted one");
  if (file.format === "liandong-fork/1") return fork(file, witnesses);
  if (file.format !== "liandong-evidence/1") fail("未知的证据格式", "unknown format");
  const h = head(file.checkpoint, file.origin, file.key, witnesses);
  const leaf = hash([0], utf8(file.entry));
  included(h, file.index, leaf, file.inclusion);
  const entry = JSON.parse(file.entry);
  if (!file.origin.endsWith("/" + entry.circle)) fail("记录的圈与账本不符", "the entry is for another circle");
  words(file.words, entry);
  return { kind: "evidence", file, head: h, entry, leaf: text(leaf) };
}

function fork(file, witnesses) {
  const heads = [file.one, file.other].map((s) => head(s.checkpoint, file.origin, file.key, witnesses));
  if (file.index === -1) {
    if (heads[0].size !== heads[1].size || same(heads[0].root, heads[1].root)) fail("不构成分叉证据", "this proves no fork");
  } else {
    if (file.one.leaf === file.other.leaf) fail("不构成分叉证据", "this proves no fork");
    [file.one, file.other].forEach((s, i) => included(heads[i], file.index, bytes(s.leaf), s.inclusion));
  }
  return { kind: "fork", file, heads };
}
