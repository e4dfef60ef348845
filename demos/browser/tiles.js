// Pictures as tiles in rows: where they are, and how they are drawn with a pen.
const house = window.house;
const GAP = 6, SIDE = 0.2, LINE = 20, STRIP = 17, NOTE = 14, NAMED = 62;

const stripOf = (marks) => marks.length ? STRIP + (marks.some((each) => each.note) ? NOTE : 0) : 0;

// Pictures a line of those that have names of their own and flow on: as few places as possible stay empty.
const even = (count, most) => {
  const empty = (each) => Math.ceil(count / each) * each - count;
  const tries = Array.from({ length: most }, (_, i) => i + 1).filter((each) => each >= most / 2);
  return tries.reduce((best, each) => empty(each) <= empty(best) ? each : best);
};

// Titles of rows stand at the left where there is room for them, else above; a row breaks into equal lines where it must.
const plan = (value, scope, wide, pen) => {
  const [, count, height, width] = value.shape, rows = value.rows?.map((row) => house.said(scope, row)) ?? [];
  const longest = Math.max(0, ...rows.map((row) => pen.wide(row, 12))) + 12, strip = stripOf(value.marks ?? []);
  const left = rows.length && longest < SIDE * wide ? longest : 0, line = rows.length && !left ? LINE : 0;
  const isFlowing = strip > STRIP, least = isFlowing ? NAMED : rows.length ? 34 : 46;
  const fits = Math.max(1, Math.floor((wide - left + GAP) / (least + GAP)));
  const row = isFlowing ? even(count, Math.min(fits, value.columns)) : value.columns; // pictures
  const lines = Math.ceil(row / fits), columns = Math.ceil(row / lines);
  const side = Math.min(value.largest, Math.floor((wide - left - GAP * (columns - 1)) / columns)), tall = side * height / width;
  const places = Array.from({ length: count }, (_, i) => {
    const above = Math.floor(i / row), at = i % row, down = above * lines + Math.floor(at / columns);
    return { x: left + (at % columns) * (side + GAP), y: down * (tall + strip + GAP) + (above + 1) * line, w: side, h: tall };
  });
  return { places, rows, left, columns: value.columns, height: places.at(-1).y + tall + strip };
};

// All pictures of one frame below each other, as ink of one colour on nothing.
const sheet = (canvas, values, [, count, height, width], colour) => {
  if (canvas.width !== width || canvas.height !== count * height) [canvas.width, canvas.height] = [width, count * height];
  const pixels = new ImageData(width, count * height), word = new Uint32Array(pixels.data.buffer), ink = house.ink(colour);
  for (let i = 0; i < word.length; i++) word[i] = ink | (values[i] << 24);
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
};

// The largest size at which words do not reach into the next picture's.
const fitting = (pen, words, w) => {
  const size = w < 50 ? 10 : 12;
  return Math.max(7, Math.min(size, size * (w + GAP / 2) / pen.wide(words, size, 600)));
};

// Below its picture: what it was taken for, and whether that is right, said by a sign as well as by a colour.
const mark = (pen, { text, note, good }, { x, y, w, h }, scope) => {
  const look = house.colours(), sign = good === undefined || good === null ? "" : good ? " ✓" : " ✗";
  const fill = good === false ? look.measured : good ? look.model : look.soft;
  const words = `${house.said(scope, String(text ?? ""))}${sign}`, size = fitting(pen, words, w);
  pen.text(words, x + w / 2, y + h + STRIP / 2 + 0.5, { fill, size, weight: 600, align: "center" });
  if (note) pen.text(note, x + w / 2, y + h + STRIP + NOTE / 2 - 2, { fill: look.soft, size: 11, align: "center" });
};

const paint = (pen, place, source, i, shape) => {
  const [, , height, width] = shape, { x, y, w, h } = place, look = house.colours();
  pen.rect(x, y, w, h, { fill: look.tile });
  pen.image(source, [0, i * height, width, height], [x, y, w, h]);
  pen.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: look.faint });
};
house.tiles = { plan, sheet, paint, mark };
