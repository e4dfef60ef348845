// On a phone the first picture stays in sight while the controls below it are moved, and no longer; see house.css.
const house = window.house;
const TALL = 0.62, BELOW = "-45% 0px 0px 0px"; // parts of the screen

house.keepInSight = (element) => {
  const picture = element.querySelector(".picture"), block = element.closest(".block") ?? element;
  const controls = house.experiment(element)?.firstElementChild;
  if (!controls || block.previousElementSibling) return;
  let isTall = false, wide = 0;
  const measure = () => {
    if (!picture.offsetHeight) return;
    if (picture.offsetWidth !== wide) [wide, isTall] = [picture.offsetWidth, false];
    isTall ||= picture.offsetHeight > TALL * innerHeight; // it would hide the controls; and what shrinks while it is drawn does not cover them either
    block.classList.toggle("tall", isTall);
    document.documentElement.style.setProperty("--held", `${isTall ? 0 : block.offsetHeight + 16}px`); // what is reached by key is not scrolled below it
  };
  new ResizeObserver(measure).observe(picture);
  const meet = ([entry]) => block.classList.toggle("held", entry.isIntersecting);
  new IntersectionObserver(meet, { rootMargin: BELOW }).observe(controls);
};

// Draws again when a place has another width, and when the look of the page changes: what is hidden then, when it comes back.
// Returns what is called where a drawing came too late, so that it is made up for.
house.onRoom = (node, draw) => {
  let wide = 0;
  new ResizeObserver(() => {
    if (!node.clientWidth || node.clientWidth === wide) return;
    wide = node.clientWidth;
    draw();
  }).observe(node);
  const missed = () => { wide = 0; };
  house.onLook(() => { if (node.clientWidth) draw(); else missed(); });
  return missed;
};

// What is costly to draw is drawn at once within a screen of the visible part; the rest when the page has nothing else to do.
house.whenIdle = window.requestIdleCallback?.bind(window) ?? ((run) => setTimeout(run, 200)); // Safari has none

// One picture at a time, and the page may show the first before the second is begun.
const line = [];
let isDrawing = false;
const drawNext = async () => {
  const draw = line.shift();
  isDrawing = Boolean(draw);
  try { await draw?.(); } finally { if (isDrawing) setTimeout(drawNext); }
};
const stand = (draw) => {
  line.push(draw);
  if (!isDrawing) drawNext();
};

house.inTurn = (node, draw) => {
  let near = null, due = false; // null: not known yet
  const now = () => { if (due) { due = false; return draw(); } };
  const soon = () => { if (house.isPaper) now(); else if (near) stand(now); else if (near === false) house.whenIdle(now); };
  new IntersectionObserver(([entry]) => { near = entry.isIntersecting; soon(); }, { root: document, rootMargin: "100% 0px" }).observe(node);
  return () => { due = true; soon(); };
};
