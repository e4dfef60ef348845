// Taps that a click opens: a row with the time of day that is shown is added to a table of the controls.
const house = window.house;
const minutes = (text) => text.split(":").slice(0, 2).reduce((sum, part) => 60 * sum + Number(part), 0);
const clock = (at) => [Math.floor(at / 60), Math.floor(at % 60)].map((part) => String(part).padStart(2, "0")).join(":");
const LAST = 23 * 60 + 59, TRIES = 60;

// When this tap is free for that long: a tap is not opened while it is open.
const free = (rows, at, [place, side, , lasts]) => rows.filter((row) => row[1] === place && row[2] === side).sort((one, other) => minutes(one[0]) - minutes(other[0]))
  .reduce((begins, row) => minutes(row[0]) < begins + lasts && begins < minutes(row[0]) + row[4] ? Math.ceil(minutes(row[0]) + row[4]) : begins, at);

// The table of the controls; a closed drawer is opened, for what is in it does not exist before.
const table = async (ground, parameter) => {
  if (!house.input(ground, parameter)) house.experiment(ground)?.querySelector(".advanced > button")?.click();
  for (let tries = 0; tries < TRIES && !house.input(ground, parameter); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  return house.input(ground, parameter);
};

// Returns place(layer, box, moment), which puts a button over every tap.
house.openers = (ground, scope) => {
  const nodes = new Map();
  const open = async (node) => {
    const { opens, seconds } = node.tap, input = await table(ground, opens.parameter), rows = input?.get() ?? [];
    const at = free([...rows, ...opens.busy], Math.floor(seconds / 60), opens.row);
    if (input && rows.length < opens.most && at <= LAST) input.set([...rows, [clock(at), ...opens.row]]);
  };
  const made = () => {
    const node = house.made("button", [], { type: "button", className: "opener" });
    node.onclick = () => open(node);
    ground.append(node);
    return node;
  };
  return (layer, box, moment) => {
    const [x0, x1, y0, y1] = box.view, unit = box.w / (x1 - x0);
    const taps = layer.symbols.filter((symbol) => symbol.opens);
    taps.forEach((tap, i) => {
      if (!nodes.has(i)) nodes.set(i, made());
      const node = nodes.get(i), [place, side] = tap.opens.row;
      node.tap = { opens: tap.opens, seconds: layer.clock.times[moment] };
      node.style.left = `${box.x + (tap.at[0] - x0) * unit}px`;
      node.style.top = `${box.y + (y1 - tap.at[1]) / (y1 - y0) * box.h}px`;
      house.named(node, house.say(scope, `open_${side}`, { place }));
    });
    [...nodes.keys()].filter((i) => i >= taps.length).forEach((i) => { nodes.get(i).remove(); nodes.delete(i); });
  };
};
