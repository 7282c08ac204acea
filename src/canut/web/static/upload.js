// An upload shows how far it is, and a file over the site's limit is not sent at all.
//
//   <form data-upload data-most-bytes="…" data-too-large="…" data-cut-off="…">
//     [data-upload-progress] holds a <progress>; [data-upload-says] is where a sentence goes
"use strict";

(() => {
  const form = (event) => event.target.closest?.("[data-upload]");

  function say(upload, sentence) {
    upload.querySelector("[data-upload-says]").textContent = sentence;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const upload = form(event);
    if (!upload) return;
    const file = upload.querySelector("input[type=file]").files[0];
    if (file && file.size > Number(upload.dataset.mostBytes)) {
      event.preventDefault();
      say(upload, upload.dataset.tooLarge);
      return;
    }
    say(upload, "");
    upload.querySelector("[data-upload-progress]").hidden = !file;
  });

  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = form(event)?.querySelector("progress");
    if (!bar || !event.detail.lengthComputable) return;
    if (event.detail.loaded < event.detail.total) bar.value = event.detail.loaded / event.detail.total;
    else bar.removeAttribute("value"); // all is sent; what comes now is up to the site
  });

  document.addEventListener("htmx:sendError", (event) => {
    const upload = form(event);
    if (!upload) return;
    upload.querySelector("[data-upload-progress]").hidden = true;
    say(upload, upload.dataset.cutOff);
  });
})();
