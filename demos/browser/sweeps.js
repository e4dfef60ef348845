"use strict";
// A table of a sweep: columns are chosen, rows with the same x are averaged, and each mean gets its interval.
const { words } = window.sweeps;
const MOST_BYTES = 20e6, MOST_ROWS = 200_000, MOST_LINES = 12; // groups that are offered as lines
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b8a800", "#8b5a2b", "#882255", "#7f7f7f", "#000000", "#44aa99"];
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon", "hexagon", "triangle-down", "bowtie", "hourglass"];
const ASIDE = ["theory", "target", "floor"], DASHES = { theory: "dash", target: "dashdot", floor: "dot" };
const read = (name) => { try { return localStorage.getItem(`house-${name}`); } catch { return null; } };

let language = /^zh\b/i.test(read("language") ?? navigator.language) ? "zh" : "en", table = null, fault = null;
const chosen = { x: "", y: "", by: "" };
const say = (key, filling = {}) => (words[key]?.[language] ?? key).replace(/\{(\w+)\}/g, (whole, name) => filling[name] ?? whole);
const place = (selector) => document.querySelector(selector);

// RFC 4180: cells in quotes may hold commas, line ends and doubled quotes. Lines that begin with # are remarks.
const cells = (text) => {
  const rows = [[]];
  let cell = "", quoted = false;
  const end = () => { rows.at(-1).push(cell); cell = ""; };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') { cell += '"'; i++; }
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ",") end();
    else if (letter === "\n") { end(); rows.push([]); }
    else if (letter !== "\r") cell += letter;
  }
  end();
  return rows.filter((row) => row.length > 1 || row[0] !== "");
};
const number = (text) => text.trim() === "" ? NaN : Number(text);

class Wrong extends Error {
  constructor(key, filling) { super(key); Object.assign(this, { key, filling }); }
}
const parsed = (name, text) => {
  const remarks = text.match(/^#[^\n]*/)?.[0] ?? "", body = cells(text.replace(/^\uFEFF?(#[^\n]*(\n|$))*/, ""));
  const [head = [], ...rows] = body;
  if (!rows.length) throw new Wrong("no_rows", { name });
  if (rows.length > MOST_ROWS) throw new Wrong("many", { name, most: MOST_ROWS });
  const bad = rows.findIndex((row) => row.length !== head.length);
  if (bad >= 0) throw new Wrong("ragged", { name, line: bad + 2 + (remarks ? 1 : 0), count: rows[bad].length, wanted: head.length });
  const numeric = head.filter((_, i) => rows.some((row) => row[i] !== "") && rows.every((row) => row[i] === "" || Number.isFinite(number(row[i]))));
  if (numeric.length < 2) throw new Wrong("no_numbers", { name, count: numeric.length });
  return { name, head, rows, numeric, axes: axes(remarks, head) };
};
// The axes of the sweep, as its first line names them.
const axes = (remarks, head) => {
  try { return JSON.parse(remarks.slice(1)).axes.map((axis) => axis.split("=")[0]).filter((axis) => head.includes(axis)); } catch { return []; }
};
const distinct = (column) => [...new Set(table.rows.map((row) => row[table.head.indexOf(column)]))];
const groupable = () => table.head.filter((column) => column !== chosen.x && column !== chosen.y && distinct(column).length > 1 && distinct(column).length <= MOST_LINES);

// Student's t, 97.5 %: by table up to four degrees of freedom, beyond by the expansion about the normal (Fisher and Cornish, 1960).
const FEW = [12.7062, 4.30265, 3.18245, 2.77645], Z = 1.959964;
const student = (free) => {
  if (free <= FEW.length) return FEW[free - 1];
  const terms = [(Z ** 3 + Z) / 4, (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96, (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384];
  return terms.reduce((sum, term, i) => sum + term / free ** (i + 1), Z);
};
const summary = (values) => {
  const n = values.length, mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: n > 1 ? student(n - 1) * Math.sqrt(variance / n) : NaN };
};
// Of one line: [{ x, mean, half }] by x.
const points = (rows, y) => {
  const [ix, iy] = [chosen.x, y].map((column) => table.head.indexOf(column)), at = new Map();
  for (const row of rows) {
    const [x, value] = [number(row[ix]), number(row[iy])];
    if (Number.isFinite(x) && Number.isFinite(value)) at.set(x, [...at.get(x) ?? [], value]);
  }
  return [...at].sort(([one], [other]) => one - other).map(([x, values]) => ({ x, ...summary(values) }));
};

const traces = (name, rows, i) => {
  const found = points(rows, chosen.y), colour = COLOURS[i % COLOURS.length], banded = found.filter(({ half }) => Number.isFinite(half));
  const x = found.map((point) => point.x), own = { legendgroup: name, name };
  const band = { x: [...banded.map((p) => p.x), ...banded.map((p) => p.x).reverse()], y: [...banded.map((p) => p.mean + p.half), ...banded.map((p) => p.mean - p.half).reverse()],
    fill: "toself", fillcolor: `${colour}2e`, line: { width: 0 }, mode: "lines", hoverinfo: "skip", showlegend: false, legendgroup: name };
  const line = { x, y: found.map((point) => point.mean), mode: "lines+markers", line: { color: colour, width: 2 }, marker: { color: colour, symbol: SYMBOLS[i % SYMBOLS.length], size: 7 }, ...own };
  const beside = ASIDE.filter((kind) => table.head.includes(`${chosen.y}_${kind}`)).map((kind) => {
    const other = points(rows, `${chosen.y}_${kind}`);
    return { x: other.map((p) => p.x), y: other.map((p) => p.mean), mode: "lines", line: { color: colour, width: 1.5, dash: DASHES[kind] }, legendgroup: name, name: `${name} ${kind}`.trim(), showlegend: i === 0 };
  });
  return [...(banded.length ? [band] : []), line, ...beside];
};

const plot = () => {
  const lines = chosen.by ? distinct(chosen.by) : [""], at = table.head.indexOf(chosen.by);
  const rows = (line) => chosen.by ? table.rows.filter((row) => row[at] === line) : table.rows;
  const data = lines.flatMap((line, i) => traces(line || chosen.y, rows(line), i));
  const css = getComputedStyle(document.body), ink = css.getPropertyValue("--lab-ink"), faint = css.getPropertyValue("--lab-faint");
  const axis = (text) => ({ title: { text }, gridcolor: faint, zerolinecolor: faint, automargin: true });
  const layout = { xaxis: axis(chosen.x), yaxis: axis(chosen.y), font: { color: ink, size: 13, family: css.fontFamily }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 8, r: 12, t: 8, b: 8 }, legend: { orientation: "h", y: -0.2 }, hovermode: "closest" };
  window.Plotly.react(place("#plot"), data, layout, { displayModeBar: false, responsive: true });
  tell(lines);
};
const tell = (lines) => {
  const rest = table.axes.filter((axis) => ![chosen.x, chosen.by].includes(axis) && distinct(axis).length > 1);
  const over = rest.map((axis) => `${axis} (${distinct(axis).length})`).join(", ") || say("nothing");
  const iy = table.head.indexOf(chosen.y), count = table.rows.filter((row) => !Number.isFinite(number(row[iy]))).length;
  const said = [say("told", { rows: table.rows.length, over }), count && say("skipped", { count }), place("#plot").data.length === lines.length && say("single")];
  place("#told").textContent = said.filter(Boolean).join(" ");
  place("#plot").setAttribute("aria-label", `${chosen.y} / ${chosen.x}. ${place("#told").textContent}`);
};

const select = (key, options) => {
  const label = document.createElement("label"), list = document.createElement("select"), name = document.createElement("span");
  name.textContent = say(key);
  list.id = key;
  list.append(...options.map((option) => new Option(option || say("none"), option, false, option === chosen[key])));
  list.onchange = () => { chosen[key] = list.value; draw(); };
  label.append(name, list);
  return label;
};
const draw = () => {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  place("h1").textContent = document.title = say("title");
  place("#about").textContent = say("about");
  place("header a").textContent = say("home");
  place("header button").textContent = say("language");
  place("label span").textContent = say("file");
  place("#told").classList.toggle("wrong", Boolean(fault));
  place("#choices").hidden = place("#plot").hidden = !table;
  if (!table) { place("#told").textContent = fault ? say(fault.key, fault.filling) : ""; return; }
  if (chosen.by && !groupable().includes(chosen.by)) chosen.by = "";
  place("#choices").replaceChildren(select("x", table.numeric), select("y", table.numeric), select("by", ["", ...groupable()]));
  plot();
};
const take = async (file) => {
  [table, fault] = [null, null];
  const size = (file.size / 1e6).toFixed(1);
  try {
    if (file.size > MOST_BYTES) throw new Wrong("heavy", { name: file.name, size, most: MOST_BYTES / 1e6 });
    table = parsed(file.name, await file.text());
    chosen.x = table.axes.find((axis) => table.numeric.includes(axis) && axis !== "seed") ?? table.numeric[0];
    chosen.y = table.numeric.find((column) => column !== chosen.x && !table.axes.includes(column)) ?? table.numeric[1];
    chosen.by = groupable().find((column) => table.axes.includes(column) && column !== "seed") ?? "";
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    fault = error;
  }
  draw();
};

const shade = read("shade");
document.body.classList.toggle("dark", shade ? shade === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
place("header button").onclick = () => { language = language === "zh" ? "en" : "zh"; draw(); };
place("input[type=file]").onchange = ({ target }) => { if (target.files[0]) take(target.files[0]); };
draw();
