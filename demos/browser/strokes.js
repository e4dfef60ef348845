// Ink on a square of 28 by 28: a round pen, and the letters that carry a drawing (four bits a cell, high bits first).
const SIDE = 28, RADIUS = 1.15, SOFT = 0.55;

// Cells near the line from a to b get ink; what is darker already stays.
const stroke = (ink, [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay], length = dx * dx + dy * dy || 1e-9;
  for (let i = 0; i < SIDE * SIDE; i++) {
    const x = i % SIDE + 0.5 - ax, y = Math.floor(i / SIDE) + 0.5 - ay, t = Math.min(Math.max((x * dx + y * dy) / length, 0), 1);
    const far = Math.hypot(x - t * dx, y - t * dy), grey = Math.min(Math.max((RADIUS + SOFT - far) / (2 * SOFT), 0), 1);
    ink[i] = Math.max(ink[i], grey);
  }
};

const letters = (ink) => {
  const bytes = Array.from({ length: SIDE * SIDE / 2 }, (_, i) => (Math.round(ink[2 * i] * 15) << 4) | Math.round(ink[2 * i + 1] * 15));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
const read = (text) => {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => ((bytes[i >> 1] >> (i % 2 ? 0 : 4)) & 15) / 15);
};
window.house.strokes = { SIDE, stroke, letters, read };
