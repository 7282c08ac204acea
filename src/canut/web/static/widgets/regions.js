// Regions of an image, drawn with Annotorious or written as numbers. See parts.js.

const NUMBERS = ["x", "y", "width", "height"];

async function bind(root, { Marks, librariesOf, newId }) {
  await librariesOf(root);
  const { Annotorious } = globalThis;
  const image = root.querySelector("[data-image]");
  await loaded(image);
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  if (!size.width) {
    root.querySelector("[data-marks-says]").textContent = root.dataset.saysBroken;
    return;
  }
  const draws = root.dataset.shapes;
  const anno = Annotorious.createImageAnnotator(image, { drawingEnabled: true, drawingMode: "drag", theme: "light" });
  const layer = anno.element.querySelector("svg");
  layer.setAttribute("aria-label", root.dataset.layer);
  const tool = root.querySelector("[data-tool]");
  const chooseTool = () => anno.setDrawingTool(tool ? tool.value : draws);
  tool?.addEventListener("change", chooseTool);
  chooseTool();

  const whole = (number, most) => Math.min(Math.max(Math.round(number), 0), most);

  function ofShape({ type, geometry }) {
    if (type === "POLYGON" || type === Annotorious.ShapeType.POLYGON) {
      return { points: geometry.points.map(([x, y]) => [whole(x, size.width), whole(y, size.height)]) };
    }
    const x = whole(geometry.x, size.width - 1);
    const y = whole(geometry.y, size.height - 1);
    const width = Math.max(1, whole(geometry.x + geometry.w, size.width) - x);
    const height = Math.max(1, whole(geometry.y + geometry.h, size.height) - y);
    return { box: { x, y, width, height } };
  }

  function toShape(mark) {
    const xs = mark.points ? mark.points.map(([x]) => x) : [mark.box.x, mark.box.x + mark.box.width];
    const ys = mark.points ? mark.points.map(([, y]) => y) : [mark.box.y, mark.box.y + mark.box.height];
    const bounds = { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
    if (mark.points) return { type: Annotorious.ShapeType.POLYGON, geometry: { points: mark.points, bounds } };
    const { x, y, width: w, height: h } = mark.box;
    return { type: Annotorious.ShapeType.RECTANGLE, geometry: { x, y, w, h, rot: 0, bounds } };
  }

  const toAnnotation = (mark) => ({ id: mark.id, bodies: [], target: { annotation: mark.id, selector: toShape(mark) } });

  let drawing = false; // whether what happens in the image is our own doing
  const quietly = (act) => {
    drawing = true;
    try {
      act();
    } finally {
      drawing = false;
    }
  };

  // While a shape is chosen, dragging draws no other one: only a click on it chooses it for long.
  let chosenByRow = false;
  const unchoose = () => quietly(() => anno.cancelSelected());
  anno.element.addEventListener("pointermove", () => {
    if (chosenByRow) unchoose();
    chosenByRow = false;
  });

  const marks = new Marks(root, {
    selectorOf: ({ box, points }) =>
      points
        ? { type: "SvgSelector", value: `<svg xmlns="http://www.w3.org/2000/svg"><polygon points="${points.map((point) => point.join(",")).join(" ")}"/></svg>` }
        : { type: "FragmentSelector", conformsTo: "http://www.w3.org/TR/media-frags/", value: `xywh=pixel:${NUMBERS.map((name) => box[name]).join(",")}` },
    markOf: ({ value }) => {
      const box = /^xywh=pixel:([\d.]+),([\d.]+),([\d.]+),([\d.]+)$/.exec(value ?? "");
      if (box) return { box: Object.fromEntries(NUMBERS.map((name, place) => [name, Number(box[place + 1])])) };
      const polygon = /<polygon points="([\d., ]+)"/.exec(value ?? "");
      const points = polygon && pointsIn(polygon[1]);
      return points ? { points } : null;
    },
    write: (row, mark) => {
      row.querySelector("[data-of-box]").hidden = !mark.box;
      row.querySelector("[data-of-polygon]").hidden = !mark.points;
      for (const name of NUMBERS) {
        const input = row.querySelector(`[data-number=${name}]`);
        input.max = String(name === "x" || name === "width" ? size.width : size.height);
        if (mark.box) input.value = String(mark.box[name]);
      }
      if (mark.points) row.querySelector("[data-points]").value = mark.points.map((point) => point.join(",")).join(" ");
    },
    read: (row, mark) => {
      if (mark.points) {
        const points = pointsIn(row.querySelector("[data-points]").value);
        if (!points) return false;
        mark.points = points;
        return true;
      }
      const numbers = NUMBERS.map((name) => Number.parseFloat(row.querySelector(`[data-number=${name}]`).value));
      if (numbers.some((number) => !(number >= 0)) || !numbers[2] || !numbers[3]) return false;
      mark.box = Object.fromEntries(NUMBERS.map((name, place) => [name, numbers[place]]));
      return true;
    },
    changed: (id) =>
      quietly(() => {
        anno.cancelSelected();
        for (const { id: drawn } of anno.getAnnotations()) if (!marks.find(drawn)) anno.removeAnnotation(drawn);
        anno.setAnnotations(marks.marks.map(toAnnotation), marks.marks.length > 0);
        chosenByRow = Boolean(id);
        if (id) anno.setSelected(id);
      }),
    select: (id) => {
      marks.mark(id);
      chosenByRow = true;
      quietly(() => anno.setSelected(id));
    },
    where: ({ box, points }) => (points ? root.dataset.polygon : `${box.width} × ${box.height}`),
  });
  marks.own.changed();

  anno.on("createAnnotation", ({ id, target }) => {
    if (!marks.add({ id, ...ofShape(target.selector) })) quietly(() => anno.removeAnnotation(id));
    setTimeout(unchoose);
  });
  anno.on("selectionChanged", ([chosen]) => marks.mark(chosen?.id));
  anno.state.store.observe(({ changes }) => {
    if (drawing) return;
    for (const { newValue } of changes.updated ?? []) {
      const mark = marks.find(newValue.id);
      if (!mark) continue;
      Object.assign(mark, ofShape(newValue.target.selector));
      marks.show(mark);
    }
  });

  for (const button of root.querySelectorAll("[data-add]")) {
    button.addEventListener("click", () => {
      const quarter = { x: size.width / 4, y: size.height / 4, w: size.width / 2, h: size.height / 2 };
      const { box } = ofShape({ type: "RECTANGLE", geometry: quarter });
      const { x, y, width, height } = box;
      const corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
      if (marks.add({ id: newId(), ...(button.dataset.add === "polygon" ? { points: corners } : { box }) }, { focus: true })) {
        marks.own.changed();
      }
    });
    button.disabled = false;
  }
}

function pointsIn(written) {
  const points = written.trim().split(/\s+/).map((pair) => pair.split(",").map(Number.parseFloat));
  const right = points.length >= 3 && points.every((pair) => pair.length === 2 && pair.every((number) => number >= 0));
  return right ? points : null;
}

function loaded(image) {
  if (image.complete) return Promise.resolve();
  return new Promise((done) => {
    image.addEventListener("load", done, { once: true });
    image.addEventListener("error", done, { once: true });
  });
}

const parts = await import(new URL(document.querySelector("[data-marks=regions]").dataset.parts, document.baseURI).href);
parts.bindEach("[data-marks=regions]", (root) => bind(root, parts));
