// A link for a class: where it opens, which controls are locked or out of sight, and large type for a projector.
const house = window.house;
const STATES = ["free", "locked", "hidden"], WORDS = { locked: "lock", hidden: "hide" }; // of a control -> in the address

// What the address of this page asks for, beside the scene.
const query = new URLSearchParams(location.search);
const names = (key) => new Set((query.get(key) ?? "").split(",").filter(Boolean));
house.taught = (experiment) => query.get("experiment") === experiment
  ? { locked: names("lock"), hidden: names("hide"), lesson: query.get("lesson") ?? "" }
  : { locked: new Set(), hidden: new Set(), lesson: "" };
document.documentElement.classList.toggle("big", query.get("big") === "1");

const chosen = (label, options, now, onchange) => {
  const select = house.made("select", options.map(([value, text]) => house.made("option", text, { value, selected: value === now })));
  select.setAttribute("aria-label", label);
  select.onchange = () => onchange(select.value);
  return house.made("label", [house.made("span", label), select]);
};

house.address = ({ name, answer }, { lesson = "", states, big, room }) => {
  const link = new URLSearchParams(lesson ? { experiment: name, lesson } : answer?.link ?? { experiment: name });
  for (const state of STATES.slice(1)) {
    const those = Object.keys(states).filter((each) => states[each] === state);
    if (those.length) link.set(WORDS[state], those.join(","));
  }
  if (big) link.set("big", "1");
  if (room) link.set("class", room);
  return `${house.home()}?${link}`;
};

house.cards.class = (context) => {
  const { open, answer, lessons, say, close, button, row, paragraph } = context;
  open.states ??= {};
  const all = ["stories", "challenges", "questions"].flatMap((kind) => lessons[kind].map(({ key }) => [key, say(kind === "questions" ? `${key}.title` : key)]));
  const where = chosen(say("lesson.opens"), [["", say("lesson.scene")], ...all], open.at_lesson ?? "", (key) => { open.at_lesson = key; show(); });
  const states = STATES.map((state) => [state, say(`lesson.${state}`)]);
  const present = lessons.names.filter((each) => answer?.tag && each in answer.tag);
  const list = present.map((each) => chosen(say(each), states, open.states[each] ?? "free", (state) => { open.states[each] = state; show(); }));
  const big = house.made("input", [], { type: "checkbox", checked: Boolean(open.big) });
  big.onchange = () => { open.big = big.checked; show(); };
  const code = house.made("input", [], { type: "text", maxLength: 8, size: 8, value: open.room ?? "", placeholder: "ABCD" });
  code.oninput = () => { open.room = code.value = code.value.toUpperCase().replace(/[^A-Z0-9]/g, ""); show(); };
  const area = house.made("textarea", [], { readOnly: true, rows: 3, spellcheck: false });
  area.setAttribute("aria-label", say("link"));
  area.onfocus = () => area.select();
  const show = () => { area.value = house.address(context, { ...open, lesson: open.at_lesson }); };
  const copy = button(say("link"), async () => { copy.textContent = say(await navigator.clipboard?.writeText(area.value).then(() => true, () => false) ? "copied" : "by_hand"); area.focus(); }, { className: "chief" });
  show();
  return [
    paragraph(say("lesson.about")), row(where, house.made("label", [big, house.made("span", say("lesson.big"))]), house.made("label", [house.made("span", say("lesson.code")), code])),
    house.made("details", [house.made("summary", say("lesson.controls")), house.made("div", list, { className: "list" })], { open: open.unfolded, ontoggle: (event) => { open.unfolded = event.target.open; } }),
    area, row(copy, button(say("lesson.end"), close)),
  ];
};
