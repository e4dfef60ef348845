// One more layer of a stage: columns that grow, upright, or lying with a name before each; outlines say how far they should go.
const house = window.house, { types, draw } = house.layers;
const FULL = 32767, FILLED = 0.62, RIM = 6, SMALL = 12, NAMES = 0.28; // shares of a column's room and of the width; px

const lying = (pen, layer, values, { x, y, w, h }, look) => {
  const step = (h - 2 * RIM) / values.length, left = x + NAMES * w, long = w - NAMES * w - RIM;
  values.forEach((value, i) => {
    const top = y + RIM + i * step, share = value / FULL;
    pen.text(layer.names[i], left - 6, top + step / 2, { fill: look.ink, size: SMALL, align: "right" });
    pen.rect(left, top + (1 - FILLED) / 2 * step, Math.max(1, share * long), FILLED * step, { fill: look[layer.role], radius: 2 });
  });
};
const upright = (pen, layer, values, { x, y, w, h }, look) => {
  const step = (w - 2 * RIM) / values.length, tall = h - 2 * RIM, foot = y + h - RIM;
  values.forEach((value, i) => {
    const left = x + RIM + i * step, high = value / FULL * tall;
    pen.rect(left + (1 - FILLED) / 2 * step, foot - high, FILLED * step, high, { fill: look[layer.role], radius: 1.5 });
    const wanted = layer.wanted?.[i] * tall;
    if (wanted) pen.rect(left + 0.07 * step, foot - wanted, 0.86 * step, wanted, { stroke: look.theory, width: 1.8 });
  });
};

types.columns = Int16Array;
draw.columns = (pen, layer, values, box) => {
  const heights = Array.from(values);
  (layer.names.length ? lying : upright)(pen, layer, heights, box, house.colours());
};
