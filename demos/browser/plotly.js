// plotly.js is large: it is fetched when the page stands and evaluated when the first figure is seen.
const house = window.house;
let promise = null;

const fetched = () => new Promise((resolve, reject) => {
  const script = house.made("script", [], { src: house.plotlyAddress, async: true });
  script.onload = () => resolve(window.Plotly);
  script.onerror = () => { promise = null; script.remove(); reject(new Error("plotly.js did not arrive")); };
  document.head.append(script);
});
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

house.expectPlotly = () => { // the bytes may come while the rest of the page is still being built
  if (promise || document.querySelector("link[data-plotly]")) return;
  const link = house.made("link", [], { rel: "preload", href: house.plotlyAddress });
  link.setAttribute("as", "script");
  link.dataset.plotly = "";
  document.head.append(link);
};
house.plotly = () => promise ??= painted().then(fetched);
