// A file for an answer: chosen or recorded here, sent at once, named in the answer by its id.
//
//   <fieldset data-file="name" data-send-to="…" data-most-bytes="…">
//     <input type="hidden" data-file-field>            the answer's JSON
//     <input type="file" data-file-choice>, <button data-file-send>
//     [data-file-kept] with [data-file-name], [data-file-shown] and <button data-file-remove>
//     [data-recorder] with <button data-record>, <button data-stop>, [data-record-time]
//     <p data-file-says>                               a live region; its words are in data- attributes
//
// Without this script the buttons post the form, and the page comes back with the file in the draft.

(() => {
  const bind = (root) => {
    const field = root.querySelector("[data-file-field]");
    const choice = root.querySelector("[data-file-choice]");
    const kept = root.querySelector("[data-file-kept]");
    const says = root.querySelector("[data-file-says]");
    const say = (what, facts = {}) => {
      const words = root.getAttribute(`data-says-${what}`) ?? "";
      says.textContent = words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
    };

    function show(file) {
      field.value = file ? JSON.stringify({ file: file.file, name: file.name, size: file.size, type: file.type }) : "";
      kept.hidden = !file;
      const shown = kept.querySelector("[data-file-shown]");
      shown.replaceChildren();
      if (file) {
        const link = kept.querySelector("[data-file-name]");
        link.textContent = file.name;
        link.href = file.url;
        kept.querySelector("[data-file-remove]").setAttribute("formaction", `${file.url}remove/`);
        const kind = file.type.split("/")[0];
        if (["image", "audio", "video"].includes(kind)) {
          const element = document.createElement(kind === "image" ? "img" : kind);
          element.src = file.url;
          if (kind === "image") element.alt = file.name;
          else {
            element.controls = true;
            element.setAttribute("aria-label", file.name);
          }
          shown.append(element);
        }
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    async function post(address, body) {
      body.append("csrfmiddlewaretoken", root.closest("form").querySelector("[name=csrfmiddlewaretoken]").value);
      try {
        const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
        const told = answer.status === 204 ? {} : await answer.json();
        return answer.ok ? told : { message: told.message ?? "" };
      } catch {
        return { message: root.getAttribute("data-says-not-sent") };
      }
    }

    let sending = false;
    async function send(file, name) {
      if (!root.dataset.sendTo) return say("preview");
      if (sending) return;
      if (file.size > Number(root.dataset.mostBytes)) return say("too-large");
      sending = true;
      root.setAttribute("aria-busy", "true");
      say("sending");
      const body = new FormData();
      body.append("item", root.dataset.file);
      body.append(`file-${root.dataset.file}`, file, name);
      const told = await post(root.dataset.sendTo, body);
      sending = false;
      root.removeAttribute("aria-busy");
      if (!told.file) {
        says.textContent = told.message;
        return;
      }
      show(told);
      if (choice) choice.value = "";
      say("kept", { name: told.name });
    }

    choice?.addEventListener("change", () => choice.files[0] && send(choice.files[0], choice.files[0].name));
    root.querySelector("[data-file-send]")?.addEventListener("click", (event) => {
      event.preventDefault();
      if (choice.files[0]) send(choice.files[0], choice.files[0].name);
      else choice.click();
    });
    kept.querySelector("[data-file-remove]").addEventListener("click", async (event) => {
      event.preventDefault();
      const told = await post(event.currentTarget.getAttribute("formaction"), new FormData());
      if (told.message) {
        says.textContent = told.message;
        return;
      }
      show(null);
      say("removed");
      (choice ?? root.querySelector("button")).focus();
    });
    bindRecorder(root, send, say);
  };

  function bindRecorder(root, send, say) {
    const place = root.querySelector("[data-recorder]");
    if (!place) return;
    if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) return say("no-recorder");
    place.hidden = false;
    const [record, stop] = ["record", "stop"].map((name) => place.querySelector(`[data-${name}]`));
    const time = place.querySelector("[data-record-time]");
    const most = Number(root.dataset.mostSeconds);
    let recorder = null;

    record.addEventListener("click", async () => {
      let sound;
      try {
        sound = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        return say("no-microphone");
      }
      const pieces = [];
      recorder = new MediaRecorder(sound);
      const began = performance.now();
      const clock = setInterval(() => {
        const seconds = Math.floor((performance.now() - began) / 1000);
        time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
        if (seconds >= most || !root.isConnected) stop.click();
      }, 250);
      recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
      recorder.addEventListener("stop", () => {
        clearInterval(clock);
        sound.getTracks().forEach((track) => track.stop());
        record.hidden = false;
        stop.hidden = true;
        record.focus();
        const type = recorder.mimeType.split(";")[0];
        send(new Blob(pieces, { type }), `${root.dataset.file}.${type.endsWith("mp4") ? "m4a" : type.split("/")[1]}`);
      });
      recorder.start();
      record.hidden = true;
      stop.hidden = false;
      stop.focus();
      say("recording");
    });
    stop.addEventListener("click", () => recorder?.state === "recording" && recorder.stop());
  }

  const bindIn = (root) => {
    for (const element of root.querySelectorAll("[data-file]")) {
      if (element.dataset.boundWidget) continue;
      element.dataset.boundWidget = "yes";
      bind(element);
    }
  };
  bindIn(document);
  document.addEventListener("htmx:load", (event) => bindIn(event.target));
})();
