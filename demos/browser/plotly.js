// plotly.js is large: it is fetched when the page stands and evaluated when the first figure is seen.
const house = window.house;
let promise = null, isExpected = false;

const fetched = () => new Promise((resolve, reject) => {
  const script = house.made("script", [], { src: house.plotlyAddress, async: true });
  script.onload = () => resolve(window.Plotly);
  script.onerror = () => { promise = null; script.remove(); reject(new Error("plotly.js did not arrive")); };
  document.head.append(script);
});
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

house.expectPlotly = () => { // the bytes may come, and be kept, while the rest of the page is still being built
  if (promise || isExpected) return;
  isExpected = true;
  fetch(house.plotlyAddress, { priority: "low" }).catch(() => {}); // the script will say what is wrong
};
house.plotly = () => promise ??= painted().then(fetched);
