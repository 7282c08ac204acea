// Regions that were marked, drawn over their image for reading: [data-annotations] of an image. What
// they say stands in the list below it, so nothing is lost without this script.

const SVG = "http://www.w3.org/2000/svg";

function shapeOf(annotation) {
  const value = annotation?.target?.selector?.value ?? "";
  const box = /^xywh=pixel:([\d.]+),([\d.]+),([\d.]+),([\d.]+)$/.exec(value);
  if (box) return ["rect", { x: box[1], y: box[2], width: box[3], height: box[4] }, [box[1], box[2]]];
  const points = /<polygon points="([\d., ]+)"/.exec(value)?.[1];
  return points ? ["polygon", { points }, points.split(" ")[0].split(",")] : null;
}

function draw(image) {
  if (image.dataset.drawn || !image.naturalWidth) return;
  image.dataset.drawn = "yes";
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("class", "marks-drawn");
  layer.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`);
  layer.setAttribute("aria-hidden", "true");
  const unit = image.naturalWidth / 100;
  JSON.parse(image.dataset.annotations).forEach((annotation, index) => {
    const [kind, places, [x, y]] = shapeOf(annotation) ?? [null, {}, []];
    if (!kind) return;
    const shape = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(places)) shape.setAttribute(name, value);
    const number = document.createElementNS(SVG, "text");
    number.setAttribute("x", String(Number(x) + unit * 0.5));
    number.setAttribute("y", String(Number(y) + unit * 4));
    number.setAttribute("font-size", String(unit * 4));
    number.textContent = String(index + 1);
    layer.append(shape, number);
  });
  const around = document.createElement("span");
  around.className = "marks-around";
  image.replaceWith(around);
  around.append(image, layer);
}

function drawIn(root) {
  for (const image of root.querySelectorAll("img[data-annotations]")) {
    image.loading = "eager";
    if (image.complete) draw(image);
    else image.addEventListener("load", () => draw(image), { once: true });
  }
}

drawIn(document);
document.addEventListener("htmx:load", (event) => drawIn(event.target));
