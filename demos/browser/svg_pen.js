// Writes a picture as SVG with the same methods as canvas_pen.js.
const house = window.house, RIM = 12; // of paper around a saved picture
const short = (value) => Math.round(value * 100) / 100;
const safe = (text) => String(text).replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]);

// The outline of a mark as path data, from the same functions that draw it.
class Outline {
  constructor(x, y) { [this.x, this.y, this.data] = [x, y, ""]; }
  moveTo(x, y) { this.data += `M${short(this.x + x)} ${short(this.y + y)}`; }
  lineTo(x, y) { this.data += `L${short(this.x + x)} ${short(this.y + y)}`; }
  closePath() { this.data += "Z"; }
  rect(x, y, w, h) { this.data += `M${short(this.x + x)} ${short(this.y + y)}h${short(w)}v${short(h)}h${short(-w)}Z`; }
  arc(_x, _y, r) { this.data += `M${short(this.x - r)} ${short(this.y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`; }
}

class SvgPen {
  constructor(width, height) {
    [this.width, this.height, this.clips] = [Math.ceil(width) + 2 * RIM, Math.ceil(height) + 2 * RIM, 0];
    this.parts = [`<rect x="${-RIM}" y="${-RIM}" width="100%" height="100%" fill="${house.colours().tile}"/>`];
    this.ruler = house.made("canvas").getContext("2d");
  }
  within(x, y, w, h, draw) {
    const id = `clip${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}"/></clipPath><g clip-path="url(#${id})">`);
    draw();
    this.parts.push("</g>");
  }
  rect(x, y, w, h, { fill = "none", stroke = "none", radius = 0, width = 1 }) {
    this.parts.push(`<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>`);
  }
  lines(ends, { stroke, width = 1, alpha = 1, dash = [] }) {
    let data = "";
    for (let i = 0; i < ends.length; i += 4) data += `M${short(ends[i])} ${short(ends[i + 1])}L${short(ends[i + 2])} ${short(ends[i + 3])}`;
    this.parts.push(`<path d="${data}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-opacity="${alpha}" stroke-linecap="round" stroke-dasharray="${dash.join(" ") || "none"}"/>`);
  }
  image(source, [sx, sy, sw, sh], [x, y, w, h], smooth = true) {
    const piece = house.made("canvas", [], { width: sw, height: sh });
    piece.getContext("2d").drawImage(source, sx, sy, sw, sh, 0, 0, sw, sh);
    const style = smooth ? "" : ' style="image-rendering:pixelated"';
    this.parts.push(`<image href="${piece.toDataURL()}" x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${short(h)}" preserveAspectRatio="none"${style}/>`);
  }
  text(words, x, y, { fill, size = 12, weight = 400, align = "left" }) {
    const anchor = { left: "start", center: "middle", right: "end" }[align];
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" dominant-baseline="central">${safe(words)}</text>`);
  }
  wide(words, size = 12, weight = 400) {
    this.ruler.font = `${weight} ${size}px ${house.colours().font}`;
    return this.ruler.measureText(words).width;
  }
  marks(role, points, { fill, radius, hollow = false, alpha = 1 }) {
    let data = "";
    for (let i = 0; i < points.length; i += 2) {
      const outline = new Outline(points[i], points[i + 1]);
      house.SHAPES[role](outline, radius);
      data += outline.data;
    }
    const paint = hollow ? `fill="none" stroke="${fill}" stroke-width="1.2"` : `fill="${fill}"`;
    this.parts.push(`<path d="${data}" ${paint} opacity="${alpha}"/>`);
  }
  toString() {
    const size = `width="${this.width}" height="${this.height}" viewBox="${-RIM} ${-RIM} ${this.width} ${this.height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${safe(house.colours().font)}">${this.parts.join("")}</svg>`;
  }
}
house.SvgPen = SvgPen;
