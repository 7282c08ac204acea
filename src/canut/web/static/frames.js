// Pages on a task's page that are not ours: whether they have answered, and that somebody is at work in them.
//
// What a frame says is never believed: a message only makes us ask the server. Without this script the
// button asks it, by keeping the draft.
//
//   [data-frames-url]                       on the form: where the server says what has been answered
//     [data-framed="name"]                  one item
//       <iframe data-frame>                 its page
//       [data-framed-page]                  the <details> around it
//       [data-framed-done]                  shown once it has answered
//       [data-framed-look]                  the button that does without this script
"use strict";

(() => {
  const ASK_AFTER_MS = 300;
  const ASK_AT_MOST_EVERY_MS = 2000;
  const IN_FRAME_EVERY_MS = 5000;
  const IN_FRAME_AT_MOST_MS = 5 * 60_000;

  async function ask(form) {
    const answer = await fetch(form.dataset.framesUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { frames } = await answer.json();
    for (const item of form.querySelectorAll("[data-framed]")) show(item, frames[item.dataset.framed]);
  }

  function show(item, frame) {
    if (!frame?.answered) return;
    const done = item.querySelector("[data-framed-done]");
    const page = item.querySelector("[data-framed-page]");
    const iframe = page.querySelector("iframe");
    const isNew = done.hidden || iframe.getAttribute("src") !== frame.address;
    if (!isNew) return;
    done.hidden = false;
    page.open = false;
    const summary = page.querySelector("summary");
    summary.textContent = frame.again;
    iframe.src = frame.address; // a fresh permit: the old one is used up
    summary.focus();
  }

  function bind(form) {
    let askedAt = -Infinity;
    let asking = 0;
    const askSoon = () => {
      if (asking) return;
      const wait = Math.max(ASK_AFTER_MS, askedAt + ASK_AT_MOST_EVERY_MS - performance.now());
      asking = setTimeout(async () => {
        asking = 0;
        askedAt = performance.now();
        try {
          await ask(form);
        } catch {
          // the button still asks
        }
      }, wait);
    };
    window.addEventListener("message", (event) => {
      const sender = [...form.querySelectorAll("[data-framed] iframe")].some((frame) => frame.contentWindow === event.source);
      if (sender && event.data?.canut === "answered") askSoon();
    });
  }

  // The timer of active time sees nothing of what happens in a frame: while one has the focus, work goes on.
  function bindActivity() {
    let since = 0;
    let left = null;
    setInterval(() => {
      const inside = document.activeElement?.matches?.("iframe[data-frame]") && !document.hidden ? document.activeElement : null;
      if (inside !== left) since = performance.now();
      left = inside;
      if (inside && performance.now() - since < IN_FRAME_AT_MOST_MS) document.dispatchEvent(new Event("input"));
    }, IN_FRAME_EVERY_MS);
  }

  for (const form of document.querySelectorAll("[data-frames-url]")) bind(form);
  if (document.querySelector("iframe[data-frame]")) bindActivity();
})();
