// Light and dark: the system's choice until the reader makes another. All colours of pictures come from the style sheet.
const house = window.house;
const CHOSEN = new URLSearchParams(location.search).get("__theme");

const apply = () => {
  const shade = CHOSEN ?? house.kept.read("shade");
  if (shade) document.body.classList.toggle("dark", shade === "dark");
};
const shade = () => {
  house.kept.write("shade", document.body.classList.toggle("dark") ? "dark" : "light");
};
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => queueMicrotask(apply));
apply();

// Okabe and Ito's colours by night; the first four are roles and have a variable of their own.
const ROLES = { "#0072b2": "theory", "#d55e00": "measured", "#009e73": "model", "#7f7f7f": "muted", "#000000": "ink" };
const NIGHT = { "#cc79a7": "#e6a3c8", "#e69f00": "#f5bd45", "#56b4e9": "#a5d8f6", "#b8a800": "#dccb2e", "#8b5a2b": "#c8925c", "#882255": "#d98cb0" };

let palette = null;
const colours = () => {
  if (palette) return palette;
  const css = getComputedStyle(document.body), read = (name) => css.getPropertyValue(`--lab-${name}`).trim();
  const names = ["ink", "soft", "faint", "paper", "tile", "theory", "measured", "model", "muted", "accent"];
  palette = Object.fromEntries(names.map((name) => [name, read(name)]));
  palette.dark = document.body.classList.contains("dark");
  palette.font = getComputedStyle(document.querySelector(".gradio-container") ?? document.body).fontFamily;
  return palette;
};

// A colour of a payload as this theme shows it; two more digits of transparency are kept.
const shown = (text) => {
  if (!/^#([0-9a-f]{6}|[0-9a-f]{8})$/i.test(text)) return text;
  const [base, alpha] = [text.slice(0, 7).toLowerCase(), text.slice(7)], now = colours();
  return (now[ROLES[base]] ?? (now.dark ? NIGHT[base] : undefined) ?? base) + alpha;
};
const coloured = (node) => {
  if (typeof node === "string") return node.charCodeAt(0) === 35 ? shown(node) : node;
  if (Array.isArray(node)) return typeof node[0] === "number" ? node : node.map(coloured);
  if (node === null || typeof node !== "object" || "bdata" in node) return node;
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, coloured(each)]));
};

// A colour of the style sheet as a word of pixels, bytes in the order alpha, blue, green, red; alpha is left to the caller.
const ink = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return red | (green << 8) | (blue << 16);
};

// Draw again when the language or the theme has changed.
const looks = new Set();
const look = () => { palette = null; looks.forEach((draw) => draw()); };
const onLook = (draw) => looks.add(draw);
window.addEventListener("house-look", look);
new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ["class"] });

const calm = matchMedia("(prefers-reduced-motion: reduce)");
Object.assign(house, { ink, shade, colours, coloured, onLook, isCalm: () => calm.matches });
