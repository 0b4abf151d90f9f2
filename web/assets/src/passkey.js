// Passkeys: the server's question goes to the device, its answer goes back as a field of the form around the button.

const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (b) =>
  btoa(Array.from(new Uint8Array(b), (c) => String.fromCharCode(c)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const named = (list) => (list || []).map((c) => ({ ...c, id: bytes(c.id) }));

// The oldest browsers we serve lack parseCreationOptionsFromJSON, so both forms are made here (WebAuthn, 5.1.8 to 5.1.10).
async function make(o) {
  const publicKey = {
    ...o,
    challenge: bytes(o.challenge),
    user: { ...o.user, id: bytes(o.user.id) },
    excludeCredentials: named(o.excludeCredentials),
  };
  const c = await navigator.credentials.create({ publicKey });
  return answer(c, {
    attestationObject: text(c.response.attestationObject),
    transports: c.response.getTransports ? c.response.getTransports() : [],
  });
}

async function show(o) {
  const publicKey = { ...o, challenge: bytes(o.challenge), allowCredentials: named(o.allowCredentials) };
  const c = await navigator.credentials.get({ publicKey });
  return answer(c, {
    authenticatorData: text(c.response.authenticatorData),
    signature: text(c.response.signature),
    userHandle: c.response.userHandle ? text(c.response.userHandle) : undefined,
  });
}

const answer = (c, response) => ({
  id: c.id,
  rawId: text(c.rawId),
  type: c.type,
  authenticatorAttachment: c.authenticatorAttachment || undefined,
  clientExtensionResults: {},
  response: { clientDataJSON: text(c.response.clientDataJSON), ...response },
});

async function question(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const asked = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams({ to: form.elements.to.value }) });
  if (!asked.ok) throw new Error(String(asked.status));
  return (await asked.json()).publicKey;
}

async function go(form) {
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const o = await question(form);
    form.elements.credential.value = JSON.stringify(await (form.dataset.passkey === "get" ? show(o) : make(o)));
    form.submit();
  } catch (e) {
    failed.hidden = false; // the reader said no, or no device has one: the other ways stay
  }
}

export function passkeys(root) {
  if (!window.isSecureContext || !window.PublicKeyCredential) return;
  root.querySelectorAll("[data-without-passkey]").forEach((e) => (e.hidden = true));
  root.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      go(form);
    });
  });
}
