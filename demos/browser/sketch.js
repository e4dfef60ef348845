// A drawing of 28 by 28 grey cells, by mouse, finger, pen, keyboard or from a picture file.
const house = window.house, { SIDE, stroke, letters, read } = house.strokes;
const SHOWN = 196, STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

house.kinds.sketch = (element, props, _trigger, watch) => {
  const box = element.querySelector(".sketch"), scope = props.scope, source = house.made("canvas");
  const title = house.made("span", [], { className: "title" }), canvas = house.made("canvas", [], { tabIndex: 0, role: "application" });
  const complaint = house.made("p", [], { className: "fault", role: "alert", hidden: true });
  const chosen = house.made("input", [], { type: "file", accept: "image/*", hidden: true });
  const buttons = { clear: () => replace(new Float32Array(SIDE * SIDE)), start: () => replace(read(props.start)), upload: () => chosen.click() };
  const row = house.made("div", Object.entries(buttons).map(([key, press]) => {
    const node = house.made("button", [], { type: "button", onclick: press });
    node.dataset.key = key;
    return node;
  }), { className: "row" });
  const help = house.made("p", [], { className: "help", id: `sketch-${Math.random().toString(36).slice(2)}` });
  let ink = new Float32Array(SIDE * SIDE), at = null, cursor = [14, 14], isKeyed = false;
  box.append(title, canvas, help, row, chosen, complaint);
  canvas.setAttribute("aria-describedby", help.id);

  const paint = () => {
    const pen = new house.CanvasPen(canvas, SHOWN, SHOWN), look = house.colours();
    house.tiles.sheet(source, ink.map((value) => value * 255), [1, 1, SIDE, SIDE], look.ink);
    pen.rect(0, 0, SHOWN, SHOWN, { fill: look.tile });
    pen.image(source, [0, 0, SIDE, SIDE], [0, 0, SHOWN, SHOWN], false);
    if (!isKeyed) return;
    const cell = SHOWN / SIDE;
    pen.rect((cursor[0] - 1) * cell, (cursor[1] - 1) * cell, 2 * cell, 2 * cell, { stroke: look.accent, width: 2, radius: 3 });
  };
  const commit = () => { props.value = letters(ink); }; // gradio calls that a change
  const replace = (drawn) => { complaint.hidden = true; isKeyed = false; ink = drawn; paint(); commit(); };

  const under = (event) => {
    const paper = canvas.getBoundingClientRect();
    return [(event.clientX - paper.left) / paper.width * SIDE, (event.clientY - paper.top) / paper.height * SIDE];
  };
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    isKeyed = false;
    at = under(event);
    stroke(ink, at, at);
    paint();
  };
  canvas.onpointermove = (event) => {
    if (!at) return;
    const fine = event.getCoalescedEvents?.() ?? [];
    for (const each of fine.length ? fine : [event]) { const to = under(each); stroke(ink, at, to); at = to; }
    paint();
  };
  canvas.onpointerup = canvas.onpointercancel = () => { if (at) { at = null; commit(); } };

  const settled = house.delayed(commit, 350);
  canvas.onkeydown = (event) => {
    const step = STEPS[event.key], before = cursor;
    if (!step && event.key !== " ") return;
    event.preventDefault();
    isKeyed = true;
    if (step) cursor = cursor.map((value, axis) => Math.min(Math.max(value + step[axis], 1), SIDE - 1));
    if (!step || event.shiftKey) { stroke(ink, before, cursor); settled(); }
    paint();
  };
  canvas.onfocus = () => { isKeyed = canvas.matches(":focus-visible"); paint(); };
  canvas.onblur = () => { isKeyed = false; paint(); };

  chosen.onchange = async () => {
    const [file] = chosen.files;
    chosen.value = "";
    if (!file) return;
    try {
      replace(await house.portrait(file));
    } catch (error) {
      complaint.textContent = house.say(scope, error.key ?? "upload_type");
      complaint.hidden = false;
    }
  };
  const name = () => {
    title.textContent = house.say(scope, props.caption || props.parameter);
    canvas.setAttribute("aria-label", title.textContent);
    help.textContent = house.say(scope, "sketch_help");
    for (const node of row.children) node.textContent = house.say(scope, `sketch_${node.dataset.key}`);
    paint();
  };
  const draw = () => { if (props.value && letters(ink) !== props.value) { ink = read(props.value); paint(); } };
  if (props.parameter) house.register(element, props.parameter, { get: () => letters(ink), set: (text) => replace(read(text)) });
  house.onLook(name);
  watch("value", draw);
  name();
  draw();
};
