// A list of points as numbers; the same points can be dragged on a picture, see handles.js.
const house = window.house;
const SIZE = 0.1;

house.kinds.points = (element, props, _trigger, watch) => {
  const field = element.querySelector(".coordinates"), scope = props.scope;
  const { least = 1, most = 8, low = -1, high = 1 } = props;
  const title = house.made("legend"), list = house.made("div", [], { className: "list" });
  const more = house.made("button", house.icon("plus"), { type: "button", className: "more", onclick: () => add() });
  let points = [];
  field.append(title, list, more);

  const within = (value) => Math.min(Math.max(Math.round(value * 1000) / 1000, low), high);
  const send = house.throttled((value) => { props.value = value; }); // gradio calls that a change
  const set = (wanted) => {
    points = wanted.slice(0, most).map((point) => point.map(within));
    fill();
    send(points);
    return points;
  };
  const add = () => {
    const turn = points.length * 2.4, reach = (high - low) / 4; // around a circle, never two on one spot
    set([...points, [(low + high) / 2 + reach * Math.cos(turn), (low + high) / 2 + reach * Math.sin(turn)]]);
    list.lastElementChild.querySelector("input").focus();
  };
  const drop = (i) => {
    set(points.filter((_, k) => k !== i));
    (list.children[Math.min(i, points.length - 1)]?.querySelector("input") ?? more).focus();
  };
  const coordinate = (axis) => {
    const input = house.made("input", [], { type: "number", min: low, max: high, step: SIZE });
    input.onchange = () => {
      const i = [...list.children].indexOf(input.closest(".pair")), value = input.valueAsNumber;
      set(points.map((point, k) => k === i ? point.map((old, a) => a === axis && Number.isFinite(value) ? value : old) : point));
    };
    return input;
  };
  const line = () => {
    const away = house.made("button", house.icon("close"), { type: "button", onclick: () => drop([...list.children].indexOf(away.parentNode)) });
    return house.made("div", [house.made("b"), coordinate(0), coordinate(1), away], { className: "pair" });
  };
  const fill = () => {
    while (list.children.length > points.length) list.lastElementChild.remove();
    while (list.children.length < points.length) list.append(line());
    [...list.children].forEach((row, i) => {
      const [mark, x, y, away] = row.children, number = i + 1;
      mark.textContent = number;
      [x, y].forEach((input, axis) => {
        if (input !== document.activeElement || input.valueAsNumber !== points[i][axis]) input.value = Number(points[i][axis].toFixed(2));
        input.setAttribute("aria-label", house.say(scope, "coordinate", { number, axis: "xy"[axis] }));
      });
      house.named(away, house.say(scope, "remove_point", { number }));
      away.hidden = points.length <= least;
    });
    more.hidden = points.length >= most;
    title.textContent = house.say(scope, props.caption || props.parameter);
    house.named(more, house.say(scope, "add_point"));
  };
  const read = () => { if (Array.isArray(props.value)) { points = props.value.map((point) => [...point]); fill(); } };
  house.register(element, props.parameter, { get: () => points, set });
  house.onLook(fill);
  watch("value", read);
  read();
};
