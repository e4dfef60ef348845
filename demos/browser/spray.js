// Thousands of equal marks at once. A canvas without a graphics card needs milliseconds for a thousand small pictures;
// here their coverage is added up in memory and painted as one.
const house = window.house;
const PARTS = 4; // of a pixel, so that slow dots do not jump
const masks = new WeakMap(); // canvas of a mark -> its coverage
const sheet = house.made("canvas");
let cover = new Uint8Array(0);

const coverage = (canvas) => {
  if (!masks.has(canvas)) {
    const { data } = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
    masks.set(canvas, data.filter((_, i) => i % 4 === 3));
  }
  return masks.get(canvas);
};
const around = (points, fine, half) => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]); right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]); bottom = Math.max(bottom, points[i + 1]);
  }
  const [x, y] = [Math.floor(left * fine) - half, Math.floor(top * fine) - half];
  return { x, y, w: Math.ceil(right * fine) + half + 1 - x, h: Math.ceil(bottom * fine) + half + 1 - y };
};

// mark(shift) is the canvas of one mark, moved by a part of a pixel.
house.spray = (pen, points, mark, colour, alpha, fine) => {
  const kinds = Array.from({ length: PARTS * PARTS }, (_, k) => coverage(mark([k % PARTS / PARTS, Math.floor(k / PARTS) / PARTS])));
  const side = Math.sqrt(kinds[0].length), half = side / 2, { x, y, w, h } = around(points, fine, half + 1);
  if (cover.length < w * h) cover = new Uint8Array(w * h); else cover.fill(0, 0, w * h);
  const strength = Math.round(alpha * 256);
  for (let i = 0; i < points.length; i += 2) {
    const px = points[i] * fine - x - half, py = points[i + 1] * fine - y - half, left = Math.floor(px), top = Math.floor(py);
    const mask = kinds[Math.floor((py - top) * PARTS) * PARTS + Math.floor((px - left) * PARTS)];
    for (let row = 0, m = 0; row < side; row++) {
      for (let at = (top + row) * w + left, end = at + side; at < end; at++, m++) {
        if (mask[m]) cover[at] += ((255 - cover[at]) * mask[m] * strength) >> 16;
      }
    }
  }
  const pixels = new ImageData(w, h), word = new Uint32Array(pixels.data.buffer), ink = house.ink(colour);
  for (let i = 0; i < word.length; i++) if (cover[i]) word[i] = ink | (cover[i] << 24);
  if (sheet.width < w || sheet.height < h) [sheet.width, sheet.height] = [Math.max(w, sheet.width), Math.max(h, sheet.height)];
  sheet.getContext("2d").putImageData(pixels, 0, 0);
  pen.save();
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(sheet, 0, 0, w, h, x, y, w, h);
  pen.restore();
};
