// Beside the field in which a worker states the active time: what the page's own timer has measured so far.
//
//   <input type="hidden" data-active-seconds>   the timer's count, kept by task.js
//   <input data-stated-seconds>                 a number of seconds: the count is its placeholder
//   <select data-stated-seconds>                half minutes: the count stands in its first, empty option
"use strict";

(() => {
  function written(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  }

  for (const field of document.querySelectorAll("[data-stated-seconds]")) {
    const timer = field.form?.querySelector("[data-active-seconds]");
    if (!timer) continue;
    if (field instanceof HTMLSelectElement) {
      const words = field.options[0].textContent;
      const show = () => (field.options[0].textContent = `${words} (${written(Number(timer.value) || 0)})`);
      field.addEventListener("focus", show); // not while the list is open
    } else {
      const show = () => (field.placeholder = String(Number(timer.value) || 0));
      show();
      const every = setInterval(() => (field.isConnected ? show() : clearInterval(every)), 1000);
    }
  }
})();
