// Send attached files in pieces: dropped or chosen, with progress, going on after a lost connection.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const FIRST_WAIT = 500;
  const LONGEST_WAIT = 15000;
  const MOST_TRIES = 12;
  const rest = (wait) => new Promise((go) => setTimeout(go, wait));
  const mb = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  class Told extends Error {}

  const token = () => $("input[name=csrf],input[name=csrf_token]")?.value || "";
  const ask = async (address, method, fields) => {
    const options = { method, headers: { Accept: "application/json" } };
    if (fields) {
      options.body = new FormData();
      for (const [name, value] of Object.entries({ csrf: token(), ...fields })) options.body.append(name, value);
    }
    const answer = await fetch(address, options);
    const json = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
    return { status: answer.status, ok: answer.ok, json };
  };
  const words = (json) => [json.detail, json.remedy].filter(Boolean).join("") || "没有收下，请稍后再试。";
  const hash = async (file) => {
    if (!crypto.subtle) return "";
    const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const prepare = (zone) => {
    const input = $("input[type=file]", zone);
    const going = $("[data-attach-going]", zone);
    const pieces = zone.dataset.attachPieces;
    const fields = Object.fromEntries(Object.entries(zone.dataset)
      .filter(([name]) => name.startsWith("attachField"))
      .map(([name, value]) => [name.slice(11).toLowerCase(), value]));
    let busy = 0;

    const line = (file) => {
      const row = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { textContent: `${file.name}（${mb(file.size)}） ` });
      const note = Object.assign(document.createElement("span"), { className: "meta", textContent: "等待" });
      const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
      bar.setAttribute("aria-label", `${file.name} 上传进度`);
      row.append(name, note, bar);
      going.append(row);
      return {
        at: (done) => {
          bar.value = done;
          note.textContent = `已传 ${Math.floor((100 * done) / (file.size || 1))}%`;
        },
        say: (text) => { note.textContent = text; },
        end: (text) => {
          bar.remove();
          note.textContent = text;
        },
        gone: () => row.remove(),
        again: (act) => {
          const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: "继续上传" });
          button.addEventListener("click", () => {
            button.remove();
            act();
          });
          row.append(button);
          button.focus();
        },
      };
    };

    // One question, asked until it is answered: a cut or a busy server only makes us wait.
    const surely = async (act, show) => {
      let wait = FIRST_WAIT;
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        try {
          const answer = await act();
          if (answer.status < 500 && answer.status !== 408) return answer;
        } catch (error) {
          if (error instanceof Told) throw error;
        }
        show.say("连接中断，正在重试，已传的部分不用重传");
        await rest(wait);
        wait = Math.min(LONGEST_WAIT, wait * 2);
      }
      throw new Error("cut");
    };

    const send = async (file, show, known) => {
      let upload = known;
      if (!upload) {
        const answer = await surely(() => ask(zone.dataset.attachBegin, "POST", { ...fields, name: file.name, size: file.size }), show);
        if (!answer.ok) throw new Told(words(answer.json));
        upload = { id: answer.json.upload, piece: answer.json.piece };
      }
      try {
        const address = `${pieces}/${upload.id}`;
        let place = (await surely(() => ask(address, "GET"), show)).json.received;
        while (place < file.size) {
          const piece = file.slice(place, place + upload.piece);
          const offset = place;
          const answer = await surely(() => ask(address, "PATCH", { offset, piece }), show);
          if (answer.status === 409) place = (await surely(() => ask(address, "GET"), show)).json.received;
          else if (answer.ok) place = answer.json.received;
          else throw new Told(words(answer.json));
          show.at(place);
        }
        show.say("已传完，正在检查内容");
        const sha256 = await hash(file);
        const last = await surely(() => ask(`${address}/done`, "POST", { sha256 }), show);
        if (!last.ok) throw new Told(words(last.json));
        return last.json;
      } catch (error) {
        if (!(error instanceof Told)) error.upload = upload;
        throw error;
      }
    };

    const renew = async () => {
      const list = document.getElementById(zone.dataset.attachList);
      try {
        const answer = await fetch(zone.dataset.attachListUrl, { headers: { "X-Fragment": "list" } });
        if (!list || !answer.ok || answer.redirected) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        list.replaceChildren(...fresh.childNodes);
      } catch { going.append(Object.assign(document.createElement("li"), { textContent: "附件已收到，刷新页面可以看到。" })); }
    };

    const go = async (file, show, known) => {
      busy += 1;
      try {
        const kept = await send(file, show, known);
        if (kept.said) show.end(`已收到。${kept.said}`);
        else show.gone();
        await renew();
      } catch (error) {
        if (error instanceof Told) show.end(error.message);
        else {
          show.say("连接一直没有恢复，已传的部分还在");
          show.again(() => go(file, show, error.upload));
        }
      }
      busy -= 1;
    };

    const take = async (files) => {
      for (const file of files) {
        const show = line(file);
        if (file.size > Number(zone.dataset.attachBytes)) {
          show.end(`超过 ${Number(zone.dataset.attachBytes) / 1048576} MB，没有上传。请压缩图片或拆成几份。`);
          continue;
        }
        await go(file, show);
      }
    };

    input.addEventListener("change", () => {
      const files = [...input.files];
      // What goes in pieces must not go with the form once more.
      input.value = "";
      take(files);
    });
    const over = (on) => (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", on);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      take([...event.dataTransfer.files]);
    });
    zone.closest("form")?.addEventListener("submit", (event) => {
      if (!busy || event.submitter?.formNoValidate) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      going.append(Object.assign(document.createElement("li"), { textContent: "附件还没有传完，请稍等再提交。" }));
    }, true);
    all("[data-attach-lively]", zone).forEach((words_) => { words_.hidden = false; });
    all("[data-attach-plain]", zone.closest("form") || zone).forEach((plain) => { plain.hidden = true; });
  };
  all("[data-attach]").forEach(prepare);
})();
