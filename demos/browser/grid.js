// Pictures in rows, through time; a picture that has another side is a button.
const house = window.house;

house.kinds.grid = (element, props, _trigger, watch) => {
  const [canvas, box, caption] = ["canvas", ".box", "figcaption"].map((place) => element.querySelector(place));
  const source = house.made("canvas"), buttons = [], card = house.back(box, props.scope);
  const load = house.pictures();
  let film = null, backs = null, laid = null;

  const compose = (pen, at, wide) => {
    const { value, scope } = props, look = house.colours();
    laid = house.tiles.plan(value, scope, wide, pen);
    film.sheet(source, at);
    laid.places.forEach((place, i) => {
      house.tiles.paint(pen, place, source, i, value.shape);
      if (value.marks?.[i]) house.tiles.mark(pen, value.marks[i], place, scope);
    });
    laid.rows.forEach((row, i) => {
      const place = laid.places[i * laid.columns];
      if (place) pen.text(row, 0, laid.left ? place.y + place.h / 2 : place.y - 10, { fill: look.soft, size: 12 });
    });
  };
  const measure = house.made("canvas");
  const tall = (wide) => house.tiles.plan(props.value, props.scope, wide, new house.CanvasPen(measure, 1, 1, 1)).height;

  // Buttons over the tiles: for the keyboard, for what is said on hover, for the other side.
  const describe = (i) => {
    const { marks, backs: behind } = props.value, mark = marks?.[i] ?? {}, say = (text) => house.said(props.scope, text) ?? "";
    const verdict = mark.good === undefined || mark.good === null ? "" : house.say(props.scope, mark.good ? "good" : "bad");
    return [house.say(props.scope, "picture", { number: i + 1 }), say(mark.text), verdict, say(mark.hint), behind && house.say(props.scope, "turn")].filter(Boolean).join(" · ");
  };
  const turn = (i) => {
    if (!backs || card.isOpen(i)) return card.close();
    const [, , height, width] = props.value.shape, size = height * width, values = film.values(player.at());
    const [front, back] = [values, backs].map((all) => all.subarray(i * size, (i + 1) * size));
    const text = house.said(props.scope, props.value.backs.texts?.[i]) ?? "";
    card.open(i, { front, back, shape: [height, width], text, place: laid.places[i], button: buttons[i] });
  };
  const button = (i) => {
    const node = house.made("button", [], { type: "button", className: "tile", onclick: () => turn(i) });
    box.append(node);
    return node;
  };
  const cover = () => {
    const wanted = backs || props.value.marks?.some((mark) => mark.hint) ? laid.places.length : 0;
    while (buttons.length > wanted) buttons.pop().remove();
    while (buttons.length < wanted) buttons.push(button(buttons.length));
    buttons.forEach((node, i) => {
      const { x, y, w, h } = laid.places[i];
      Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
      house.named(node, describe(i));
    });
  };

  const show = (at) => {
    const wide = box.clientWidth;
    if (!film || !wide) return;
    const height = Math.ceil(tall(wide));
    house.fits(box);
    canvas.style.height = `${height}px`;
    compose(new house.CanvasPen(canvas, wide, height), at, wide);
    canvas.setAttribute("aria-label", caption.textContent = house.say(props.scope, props.caption));
    canvas.dataset.tag = JSON.stringify(props.value.tag);
    canvas.dataset.frame = at;
    tell();
  };
  const moment = () => house.said(props.scope, props.value.labels?.[Math.round(player.at())]);
  const tell = house.tells(canvas, () => house.gridTold(props.scope, props.value, moment()));
  const player = house.player(element.querySelector(".player"), props.scope, show);
  const read = () => {
    if (!props.value?.shape) return;
    load(props.value, (loaded) => {
      film = loaded;
      backs = props.value.backs ? house.decode(props.value.backs.data) : null;
      card.close();
      redraw(player.set(props.value.frames, props.value.labels));
    });
  };
  const redraw = (at = player.at()) => {
    if (!film || !box.clientWidth) return;
    show(at);
    cover();
  };

  const svg = () => {
    const wide = box.clientWidth, pen = new house.SvgPen(wide, tall(wide));
    compose(pen, player.at(), wide);
    return String(pen);
  };
  const png = () => house.photograph(box.clientWidth, tall(box.clientWidth), (pen) => compose(pen, player.at(), box.clientWidth));
  house.keepInSight(element);
  house.tools(element, props, { svg, png });

  house.onRoom(box, () => { card.close(); redraw(); });
  watch("value", read);
  read();
};
