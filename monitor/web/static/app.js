// What a script may add to staff pages: keys, drafts, live suggestions, refresh. Pages work without it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const remembered = "single-keys";
  document.documentElement.classList.add("has-script");

  const make = (tag, text = "", look = "") => Object.assign(document.createElement(tag), { textContent: text, className: look });
  const say = (text) => $("#said")?.replaceChildren(make("p", text));
  const later = (wait, act) => {
    let timer = 0;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => act(...given), wait);
    };
  };
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });
  const visible = (element) => element.getClientRects().length > 0;

  // A fragment of the same place, or a whole page that holds it: our own server's HTML, escaped there.
  const replace = (old, html) => {
    const page = new DOMParser().parseFromString(html, "text/html").body;
    const fresh = (old.id && $(`#${CSS.escape(old.id)}`, page)) || page;
    const times = all("[data-row][id] .q-left", fresh);
    if (times.length) {
      // Rows never move under the hand: only what is left of each is renewed.
      times.forEach((cell) => $(`#${CSS.escape(cell.parentElement.id)} .q-left`, old)?.replaceChildren(...cell.childNodes));
      return;
    }
    if (old.contains(document.activeElement)) return;
    const whole = fresh === page && page.children.length === 1 && page.firstElementChild.matches("[data-refresh-url]");
    const nodes = [...fresh.childNodes];
    if (whole) old.replaceWith(...nodes);
    else old.replaceChildren(...nodes);
    nodes.filter((node) => node.nodeType === Node.ELEMENT_NODE).forEach(prepare);
  };
  const asking = (place) => ({ "X-Fragment": place.dataset.fragment || "none" });

  let keysOn = true;
  try { keysOn = localStorage.getItem(remembered) !== "off"; }
  catch { keysOn = true; } // no storage: the keys simply stay on
  const writing = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]),textarea,select,[contenteditable]");
  const rows = () => all("[data-row]").filter(visible);
  const chosen = () => rows().find((row) => row.classList.contains("is-selected"));

  const step = (by) => {
    const list = rows();
    if (!list.length) return false;
    const at = list.indexOf(chosen());
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    list.forEach((row) => {
      row.classList.toggle("is-selected", row === next);
      row.toggleAttribute("aria-current", row === next);
    });
    next.scrollIntoView({ block: "nearest" });
    const link = $("a", next);
    link?.focus({ preventScroll: true });
    const panel = $(".split-panel");
    if (link && panel && link.pathname === location.pathname && visible(panel)) {
      // Until the panel shows the row in hand, its keys must not act on the row before.
      panel.inert = true;
      open(link.href, panel);
    }
    return true;
  };
  const open = later(120, async (address, panel) => {
    try {
      const answer = await fetch(address);
      const fresh = $(".split-panel", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (!answer.ok || !fresh || answer.redirected) throw new Error(String(answer.status));
      if ($("a", chosen())?.href !== address) return;
      panel.replaceWith(fresh);
      prepare(fresh);
      history.replaceState(history.state, "", address);
    } catch { location.assign(address); }
  });
  const showKeys = () => {
    const dialog = $("#keys");
    const list = $("[data-keys-here]", dialog);
    list.replaceChildren();
    const seen = new Set();
    for (const element of all("[data-key]").filter(visible)) {
      if (seen.has(element.dataset.key)) continue;
      seen.add(element.dataset.key);
      const term = make("dt");
      term.append(make("kbd", element.dataset.key));
      list.append(term, make("dd", element.dataset.keyLabel || element.textContent.trim()));
    }
    $("[data-keys-switch]", dialog).checked = keysOn;
    dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && writing(event.target)) {
      event.target.blur();
      return;
    }
    if (!keysOn || writing(event.target) || $("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      showKeys();
      return;
    }
    const same = all(`[data-key="${CSS.escape(event.key)}"]`).filter((item) => visible(item) && !item.disabled && !item.closest("[inert]"));
    const target = same.find((item) => chosen()?.contains(item)) ?? same[0];
    if (target) {
      event.preventDefault();
      target[target.matches("input,textarea,select") ? "focus" : "click"]();
      return;
    }
    const by = { j: 1, k: -1 }[event.key];
    if (by && step(by)) event.preventDefault();
    const here = document.activeElement;
    const row = chosen();
    if (event.key !== "Enter" || !row || (here !== document.body && here !== $("a", row))) return;
    // The panel already shows the row: Enter goes on to the whole page of the order.
    const whole = $(".split-panel:not([inert]) .panel-whole[data-whole]");
    const link = whole && visible(whole) ? whole : $("a", row);
    event.preventDefault();
    link?.click();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) {
      keysOn = event.target.checked;
      try { localStorage.setItem(remembered, keysOn ? "on" : "off"); }
      catch { say("浏览器不允许记住这个选择，只在本页有效。"); }
    }
    if (event.target.closest("form[data-auto]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !form.dataset.confirmed) {
      event.preventDefault();
      ask(question, () => {
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter);
      });
      return;
    }
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.matches("[data-stay]")) {
      event.preventDefault();
      stay(form, event.submitter);
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  // Back from the next page: the form may be sent again.
  window.addEventListener("pageshow", () => all("form").forEach((form) => {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
    form.removeAttribute("aria-busy");
  }));
  const ask = (question, yes) => {
    const dialog = make("dialog", "", "keys");
    const row = make("div", "", "note-acts");
    const go = make("button", "确定", "btn btn-primary");
    const no = make("button", "取消", "btn");
    row.append(go, no);
    dialog.append(make("p", question), row);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    no.addEventListener("click", () => dialog.close());
    go.addEventListener("click", () => {
      dialog.close();
      yes();
    });
    dialog.showModal();
  };

  // A form that stays on its page: a refusal (409, 422) is drawn beside what was typed.
  const stay = async (form, submitter) => {
    form.dataset.sent = "yes";
    try {
      const answer = await fetch(submitter?.getAttribute("formaction") || form.action, {
        method: "POST", body: new FormData(form, submitter), headers: asking(form),
      });
      if (answer.ok) {
        location.assign(answer.redirected ? answer.url : location.href);
        return;
      }
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const box = $(".notebox", found) || make("p");
      if (!box.textContent) box.textContent = "没有办成，内容仍在输入框里，请稍后再试。";
      const place = $("[data-answer]", form) || form.insertBefore(make("div"), form.firstChild);
      place.setAttribute("data-answer", "");
      place.replaceChildren(document.importNode(box, true));
      $("[tabindex]", place)?.focus();
    } catch { say("没有连上服务器，内容仍在输入框里，请稍后再试。"); }
    delete form.dataset.sent;
  };

  const draft = (form) => {
    const note = $("[data-draft-note]", form) || $("[data-draft-note]");
    const tell = (text) => (note ? (note.textContent = text) : say(text));
    const save = later(800, async () => {
      if (form.dataset.sent) return;
      try {
        const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: new FormData(form), headers: asking(form) });
        if (answer.ok) tell(`${clock()} 已自动保存`);
        else if (answer.status === 409) tell("他人已改过，未自动保存；您的内容仍在输入框里");
        else tell("未能自动保存，请点保存草稿");
      } catch { tell("没有连上服务器，尚未保存"); }
    });
    form.addEventListener("input", save);
  };

  const suggest = (form) => {
    const target = document.getElementById(form.dataset.suggestTarget || "suggestions");
    let turn = 0;
    const read = later(600, async () => {
      const mine = ++turn;
      try {
        const answer = await fetch(form.dataset.suggestUrl, { method: "POST", body: new FormData(form), headers: asking(form) });
        if (answer.ok && mine === turn) replace(target, await answer.text());
      } catch { say("没有连上服务器，建议未更新。"); }
    });
    if (target) form.addEventListener("input", read);
  };

  const refresh = (place) => {
    const wait = Math.max(1, Number(place.dataset.refreshSeconds) || 30) * 1000;
    const round = async () => {
      if (!place.isConnected) return;
      try {
        if (!document.hidden) {
          const answer = await fetch(place.dataset.refreshUrl, { headers: asking(place) });
          if (answer.ok && answer.status !== 204 && !answer.redirected) replace(place, await answer.text());
          if (answer.headers.get("X-Done")) {
            location.reload();
            return;
          }
        }
      } catch { place.setAttribute("data-stale", ""); }
      setTimeout(round, wait);
    };
    setTimeout(round, wait);
  };

  const count = (area) => {
    const place = document.getElementById(area.dataset.count);
    const show = () => {
      const written = [...area.value].length;
      const left = area.maxLength > 0 ? `，还可写 ${Math.max(0, area.maxLength - written)} 字` : "";
      place.textContent = `已写 ${written} 字${left}`;
    };
    area.addEventListener("input", show);
    show();
  };

  const drop = (place) => {
    const input = $("input[type=file]", place);
    const over = (on) => (event) => {
      event.preventDefault();
      place.classList.toggle("is-over", on);
    };
    place.addEventListener("dragover", over(true));
    place.addEventListener("dragleave", over(false));
    place.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };

  const prepare = (root) => {
    const each = (selector, act) => {
      if (root.matches?.(selector)) act(root);
      all(selector, root).forEach(act);
    };
    each("form[data-draft]", draft);
    each("form[data-suggest-url]", suggest);
    each("[data-refresh-url]", refresh);
    each("[data-count]", count);
    each("[data-drop]", drop);
  };
  const typed = ":is(select,textarea,input:not([type=hidden],[type=radio],[type=checkbox]))";
  const begin = () => {
    all("[data-open-keys]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", showKeys);
    });
    prepare(document);
    // The line alone is moved: one far down must not take the page along.
    all(".tabline [aria-current]").forEach((now) => now.closest("ul").scrollLeft += now.getBoundingClientRect().left - innerWidth / 3);
    // Into the form that a key has just opened; once more after the jump to #…, which takes the focus away.
    const first = $("[data-focus-first]") || $("[aria-invalid=true]") || $(`#acts .foot-form ${typed}, #${CSS.escape(location.hash.slice(1) || "-")} details[open] form ${typed}`);
    first?.focus();
    if (first && location.hash) addEventListener("load", () => setTimeout(() => first.focus()));
  };
  begin();
  document.addEventListener("drawn", begin);
})();
