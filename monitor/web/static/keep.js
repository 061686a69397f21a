// Nothing typed is lost: forms are kept on every pause, and put back when their page is opened again.
"use strict";
(() => {
  const written = "textarea:not([readonly]),input:not([type]),input[type=text],input[type=tel],input[type=email],input[type=url],input[type=number],input[type=date],input[type=datetime-local]";
  const waiting = new WeakMap();
  const unsent = new Set((document.body.dataset.unsent || "").split(" ").filter(Boolean));
  const restored = new WeakSet();
  let expired = false;

  const path = (form) => new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
  const keepable = (form) => form instanceof HTMLFormElement && form.method === "post" && !form.matches("[data-no-keep]") && !form.querySelector("input[type=password]") && form.querySelector(written);
  const minutes = (at) => at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

  const note = (form) => {
    const own = form.querySelector("[data-draft-note],[data-keep-note]");
    if (own) return own;
    const made = Object.assign(document.createElement("p"), { className: "meta keep-note" });
    made.setAttribute("data-keep-note", "");
    made.setAttribute("role", "status");
    form.append(made);
    return made;
  };

  const send = (form, address, extra) => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    for (const [name, value] of Object.entries(extra)) body.append(name, value);
    return fetch(address, { method: "POST", body, headers: { "X-Fragment": "none" }, keepalive: body.toString().length < 60000 });
  };

  const keep = async (form) => {
    waiting.delete(form);
    if (form.dataset.sent || !form.isConnected) return;
    const label = form.getAttribute("aria-label") || form.querySelector("button[type=submit]")?.textContent.trim() || "";
    try {
      const answer = await send(form, "/desk/drafts/keep", {
        "@form": path(form), "@page": location.pathname + location.search, "@label": label.slice(0, 60),
      });
      expired = answer.status === 401 || answer.status === 403;
      if (answer.ok) {
        unsent.add(path(form));
        note(form).textContent = `${minutes(new Date())} 已存为草稿`;
      } else if (expired) note(form).textContent = "登录已过期；照常提交即可，会先请您登录，内容不会丢";
      else note(form).textContent = "没有存成草稿，请尽快提交";
    } catch { note(form).textContent = "没有连上服务器，尚未存成草稿"; }
  };

  const later = (form) => {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form), 800));
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && !form.matches("[data-draft]") && keepable(form)) later(form);
  });
  document.addEventListener("submit", (event) => {
    clearTimeout(waiting.get(event.target));
    waiting.delete(event.target);
  });
  // The tab closes or goes to the back before the pause was over.
  const now = () => document.querySelectorAll("form").forEach((form) => {
    if (!waiting.has(form)) return;
    clearTimeout(waiting.get(form));
    keep(form);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? now() : renew()));
  window.addEventListener("pagehide", now);
  window.addEventListener("focus", () => renew());

  // Signed in again in another tab: the tokens of this page belong to the session that ended.
  const renew = async () => {
    if (!expired) return;
    try {
      const answer = await fetch("/desk/drafts/one?form=/desk/none", { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { csrf } = await answer.json();
      document.querySelectorAll("input[name=csrf],input[name=csrf_token]").forEach((field) => { field.value = csrf; });
      expired = false;
    } catch { expired = true; } // still no server: asked again when the window comes back
  };

  // Forms about several things share one address: a draft goes back to its own thing alone.
  const about = (form, fields) => ["new", "code", "act", "co_section"].every((name) => {
    const own = form.elements[name];
    if (!own) return !(name in fields);
    return own.type !== "hidden" || own.value === fields[name];
  });
  const fill = (form, fields) => {
    let changed = false;
    if (!about(form, fields)) return changed;
    for (const field of form.elements) {
      if (!(field.name in fields) || field.type === "hidden" || field.type === "file") continue;
      // Of boxes under one name only the last was kept: the others would be unticked unseen.
      if (field.type === "checkbox" && form.elements[field.name].length > 1) continue;
      const value = fields[field.name];
      if (field.type === "radio" || field.type === "checkbox") {
        if (field.checked === field.defaultChecked && field.checked !== (field.value === value)) {
          field.checked = field.value === value;
          changed = true;
        }
      } else if (field.tagName === "SELECT" ? field.value !== value : field.value === field.defaultValue && field.value !== value) {
        field.value = value;
        changed = true;
      }
    }
    return changed;
  };
  const restore = async (form) => {
    if (restored.has(form) || !keepable(form) || !unsent.has(path(form))) return;
    if (form.querySelector(".has-error")) return; // just refused: what stands there is newer
    restored.add(form);
    try {
      const answer = await fetch(`/desk/drafts/one?form=${encodeURIComponent(path(form))}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { fields, saved_at: savedAt } = await answer.json();
      if (!savedAt || !fill(form, fields)) return;
      const folded = form.closest("details");
      if (folded) folded.open = true;
      const told = note(form);
      told.textContent = `${minutes(new Date(savedAt))} 没有提交的内容已放回 `;
      const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: "不要了，清空" });
      drop.addEventListener("click", async () => {
        const answered = await send(form, "/desk/drafts/drop", { form: path(form) });
        if (!answered.ok) return;
        unsent.delete(path(form));
        form.reset();
        told.textContent = "已清空";
      });
      told.append(drop);
    } catch { restored.delete(form); } // no server: tried again when the page is drawn anew
  };
  const look = (root) => {
    if (root instanceof HTMLFormElement) restore(root);
    root.querySelectorAll?.("form[method=post]").forEach(restore);
  };
  look(document);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(look)))
    .observe(document.body, { childList: true, subtree: true });
})();
