// The box of the tour: beside what it explains, led by the keyboard; without this it stands at the foot.
"use strict";
(() => {
  const box = document.getElementById("tour");
  const shown = [...document.querySelectorAll(box.dataset.anchor)].find((one) => one.getClientRects().length);
  const wide = matchMedia("(min-width:821px)");
  const gap = 12;

  const stand = () => {
    for (const side of ["left", "top", "right", "bottom"]) box.style[side] = "";
    if (!shown || !wide.matches) return;
    const it = shown.getBoundingClientRect();
    const own = box.getBoundingClientRect();
    const down = innerHeight - own.height - gap;
    const across = innerWidth - own.width - gap;
    let left = Math.min(Math.max(it.left, gap), across);
    let top = it.bottom + gap;
    if (top > down) {
      // No room below: to the right, to the left, above, else in the corner of what is large.
      top = Math.min(Math.max(it.top, gap), down);
      if (it.right + gap <= across) left = it.right + gap;
      else if (it.left - gap - own.width >= gap) left = it.left - gap - own.width;
      else if (it.top - gap - own.height >= gap) top = it.top - gap - own.height;
      else { left = across; top = down; }
    }
    Object.assign(box.style, { left: `${left}px`, top: `${top}px`, right: "auto", bottom: "auto" });
  };
  const press = (name) => box.querySelector(`[data-tour-${name}] button`)?.click();

  if (shown) {
    shown.classList.add("tour-here");
    const tall = shown.getBoundingClientRect().height > innerHeight / 2;
    shown.scrollIntoView({ block: wide.matches && !tall ? "center" : "start" });
  }
  stand();
  addEventListener("resize", stand);
  addEventListener("scroll", stand, { passive: true, capture: true });
  box.focus({ preventScroll: true });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const inside = box.contains(event.target) || event.target === document.body;
    const writing = event.target.matches?.("input,textarea,select,[contenteditable]");
    const name = { Escape: writing ? "" : "leave", ArrowRight: inside ? "next" : "", ArrowLeft: inside ? "back" : "" }[event.key];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    press(name);
  }, true);
})();
