// The count beside the bell, kept up to date by server-sent events; the page works without it.
"use strict";
(() => {
  const bell = document.querySelector(".bar-bell");
  if (!bell || !window.EventSource) return;
  let source = null;
  const show = (count) => {
    let badge = bell.querySelector("b");
    if (!count) {
      badge?.remove();
      return;
    }
    if (!badge) {
      badge = document.createElement("b");
      bell.append(badge);
    }
    badge.textContent = count > 99 ? "99+" : String(count);
  };
  const open = () => {
    if (source || document.visibilityState !== "visible") return;
    source = new EventSource("/desk/notices/stream");
    source.onmessage = (event) => show(Number(event.data));
  };
  const close = () => {
    source?.close();
    source = null;
  };
  // Most pages are left within seconds: only one that stays open listens.
  let timer = setTimeout(open, 5000);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? open() : close()));
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    close();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) timer = setTimeout(open, 1000);
  });
})();
