// What the widgets for marks have in common: the hidden field with the W3C annotations, the list below
// the image, text or sound in which each mark has its row, and what is said aloud.
//
//   <fieldset data-marks="regions" data-parts="…/parts.js" data-libraries="…">
//     <input type="hidden" data-marks-field>      the answer's JSON
//     <select data-new-tag>                       the label that a new mark gets
//     <ol data-marks-list>                        gets a copy of <template data-mark-row> for each mark
//     <input type="checkbox" data-marks-none>     says that there is nothing to mark
//     <p data-marks-says>                         a live region; its words are in data- attributes
//
// Everything that can be done with a pointer can be done in the rows, with a keyboard.

const CONTEXT = "http://www.w3.org/ns/anno.jsonld";

// Bind what is on the page now, and what htmx brings later. A widget is bound once.
export function bindEach(selector, bind) {
  const bindIn = (root) => {
    for (const element of [root, ...root.querySelectorAll(selector)]) {
      if (!element.matches?.(selector) || element.dataset.boundWidget) continue;
      element.dataset.boundWidget = "yes";
      bind(element);
    }
  };
  bindIn(document);
  document.addEventListener("htmx:load", (event) => bindIn(event.target));
}

export function librariesOf(root) {
  const [first, ...others] = root.dataset.libraries.split(" ").map((address) => new URL(address, document.baseURI).href);
  // A library that adds to another needs it to be there.
  return others.reduce((before, address) => before.then(() => import(address)), import(first));
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// The marks of one widget. `select(id)` is told which row has the focus, `changed()` when marks changed
// by a row, `read(row, mark)` and `write(row, mark)` carry the selector between a row and a mark.
export class Marks {
  constructor(root, { selectorOf, markOf, write, read, changed, select, where }) {
    this.root = root;
    this.field = root.querySelector("[data-marks-field]");
    this.list = root.querySelector("[data-marks-list]");
    this.template = root.querySelector("[data-mark-row]");
    this.none = root.querySelector("[data-marks-none]");
    this.most = Number(root.dataset.most);
    this.own = { selectorOf, markOf, write, read, changed, select, where };
    this.marks = this.stored();
    root.addEventListener("keydown", (event) => {
      // Enter in a field of a mark must not hand in the task.
      if (event.key === "Enter" && event.target.matches("input:not([type=checkbox]), select") && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
      }
    });
    this.none?.addEventListener("change", () => {
      if (this.none.checked) for (const mark of [...this.marks]) this.remove(mark.id, { quietly: true });
      this.keep();
    });
    for (const mark of this.marks) this.addRow(mark);
    this.keep();
  }

  stored() {
    let read;
    try {
      read = JSON.parse(this.field.value || "null");
    } catch {
      return [];
    }
    if (!Array.isArray(read)) return [];
    this.saidNone = read.length === 0;
    if (this.none) this.none.checked = this.saidNone;
    const marks = [];
    for (const annotation of read) {
      const selector = annotation?.target?.selector;
      const of = selector && this.own.markOf(selector);
      if (!of) continue;
      const bodies = Array.isArray(annotation.body) ? annotation.body : [];
      marks.push({
        id: String(annotation.id ?? newId()).slice(-36),
        tags: bodies.filter((body) => body?.purpose === "tagging").map((body) => String(body.value)),
        note: String(bodies.find((body) => body?.purpose === "commenting")?.value ?? ""),
        ...of,
      });
    }
    return marks;
  }

  // Write the answer, and number the rows.
  keep() {
    const annotations = this.marks.map((mark) => {
      const body = mark.tags.map((value) => ({ type: "TextualBody", purpose: "tagging", value }));
      if (mark.note.trim()) body.push({ type: "TextualBody", purpose: "commenting", value: mark.note });
      const target = { selector: this.own.selectorOf(mark) };
      return { "@context": CONTEXT, id: `urn:uuid:${mark.id}`, type: "Annotation", body, target };
    });
    if (this.none && this.marks.length) this.none.checked = false;
    this.field.value = annotations.length || this.none?.checked ? JSON.stringify(annotations) : "";
    this.marks.forEach((mark, index) => {
      const row = this.rowOf(mark.id);
      row.querySelector("[data-mark-number]").textContent = String(index + 1);
      row.querySelector("[data-mark-where]").textContent = this.own.where(mark);
    });
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  get isFull() {
    return this.marks.length >= this.most;
  }

  find(id) {
    return this.marks.find((mark) => mark.id === id);
  }

  rowOf(id) {
    return this.list.querySelector(`[data-mark="${CSS.escape(id)}"]`);
  }

  // Add a mark that was made in the image, text or sound, or by a button; return whether there was room.
  add(mark, { focus = false } = {}) {
    if (this.isFull) {
      this.say("full");
      return false;
    }
    const chosen = this.root.querySelector("[data-new-tag]")?.value;
    const made = { tags: chosen ? [chosen] : [], note: "", ...mark };
    this.marks.push(made);
    this.addRow(made);
    this.keep();
    this.say("added", { number: this.marks.length });
    if (focus) this.rowOf(made.id).querySelector("input, select, textarea").focus();
    return true;
  }

  remove(id, { quietly = false } = {}) {
    const index = this.marks.findIndex((mark) => mark.id === id);
    if (index < 0) return;
    this.marks.splice(index, 1);
    this.rowOf(id).remove();
    if (quietly) {
      this.own.changed();
      return;
    }
    this.keep();
    this.own.changed();
    this.say("removed", { number: index + 1 });
    const next = this.list.children[Math.min(index, this.list.children.length - 1)];
    (next?.querySelector("[data-mark-remove]") ?? this.root.querySelector("button, select, input:not([type=hidden])"))?.focus();
  }

  // What was changed in the image, text or sound shows in the row.
  show(mark) {
    const row = this.rowOf(mark.id);
    if (row && !row.contains(document.activeElement)) this.own.write(row, mark);
    this.keep();
  }

  addRow(mark) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.dataset.mark = mark.id;
    for (const tag of row.querySelectorAll("[data-mark-tag]")) {
      if (tag.matches("select")) tag.value = mark.tags[0] ?? "";
      else tag.checked = mark.tags.includes(tag.value);
    }
    const note = row.querySelector("[data-mark-note]");
    if (note) note.value = mark.note;
    this.own.write(row, mark);
    row.addEventListener("input", (event) => this.typed(row, mark, event.target));
    row.addEventListener("focusin", () => this.own.select(mark.id));
    row.querySelector("[data-mark-remove]").addEventListener("click", () => this.remove(mark.id));
    this.list.append(row);
  }

  typed(row, mark, target) {
    if (target.matches("[data-mark-note]")) mark.note = target.value;
    else if (target.matches("select[data-mark-tag]")) mark.tags = target.value ? [target.value] : [];
    else if (target.matches("[data-mark-tag]")) {
      mark.tags = [...row.querySelectorAll("[data-mark-tag]:checked")].map((tag) => tag.value);
    } else if (!this.own.read(row, mark)) return; // what stands there is no place yet
    this.keep();
    this.own.changed(mark.id);
  }

  mark(id) {
    for (const row of this.list.children) row.classList.toggle("chosen", row.dataset.mark === id);
  }

  say(what, facts = {}) {
    const says = this.root.querySelector("[data-marks-says]");
    const words = says.getAttribute(`data-says-${what}`) ?? "";
    says.textContent = words.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  }
}
