// Spans of a text, chosen with Recogito's text annotator or by writing their words. See parts.js.
//
// A browser counts a text in UTF-16 units; a W3C position counts code points. Marks hold code points.

async function bind(root, { Marks, librariesOf, newId }) {
  globalThis.process ??= { env: {} }; // the library asks it what environment this is
  await librariesOf(root);
  const { RecogitoJS } = globalThis;
  const shown = root.querySelector("[data-text]");
  const text = shown.textContent;
  const letters = [...text];
  const tagPlace = new Map([...root.querySelectorAll("[data-label-value]")].map((label, place) => [label.dataset.labelValue, place % 6]));

  const unitsBefore = (place) => letters.slice(0, place).join("").length;
  const lettersBefore = (place) => [...text.slice(0, place)].length;

  // The library draws by style elements, which our pages forbid, or complains into the console: this
  // painter puts boxes behind the words, whose looks are in widgets.css.
  function painter(container) {
    const layer = document.createElement("div");
    layer.className = "span-layer";
    layer.setAttribute("aria-hidden", "true");
    container.prepend(layer);
    return {
      destroy: () => layer.remove(),
      setVisible: (visible) => (layer.hidden = !visible),
      redraw: (highlights) => {
        layer.replaceChildren(
          ...highlights.flatMap(({ annotation, rects, state }) =>
            rects.map((rect) => {
              const box = document.createElement("span");
              const place = tagPlace.get(marks?.find(annotation.id)?.tags[0]);
              box.className = `span-box${place === undefined ? "" : ` label-${place}`}${state?.selected ? " chosen" : ""}`;
              box.style.left = `${rect.x}px`;
              box.style.top = `${rect.y}px`;
              box.style.width = `${rect.width}px`;
              box.style.height = `${rect.height}px`;
              return box;
            })
          )
        );
      },
    };
  }

  let marks = null;
  const anno = RecogitoJS.createTextAnnotator(shown, {
    renderer: (container, state, viewport) => RecogitoJS.createRenderer(painter(container), container, state, viewport),
  });

  let drawing = false;
  const quietly = (act) => {
    drawing = true;
    try {
      act();
    } finally {
      drawing = false;
    }
  };

  const quoteOf = ({ start, end }) => letters.slice(start, end).join("");
  const toAnnotation = (mark) => {
    const [start, end] = [unitsBefore(mark.start), unitsBefore(mark.end)];
    const selector = [{ quote: text.slice(start, end), start, end }];
    return { id: mark.id, bodies: [], target: { annotation: mark.id, selector, created: new Date() } };
  };

  // Without the blanks around it, in code points; null if nothing is left.
  function trimmed(start, end) {
    const inner = text.slice(start, end);
    const from = start + inner.length - inner.trimStart().length;
    const to = from + inner.trim().length;
    return to > from ? { start: lettersBefore(from), end: lettersBefore(to) } : null;
  }

  marks = new Marks(root, {
    selectorOf: (mark) => [
      { type: "TextQuoteSelector", exact: quoteOf(mark) },
      { type: "TextPositionSelector", start: mark.start, end: mark.end },
    ],
    markOf: (selectors) => {
      const place = Array.isArray(selectors) && selectors.find((one) => one?.type === "TextPositionSelector");
      return place && place.end <= letters.length ? { start: place.start, end: place.end } : null;
    },
    write: (row, mark) => {
      for (const name of ["start", "end"]) {
        const input = row.querySelector(`[data-number=${name}]`);
        input.max = String(letters.length);
        input.value = String(name === "start" ? mark.start + 1 : mark.end);
      }
    },
    read: (row, mark) => {
      const [first, last] = ["start", "end"].map((name) => Number.parseInt(row.querySelector(`[data-number=${name}]`).value, 10));
      if (!(first >= 1 && last >= first && last <= letters.length)) return false;
      Object.assign(mark, { start: first - 1, end: last });
      return true;
    },
    changed: () => {
      quietly(() => anno.setAnnotations(marks.marks.map(toAnnotation), true));
      setTimeout(() => anno.renderer.redraw(true), 50); // once the library is through with its own events
    },
    select: (id) => {
      marks.mark(id);
      quietly(() => anno.setSelected(id));
    },
    where: (mark) => `“${quoteOf(mark)}”`,
  });
  marks.own.changed();

  // The library goes on minding what it has just made, and may take it away again: ours has its own id.
  anno.on("createAnnotation", ({ target }) => {
    if (drawing) return;
    const place = trimmed(Math.min(...target.selector.map((one) => one.start)), Math.max(...target.selector.map((one) => one.end)));
    setTimeout(() => {
      document.getSelection()?.removeAllRanges();
      if (place) marks.add({ id: newId(), ...place });
      marks.own.changed();
    });
  });
  anno.on("selectionChanged", ([chosen]) => marks.mark(chosen?.id));

  // By keyboard: write the words; those that are marked already are passed over.
  const words = root.querySelector("[data-words]");
  const add = root.querySelector("[data-add-words]");
  const addWords = () => {
    const wanted = words.value.trim();
    if (!wanted) return words.focus();
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + 1)) {
      const place = trimmed(from, from + wanted.length);
      if (!marks.marks.some((mark) => mark.start === place.start && mark.end === place.end)) {
        if (marks.add({ id: newId(), ...place })) {
          marks.own.changed();
          words.value = "";
        }
        return;
      }
    }
    marks.say("not-found");
  };
  add.disabled = false;
  add.addEventListener("click", addWords);
  words.addEventListener("keydown", (event) => event.key === "Enter" && !event.ctrlKey && !event.metaKey && addWords());
}

const parts = await import(new URL(document.querySelector("[data-marks=spans]").dataset.parts, document.baseURI).href);
parts.bindEach("[data-marks=spans]", (root) => bind(root, parts));
