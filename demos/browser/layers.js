// What a stage is made of. Every layer draws itself with a pen into a box { x, y, w, h, view } at one time of its film.
const house = window.house;
const LEVELS = 5, REACH = 32767, CUT = 0.02, OPAQUE = 0.34;
const heatSheet = house.made("canvas");

// Density: a soft fill that ends in the paper, and lines of equal height over it.
const heat = (pen, layer, values, box) => {
  const [, height, width] = layer.shape, colour = house.colours()[layer.role ?? "theory"];
  pen.image(fill(values, width, height, colour), [0, 0, width, height], [box.x, box.y, box.w, box.h]);
  const toX = (j) => box.x + (j + 0.5) / width * box.w, toY = (i) => box.y + box.h - (i + 0.5) / height * box.h;
  for (let k = 1; k <= LEVELS; k++) {
    const ends = house.contours(values, height, width, 255 * (CUT + (1 - CUT) * (k - 0.5) / LEVELS));
    for (let i = 0; i < ends.length; i += 2) { ends[i] = toX(ends[i]); ends[i + 1] = toY(ends[i + 1]); }
    pen.lines(ends, { stroke: colour, width: 1, alpha: 0.25 + 0.4 * k / LEVELS });
  }
};
const fill = (values, width, height, colour) => {
  if (heatSheet.width !== width || heatSheet.height !== height) [heatSheet.width, heatSheet.height] = [width, height];
  const pixels = new ImageData(width, height), word = new Uint32Array(pixels.data.buffer), ink = house.ink(colour);
  for (let i = 0; i < height; i++) { // row 0 is at the bottom
    const from = i * width, to = (height - 1 - i) * width;
    for (let j = 0; j < width; j++) word[to + j] = ink | ((OPAQUE * values[from + j]) << 24);
  }
  heatSheet.getContext("2d").putImageData(pixels, 0, 0);
  return heatSheet;
};

// A field: one arrow a cell, its middle on the cell's middle.
const arrows = (pen, layer, values, box) => {
  const n = layer.shape[1], [w, h] = [box.w / n, box.h / n], reach = Math.min(w, h) * 0.86 * layer.scale, ends = [];
  for (let i = 0; i < n * n; i++) {
    const dx = values[2 * i] * reach / 2, dy = -values[2 * i + 1] * reach / 2, length = Math.hypot(dx, dy);
    if (length < 0.5) continue;
    const x = box.x + (i % n + 0.5) * w, y = box.y + box.h - (Math.floor(i / n) + 0.5) * h, head = Math.min(0.6 * length, 4) / length;
    const [tx, ty, hx, hy] = [x + dx, y + dy, dx * head, dy * head];
    ends.push(x - dx, y - dy, tx, ty, tx, ty, tx - hx - 0.6 * hy, ty - hy + 0.6 * hx, tx, ty, tx - hx + 0.6 * hy, ty - hy - 0.6 * hx);
  }
  pen.lines(ends, { stroke: house.colours()[layer.role ?? "muted"], width: 1.1, alpha: 0.75 });
};

// Particles; those that do not belong to the chosen class are hollow.
const dots = (pen, layer, values, box) => {
  const [full, hollow] = split(layer, values, box), radius = values.length > 4800 ? 1.6 : 2.1;
  const style = { fill: house.colours()[layer.role], radius, alpha: 0.72 };
  if (hollow.length) pen.marks(layer.role, hollow, { ...style, hollow: true });
  pen.marks(layer.role, full, style);
};
const split = ({ members }, values, { x, y, w, h }) => {
  const outside = members ? members.reduce((count, member) => count + !member, 0) : 0;
  const sides = [new Float32Array(values.length - 2 * outside), new Float32Array(2 * outside)], filled = [0, 0];
  for (let i = 0; i < values.length; i += 2) {
    const k = members && !members[i >> 1] ? 1 : 0;
    sides[k][filled[k]++] = x + (values[i] / REACH + 1) / 2 * w;
    sides[k][filled[k]++] = y + (1 - values[i + 1] / REACH) / 2 * h;
  }
  return sides;
};

const TYPES = { heat: Uint8Array, arrows: Int8Array, dots: Int16Array, pipes: Uint8Array };
const DRAW = { heat, arrows, dots, pipes: house.pipes };

// A layer of a payload, ready to draw; handles are elements over the canvas and not drawn. scope: of the words it says.
const read = (layer, scope) => {
  if (!TYPES[layer.layer]) return layer;
  const film = { ...house.film(layer, TYPES[layer.layer]), scope };
  if (layer.classes) film.members = house.decode(layer.classes);
  return film;
};

// Dots that are on their way from an older picture: share 0 is there, 1 is here.
const underway = (layer, values, share) => {
  if (share >= 1 || layer.from?.length !== values.length) return values;
  const mixed = layer.between ??= new Float32Array(values.length);
  for (let i = 0; i < mixed.length; i++) mixed[i] = layer.from[i] + share * (values[i] - layer.from[i]);
  return mixed;
};
const paint = (pen, layer, at, count, box, share) => {
  if (!DRAW[layer.layer]) return;
  const values = house.frame(layer, at, count);
  layer.shown = layer.layer === "dots" ? underway(layer, values, share) : values;
  DRAW[layer.layer](pen, layer, layer.shown, box, at);
};
house.layers = { read, paint, types: TYPES, draw: DRAW };
