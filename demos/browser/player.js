// Play, step, scrub. A position is a frame or, where a picture can show it, a place between two frames.
const house = window.house;
const SHORTEST = 1500, LONGEST = 7000, PER_FRAME = 110; // milliseconds of a whole film

const button = (name, press) => {
  const node = house.made("button", house.icon(name), { type: "button", onclick: press });
  node.dataset.name = name;
  return node;
};

// show(position) draws; returns { set(count, labels) -> position, at() }.
house.player = (bar, scope, show, smooth = true) => {
  let at = 0, last = 0, labels = [], running = 0, before = 0;
  const range = house.made("input", [], { type: "range", min: 0, max: 0, step: 1, value: 0 });
  const label = house.made("output");
  const play = button("play", () => running ? stop() : start());
  const back = button("back", () => move(Math.ceil(at) - 1)), next = button("next", () => move(Math.floor(at) + 1));
  bar.append(play, back, range, next, label);

  const tell = () => {
    const frame = Math.round(at);
    range.value = frame;
    label.textContent = house.said(scope, labels[frame]) ?? "";
    range.setAttribute("aria-valuetext", label.textContent || `${frame + 1} / ${last + 1}`);
  };
  const name = () => {
    house.named(play, house.say(scope, running ? "pause" : "play"));
    play.replaceChildren(house.icon(running ? "pause" : "play"));
    house.named(back, house.say(scope, "step_back"));
    house.named(next, house.say(scope, "step_on"));
    range.setAttribute("aria-label", house.say(scope, "frame"));
    tell();
  };
  const draw = () => { tell(); show(at); };
  const stop = () => { cancelAnimationFrame(running); running = 0; name(); };
  const move = (frame) => { stop(); at = Math.min(Math.max(frame, 0), last); draw(); };

  const tick = (now) => {
    const whole = Math.min(Math.max(last * PER_FRAME, SHORTEST), LONGEST), was = at;
    exact = Math.min(exact + Math.max(now - before, 0) / whole * last, last); // a frame may be older than the press
    before = now;
    at = smooth && !house.isCalm() ? exact : Math.floor(exact);
    if (at !== was) draw();
    if (exact >= last || !bar.offsetParent) return stop();
    running = requestAnimationFrame(tick);
  };
  let exact = 0; // time goes on evenly also where only whole frames are shown
  const start = () => {
    exact = at >= last ? 0 : at;
    if (exact !== at) { at = exact; draw(); }
    before = performance.now();
    running = requestAnimationFrame(tick);
    name();
  };
  range.oninput = () => move(+range.value);
  house.onLook(name);
  name();

  const set = (count, texts = []) => {
    const end = Math.max(count - 1, 0), atEnd = at >= last;
    if (!running) at = atEnd ? end : Math.min(end, last === end ? at : Math.round(at / last * end));
    [last, labels, range.max, bar.hidden] = [end, texts, end, count < 2];
    if (running) at = Math.min(at, end);
    bar.style.setProperty("--label", `${Math.max(0, ...texts.map((text) => String(house.said(scope, text)).length))}ch`);
    tell();
    return at;
  };
  return { set, start, at: () => at, isPlaying: () => running !== 0 };
};
