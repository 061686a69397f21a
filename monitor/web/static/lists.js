// What a script may add to lists whose rows can be ticked: space, a range with shift, the whole page, the count.
"use strict";
(() => {
  const form = document.getElementById("bulk");
  if (!form) return;
  const boxes = () => [...document.querySelectorAll('input[name="pick"][form="bulk"]')];
  const count = form.querySelector("[data-picked]");
  const whole = document.querySelector("[data-pick-all]");
  const page = form.querySelector("[data-pick-page]");
  let last = null;

  const show = () => {
    const list = boxes();
    const picked = list.filter((box) => box.checked).length;
    count.textContent = picked ? `已选 ${picked} 件` : "还没有选";
    form.classList.toggle("is-picking", picked > 0);
    form.querySelectorAll("button").forEach((button) => { button.disabled = picked === 0; });
    if (whole) {
      whole.checked = picked > 0 && picked === list.length;
      whole.indeterminate = picked > 0 && picked < list.length;
    }
    page.textContent = picked === list.length && picked ? "都不选" : "全选本页";
    list.forEach((box) => box.closest("[data-row]")?.classList.toggle("is-picked", box.checked));
  };
  const all = (on) => {
    boxes().forEach((box) => { box.checked = on; });
    show();
  };
  const until = (box, on) => {
    const list = boxes();
    const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) list.slice(from, to + 1).forEach((one) => { one.checked = on; });
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.('input[name="pick"]');
    if (!box) return;
    if (event.shiftKey && last && last !== box) until(box, box.checked);
    last = box;
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input,textarea,select,button,summary,[contenteditable]")) return;
    try { if (localStorage.getItem("single-keys") === "off") return; }
    catch { return; }
    const box = document.querySelector('[data-row].is-selected input[name="pick"]');
    if (!box || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.checked = !box.checked;
    if (event.shiftKey && last && last !== box) until(box, box.checked);
    last = box;
    show();
  });
  whole?.addEventListener("change", () => all(whole.checked));
  page.addEventListener("click", (event) => {
    event.preventDefault();
    all(boxes().some((box) => !box.checked));
  });
  if (whole) whole.hidden = false;
  window.addEventListener("pageshow", show);
  show();
})();
