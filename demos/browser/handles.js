// Points that are dragged on a picture, by mouse, finger, pen or arrow keys; they move the input of their parameter.
const house = window.house;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Returns place(layer, box), which puts the handles of a layer where the server knows them to be.
house.handles = (ground, scope) => {
  const nodes = [];
  let layer = null, box = null, points = [], held = null, released = 0;

  const put = (node, [x, y]) => {
    const [x0, x1, y0, y1] = box.view;
    node.style.left = `${box.x + (x - x0) / (x1 - x0) * box.w}px`;
    node.style.top = `${box.y + (y1 - y) / (y1 - y0) * box.h}px`;
  };
  const name = (node, i) => {
    const [x, y] = points[i].map((value) => house.number(Number(value.toFixed(2))));
    const label = house.said(scope, layer.labels?.[i]) ?? String(i + 1);
    node.setAttribute("aria-label", house.say(scope, "handle", { label, x, y }));
    node.firstChild.textContent = label.length < 4 ? label : i + 1;
  };
  const move = (i, [x, y]) => {
    if (house.isHeld(house.experiment(ground), layer.parameter)) return;
    const [x0, x1, y0, y1] = box.view, within = (value, low, high) => Math.min(Math.max(value, low), high);
    const wanted = points.map((point, k) => k === i ? [within(x, x0, x1), within(y, y0, y1)] : point);
    const input = house.input(ground, layer.parameter);
    points = input?.set(wanted) ?? wanted; // the input knows the bounds and says what it made of them
    put(nodes[i], points[i]);
    name(nodes[i], i);
  };
  const under = (event) => {
    const paper = ground.getBoundingClientRect(), [x0, x1, y0, y1] = box.view;
    return [x0 + (event.clientX - paper.left - box.x) / box.w * (x1 - x0), y1 - (event.clientY - paper.top - box.y) / box.h * (y1 - y0)];
  };
  const keyed = (event, i) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const size = (event.shiftKey ? 10 : 1) * (box.view[1] - box.view[0]) / 100;
    released = performance.now();
    move(i, [points[i][0] + step[0] * size, points[i][1] + step[1] * size]);
  };
  const handle = (i) => {
    const node = house.made("button", house.made("span"), { type: "button", className: "handle" });
    node.setAttribute("aria-roledescription", house.say(scope, "handle_role"));
    node.onpointerdown = (event) => { held = i; node.setPointerCapture(event.pointerId); };
    node.onpointermove = (event) => { if (held === i) move(i, under(event)); };
    node.onpointerup = node.onpointercancel = () => { held = null; released = performance.now(); };
    node.onkeydown = (event) => keyed(event, i);
    ground.append(node);
    return node;
  };

  return (given, where) => {
    [layer, box] = [given, where];
    const fresh = held === null && performance.now() - released > 400; // an answer on its way may be older than the hand
    if (fresh || points.length !== given.points.length) points = given.points;
    while (nodes.length > points.length) nodes.pop().remove();
    while (nodes.length < points.length) nodes.push(handle(nodes.length));
    nodes.forEach((node, i) => { put(node, points[i]); name(node, i); });
  };
};
