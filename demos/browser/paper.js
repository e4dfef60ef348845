// The page on paper: what the controls are set to as text, the address of the scene at the foot, ink on white, and pictures
// in the size of the sheet.
const house = window.house;
const WHOLE = 668, HALF = 310, WIDE = 560; // px of a picture on A4 with margins of 12 mm; from WIDE on it has a line of its own
const sheets = new Set();
let wasDark = false;

// Kept up to date by whoever draws, for nothing can be drawn again while a page is being printed.
house.fits = (box) => {
  const wide = box.clientWidth;
  if (house.isPaper || !wide) return;
  box.style.setProperty("--wide", `${wide}px`);
  box.style.setProperty("--fit", Math.min(1, (wide < WIDE ? HALF : WHOLE) / wide));
};

// A value in the reader's words. told: units, columns, files, drawn of the controls, see demos/_scenes.py.
const written = (name, value, { scope, lessons: told }) => {
  const word = (key, text) => house.known(scope, `${key}.${text}`) ?? String(text), { [name]: columns = [] } = told.columns;
  const cell = (each, i) => typeof each === "number" ? house.number(each) : word(`${name}.${columns[i]}`, each);
  if (Array.isArray(value)) return value.map((row) => Array.isArray(row) ? row.map(cell).join(", ") : cell(row)).join("; ");
  if (typeof value === "boolean") return house.say(scope, value ? "on" : "off");
  if (told.files.includes(name)) return value ? house.say(scope, "letters", { count: value.match(/^(\d+) letters /)?.[1] ?? value.length }) : "–";
  if (typeof value !== "number") return word(name, value);
  const { [name]: unit = "" } = told.units;
  return `${house.number(value)} ${house.known(scope, `units.${unit}`) ?? unit}`.trim();
};
const drawing = (experiment, name) => {
  const canvas = document.querySelector(`#${experiment}-${name} canvas`);
  return canvas ? house.made("img", [], { src: canvas.toDataURL(), alt: "" }) : "–";
};

// context: of the lessons of an experiment, which know its controls and its last answer.
house.paper = (context, ground) => {
  const title = house.made("h4"), list = house.made("dl"), foot = house.made("p", [], { className: "address" });
  ground.append(house.made("section", [title, list], { className: "settings" }));
  sheets.add(() => {
    const { name, scope, lessons, answer, say } = context, experiment = document.getElementById(name);
    if (!answer?.tag || !experiment) return;
    title.textContent = say("settings");
    list.replaceChildren(...lessons.names.filter((each) => each in answer.tag).map((each) => house.made("div", [
      house.made("dt", house.say(scope, each)),
      house.made("dd", lessons.drawn.includes(each) ? drawing(name, each) : written(each, answer.tag[each], context)),
    ])));
    foot.textContent = house.address(context, { states: {} });
    experiment.parentElement.append(foot);
  });
};

const begin = () => {
  if (house.isPaper) return;
  [house.isPaper, wasDark] = [true, document.body.classList.contains("dark")];
  document.body.classList.remove("dark"); // draws again
  sheets.forEach((fill) => fill());
};
const end = () => {
  house.isPaper = false;
  document.body.classList.toggle("dark", wasDark);
};
window.addEventListener("beforeprint", begin);
window.addEventListener("afterprint", end);
matchMedia("print").addEventListener("change", ({ matches }) => matches ? begin() : end());
