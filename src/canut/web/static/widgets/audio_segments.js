// Segments of a sound, on a waveform by wavesurfer.js or as seconds in rows. See parts.js.

const PEAKS = 2000;
const SHORTEST = 0.05;

const rounded = (seconds) => Math.round(seconds * 1000) / 1000;

async function bind(root, { Marks, librariesOf, newId }) {
  const audio = root.querySelector("[data-audio]");
  const [duration, peaks] = await Promise.all([durationOf(audio), peaksOf(audio.currentSrc || audio.src)]);
  await librariesOf(root);
  const { WaveSurfer } = globalThis;
  const looks = getComputedStyle(root);
  const colour = (name) => looks.getPropertyValue(name).trim();
  const says = root.querySelector("[data-marks-says]");
  if (!duration) {
    says.textContent = root.dataset.saysBroken;
    return;
  }
  if (!peaks) says.textContent = root.dataset.saysFlat;

  const wave = WaveSurfer.create({
    container: root.querySelector("[data-wave]"),
    media: audio,
    peaks: [peaks ?? new Float32Array(PEAKS)],
    duration,
    height: 128, // the hash of its style in designs/audio.py is of this height
    waveColor: colour("--pico-muted-color"),
    progressColor: colour("--pico-primary"),
    cursorColor: colour("--pico-color"),
  });
  const stretches = wave.registerPlugin(WaveSurfer.Regions.create());
  stretches.enableDragSelection({ color: "rgba(2, 130, 216, 0.25)" });

  let drawing = false;
  const quietly = (act) => {
    drawing = true;
    try {
      act();
    } finally {
      drawing = false;
    }
  };
  const onWave = (id) => stretches.getRegions().find((stretch) => stretch.id === id);

  function draw() {
    for (const stretch of [...stretches.getRegions()]) if (!marks.find(stretch.id)) stretch.remove();
    marks.marks.forEach((mark, index) => {
      const named = String(index + 1);
      const known = onWave(mark.id);
      if (known) known.setOptions({ start: mark.start, end: mark.end, content: named });
      else stretches.addRegion({ id: mark.id, start: mark.start, end: mark.end, content: named, color: "rgba(2, 130, 216, 0.25)", minLength: SHORTEST });
    });
  }

  const marks = new Marks(root, {
    selectorOf: ({ start, end }) => ({ type: "FragmentSelector", conformsTo: "http://www.w3.org/TR/media-frags/", value: `t=${start},${end}` }),
    markOf: ({ value }) => {
      const found = /^t=([\d.]+),([\d.]+)$/.exec(value ?? "");
      return found ? { start: Number(found[1]), end: Number(found[2]) } : null;
    },
    write: (row, mark) => {
      for (const name of ["start", "end"]) {
        const input = row.querySelector(`[data-number=${name}]`);
        input.max = String(rounded(duration));
        input.value = String(mark[name]);
      }
    },
    read: (row, mark) => {
      const [start, end] = ["start", "end"].map((name) => rounded(Number.parseFloat(row.querySelector(`[data-number=${name}]`).value)));
      if (!(start >= 0 && end > start && end <= duration + 0.001)) return false;
      Object.assign(mark, { start, end });
      return true;
    },
    changed: () => quietly(draw),
    select: (id) => marks.mark(id),
    where: ({ start, end }) => `${start}–${end} s`,
  });
  quietly(draw);

  const place = (stretch) => {
    const start = rounded(Math.max(0, stretch.start));
    return { start, end: rounded(Math.min(duration, Math.max(stretch.end, start + SHORTEST))) };
  };
  stretches.on("region-created", (stretch) => {
    if (drawing || marks.find(stretch.id)) return;
    const id = newId();
    const { start, end } = place(stretch);
    quietly(() => stretch.remove());
    if (marks.add({ id, start, end })) marks.own.changed();
    marks.mark(id);
  });
  stretches.on("region-updated", (stretch) => {
    const mark = drawing ? null : marks.find(stretch.id);
    if (!mark) return;
    Object.assign(mark, place(stretch));
    marks.show(mark);
  });
  stretches.on("region-clicked", (stretch, event) => {
    event.stopPropagation();
    marks.mark(stretch.id);
    stretch.play(true);
  });

  // By keyboard: play, note where it begins, note where it ends.
  const [from, to] = ["from", "to"].map((name) => root.querySelector(`[data-note-${name}]`));
  let began = null;
  from.disabled = false;
  from.addEventListener("click", () => {
    began = rounded(audio.currentTime);
    to.disabled = false;
    marks.say("began", { seconds: began });
  });
  to.addEventListener("click", () => {
    const ended = rounded(Math.min(duration, audio.currentTime));
    if (ended < began + SHORTEST) return marks.say("too-short");
    if (marks.add({ id: newId(), start: began, end: ended })) marks.own.changed();
    began = null;
    to.disabled = true;
    from.focus();
  });
  const add = root.querySelector("[data-add]");
  add.disabled = false;
  add.addEventListener("click", () => {
    const start = rounded(Math.min(audio.currentTime, Math.max(0, duration - 1)));
    if (marks.add({ id: newId(), start, end: rounded(Math.min(duration, start + 1)) }, { focus: true })) marks.own.changed();
  });
  root.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-mark-play]")?.closest("[data-mark]");
    if (row) onWave(row.dataset.mark)?.play(true);
  });
}

function durationOf(audio) {
  const known = () => (Number.isFinite(audio.duration) ? audio.duration : 0);
  if (audio.readyState >= 1) return Promise.resolve(known());
  return new Promise((done) => {
    audio.addEventListener("loadedmetadata", () => done(known()), { once: true });
    audio.addEventListener("error", () => done(0), { once: true });
    audio.load();
  });
}

// The loudest of each stretch of the sound; null where the site that keeps it does not let us look.
async function peaksOf(address) {
  try {
    const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) return null;
    const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await answer.arrayBuffer());
    const samples = sound.getChannelData(0);
    const step = Math.max(1, Math.floor(samples.length / PEAKS));
    const peaks = new Float32Array(Math.ceil(samples.length / step));
    for (let place = 0; place < samples.length; place += 1) {
      const loud = Math.abs(samples[place]);
      const peak = Math.floor(place / step);
      if (loud > peaks[peak]) peaks[peak] = loud;
    }
    return peaks;
  } catch {
    return null;
  }
}

const parts = await import(new URL(document.querySelector("[data-marks=audio]").dataset.parts, document.baseURI).href);
parts.bindEach("[data-marks=audio]", (root) => bind(root, parts));
