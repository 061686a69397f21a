// Waits for the demonstration that is being built anew, and leads to its door.
"use strict";
(() => {
  const told = document.querySelector("[data-ground]");
  // The page before loads this as well: when it is needed, nobody may be there to send it.
  if (!told) return;
  const whole = Number(told.dataset.seconds);
  const began = Date.now();
  let gone = false;

  const say = (text) => { told.textContent = text; };
  const look = async () => {
    try {
      const answer = await fetch("/healthz", { cache: "no-store" });
      // The old one still answers until it has noticed.
      if (answer.ok && gone) { location.assign("/login"); return; }
    } catch { gone = true; }
    const spent = Math.round((Date.now() - began) / 1000);
    if (spent > 4 * whole) say("比平时久得多。请看一看运行 monitor demo 的窗口；这一页还在等。");
    setTimeout(look, 1000);
  };
  say("建好以后会自动打开登录页，不用动。");
  setTimeout(look, 1000);
})();
