// Draws on a canvas; svg_pen.js has the same methods for a file. Lengths are CSS pixels.
const house = window.house;
const sprites = new Map();

// Outlines around the origin: roles differ by shape as well as by colour.
const SHAPES = {
  theory: (path, r) => path.arc(0, 0, r, 0, 2 * Math.PI),
  measured: (path, r) => { path.moveTo(0, -1.35 * r); path.lineTo(1.35 * r, 0); path.lineTo(0, 1.35 * r); path.lineTo(-1.35 * r, 0); path.closePath(); },
  model: (path, r) => { path.moveTo(0, -1.35 * r); path.lineTo(1.25 * r, 0.9 * r); path.lineTo(-1.25 * r, 0.9 * r); path.closePath(); },
  muted: (path, r) => path.rect(-0.8 * r, -0.8 * r, 1.6 * r, 1.6 * r),
};

// One mark on a small canvas of its own, its middle in the middle.
const sprite = (role, colour, radius, hollow, fine, shift = [0, 0]) => {
  const key = [role, colour, radius, hollow, fine, ...shift].join();
  if (sprites.has(key)) return sprites.get(key);
  if (sprites.size > 400) sprites.clear();
  const side = 2 * Math.ceil((radius * 1.4 + 1.5) * fine), canvas = house.made("canvas", [], { width: side, height: side });
  const pen = canvas.getContext("2d"), path = new Path2D();
  pen.setTransform(fine, 0, 0, fine, side / 2 + shift[0], side / 2 + shift[1]);
  SHAPES[role](path, radius);
  [pen.fillStyle, pen.strokeStyle, pen.lineWidth] = [colour, colour, 1.2];
  hollow ? pen.stroke(path) : pen.fill(path);
  sprites.set(key, canvas);
  return canvas;
};

class CanvasPen {
  constructor(canvas, width, height, fine = devicePixelRatio || 1) {
    const [w, h] = [Math.round(width * fine), Math.round(height * fine)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h]; // setting clears even when equal
    this.pen = canvas.getContext("2d");
    this.fine = fine;
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, w, h);
    this.plain();
  }
  plain() { this.pen.setTransform(this.fine, 0, 0, this.fine, 0, 0); }
  within(x, y, w, h, draw) {
    this.pen.save();
    this.pen.beginPath();
    this.pen.rect(x, y, w, h);
    this.pen.clip();
    draw();
    this.pen.restore();
  }
  rect(x, y, w, h, { fill, stroke, radius = 0, width = 1 }) {
    this.pen.beginPath();
    this.pen.roundRect(x, y, w, h, radius);
    if (fill) { this.pen.fillStyle = fill; this.pen.fill(); }
    if (stroke) { this.pen.strokeStyle = stroke; this.pen.lineWidth = width; this.pen.stroke(); }
  }
  lines(ends, { stroke, width = 1, alpha = 1, dash = [] }) { // [x, y, x, y] a line
    this.pen.beginPath();
    for (let i = 0; i < ends.length; i += 4) { this.pen.moveTo(ends[i], ends[i + 1]); this.pen.lineTo(ends[i + 2], ends[i + 3]); }
    [this.pen.strokeStyle, this.pen.lineWidth, this.pen.globalAlpha, this.pen.lineCap] = [stroke, width, alpha, "round"];
    this.pen.setLineDash(dash);
    this.pen.stroke();
    this.pen.setLineDash([]);
    this.pen.globalAlpha = 1;
  }
  image(source, [sx, sy, sw, sh], [x, y, w, h], smooth = true) {
    this.pen.imageSmoothingEnabled = smooth;
    this.pen.imageSmoothingQuality = "high";
    this.pen.drawImage(source, sx, sy, sw, sh, x, y, w, h);
  }
  text(words, x, y, { fill, size = 12, weight = 400, align = "left" }) {
    this.pen.font = `${weight} ${size}px ${house.colours().font}`;
    [this.pen.fillStyle, this.pen.textAlign, this.pen.textBaseline] = [fill, align, "middle"];
    this.pen.fillText(words, x, y);
  }
  wide(words, size = 12, weight = 400) {
    this.pen.font = `${weight} ${size}px ${house.colours().font}`;
    return this.pen.measureText(words).width;
  }
  marks(role, points, { fill, radius, hollow = false, alpha = 1 }) { // [x, y] a mark
    if (points.length > 200) return house.spray(this.pen, points, (shift) => sprite(role, fill, radius, hollow, this.fine, shift), fill, alpha, this.fine);
    const source = sprite(role, fill, radius, hollow, this.fine), half = source.width / 2, fine = this.fine;
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.globalAlpha = alpha;
    for (let i = 0; i < points.length; i += 2) this.pen.drawImage(source, points[i] * fine - half, points[i + 1] * fine - half);
    this.pen.globalAlpha = 1;
    this.plain();
  }
}
Object.assign(house, { CanvasPen, SHAPES });

// The same drawing in three times the size and with a rim of paper, as a PNG.
house.photograph = (width, height, draw, rim = 12, fine = 3) => {
  const inner = house.made("canvas"), outer = house.made("canvas", [], { width: (width + 2 * rim) * fine, height: (height + 2 * rim) * fine });
  draw(new CanvasPen(inner, width, height, fine));
  const pen = outer.getContext("2d");
  pen.fillStyle = house.colours().tile;
  pen.fillRect(0, 0, outer.width, outer.height);
  pen.drawImage(inner, rim * fine, rim * fine);
  return new Promise((resolve) => outer.toBlob(resolve, "image/png"));
};
