// A tile's other side, shown beside its front: what it should be compared with, and a sentence.
const house = window.house;
const SIDE = 112;

const face = (values, [height, width]) => {
  const canvas = house.made("canvas"), source = house.made("canvas"), pen = new house.CanvasPen(canvas, SIDE, SIDE * height / width);
  house.tiles.sheet(source, values, [1, 1, height, width], house.colours().ink);
  house.tiles.paint(pen, { x: 0, y: 0, w: SIDE, h: SIDE * height / width }, source, 0, [1, 1, height, width]);
  Object.assign(canvas.style, { width: `${SIDE}px`, height: `${SIDE * height / width}px` });
  return canvas;
};

// Returns { open(i, front, back, text, place), close, isOpen }.
house.back = (ground, scope) => {
  const card = house.made("div", [], { className: "other", role: "status", hidden: true });
  let chosen = null, opener = null;
  const close = () => {
    [card.hidden, chosen] = [true, null];
    opener?.setAttribute("aria-expanded", "false");
    if (card.contains(document.activeElement)) opener?.focus();
  };
  const open = (i, { front, back, shape, text, place, button }) => {
    if (chosen !== null) opener?.setAttribute("aria-expanded", "false");
    [chosen, opener] = [i, button];
    button.setAttribute("aria-expanded", "true");
    const shut = house.made("button", house.icon("close"), { type: "button", className: "shut", onclick: close });
    house.named(shut, house.say(scope, "close"));
    const pair = [[front, "front"], [back, "back"]].map(([values, key]) =>
      house.made("figure", [face(values, shape), house.made("figcaption", house.say(scope, key))]));
    card.replaceChildren(...pair, house.made("p", text), shut);
    card.hidden = false;
    const left = Math.min(Math.max(place.x + place.w / 2 - card.offsetWidth / 2, 0), Math.max(0, ground.clientWidth - card.offsetWidth));
    const below = place.y + place.h + 8, above = place.y - card.offsetHeight - 8;
    Object.assign(card.style, { left: `${left}px`, top: `${below + card.offsetHeight > ground.clientHeight && above >= -40 ? above : below}px` });
  };
  ground.append(card);
  ground.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  return { open, close, isOpen: (i) => chosen === i };
};
