// A Plotly figure that keeps its div, its zoom and its memory. Frames are other data for the same traces.
const house = window.house;
const config = { responsive: false, displaylogo: false, displayModeBar: false, doubleClick: "reset" };

const axes = (layout) => ["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d+$/.test(key))];
const MANY = 5, WIDE = 560; // lines that still fit above the axes; width, px, at which more of them are named at the right
const PLAIN = 270, LINE = 22; // px of the axes and of each name below them, where there is no room at the right
const tall = (wide, names) => wide < WIDE ? PLAIN + LINE * names : Math.max(PLAIN + 60, LINE * (names + 2));
const crowded = (figure) => figure.data.length > MANY;
const legend = (many, wide) => {
  if (!many) return { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };
  return wide ? { x: 1.02, y: 1, yanchor: "top" } : { orientation: "h", x: 0, y: -0.3, yanchor: "top", font: { size: 11 } };
};
const finger = matchMedia("(pointer: coarse)"); // a swipe over a figure scrolls the page; a mouse selects what to enlarge
const themed = (layout, plot, many) => {
  const look = house.colours(), small = plot.clientWidth < 480, fixedrange = finger.matches;
  const axis = (given) => ({
    fixedrange,
    gridcolor: look.faint, zerolinecolor: look.faint, linecolor: look.faint, automargin: true, ticks: "", ticklabeloverflow: "allow", ...given,
    title: { standoff: 8, ...given?.title },
  });
  return {
    margin: { l: 8, r: 12, t: 8, b: 8 }, hovermode: "closest", uirevision: "keep", dragmode: fixedrange ? false : "zoom", ...layout,
    ...Object.fromEntries(axes(layout).map((name) => [name, axis(layout[name])])),
    legend: { ...legend(many, plot.clientWidth >= WIDE), bgcolor: "rgba(0,0,0,0)", ...layout.legend },
    font: { family: look.font, size: small ? 12 : 13, color: look.ink }, hoverlabel: { font: { family: look.font } },
    width: plot.clientWidth, height: plot.clientHeight, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
  };
};
const traces = (figure, frame) => figure.data.map((trace, i) => ({ ...trace, ...figure.frames?.[frame]?.data[i] }));

house.kinds.figure = (element, props, _trigger, watch) => {
  const plot = element.querySelector(".plot"), caption = element.querySelector("figcaption");

  let drawn = null; // data, layout and moment of what is shown
  const tell = house.tells(plot, () => drawn ? house.chartTold(props.scope, ...drawn) : []);
  const name = () => plot.setAttribute("aria-label", caption.textContent = house.say(props.scope, props.caption));
  const paint = async (frame) => {
    const Plotly = window.Plotly ?? await house.plotly();
    const { tag, layout, ...rest } = props.value;
    const figure = house.coloured(house.spoken(props.scope, rest));
    const many = crowded(rest), height = layout.height ?? (many ? tall(plot.clientWidth, rest.data.length) : 0);
    house.fits(plot.parentElement);
    plot.style.height = height ? `${height}px` : "";
    const look = themed(house.coloured(house.spoken(props.scope, layout)), plot, many);
    const data = traces(figure, frame);
    await Plotly.react(plot, data, look, config);
    drawn = [data, look, house.said(props.scope, props.value.labels?.[frame])];
    tell();
    plot.dataset.tag = JSON.stringify(tag);
    plot.dataset.frame = frame;
  };

  let busy = false, wanted = null; // one paint at a time, the newest last
  const show = async (at) => {
    wanted = Math.round(at);
    if (busy || !plot.clientWidth) return;
    busy = true;
    try {
      while (wanted !== null) { const now = wanted; wanted = null; await paint(now); }
    } finally { busy = false; }
  };
  const player = house.player(element.querySelector(".player"), props.scope, show, false);
  const drawNow = () => {
    if (!plot.clientWidth) return missed();
    if (props.value?.data) return show(player.set(props.value.frames?.length ?? 0, props.value.labels));
  };
  const draw = house.inTurn(plot, drawNow);

  const image = async (format) => {
    const layout = { ...plot.layout, paper_bgcolor: house.colours().tile }, scale = format === "png" ? 3 : 1;
    const address = await window.Plotly.toImage({ data: plot.data, layout }, { format, width: plot.clientWidth, height: plot.clientHeight, scale });
    return (await fetch(address)).blob();
  };
  house.keepInSight(element);
  house.tools(element, props, { svg: () => image("svg"), png: () => image("png") });

  house.expectPlotly();
  house.onLook(name);
  const missed = house.onRoom(plot, draw);
  watch("value", draw);
  name();
  draw();
};
