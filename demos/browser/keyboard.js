// Arrow keys, Home and End walk through tabs; Gradio's own tabs answer the mouse alone.
const step = (key, at, count) =>
  ({ ArrowRight: (at + 1) % count, ArrowLeft: (at - 1 + count) % count, Home: 0, End: count - 1 })[key];

document.addEventListener("keydown", (event) => {
  if (event.target.role !== "tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  const tabs = [...event.target.closest("[role=tablist]").querySelectorAll("[role=tab]:not([disabled])")];
  const tab = tabs[step(event.key, tabs.indexOf(event.target), tabs.length)];
  if (!tab) return;
  event.preventDefault();
  tab.click();
  tab.focus();
});
