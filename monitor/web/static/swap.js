// The next order is drawn into the page that stands, so that no style sheet is read again for it.
"use strict";
(() => {
  // Both ends of the way carry the mark: going back or forth to either draws it anew.
  const mark = { swapped: true };

  const swap = async (form, submitter) => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !answer.redirected || !fresh.querySelector("main")) throw new Error(String(answer.status));
      history.replaceState(mark, "");
      history.pushState(mark, "", answer.url);
      document.title = fresh.title;
      document.body.className = fresh.body.className;
      document.body.replaceChildren(...fresh.body.childNodes);
      document.dispatchEvent(new Event("drawn"));
    } catch { form.submit(); } // refused, or no server: sent as any form, the answer is a page
  };

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-swap]")) return;
    event.preventDefault();
    swap(event.target, event.submitter);
  });
  window.addEventListener("popstate", (event) => {
    if (event.state?.swapped) location.reload();
  });
})();
