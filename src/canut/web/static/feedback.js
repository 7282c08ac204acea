// Beginnings of what a worker says of a design in a prototype round: a button puts one into the text.
//
//   <fieldset data-feedback>
//     <textarea data-feedback-words>
//     <p data-beginnings hidden>        shown by this script
//       <button data-beginning="I wish ">
"use strict";

(() => {
  for (const part of document.querySelectorAll("[data-feedback]")) {
    const words = part.querySelector("[data-feedback-words]");
    const offer = part.querySelector("[data-beginnings]");
    if (!words || !offer) continue;
    offer.hidden = false;
    offer.addEventListener("click", (event) => {
      const beginning = event.target.closest("[data-beginning]")?.dataset.beginning;
      if (!beginning) return;
      const before = words.value.trimEnd();
      const more = before ? `${before}\n${beginning}` : beginning;
      if (more.length <= words.maxLength || words.maxLength < 0) words.value = more;
      words.focus();
      words.setSelectionRange(words.value.length, words.value.length);
      words.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
