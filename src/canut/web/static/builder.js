// The form of a design saves itself, is put in order by hand or keyboard, and shows what a worker sees.
//
// Everything here has a button that works without scripts: this only spares the reloading.
//
//   <form data-builder data-saving data-offline …>   the form, posted whole; htmx swaps it after a button
//     [data-items] > [data-item]                     the items; their hidden fields "item" give the order
//     [data-handle]                                  drags its item, or lifts it with the space bar
//     [data-problem-of="id"]                         where what is wrong with the field of that id is said
//     [data-folds="key"]                             <details> that stay as they were after a swap
//     [data-add-after="key"]                         brings the choice of new items below that item
//   [data-insert="{{column}}"]                       puts that where somebody was typing
//   [data-frame], [data-seen]                        the frame with the task as a worker sees it
"use strict";

(() => {
  const SAVE_AFTER_MS = 1200;
  const AGAIN_AFTER_MS = 10_000;
  const WIDE_PX = 1024;
  const PHONE_PX = 390;

  const form = () => document.querySelector("[data-builder]");
  const part = (name) => form().querySelector(`[data-${name}]`);

  let saved = ""; // the form as the site has it
  let timer = 0;
  let sending = null; // the promise of a saving under way
  let conflict = false;
  let typedIn = null; // the text field that had the focus last
  let bySwap = null; // what was sent with the button whose answer is awaited

  function typed() {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form())) {
      if (!["csrfmiddlewaretoken", "based_on", "step"].includes(name) && !name.startsWith("version-title.") && name !== "place") data.append(name, value);
    }
    return data.toString();
  }

  function say(sentence, { refused = false } = {}) {
    const place = part("saved");
    place.textContent = sentence;
    place.classList.toggle("refused", refused);
  }

  // ---- saving by itself

  function saveSoon(after = SAVE_AFTER_MS) {
    clearTimeout(timer);
    timer = setTimeout(() => save(), after);
  }

  async function save({ step = "" } = {}) {
    clearTimeout(timer);
    while (sending) await sending;
    if (conflict || bySwap) return;
    const now = typed();
    if (now === saved) return;
    sending = send(now, step);
    await sending;
    sending = null;
    if (!conflict && form() && typed() !== saved) saveSoon();
  }

  async function send(now, step) {
    const data = new FormData(form());
    data.set("do", "keep");
    data.set("step", step);
    say(form().dataset.saving);
    try {
      const answer = await fetch(form().action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error" });
      const told = await answer.json();
      if (!answer.ok) return refused(told);
      saved = now;
      part("based-on").value = told.based_on;
      part("undo").disabled = !told.can_undo;
      part("redo").disabled = !told.can_redo;
      showProblems(told);
      say(told.said);
      document.getElementById("design-facts").innerHTML = told.beside;
      showTask();
    } catch {
      say(form().dataset.offline, { refused: true });
      saveSoon(AGAIN_AFTER_MS);
    }
  }

  function refused(told) {
    say(`${form().dataset.notSaved} ${told.sentence ?? ""}`, { refused: true });
    if (!told.based_on) return;
    conflict = true;
    const choice = part("conflict");
    choice.hidden = false;
    choice.querySelector("[data-mine]").onclick = () => {
      part("based-on").value = told.based_on;
      choice.hidden = true;
      conflict = false;
      save();
    };
  }

  function showProblems({ problems, head_problems: head }) {
    const all = { ...problems, ...head };
    const places = [...form().querySelectorAll("[data-problem-of]")];
    const known = new Set(places.map((place) => place.dataset.problemOf));
    const said = {}; // each sentence at its field, or at the nearest of what holds the field
    for (const [id, sentences] of Object.entries(all)) {
      let at = id;
      while (at && !known.has(at)) at = at.slice(0, Math.max(at.lastIndexOf("."), 0));
      (said[at] ??= []).push(...sentences);
    }
    for (const place of places) {
      const id = place.dataset.problemOf;
      place.textContent = (said[id] ?? []).join(" ");
      const field = document.getElementById(id);
      if (field?.matches("input, textarea, select")) {
        if (all[id]) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
    for (const item of form().querySelectorAll("[data-item]")) {
      const wrong = Object.keys(all).some((id) => id === item.id || id.startsWith(`${item.id}.`));
      item.classList.toggle("has-problems", wrong);
      item.querySelector("h3 > .mark.wrong")?.toggleAttribute("hidden", !wrong);
    }
    const place = part("head-problems");
    place.hidden = !head.design;
    place.replaceChildren(...(head.design ?? []).map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
  }

  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-builder]") && !event.target.closest(".version-name, .place")) saveSoon();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-chooses-question]")) {
      event.target.closest("fieldset").querySelector("[data-shows-answers]").click(); // so htmx knows which
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (form() && !bySwap && typed() !== saved) {
      event.preventDefault(); // the browser asks; what is typed is not saved yet
      save();
    }
  });

  // ---- buttons, through htmx: one after the other, nothing typed meanwhile is lost

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.target.matches("[data-builder]")) return;
    event.preventDefault();
    clearTimeout(timer);
    const go = async () => {
      while (sending) await sending;
      bySwap = { values: fieldValues(), folds: folds(), button: event.detail.triggeringEvent?.submitter?.value ?? "" };
      event.detail.issueRequest(true);
    };
    go();
  });

  function fieldValues() {
    const values = new Map();
    for (const field of form().querySelectorAll("input[type=text], textarea")) values.set(field.id || field.name, field.value);
    return values;
  }

  function folds() {
    return new Map([...form().querySelectorAll("[data-folds]")].map((one) => [one.dataset.folds, one.open]));
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!bySwap || !event.target.matches("[data-builder]")) return;
    const now = fieldValues();
    bySwap.late = [...now].filter(([id, value]) => bySwap.values.get(id) !== value);
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!bySwap || !form()) return;
    const { late = [], folds: before, button } = bySwap;
    bySwap = null;
    conflict = false;
    bind();
    const walks = /^(undo|redo|go-back)/.test(button);
    if (!walks) {
      for (const [key, open] of before) {
        const fold = form().querySelector(`[data-folds="${CSS.escape(key)}"]`);
        if (fold && !fold.closest(".has-problems")) fold.open = open;
      }
      for (const [id, value] of late) {
        const field = document.getElementById(id);
        if (field && form().contains(field)) field.value = value;
      }
      if (late.length) saveSoon();
    }
    focusAfter(button);
    showTask();
  });

  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, (event) => {
      if (!event.target.matches?.("[data-builder]")) return;
      bySwap = null;
      say(form().dataset.offline, { refused: true });
    });
  }

  // Where a keyboard is afterwards: in what is new, at what was moved, beside what is gone.
  function focusAfter(button) {
    const [verb, about = ""] = button.split(/:(.*)/s);
    const here = form().querySelector("option[data-here]")?.value;
    const item = here && document.getElementById(here);
    if (!item) return;
    if (verb === "add" || verb === "copy") {
      const fold = item.querySelector("details");
      fold.open = true;
      const field = item.querySelector("textarea, input[type=text], select");
      field?.focus();
      item.scrollIntoView({ block: "nearest" });
    } else if (verb === "up" || verb === "down") {
      const same = document.getElementById(`${about}-${verb}`);
      (same?.disabled ? document.getElementById(`${about}-${verb === "up" ? "down" : "up"}`) : same)?.focus();
      announce("dropped", item);
    } else if (verb === "delete") {
      item.querySelector("[data-handle]").focus();
    } else if (verb.startsWith("condition")) {
      document.getElementById(about)?.querySelector("select, button")?.focus();
    }
  }

  // ---- order, by pointer and by keyboard

  function items() {
    return [...part("items").children];
  }

  function announce(what, item) {
    const place = items().indexOf(item) + 1;
    part("moves").textContent = form().dataset[what === "given-up" ? "givenUp" : what].replace("%n", place).replace("%all", items().length);
  }

  function renumber() {
    const all = items();
    all.forEach((item, place) => {
      for (const number of item.querySelectorAll("[data-number]")) number.textContent = place + 1;
      item.querySelector("[data-up]").disabled = place === 0;
      item.querySelector("[data-down]").disabled = place === all.length - 1;
    });
  }

  function put(item, place) {
    const others = items().filter((one) => one !== item);
    part("items").insertBefore(item, others[place] ?? null);
    renumber();
  }

  let lifted = null; // {item, from, handle}

  function lift(handle) {
    const item = handle.closest("[data-item]");
    lifted = { item, from: items().indexOf(item), handle };
    item.classList.add("lifted");
    handle.setAttribute("aria-pressed", "true");
  }

  function putDown({ giveUp = false } = {}) {
    if (!lifted) return;
    const { item, from, handle } = lifted;
    if (giveUp) put(item, from);
    lifted = null;
    item.classList.remove("lifted");
    handle.setAttribute("aria-pressed", "false");
    announce(giveUp ? "given-up" : "dropped", item);
    if (items().indexOf(item) !== from) save({ step: "moved" });
  }

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (lifted) putDown();
      else {
        lift(handle);
        part("moves").textContent = form().dataset.lifted;
      }
    } else if (lifted && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const place = items().indexOf(lifted.item) + (event.key === "ArrowUp" ? -1 : 1);
      if (place < 0 || place >= items().length) return;
      put(lifted.item, place);
      handle.focus();
      lifted.item.scrollIntoView({ block: "nearest" });
      announce("moved", lifted.item);
    } else if (lifted && event.key === "Escape") {
      event.preventDefault();
      putDown({ giveUp: true });
      handle.focus();
    } else if (lifted && event.key === "Tab") {
      putDown();
    }
  });

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle || event.button !== 0 || lifted) return;
    event.preventDefault();
    handle.focus();
    lift(handle);
    const move = (moved) => {
      if (!lifted) return;
      const over = items().find((one) => one !== lifted.item && moved.clientY < one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2);
      const others = items().filter((one) => one !== lifted.item);
      const place = over ? others.indexOf(over) : others.length;
      if (place !== items().indexOf(lifted.item)) put(lifted.item, place);
      const edge = 60;
      if (moved.clientY < edge) window.scrollBy(0, -12);
      else if (moved.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
    };
    const stop = (last) => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", stop);
      document.removeEventListener("pointercancel", stop);
      putDown({ giveUp: last.type === "pointercancel" });
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", stop);
    document.addEventListener("pointercancel", stop);
  });

  // ---- undo and redo by keys, outside of texts: there they are the browser's own

  document.addEventListener("keydown", (event) => {
    if (!form() || !(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if (event.target.closest?.("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])")) return;
    const button = part(event.shiftKey ? "redo" : "undo");
    event.preventDefault();
    button.click();
  });

  // ---- adding below an item; a column where somebody types

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-builder] textarea, [data-builder] input[type=text]")) typedIn = event.target;
  });

  document.addEventListener("click", (event) => {
    const after = event.target.closest?.("[data-add-after]");
    if (after) {
      part("place").value = after.dataset.addAfter;
      part("adding").scrollIntoView({ block: "center" });
      part("adding").querySelector("button").focus();
    }
    const column = event.target.closest?.("[data-insert]");
    if (column && typedIn?.isConnected) {
      typedIn.setRangeText(column.dataset.insert, typedIn.selectionStart, typedIn.selectionEnd, "end");
      typedIn.focus();
      typedIn.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // ---- what a worker sees: as wide as a screen and drawn smaller, or as wide as a phone

  function showTask() {
    const frame = document.querySelector("[data-seen]");
    try {
      frame?.contentWindow.location.reload();
    } catch {
      frame.src = frame.src; // it went to a page that is not ours
    }
  }

  function fitFrame() {
    const holder = document.querySelector("[data-frame]");
    if (!holder) return;
    const phone = document.querySelector("input[name=width][value=phone]").checked;
    const frame = holder.querySelector("iframe");
    const wide = phone ? PHONE_PX : Math.max(WIDE_PX, holder.clientWidth);
    const scale = Math.min(1, holder.clientWidth / wide);
    frame.style.width = `${wide}px`;
    frame.style.height = `${holder.clientHeight / scale}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : "";
  }

  function bind() {
    for (const one of form().querySelectorAll("[data-handle], [data-add-after]")) one.hidden = false;
    saved = typed();
  }

  if (form()) {
    bind();
    document.addEventListener("change", (event) => event.target.name === "width" && fitFrame());
    new ResizeObserver(fitFrame).observe(document.querySelector("[data-frame]"));
    fitFrame();
  }
})();
