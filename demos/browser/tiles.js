// Grey pictures as tiles in rows: where they are, and how they are drawn with a pen.
const house = window.house;
const GAP = 6, LEAST = 44, MOST = 104, SIDE = 0.24, LINE = 20;

// Titles of rows stand at the left where there is room for them, else above; without titles rows may break elsewhere.
const plan = (value, scope, wide, pen) => {
  const [, count, height, width] = value.shape, rows = value.rows?.map((row) => house.said(scope, row)) ?? [];
  const longest = Math.max(0, ...rows.map((row) => pen.wide(row, 12))) + 12;
  const left = rows.length && longest < SIDE * wide ? longest : 0, line = rows.length && !left ? LINE : 0;
  const fits = Math.max(1, Math.floor((wide - left + GAP) / (LEAST + GAP)));
  const columns = rows.length ? value.columns : Math.min(value.columns, fits);
  const side = Math.min(MOST, Math.floor((wide - left - GAP * (columns - 1)) / columns)), tall = side * height / width;
  const places = Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    return { x: left + (i % columns) * (side + GAP), y: row * (tall + GAP + line) + line, w: side, h: tall };
  });
  return { places, rows, left, columns, height: places.at(-1).y + tall };
};

// All pictures of one frame below each other, as ink of one colour on nothing.
const sheet = (canvas, values, [, count, height, width], colour) => {
  if (canvas.width !== width || canvas.height !== count * height) [canvas.width, canvas.height] = [width, count * height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.globalCompositeOperation = "copy";
  pen.fillStyle = colour;
  pen.fillRect(0, 0, width, count * height);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data, pixels = pen.createImageData(width, count * height);
  const word = new Uint32Array(pixels.data.buffer), ink = red | (green << 8) | (blue << 16);
  for (let i = 0; i < word.length; i++) word[i] = ink | (values[i] << 24);
  pen.putImageData(pixels, 0, 0);
  return canvas;
};

const mark = (pen, { text, good }, { x, y, w }, scope) => {
  const look = house.colours(), size = w < 60 ? 10 : 11.5, sign = good === undefined || good === null ? "" : good ? " ✓" : " ✗";
  const words = `${house.said(scope, String(text))}${sign}`, long = pen.wide(words, size, 600) + 8;
  pen.rect(x + w - long - 3, y + 3, long, size + 5, { fill: look.paper, radius: 3 });
  pen.text(words, x + w - 7, y + 5.5 + size / 2, { fill: good === false ? look.measured : good ? look.model : look.soft, size, weight: 600, align: "right" });
};

const paint = (pen, place, source, i, shape) => {
  const [, , height, width] = shape, { x, y, w, h } = place, look = house.colours();
  pen.rect(x, y, w, h, { fill: look.tile, radius: 4 });
  pen.image(source, [0, i * height, width, height], [x, y, w, h]);
  pen.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: look.faint, radius: 4 });
};
house.tiles = { plan, sheet, paint, mark };
