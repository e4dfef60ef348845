// The sentences of a chart: its axes, then each of its series.
const house = window.house;
const FEW = 6; // points that are all said

const plain = (text) => String(text ?? "").replace(/<br\s*\/?>/g, " ").replace(/<[^>]*>/g, "").trim();
const numbers = (array) => Array.from(array?.bdata === undefined ? array ?? [] : new Float32Array(house.decode(array.bdata).buffer));
const axis = (layout, way, trace) => layout[`${way}axis${(trace[`${way}axis`] ?? way).slice(1)}`] ?? {};

// A place on an axis as its ticks say it.
const place = ({ type, tickvals, ticktext }, value) => {
  const at = ticktext ? numbers(tickvals).findIndex((tick) => type === "log" ? tick === value : Math.abs(tick - value) < 0.5) : -1; // beside it, where series stand side by side
  return at < 0 ? (typeof value === "number" ? house.number(value) : plain(value)) : plain(ticktext[at]);
};
const isNamed = (values, { type, ticktext }) => typeof values[0] === "string" || type === "category" || Boolean(ticktext && type !== "log");

// What is measured, and along what: bars that lie, and marks beside names, are read from the side.
const read = (trace, layout) => {
  const [x, y] = [numbers(trace.x), numbers(trace.y)], across = axis(layout, "x", trace), up = axis(layout, "y", trace);
  const along = x.length ? x : y.map((_, i) => i + 1);
  const lies = trace.orientation === "h" || (isNamed(y, up) && !isNamed(along, across));
  const pairs = (lies ? y.map((each, i) => [each, x[i]]) : along.map((each, i) => [each, y[i]])).filter(([, value]) => Number.isFinite(value));
  return { pairs, at: (value) => place(lies ? up : across, value), error: Math.max(0, ...numbers((lies ? trace.error_x : trace.error_y)?.array)) };
};

const series = (trace, layout, say) => {
  const { pairs, at, error } = read(trace, layout), values = pairs.map(([, value]) => value);
  if (!pairs.length) return "";
  const { low, high } = house.extent(values), last = pairs.length - 1, number = house.number;
  const filling = {
    name: plain(trace.name) || plain(axis(layout, trace.orientation === "h" ? "x" : "y", trace).title?.text), count: pairs.length,
    first: number(values[0]), from: at(pairs[0][0]), last: number(values[last]), to: at(pairs[last][0]),
    low: number(values[low]), low_at: at(pairs[low][0]), high: number(values[high]), high_at: at(pairs[high][0]),
    points: house.listed(pairs.map(([along, value]) => `${at(along)}: ${number(value)}`)),
  };
  const bars = error ? ` ${say("error", { error: number(error) })}` : "";
  return say(kind(trace, pairs, values, low, high), filling) + bars;
};
const kind = (trace, pairs, values, low, high) => {
  if (trace.fill === "toself") return "strip";
  if (pairs.length > 1 && pairs.every(([along]) => along === pairs[0][0])) return "upright";
  if (pairs.length > 1 && values[low] === values[high]) return "level";
  return pairs.length > FEW ? "curve" : "few";
};

const heatmap = (trace, say) => {
  const rows = trace.z?.bdata === undefined ? trace.z.map(numbers) : [numbers(trace.z)], values = rows.flat().filter(Number.isFinite);
  const [down, across] = trace.z?.shape?.split(", ") ?? [rows.length, rows[0]?.length ?? 0], { low, high } = house.extent(values);
  return values.length ? say("heatmap", { name: plain(trace.name ?? trace.colorbar?.title?.text), rows: down, columns: across, low: house.number(values[low]), high: house.number(values[high]) }) : "";
};

// data, layout: as they are drawn, in the reader's language. moment: the label of a frame.
house.chartTold = (scope, data, layout, moment) => {
  const say = (key, filling) => house.say(scope, `told.${key}`, filling), title = (way) => plain(layout[`${way}axis`]?.title?.text);
  const shown = data.filter((trace) => trace.visible !== false && trace.visible !== "legendonly");
  return [
    say("axes", { x: title("x"), y: title("y") }), moment && say("moment", { moment }),
    ...shown.map((trace) => trace.type === "heatmap" ? heatmap(trace, say) : series(trace, layout, say)),
  ];
};
