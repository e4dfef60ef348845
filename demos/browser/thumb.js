// The small picture of a topic, through time: it plays once when it comes into sight and again under the mouse.
const house = window.house;
const HIGH = 132, GAP = 8, SEEN = 0.8; // px, px, share of it that is in sight when it begins
const WAIT = 350; // ms between one card's beginning and the next

// Boxes of panels that are `shapes` times as wide as high, side by side in the middle.
const fitted = (shapes, wide) => {
  const whole = shapes.reduce((sum, each) => sum + each, 0), h = Math.min(HIGH, (wide - GAP * (shapes.length - 1)) / whole);
  let x = (wide - whole * h - GAP * (shapes.length - 1)) / 2;
  return shapes.map((shape) => {
    const box = { x, y: (HIGH - h) / 2, w: shape * h, h };
    x += box.w + GAP;
    return box;
  });
};
const framed = (pen, box, draw) => {
  const look = house.colours(), { x, y, w, h } = box;
  pen.rect(x, y, w, h, { fill: look.tile });
  pen.within(x, y, w, h, draw);
  pen.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: look.faint });
};

// ready(paint) with paint(pen, at, wide) is called when there is something to paint.
const stage = ({ panels, frames }, scope, ready) => {
  const whole = panels.map((panel) => ({ ...panel, layers: panel.layers.map((layer) => house.layers.read(layer, scope)) }));
  const shapes = whole.map(({ view: [x0, x1, y0, y1] }) => (x1 - x0) / (y1 - y0));
  ready((pen, at, wide) => fitted(shapes, wide).forEach((box, i) => {
    const seen = { ...box, view: whole[i].view };
    framed(pen, box, () => whole[i].layers.forEach((layer) => house.layers.paint(pen, layer, at, frames, seen, 1)));
  }));
};
const grid = (picture, _scope, ready) => {
  const [, count, height, width] = picture.shape, source = house.made("canvas");
  house.pictures()(picture, (film) => ready((pen, at, wide) => {
    film.sheet(source, at);
    fitted(Array(count).fill(width / height), wide).forEach((box, i) => house.tiles.paint(pen, box, source, i, picture.shape));
  }));
};
const KINDS = { stage, grid };

house.thumb = (topic, order) => {
  const canvas = house.made("canvas", [], { role: "img" }), box = house.made("div", canvas, { className: "box" });
  const bar = house.made("div", [], { className: "player", role: "group" });
  const figure = house.made("figure", [box, bar], { className: "thumb" }), { picture, scope } = topic;
  let paint = null;

  const show = (at) => {
    const wide = box.clientWidth;
    if (!paint || !wide) return;
    canvas.style.height = `${HIGH}px`;
    paint(new house.CanvasPen(canvas, wide, HIGH), at, wide);
    canvas.setAttribute("aria-label", house.inLanguage(topic.shows));
    canvas.dataset.frame = at;
  };
  const player = house.player(bar, "home", show);
  const play = () => { if (!house.isCalm() && !player.isPlaying()) player.start(); };
  const name = () => bar.setAttribute("aria-label", house.say(topic.tab, "title"));
  KINDS[picture.kind](picture, scope, (ready) => {
    paint = ready;
    show(player.set(picture.frames, picture.labels));
  });

  new ResizeObserver(() => show(player.at())).observe(box);
  const once = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    once.disconnect();
    setTimeout(play, (order + 1) * WAIT);
  }, { threshold: SEEN });
  once.observe(figure);
  house.onLook(() => show(player.at()));
  house.onLook(name);
  name();
  return { figure, play };
};
