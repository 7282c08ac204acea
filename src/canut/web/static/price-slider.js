// A slider between the price of one answer and what an hour of it pays. Without this script the two
// fields stand alone, and the server works out one from the other.
//
//   <form data-price data-floor-minor="1500" data-slider-label="…">   with fields reward, hourly, minutes
"use strict";

(() => {
  const MOST_OF_FLOOR = 3; // the slider goes up to three times the floor
  const STEP_MINOR = 25;

  function read(field) {
    const number = Number(field.value.trim().replace(",", "."));
    return Number.isFinite(number) && number > 0 ? number : null;
  }

  function write(field, minor, comma) {
    field.value = (minor / 100).toFixed(2).replace(".", comma ? "," : ".");
  }

  for (const form of document.querySelectorAll("[data-price]")) {
    const { reward, hourly, minutes } = form.elements;
    if (!reward || !hourly || !minutes) continue;
    const floor = Number(form.dataset.floorMinor);
    const comma = document.documentElement.lang.startsWith("fr");
    const label = document.createElement("label");
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", id: "hourly_slider", min: floor, max: MOST_OF_FLOOR * floor });
    slider.step = STEP_MINOR;
    label.htmlFor = slider.id;
    label.textContent = form.dataset.sliderLabel;
    hourly.closest("div, p")?.append(label, slider);

    const seconds = () => Math.round((read(minutes) ?? 0) * 60);
    // A reward that pays at least so much an hour: fractions of a cent go to the worker.
    const rewardFor = (minor) => Math.ceil((minor * seconds()) / 3600);

    function fromHourly(minor) {
      if (seconds()) write(reward, rewardFor(minor), comma);
    }

    function fromReward() {
      const euros = read(reward);
      if (!euros || !seconds()) return;
      const minor = Math.round((euros * 100 * 3600) / seconds());
      write(hourly, minor, comma);
      slider.value = minor;
    }

    slider.addEventListener("input", () => {
      write(hourly, Number(slider.value), comma);
      fromHourly(Number(slider.value));
    });
    hourly.addEventListener("input", () => {
      const euros = read(hourly);
      if (!euros) return;
      slider.value = Math.round(euros * 100);
      fromHourly(Math.round(euros * 100));
    });
    reward.addEventListener("input", fromReward);
    minutes.addEventListener("input", fromReward);
    fromReward();
  }
})();
