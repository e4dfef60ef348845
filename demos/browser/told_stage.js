// The sentences of a stage: what every layer of every panel holds at the moment that is shown.
const house = window.house;
const REACH = 32767, FULL = 65535;

const number = (value) => house.number(Number(value.toPrecision(3)));
const within = ([x0, x1, y0, y1], x, y) => [x0 + (x / REACH + 1) / 2 * (x1 - x0), y0 + (y / REACH + 1) / 2 * (y1 - y0)];
const clock = (seconds) => [seconds / 3600, seconds / 60 % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");

const dots = ({ members, role }, values, { view }, say) => {
  const count = values.length / 2, inside = members ? members.filter(Boolean).length : count;
  const points = Array.from({ length: count }, (_, i) => within(view, values[2 * i], values[2 * i + 1]));
  const [x, y] = [0, 1].map((way) => house.moments(points.map((point) => point[way])));
  const filling = { role: say(role), count, inside, outside: count - inside, x: number(x.mean), y: number(y.mean), across: number(x.spread), up: number(y.spread) };
  return say(inside === count ? "told.dots" : "told.classes", filling);
};
const heat = ({ shape: [, height, width] }, values, { view: [x0, x1, y0, y1] }, say) => {
  const { high } = house.extent(values), x = x0 + (high % width + 0.5) / width * (x1 - x0), y = y0 + (Math.floor(high / width) + 0.5) / height * (y1 - y0);
  return say("told.heat", { x: number(x), y: number(y) });
};
const arrows = ({ shape }, values, _panel, say) => {
  const lengths = Array.from({ length: values.length / 2 }, (_, i) => Math.hypot(values[2 * i], values[2 * i + 1]));
  return say("told.arrows", { count: lengths.filter(Boolean).length, side: shape[1] });
};
const handles = ({ points, labels = [] }, _values, _panel, say) => say("told.handles", {
  points: house.listed(points.map(([x, y], i) => `${say(labels[i]?.replace(/^@/, "") ?? String(i + 1))} (${number(x)}, ${number(y)})`)),
});
const links = ({ widths }, values, { view }, say) => {
  if (!widths.length) return "";
  const { high } = house.extent(widths), [x0, y0] = within(view, values[4 * high], values[4 * high + 1]), [x1, y1] = within(view, values[4 * high + 2], values[4 * high + 3]);
  return say("told.links", { count: widths.length, from: `(${number(x0)}, ${number(y0)})`, to: `(${number(x1)}, ${number(y1)})` });
};
const tokens = (_layer, values, _panel, say) => {
  const weights = Array.from(values, (value) => (value / FULL) ** 2), { low, high } = house.extent(weights);
  return say("told.tokens", { count: weights.length, low: number(weights[low]), high: number(weights[high]), place: high + 1 });
};
const beacon = ({ role }, values, { view }, say) => {
  const [x, y] = within(view, values[0], values[1]);
  return say("told.beacon", { role: say(role), x: number(x), y: number(y) });
};
const pipes = (layer, values, _panel, say, at) => {
  const degrees = (value) => number(layer.low + value / 255 * (layer.high - layer.low)), { times, stops, segment, day } = layer.clock;
  const moment = Math.min(Math.floor(at + 1e-6), times.length - 1), water = values.filter((_, i) => i % 2 === 0), { low, high } = house.extent(water);
  const states = layer.symbols.filter(({ kind, label, says }) => kind !== "room" && label && says.length)
    .map(({ number: room, label, says, states: all }) => `${[room, house.said(layer.scope, label)].filter(Boolean).join(" ")}: ${house.said(layer.scope, says[all[moment] ?? 0])}`);
  const time = day && say("told.time", { time: clock(times[moment]) }), stopped = stops !== null && !day ? say("told.stopped", { seconds: number(stops) }) : "";
  return [time, say("told.pipes", { low: degrees(water[low]), high: degrees(water[high]), end: degrees(water[segment]) }), stopped, states.length && say("told.states", { states: house.listed(states) })]
    .filter(Boolean).join(" ");
};
const TOLD = { dots, heat, arrows, handles, links, tokens, beacon, pipes };

// panels: as they are drawn, `shown` being what a layer shows now. moment: the label of the key frame.
house.stageTold = (scope, panels, at, moment) => {
  const say = (key, filling) => house.say(scope, key, filling);
  return [
    moment && say("told.moment", { moment }),
    ...panels.flatMap((panel) => [
      panel.title && `${house.said(scope, panel.title)}:`,
      ...panel.layers.map((layer) => TOLD[layer.layer] && (layer.shown || layer.layer === "handles") ? TOLD[layer.layer](layer, layer.shown, panel, say, at) : ""),
    ]),
  ];
};
