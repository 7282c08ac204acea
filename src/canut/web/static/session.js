// The bar of an open session: the clock runs, and the site hears that somebody is there.
//
//   <aside data-session data-counted data-least data-hourly data-currency data-ticking data-stops-in
//          data-seen-url>
//     [data-clock], [data-money]    what is paid so far, as time and as money
//     [data-session-says]           where it is said that the clock has stopped; words in data- attributes
//     <form data-seen>              whose CSRF token a sign of life carries
//
// Without this file the figures stand as they were when the page was drawn, and every page that is
// opened is a sign of life.
"use strict";

(() => {
  const SIGN_EVERY_MS = 60_000;
  const bar = document.querySelector("[data-session]");
  if (!bar) return;

  const number = (name) => Number(bar.dataset[name]);
  const [counted, least, hourly, stopsIn] = ["counted", "least", "hourly", "stopsIn"].map(number);
  const language = document.documentElement.lang || "en";
  const money = new Intl.NumberFormat(language, { style: "currency", currency: bar.dataset.currency });
  const digits = money.resolvedOptions().maximumFractionDigits;
  const says = bar.querySelector("[data-session-says]");
  const startedAt = { wall: Date.now(), steady: performance.now() };
  const reached = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
  let movedAt = performance.now();
  let over = false;

  // A laptop that slept stops one of the two clocks: the larger one never shows too little.
  const elapsed = () =>
    (Math.max(Date.now() - startedAt.wall, performance.now() - startedAt.steady) + startedAt.steady - reached) / 1000;

  function clock(seconds) {
    const two = (part) => String(part).padStart(2, "0");
    const whole = Math.floor(seconds);
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  function show() {
    if (over) return;
    const ran = bar.dataset.ticking ? Math.min(Math.max(elapsed(), 0), Math.max(stopsIn, 0)) : 0;
    const now = counted + ran;
    bar.querySelector("[data-clock]").textContent = clock(now);
    const minor = Math.ceil((Math.max(Math.floor(now), least) * hourly) / 3600);
    bar.querySelector("[data-money]").textContent = money.format(minor / 10 ** digits);
    if (bar.dataset.ticking && stopsIn > 0 && ran >= stopsIn && !says.textContent) says.textContent = says.dataset.stopped;
  }

  async function sign() {
    const there = !document.hidden && performance.now() - movedAt < SIGN_EVERY_MS;
    if (over || !there || !bar.dataset.ticking) return;
    try {
      const body = new FormData(bar.querySelector("[data-seen]"));
      const answer = await fetch(bar.dataset.seenUrl, { method: "POST", body, redirect: "error" });
      if (answer.status !== 409) return;
      over = true;
      bar.classList.add("is-over");
      says.textContent = says.dataset.over;
    } catch {
      // no connection just now; the next sign may get through
    }
  }

  for (const kind of ["keydown", "pointermove", "pointerdown", "wheel", "scroll", "touchmove", "input"]) {
    document.addEventListener(kind, () => (movedAt = performance.now()), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) movedAt = performance.now();
  });
  show();
  setInterval(show, 1000);
  setInterval(sign, SIGN_EVERY_MS);
})();
