// Small things that every part of the page does with elements and files.
const house = window.house;

const made = (tag, content = [], attributes = {}) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...[content].flat());
  return node;
};

// Strokes on a square of 24, drawn as round lines.
const ICONS = {
  play: "M8 5.5v13l10.5-6.5z", pause: "M8.5 6v12M15.5 6v12", back: "M15 6l-6 6 6 6", next: "M9 6l6 6-6 6",
  save: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14", close: "M7 7l10 10M17 7L7 17", plus: "M12 5v14M5 12h14",
};
const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${name}`);
  svg.append(Object.assign(document.createElementNS(svg.namespaceURI, "path")));
  svg.firstChild.setAttribute("d", ICONS[name]);
  return svg;
};
const named = (node, text) => {
  node.setAttribute("aria-label", text);
  node.title = text;
};

const save = (name, content, type = "text/plain;charset=utf-8") => {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const anchor = made("a", [], { href: URL.createObjectURL(blob), download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
};

const number = (value) => {
  if (typeof value !== "number" || !Number.isFinite(value)) return value === null ? "–" : String(value);
  const size = Math.abs(value);
  const text = size && (size < 1e-4 || size >= 1e7) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace("-", "−");
};
const hex = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const experiment = (element) => element.closest(".experiment");

Object.assign(house, { made, icon, named, save, number, hex, experiment });
