// The task page: number keys, Ctrl+Enter, the lease's countdown, active time, the draft.
//
// Every part is bound by a data- attribute and the page works without it: radios are clicked, the time
// to hand in by is written out, the server measures by its own clock, a button keeps the draft.
//
//   <form data-task-form data-draft-url="…">      the form; the draft is sent there as the form itself is
//     <button data-hand-in>                       what Ctrl+Enter presses
//     <input type="hidden" data-active-seconds>   gets the seconds of active time
//     <fieldset data-choosing>                    number keys choose among its radios
//     <fieldset data-choosing="value">            the same, but a number key chooses the radio of that value
//     [data-needed-if][data-needed-among]         needed when that field has one of those values
//     <fieldset data-shown-if data-shown-among>   shown when that field has one of those values
//     <fieldset data-whole>                       several fields that are given all or, if optional, none
//       [data-part], [data-optional]              what is needed of them, and what is not
//     <fieldset data-unlike="…">                  no two of its lists may have the same choice; why not
//     [data-page]                                 pages, one at a time; [data-paging] has Back and Next
//     [data-page-shown]                           the data-shown-if of a whole page: hidden, it is passed over
//   [data-lease-until][data-server-now]           the lease's end, and the server's time when it said so
//   [data-clock-says], [data-draft-says]          where announcements go; their words are in data- attributes
"use strict";

(() => {
  const IDLE_AFTER_MS =
    (Number(document.querySelector("[data-task-form]")?.dataset.idleSeconds) || 30) * 1000;
  const DRAFT_EVERY_MS = 10_000;
  const KEYS_SETTING = "canut.number-keys";

  const startedAt = { wall: Date.now(), steady: performance.now() };

  // Milliseconds since this script began. A laptop that slept stops one of the two clocks, and a
  // corrected wall clock jumps: the larger one never promises time that is not there.
  function elapsed() {
    return Math.max(Date.now() - startedAt.wall, performance.now() - startedAt.steady);
  }

  function remembered(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // storage may be forbidden; the setting then lasts for this page
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(name, value);
    } catch {
      // as above
    }
  }

  // ---- number keys and Ctrl+Enter

  function isTyping(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable || target.closest("textarea, select")) return true;
    const input = target.closest("input");
    return input !== null && !["radio", "checkbox", "button", "submit", "reset"].includes(input.type);
  }

  function groupForKeys(form) {
    const focused = document.activeElement?.closest("[data-choosing]");
    if (focused && form.contains(focused)) return focused;
    const groups = [...form.querySelectorAll("[data-choosing]")].filter(
      (group) => group.querySelector("input[type=radio]:enabled") && !group.closest("[hidden]")
    );
    return groups.length === 1 ? groups[0] : groups.find((group) => !group.querySelector("input:checked"));
  }

  function choose(form, number) {
    const group = groupForKeys(form);
    const radios = [...(group?.querySelectorAll("input[type=radio]:enabled") ?? [])];
    const radio = group?.dataset.choosing === "value" ? radios.find(({ value }) => value === String(number)) : radios[number - 1];
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function bindKeys(form) {
    const setting = form.querySelector("[data-number-keys]");
    if (setting) {
      setting.closest("[data-keys-offer]").hidden = false;
      setting.checked = remembered(KEYS_SETTING) !== "off";
      const showKeys = () => form.querySelectorAll("[data-key]").forEach((key) => (key.hidden = !setting.checked));
      setting.addEventListener("change", () => {
        remember(KEYS_SETTING, setting.checked ? "on" : "off");
        showKeys();
      });
      showKeys();
    }
    let handedInAt = -Infinity;
    whileHere(form, document, "keydown", (event) => {
      if (event.isComposing || event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const elsewhere = document.activeElement?.closest("form");
        if (event.repeat || performance.now() - handedInAt < 3000 || (elsewhere && elsewhere !== form)) return;
        event.preventDefault();
        const next = form.querySelector("[data-paging]:not([hidden]) [data-page-next]:not([hidden])");
        if (next) {
          next.click();
          return;
        }
        if (form.checkValidity()) handedInAt = performance.now();
        form.requestSubmit(form.querySelector("[data-hand-in]"));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
      if (setting?.checked && /^[1-9]$/.test(event.key) && choose(form, Number(event.key))) event.preventDefault();
    });
  }

  // ---- what is shown, and what is needed, only with certain other answers

  function isGiven(form, field, among) {
    const values = JSON.parse(among);
    return new FormData(form).getAll(field).some((value) => values.includes(value));
  }

  // What is hidden is disabled too: the browser then neither checks nor sends it, and what it hides in
  // turn goes with it, for each stands before what depends on it.
  function bindShown(form) {
    const conditional = [...form.querySelectorAll("[data-shown-if]")];
    const update = () => {
      for (const fieldset of conditional) {
        const shown = isGiven(form, fieldset.dataset.shownIf, fieldset.dataset.shownAmong);
        fieldset.disabled = !shown;
        fieldset.hidden = !shown;
      }
    };
    for (const words of form.querySelectorAll("[data-when]")) words.hidden = true;
    form.addEventListener("change", update);
    update();
  }

  function need(item, needed) {
    for (const control of item.querySelectorAll("input:not([type=checkbox], [type=hidden]), textarea, select")) {
      const nearest = control.closest("[data-optional], [data-needed-if]");
      if (nearest === null || nearest === item || !item.contains(nearest)) control.required = needed;
    }
  }

  function isFilled(control) {
    return ["radio", "checkbox"].includes(control.type) ? control.checked : control.value.trim() !== "";
  }

  function bindNeeds(form) {
    const wholes = [...form.querySelectorAll("[data-whole]")].map((whole) => {
      const parts = [...whole.querySelectorAll("[data-part]")];
      const controls = parts.flatMap((part) => [...part.querySelectorAll("input, textarea, select")]);
      return { whole, parts, always: controls.some((control) => control.required) };
    });
    const update = () => {
      for (const item of form.querySelectorAll("[data-needed-if]")) {
        need(item, isGiven(form, item.dataset.neededIf, item.dataset.neededAmong));
      }
      for (const { whole, parts, always } of wholes) {
        const begun = [...whole.querySelectorAll("input, textarea, select")].some(isFilled);
        const asked = whole.dataset.neededIf && isGiven(form, whole.dataset.neededIf, whole.dataset.neededAmong);
        for (const part of parts) need(part, always || begun || Boolean(asked));
      }
      for (const unlike of form.querySelectorAll("[data-unlike]")) {
        const seen = new Set();
        for (const list of unlike.querySelectorAll("select")) {
          list.setCustomValidity(list.value && seen.has(list.value) ? unlike.dataset.unlike : "");
          seen.add(list.value);
        }
      }
    };
    form.addEventListener("change", update);
    update();
  }

  // ---- pages

  function bindPages(form) {
    const paging = form.querySelector("[data-paging]");
    if (!paging) return;
    const all = [...form.querySelectorAll("[data-page]")];
    const [back, next] = [paging.querySelector("[data-page-back]"), paging.querySelector("[data-page-next]")];
    const handIn = form.querySelector("[data-hand-in]");
    let current = all[0];
    const isPassedOver = (page) => page.querySelector(":scope > [data-page-shown]:disabled") !== null;
    const pages = () => all.filter((page) => !isPassedOver(page));
    const show = () => {
      const open = pages();
      const number = open.indexOf(current);
      for (const page of all) page.hidden = page !== current;
      const progress = current.querySelector("[data-page-progress]");
      progress.textContent = progress.dataset.pageProgress.replace("{number}", number + 1).replace("{count}", open.length);
      back.hidden = number === 0;
      next.hidden = number === open.length - 1;
      if (handIn) handIn.hidden = !next.hidden;
    };
    const open = (page) => {
      if (page === null || page === current) return;
      current = page;
      show();
      const head = current.querySelector("[data-page-head]");
      head.focus({ preventScroll: true });
      head.scrollIntoView();
    };
    const turn = (by) => open(pages()[pages().indexOf(current) + by] ?? null);
    back.addEventListener("click", () => turn(-1));
    next.addEventListener("click", () => {
      const wrong = [...current.querySelectorAll("input, textarea, select")].find((control) => !control.checkValidity());
      if (wrong) wrong.reportValidity();
      else turn(1);
    });
    // The browser points at the first control that is wrong once all have been told that they are.
    let opened = false;
    form.addEventListener("invalid", ({ target }) => {
      const page = target.closest("[data-page]");
      if (opened || !page || !page.hidden) return;
      opened = true;
      open(page);
      setTimeout(() => (opened = false));
    }, true);
    form.addEventListener("click", ({ target }) => {
      const link = target.closest("[data-faults] a[href^='#']");
      const control = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (control) open(control.closest("[data-page]"));
    }, true);
    form.addEventListener("change", show);
    form.addEventListener("keydown", (event) => {
      // Enter in a field would hand in from any page; here it turns the page.
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey || next.hidden) return;
      if (!event.target.matches("input:not([type=button], [type=submit])")) return;
      event.preventDefault();
      next.click();
    });
    paging.hidden = false;
    current = form.querySelector("[data-page] .fault")?.closest("[data-page]") ?? current;
    show();
  }

  // The server strips outer blanks before it looks; so does the browser, or a pattern would disagree.
  function bindBlanks(form) {
    form.addEventListener("change", ({ target }) => {
      if (target.matches("input[type=text]") && target.value !== target.value.trim()) target.value = target.value.trim();
    });
  }

  // ---- the countdown

  function timeLeft(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  function bindCountdown(clock, arrivedAt) {
    const givenMs = Date.parse(clock.dataset.leaseUntil) - Date.parse(clock.dataset.serverNow);
    if (Number.isNaN(givenMs)) return;
    const figure = clock.querySelector("[data-time-left-figure]");
    let leftBefore = Infinity;
    const show = () => {
      const left = givenMs - (elapsed() - arrivedAt);
      clock.querySelector("[data-time-left]").hidden = left > 24 * 3600_000;
      figure.textContent = timeLeft(left);
      clock.classList.toggle("nearly-over", left < 60_000);
      const says = document.querySelector("[data-clock-says]");
      for (const minutes of [5, 1, 0]) {
        const crossed = left <= minutes * 60_000 && leftBefore > minutes * 60_000;
        if (crossed && says && (Number.isFinite(leftBefore) || minutes === 0)) {
          says.textContent = says.getAttribute(`data-says-${minutes}`);
          says.classList.toggle("over", minutes === 0);
        }
      }
      leftBefore = left;
    };
    show();
    everySecond(clock, show);
  }

  // ---- active time

  function bindActiveTime(form) {
    const input = form.querySelector("[data-active-seconds]");
    if (!input) return;
    let activeMs = (Number.parseInt(input.value, 10) || 0) * 1000;
    let countedAt = performance.now();
    let movedAt = countedAt;
    let visible = !document.hidden;
    const count = () => {
      const now = performance.now();
      const until = Math.min(now, movedAt + IDLE_AFTER_MS);
      if (visible && until > countedAt) activeMs += until - countedAt;
      countedAt = now;
      input.value = String(Math.round(activeMs / 1000));
    };
    const moved = () => {
      count(); // an idle stretch ends here uncounted
      movedAt = countedAt;
    };
    for (const kind of ["keydown", "pointermove", "pointerdown", "wheel", "scroll", "touchmove", "input"]) {
      whileHere(form, document, kind, moved, { passive: true, capture: true });
    }
    whileHere(form, document, "visibilitychange", () => {
      count(); // what has passed belongs to the state that just ended
      visible = !document.hidden;
      if (visible) movedAt = countedAt;
    });
    form.addEventListener("submit", count);
    everySecond(form, count);
  }

  // ---- the draft

  function typedIn(form) {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (/^(answer-|feedback_)/.test(name) && typeof value === "string") typed.append(name, value);
    }
    return typed.toString();
  }

  function bindDraft(form) {
    const url = form.dataset.draftUrl;
    if (!url) return;
    let kept = typedIn(form);
    let handedIn = false;
    let sending = false;
    const say = (what) => {
      const place = document.querySelector("[data-draft-says]");
      if (place) place.textContent = place.getAttribute(`data-${what}`);
    };
    const send = async () => {
      const typed = typedIn(form);
      if (handedIn || sending || typed === kept) return;
      sending = true;
      try {
        const answer = await fetch(url, { method: "POST", body: new FormData(form), redirect: "error" });
        if (answer.ok) kept = typed;
        say(answer.ok ? "kept" : "not-kept");
      } catch {
        say("not-kept");
      } finally {
        sending = false;
      }
    };
    const sendOnLeaving = () => {
      const typed = typedIn(form);
      if (handedIn || typed === kept) return;
      if (navigator.sendBeacon(url, new FormData(form))) kept = typed; // the form data carry the CSRF token
    };
    form.addEventListener("submit", (event) => {
      handedIn = !event.defaultPrevented;
    });
    whileHere(form, window, "pagehide", sendOnLeaving);
    whileHere(form, window, "pageshow", () => {
      handedIn = false; // back from the next page, or the browser kept this one
    });
    whileHere(form, document, "visibilitychange", () => document.hidden && sendOnLeaving());
    every(DRAFT_EVERY_MS, form, send);
  }

  // ---- binding: what is bound lets go by itself once its element has left the page

  function every(milliseconds, element, act) {
    const timer = setInterval(() => (element.isConnected ? act() : clearInterval(timer)), milliseconds);
  }

  function everySecond(element, act) {
    every(1000, element, act);
  }

  function whileHere(element, target, kind, act, options) {
    const listener = (event) => {
      if (element.isConnected) act(event);
      else target.removeEventListener(kind, listener, options);
    };
    target.addEventListener(kind, listener, options);
  }

  function bind(root, arrivedAt) {
    const unbound = (selector) => [root, ...root.querySelectorAll(selector)].filter(
      (element) => element.matches?.(selector) && !element.dataset.bound
    );
    for (const form of unbound("form[data-task-form]")) {
      form.dataset.bound = "yes";
      bindShown(form);
      bindNeeds(form);
      bindPages(form);
      bindBlanks(form);
      bindKeys(form);
      bindActiveTime(form);
      bindDraft(form);
      form.querySelector("[data-faults]")?.focus();
    }
    for (const clock of unbound("[data-lease-until]")) {
      clock.dataset.bound = "yes";
      bindCountdown(clock, arrivedAt);
    }
  }

  const [navigation] = performance.getEntriesByType("navigation");
  bind(document, navigation ? navigation.responseStart - startedAt.steady : 0);
  document.addEventListener("htmx:load", (event) => bind(event.target, elapsed())); // a task came into the page
})();
