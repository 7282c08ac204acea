// Preselect the browser's time zone in a list marked data-time-zone, unless something was chosen.
"use strict";

for (const list of document.querySelectorAll("select[data-time-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offered = Array.from(list.options).find((option) => option.value === zone);
  const untouched = !list.form || !list.form.querySelector("[aria-invalid]");
  if (offered && untouched) {
    offered.selected = true;
  }
}
