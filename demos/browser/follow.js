// The controls of an experiment follow its answer: what does not exist under the choices made is out of sight and reach.
const house = window.house;
const last = new WeakMap(); // experiment -> what it was told last
const held = new Map(); // experiment's name -> controls that a challenge or a teacher has locked

const parameter = (experiment, control) => control.id.slice(experiment.id.length + 1);
const controls = (experiment) => [...experiment.querySelectorAll(`[id^="${experiment.id}-"]:not(.fixed)`)];

const shown = (control) => control.querySelector("input[type=radio]:checked")?.value;
const bring = (control, value) => {
  const radio = [...control.querySelectorAll("input[type=radio]")].find((each) => each.value === value);
  if (radio && !radio.checked) radio.click();
};

// Options that another choice rules out. A radio knows its values, the list of a dropdown its words alone.
const offer = (control, name, options, scope) => {
  for (const radio of control.querySelectorAll("input[type=radio]")) {
    const out = options !== undefined && !options.includes(radio.value);
    radio.disabled = out;
    radio.closest("label").hidden = out;
  }
  const words = options?.map((option) => `:not([aria-label="${CSS.escape(house.say(scope, `${name}.${option}`))}"])`).join("");
  let style = control.querySelector(":scope > style");
  if (!words && !style) return;
  style ??= control.appendChild(house.made("style"));
  const rule = words ? `#${CSS.escape(control.id)} li[role=option]${words} { display: none; }` : "";
  if (style.textContent !== rule) style.textContent = rule;
};

// An option that was replaced because it is not offered: the control shows what is drawn. Once an answer, so it cannot loop:
// the corrected control asks again and is answered with the same tag.
const correct = (control, name, tag, options, told) => {
  const now = shown(control);
  if (now === undefined || options === undefined || options.includes(now) || tag[name] === undefined) return;
  const mark = `${name} ${now} ${JSON.stringify(tag)}`;
  if (told.corrected === mark) return;
  told.corrected = mark;
  bring(control, tag[name]);
};

const apply = (experiment) => {
  const told = last.get(experiment);
  if (!told) return;
  for (const control of controls(experiment)) {
    const name = parameter(experiment, control);
    control.hidden = !(name in told.tag);
    if (control.hidden) continue;
    if (!told.isPart) correct(control, name, told.tag, told.left[name], told);
    offer(control, name, told.left[name], told.scope);
  }
  const taught = house.taught(experiment.id);
  for (const control of controls(experiment)) {
    const name = parameter(experiment, control);
    control.inert = house.isHeld(experiment, name);
    control.classList.toggle("locked", control.inert);
    control.classList.toggle("away", taught.hidden.has(name));
  }
  for (const fold of experiment.querySelectorAll(".advanced")) { // an empty drawer is not worth a handle
    const inside = controls(experiment).filter((control) => fold.contains(control));
    fold.hidden = inside.length > 0 && inside.every((control) => control.hidden);
  }
};

// What is behind a closed accordion does not exist until it is opened; seen to before it is painted or can take the focus.
const attend = (experiment) => {
  const opened = new MutationObserver(() => apply(experiment));
  for (const fold of experiment.querySelectorAll(".advanced")) opened.observe(fold, { childList: true, subtree: true });
};

house.follow = (experiment, tag, left = {}, scope = "", isPart = false) => {
  if (!experiment || !tag) return;
  if (!last.has(experiment)) attend(experiment);
  last.set(experiment, { tag, left, scope, isPart, corrected: last.get(experiment)?.corrected });
  apply(experiment);
};

// Controls that may not be moved; buttons that would move them all rest too. names: null frees them.
house.hold = (name, names) => {
  const experiment = document.getElementById(name);
  held.set(name, new Set(names ?? []));
  const isTaught = house.taught(name).locked.size + house.taught(name).hidden.size > 0;
  for (const scenes of experiment?.querySelectorAll(".scenes") ?? []) scenes.inert = Boolean(names) || isTaught;
  if (experiment) apply(experiment);
};
house.isHeld = (experiment, parameter) => {
  const taught = house.taught(experiment?.id);
  return Boolean(held.get(experiment?.id)?.has(parameter)) || taught.locked.has(parameter) || taught.hidden.has(parameter);
};

// Controls whose value was refused say so until the next good answer; of a table, the cell or the row.
// faults: parameter -> fault with its sentence as reason, which also stands at the control itself.
const isWrong = (input, fault) => {
  const cell = input.closest("td"), { row, column } = cell?.dataset ?? {};
  return Boolean(fault) && (!cell || !fault.row || (row === String(fault.row) && (!fault.column || column === fault.column)));
};
house.blame = (experiment, faults) => {
  for (const control of experiment ? controls(experiment) : []) {
    const fault = faults[parameter(experiment, control)];
    control.classList.toggle("faulty", Boolean(fault));
    if (fault) control.dataset.reason = fault.reason; else delete control.dataset.reason;
    for (const input of control.querySelectorAll("input, textarea, select")) {
      if (isWrong(input, fault)) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    }
  }
};
