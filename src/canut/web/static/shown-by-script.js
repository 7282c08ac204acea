// What only works with scripts is hidden without them, and shown here.
"use strict";

for (const part of document.querySelectorAll("[data-shown-by-script]")) {
  part.hidden = false;
}
