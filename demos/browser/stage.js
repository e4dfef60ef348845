// Panels of particles, densities and fields, through time; dots glide from one picture to the next.
const house = window.house;
const TALLEST = 460, HEAD = 26, FOOT = 26, STACKED = 300, GLIDE = 110;

// Where everything is. Two panels are compared, so they stay side by side on a phone too, small but in sight of the controls.
const plan = (panels, wide) => {
  const fits = Math.max(1, Math.floor(wide / (STACKED / 2))), across = Math.min(panels.length, fits);
  const GAP = wide < 520 ? 8 : 18, w = (wide - GAP * (across - 1)) / across;
  let top = 0;
  const boxes = panels.map(({ view, title }, i) => {
    const shape = (view[3] - view[2]) / (view[1] - view[0]), side = Math.min(w, TALLEST / shape);
    const column = i % across, head = title ? HEAD : 2, span = across * w + GAP * (across - 1), used = across * side + GAP * (across - 1);
    const box = { x: (span - used) / 2 + column * (side + GAP), y: top + head, w: side, h: side * shape, view };
    if (column === across - 1) top += head + box.h + (i + 1 < panels.length ? 10 : 0);
    return box;
  });
  return { boxes, height: Math.max(...boxes.map((box) => box.y + box.h)) + 2 };
};

const round = (step) => { // 1, 2 or 5 times a power of ten
  const power = 10 ** Math.floor(Math.log10(step));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= step);
};
const ticks = (low, high, count) => {
  const step = round((high - low) / count);
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => (Math.ceil(low / step) + i) * step).filter((v) => v > low && v < high);
};
const paper = (pen, { x, y, w, h, view: [x0, x1, y0, y1] }, bare) => {
  const look = house.colours(), lines = [];
  pen.rect(x, y, w, h, { fill: look.tile });
  if (bare) return () => {};
  const across = ticks(x0, x1, Math.max(4, w / 70)).map((value) => [value, x + (value - x0) / (x1 - x0) * w]);
  const up = ticks(y0, y1, Math.max(4, h / 70)).map((value) => [value, y + (y1 - value) / (y1 - y0) * h]);
  across.forEach(([, at]) => lines.push(at, y, at, y + h));
  up.forEach(([, at]) => lines.push(x, at, x + w, at));
  pen.lines(lines, { stroke: look.faint, alpha: 0.6 });
  return () => {
    pen.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: look.faint });
    const label = (value, atX, atY) => { // on a patch of paper, for arrows and dots go everywhere
      const words = house.number(Number(value.toPrecision(6))), long = pen.wide(words, 10) + 4;
      pen.rect(atX - long / 2, atY - 6.5, long, 13, { fill: look.tile + "d9", radius: 3 });
      pen.text(words, atX, atY, { fill: look.soft, size: 10, align: "center" });
    };
    across.forEach(([value, at]) => label(value, at, y + h - 9));
    up.forEach(([value, at]) => at < y + h - 22 && label(value, x + 12, at));
  };
};

// A long title is set smaller, so that it ends where its panel does.
const LARGE = 13, SMALL = 9;
const head = (pen, words, { x, y, w }, fill) => {
  const size = Math.max(SMALL, Math.min(LARGE, LARGE * w / pen.wide(words, LARGE, 600)));
  pen.text(words, x, y - HEAD / 2, { fill, size, weight: 600 });
};

// Which mark is what, once for all panels.
const legend = (pen, panels, scope, wide, y) => {
  const look = house.colours(), dots = panels.flatMap((panel) => panel.layers).filter((layer) => layer.layer === "dots");
  const entries = [...new Set(dots.map((layer) => layer.role))].map((role) => [role, false, house.say(scope, role)]);
  const partial = dots.find((layer) => layer.members?.includes(0));
  if (partial) entries.push([partial.role, true, house.say(scope, "other_class")]);
  const widths = entries.map(([, , words]) => 16 + pen.wide(words, 12) + 18);
  let x = (wide - widths.reduce((sum, each) => sum + each, 0) + 18) / 2;
  entries.forEach(([role, hollow, words], i) => {
    pen.marks(role, [x + 5, y], { fill: look[role], radius: 3.6, hollow });
    pen.text(words, x + 14, y, { fill: look.soft, size: 12 });
    x += widths[i];
  });
};
const speaks = (panels) => panels.some((panel) => panel.layers.some((layer) => layer.layer === "dots"));

house.kinds.stage = (element, props, _trigger, watch) => {
  const [canvas, box, caption] = ["canvas", ".box", "figcaption"].map((place) => element.querySelector(place));
  const handles = new Map(), openers = new Map();
  let panels = [], arrived = 0, gliding = 0;

  const moment = () => house.said(props.scope, props.value?.labels?.[Math.round(player.at())]);
  const tell = house.tells(canvas, () => house.stageTold(props.scope, panels, player.at(), moment()));
  const compose = (pen, at, wide, share) => {
    const { boxes, height } = plan(panels, wide), look = house.colours();
    panels.forEach((panel, i) => {
      if (panel.title) head(pen, house.said(props.scope, panel.title), boxes[i], look.ink);
      const rim = paper(pen, boxes[i], panel.bare), { x, y, w, h } = boxes[i];
      pen.within(x, y, w, h, () => panel.layers.forEach((layer) => house.layers.paint(pen, layer, at, props.value.frames, boxes[i], share)));
      rim();
    });
    if (speaks(panels)) legend(pen, panels, props.scope, wide, height + FOOT / 2);
    return boxes;
  };
  const tall = (wide) => plan(panels, wide).height + (speaks(panels) ? FOOT : 0);
  const grips = (boxes) => panels.forEach((panel, i) => panel.layers.filter((layer) => layer.layer === "handles").forEach((layer) => {
    const key = `${i} ${layer.parameter}`;
    if (!handles.has(key)) handles.set(key, house.handles(box, props.scope));
    handles.get(key)(layer, boxes[i]);
  }));

  const opens = (boxes, at) => panels.forEach((panel, i) => panel.layers.filter((layer) => layer.layer === "pipes" && layer.clock.day).forEach((layer) => {
    if (!openers.has(i)) openers.set(i, house.openers(box, props.scope));
    openers.get(i)(layer, boxes[i], Math.min(Math.round(at), layer.clock.times.length - 1));
  }));

  const show = (at) => {
    const wide = box.clientWidth;
    if (!panels.length || !wide) return;
    const height = Math.ceil(tall(wide)), share = Math.min(1, (performance.now() - arrived) / GLIDE);
    house.fits(box);
    canvas.style.height = `${height}px`;
    const boxes = compose(new house.CanvasPen(canvas, wide, height), at, wide, share);
    grips(boxes);
    opens(boxes, at);
    canvas.setAttribute("aria-label", caption.textContent = house.say(props.scope, props.caption));
    canvas.dataset.tag = JSON.stringify(props.value.tag);
    canvas.dataset.frame = at;
    tell();
    cancelAnimationFrame(gliding);
    if (share < 1) gliding = requestAnimationFrame(() => show(player.at()));
  };
  const player = house.player(element.querySelector(".player"), props.scope, show);

  const older = (panel, layer) => panels[panel]?.layers[layer]?.shown;
  const glides = () => panels.length && canvas.dataset.tag !== JSON.stringify(props.value.tag) && !player.isPlaying() && !house.isCalm() && box.clientWidth;
  const read = () => {
    if (!props.value?.panels) return;
    const from = glides();
    const next = props.value.panels.map((panel, i) => ({
      ...panel, layers: panel.layers.map((layer, k) => ({ ...house.layers.read(layer, props.scope), from: from ? older(i, k)?.slice() : null })),
    }));
    [panels, arrived] = [next, from ? performance.now() - GLIDE / 4 : 0];
    show(player.set(props.value.frames, props.value.labels));
  };
  const redraw = () => show(player.at());

  const height = () => tall(box.clientWidth);
  const svg = () => {
    const pen = new house.SvgPen(box.clientWidth, height());
    compose(pen, player.at(), box.clientWidth, 1);
    return String(pen);
  };
  const png = () => house.photograph(box.clientWidth, height(), (pen) => compose(pen, player.at(), box.clientWidth, 1));
  house.keepInSight(element);
  house.tools(element, props, { svg, png });

  house.onRoom(box, redraw);
  watch("value", read);
  read();
};
