// Figures that ask for themselves every second: [data-live] with htmx's attributes.
//
// Nothing is put in that says the same as before, so that what is selected or read out stays; and
// nobody is asked while the page is not looked at.
"use strict";

(() => {
  const shown = new WeakMap();

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.closest("[data-live]") && document.hidden) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const live = event.target.closest("[data-live]");
    if (!live) return;
    const tag = event.detail.xhr.getResponseHeader("ETag");
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.requestPath, location.href).pathname;
    const answered = new URL(xhr.responseURL || location.href, location.href).pathname;
    // An answer from elsewhere is the page to sign in: whoever reads has signed out meanwhile.
    if (xhr.status !== 200 || asked !== answered || (tag && shown.get(live) === tag)) {
      event.detail.shouldSwap = false;
      return;
    }
    shown.set(live, tag);
  });
})();
