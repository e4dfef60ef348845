// Marching squares: the lines of one level through a grid of values at cell centres, row 0 first.
// Returns [x, y, x, y] a line, in cells from the first centre. Edges of a square: 0 below, 1 right, 2 above, 3 left.
const LINES = [[], [3, 0], [0, 1], [3, 1], [1, 2], [3, 2, 0, 1], [0, 2], [3, 2], [2, 3], [2, 0], [0, 3, 1, 2], [2, 1], [1, 3], [1, 0], [0, 3], []];

window.house.contours = (values, height, width, level) => {
  const lines = [];
  for (let i = 0; i + 1 < height; i++) {
    for (let j = 0; j + 1 < width; j++) {
      const at = i * width + j, a = values[at], b = values[at + 1], c = values[at + width + 1], d = values[at + width];
      const kind = (a > level) | ((b > level) << 1) | ((c > level) << 2) | ((d > level) << 3);
      for (const edge of LINES[kind]) {
        if (edge === 0) lines.push(j + (level - a) / (b - a), i);
        else if (edge === 1) lines.push(j + 1, i + (level - b) / (c - b));
        else if (edge === 2) lines.push(j + (level - d) / (c - d), i + 1);
        else lines.push(j, i + (level - a) / (d - a));
      }
    }
  }
  return lines;
};
