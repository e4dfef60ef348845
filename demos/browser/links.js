// One more layer of a stage: arrows from point to point, each as thick as it weighs.
const house = window.house, { types, draw } = house.layers;
const REACH = 32767, HEAD = 9, SHORT = 12; // px: an arrow ends so far from its points, which may be handles

const place = (x, y, box) => [box.x + (x / REACH + 1) / 2 * box.w, box.y + (1 - y / REACH) / 2 * box.h];

types.links = Int16Array;
draw.links = (pen, layer, values, box) => {
  const colour = house.colours()[layer.role];
  layer.widths.forEach((width, i) => {
    const [x0, y0] = place(values[4 * i], values[4 * i + 1], box), [x1, y1] = place(values[4 * i + 2], values[4 * i + 3], box);
    const length = Math.hypot(x1 - x0, y1 - y0), gap = layer.apart ? Math.min(SHORT, 0.3 * length) : 0;
    if (length < 2) return;
    const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length], [ax, ay] = [x0 + ux * gap, y0 + uy * gap], [bx, by] = [x1 - ux * gap, y1 - uy * gap];
    const head = Math.min(HEAD + 0.6 * width, 0.5 * length), wing = 0.5 * head;
    const ends = [ax, ay, bx, by, bx, by, bx - ux * head - uy * wing, by - uy * head + ux * wing, bx, by, bx - ux * head + uy * wing, by - uy * head - ux * wing];
    pen.lines(ends, { stroke: colour, width, alpha: layer.alpha });
  });
};
