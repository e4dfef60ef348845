// A network of pipes as a stage layer: water inside its wall, both coloured by temperature, with what they join and a stopwatch.
// layer: { shape: [frames, segments, 2], data, low, high, lines: [{ nodes, count, flows }], symbols, clock }.
const house = window.house;
const SCALE = ["#313695", "#4575b4", "#74add1", "#abd9e9", "#fee090", "#fdae61", "#f46d43", "#d73027"]; // ColorBrewer RdYlBu
const WALL = 0.5, WATER = 0.28, DIRECTION = 0.3, SMALL = 520; // of a unit of the view; px of a narrow picture

const mix = (share) => {
  const at = Math.min(Math.max(share, 0), 1) * (SCALE.length - 1), k = Math.min(Math.floor(at), SCALE.length - 2);
  const part = (colour, from) => parseInt(colour.slice(from, from + 2), 16);
  const blend = (from) => Math.round(part(SCALE[k], from) + (at - k) * (part(SCALE[k + 1], from) - part(SCALE[k], from)));
  return `#${[1, 3, 5].map((from) => blend(from).toString(16).padStart(2, "0")).join("")}`;
};
const COLOURS = Array.from({ length: 256 }, (_, k) => mix(k / 255));

const placer = ({ x, y, w, h, view: [x0, x1, y0, y1] }) => ([u, v]) => [x + (u - x0) / (x1 - x0) * w, y + (y1 - v) / (y1 - y0) * h];

// Points that cut a polyline into `count` pieces of one length, [x, y] each; corners inside a piece are kept.
const pieces = (nodes, count) => {
  const lengths = nodes.slice(1).map((node, i) => Math.hypot(node[0] - nodes[i][0], node[1] - nodes[i][1]));
  const whole = lengths.reduce((sum, each) => sum + each, 0), cut = (from, to) => {
    const path = [point(nodes, lengths, from)];
    let passed = 0;
    lengths.forEach((length, i) => { passed += length; if (passed > from + 1e-6 && passed < to - 1e-6) path.push(nodes[i + 1]); });
    return [...path, point(nodes, lengths, to)];
  };
  return Array.from({ length: count }, (_, k) => cut(k / count * whole, (k + 1) / count * whole));
};
const point = (nodes, lengths, along) => {
  let left = along, i = 0;
  while (i < lengths.length - 1 && left > lengths[i]) left -= lengths[i++];
  const share = lengths[i] ? left / lengths[i] : 0, [from, to] = [nodes[i], nodes[i + 1]];
  return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
};
const strokes = (path) => path.slice(1).flatMap((to, i) => [...path[i], ...to]);

// One line: its rim, its wall, its water, and which way it flows.
const line = (pen, { nodes, count, flows }, values, first, place, unit, moment) => {
  const parts = pieces(nodes.map(place), count).map(strokes), look = house.colours();
  pen.lines(parts.flat(), { stroke: look.muted, width: WALL * unit + 2.5 });
  parts.forEach((ends, k) => pen.lines(ends, { stroke: COLOURS[Math.round(values[2 * (first + k) + 1])], width: WALL * unit }));
  pen.lines(parts.flat(), { stroke: look.tile, width: WATER * unit + 1.5, alpha: 0.85 });
  parts.forEach((ends, k) => pen.lines(ends, { stroke: COLOURS[Math.round(values[2 * (first + k)])], width: WATER * unit }));
  const way = Math.sign(flows[moment] ?? 0);
  if (way) for (const share of [0.3, 0.6]) chevron(pen, nodes.map(place), share, way, DIRECTION * unit, look.ink);
};
const chevron = (pen, nodes, share, way, size, colour) => {
  const parts = pieces(nodes, 24), [from, to] = parts[Math.floor(share * 24)];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1, [dx, dy] = [way * (to[0] - from[0]) / length, way * (to[1] - from[1]) / length];
  const wing = (side) => [to[0] - size * (dx + side * 0.8 * dy), to[1] - size * (dy - side * 0.8 * dx), ...to];
  pen.lines([...wing(1), ...wing(-1)], { stroke: colour, width: 1.6 });
};

// What pipes join. on: the number of the symbol's state, 0 is off.
const SYMBOLS = {
  heater: (pen, [x, y], unit, on, look) => {
    pen.rect(x - unit, y - 1.6 * unit, 2 * unit, 3.2 * unit, { fill: look.tile, stroke: look.ink, radius: 5, width: 1.5 });
    const colour = [look.faint, "#e69f00", look.measured][on];
    pen.marks("model", [x, y + 0.4 * unit], { fill: colour, radius: (on === 2 ? 0.6 : 0.4) * unit });
  },
  tank: (pen, [x, y], unit, on, look, _cold, inside) => {
    const high = 2.2 / inside.length;
    pen.rect(x - unit, y - 1.6 * unit, 2 * unit, 3.2 * unit, { fill: look.tile, stroke: look.ink, radius: unit, width: 1.5 });
    inside.forEach((fill, k) => pen.rect(x - 0.75 * unit, y + (1.1 - (k + 1) * high) * unit, 1.5 * unit, high * unit + 0.5, { fill }));
    if (on) pen.marks("model", [x, y + 0.75 * unit], { fill: look.ink, radius: 0.4 * unit });
  },
  pump: (pen, [x, y], unit, on, look) => {
    pen.marks("theory", [x, y], { fill: look.tile, radius: 0.62 * unit });
    pen.marks("theory", [x, y], { fill: look.ink, radius: 0.62 * unit, hollow: true });
    pen.marks("model", [x, y], { fill: on ? look.model : look.muted, radius: 0.32 * unit });
  },
  valve: (pen, [x, y], unit, on, look) => {
    const [w, h] = [0.5 * unit, 0.42 * unit], bow = [x - h, y - w, x + h, y + w, x + h, y + w, x - h, y + w, x - h, y + w, x + h, y - w, x + h, y - w, x - h, y - w];
    pen.rect(x - h, y - w, 2 * h, 2 * w, { fill: look.tile });
    pen.lines(bow, { stroke: on ? look.model : look.measured, width: 2.2 });
  },
  tap: (pen, [x, y], unit, on, look, cold) => {
    if (cold !== undefined) pen.marks("theory", [x, y - 0.15 * unit], { fill: cold ? look.theory : look.measured, radius: 0.3 * unit });
    pen.lines([x - 0.7 * unit, y, x + 0.7 * unit, y, x, y, x, y + 0.7 * unit, x - 0.35 * unit, y - 0.35 * unit, x + 0.35 * unit, y - 0.35 * unit], { stroke: look.ink, width: Math.max(2, 0.22 * unit) });
    if (on) pen.marks("theory", [0.95, 1.3, 1.65].flatMap((down) => [x, y + down * unit]), { fill: look.theory, radius: 0.11 * unit });
  },
  note: () => {},
  room: () => {},
  mains: (pen, [x, y], unit, _on, look) => pen.lines([x - unit, y, x, y, x - 0.35 * unit, y - 0.3 * unit, x, y, x - 0.35 * unit, y + 0.3 * unit, x, y], { stroke: look.theory, width: 2.5 }),
};
const symbol = (pen, { kind, at, label, says, states, words, opens, cold }, moment, layer, place, unit, small, inside) => {
  const look = house.colours(), [x, y] = place(at), on = states?.[moment] ?? 0, said = says?.[on];
  SYMBOLS[kind](pen, [x, y], unit, on, look, opens && cold, inside);
  const text = [label, small && (label || kind === "valve") ? null : said].filter(Boolean).map((each) => house.said(layer.scope, each)).join(": ");
  const [u, v] = place([at[0] + words[0], at[1] + words[1]]), align = words[0] ? (words[0] > 0 ? "left" : "right") : "center";
  pen.text(text, u, v, { fill: look.ink, size: small ? 10 : 12, align });
};

// The floor of a room with its name, below everything.
const floor = (pen, { at, label, number, size, words }, layer, place, unit, small) => {
  const look = house.colours(), [x, y] = place(at), [u, v] = place([at[0] + words[0], at[1] + words[1]]);
  pen.rect(x, y, size[0] * unit, size[1] * unit, { fill: look.paper, stroke: look.faint, radius: 4 });
  pen.text(`${number} ${house.said(layer.scope, label)}`, u, v, { fill: look.soft, size: small ? 8 : 11, align: "center" });
};

// The time of day, between two moments too.
const hour = (seconds) => [seconds / 3600, seconds / 60 % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");

// The stopwatch, and how warm the tap is.
const clock = (pen, { times, stops, at, reads, says, day }, moment, share, degrees, layer, place, small) => {
  const look = house.colours(), now = times[moment] + share * ((times[moment + 1] ?? times[moment]) - times[moment]);
  if (day) return pen.text(hour(now), ...place(at), { fill: look.ink, size: small ? 11 : 19, weight: 650, align: "center" });
  const stopped = stops !== null && now >= stops, seconds = Math.max(0, stopped ? stops : now), [x, y] = place(at);
  const text = `${seconds.toFixed(seconds < 99.95 ? 1 : 0)} s`, name = house.said(layer.scope, now < 0 ? says[0] : stopped ? says[2] : says[1]);
  pen.text(text, x, y, { fill: stopped ? look.model : look.ink, size: small ? 18 : 30, weight: 650, align: "center" });
  pen.text(name, x, y + (small ? 15 : 25), { fill: look.soft, size: small ? 9 : 12, align: "center" });
  pen.text(`${degrees.toFixed(0)} °C`, ...place(reads), { fill: look.ink, size: small ? 12 : 17, weight: 600, align: "center" });
};

// From cold to hot, in degrees.
const scale = (pen, layer, place, small) => {
  const [x, y] = place(layer.bar), wide = small ? 70 : 130, look = house.colours();
  for (let k = 0; k < 32; k++) pen.rect(x + k * wide / 32, y, wide / 32 + 0.5, 7, { fill: COLOURS[Math.round(k / 31 * 255)] });
  pen.text(`${layer.low} °C`, x - 4, y + 4, { fill: look.soft, size: 10, align: "right" });
  pen.text(`${layer.high} °C`, x + wide + 4, y + 4, { fill: look.soft, size: 10 });
};

house.pipes = (pen, layer, values, box, at) => {
  const place = placer(box), unit = box.w / (box.view[1] - box.view[0]), small = box.w < SMALL;
  const moment = Math.min(Math.floor(at + 1e-6), layer.clock.times.length - 1);
  for (const each of layer.symbols) if (each.kind === "room") floor(pen, each, layer, place, unit, small);
  let first = 0;
  for (const each of layer.lines) { line(pen, each, values, first, place, unit, moment); first += each.count; }
  for (const each of layer.symbols) {
    const inside = Array.from({ length: each.layers ?? 0 }, () => COLOURS[Math.round(values[2 * first++])]);
    if (each.kind !== "room") symbol(pen, each, moment, layer, place, unit, small, inside);
  }
  const end = values[2 * (layer.clock.segment)], degrees = layer.low + end / 255 * (layer.high - layer.low);
  clock(pen, layer.clock, moment, Math.max(0, at - moment), degrees, layer, place, small);
  scale(pen, layer, place, small);
};
