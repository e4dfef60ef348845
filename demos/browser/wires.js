// The numbered lines of the map, from card to card, below them. Where cards stand below each other there is no room for lines.
const house = window.house;
const NAMESPACE = "http://www.w3.org/2000/svg", SELF = 20; // px from a card's corner to the number of a line to itself

// Where the way from the middle of a box to a point leaves the box.
const leaves = ([x, y], [u, v], { w, h }) => {
  const share = Math.min(Math.abs(w / 2 / ((u - x) || 1e-9)), Math.abs(h / 2 / ((v - y) || 1e-9)), 1);
  return [x + share * (u - x), y + share * (v - y)];
};
const middle = ({ x, y, w, h }) => [x + w / 2, y + h / 2];
const ends = (one, other) => {
  const [from, to] = [middle(one), middle(other)];
  return [leaves(from, to, one), leaves(to, from, other)];
};

// edges: { between, badge, at } with the badge's element; cards: tab -> element. Returns { lay(), light(indices) }.
house.wires = (ground, edges, cards) => {
  const svg = document.createElementNS(NAMESPACE, "svg");
  svg.setAttribute("aria-hidden", "true");
  ground.prepend(svg);
  const lines = edges.map(() => svg.appendChild(document.createElementNS(NAMESPACE, "line")));
  const box = (tab) => {
    const from = ground.getBoundingClientRect(), { left, top, width: w, height: h } = cards.get(tab).getBoundingClientRect();
    return { x: left - from.left, y: top - from.top, w, h };
  };

  const lay = () => edges.forEach(({ between: [one, other], badge, at = 0.5 }, i) => {
    const from = box(one), isSelf = one === other;
    const [[x0, y0], [x1, y1]] = isSelf ? [0, 1].map(() => [from.x + from.w - SELF, from.y + from.h]) : ends(from, box(other));
    Object.entries({ x1: x0, y1: y0, x2: x1, y2: y1 }).forEach(([name, value]) => lines[i].setAttribute(name, value));
    badge.style.left = `${x0 + at * (x1 - x0)}px`;
    badge.style.top = `${y0 + at * (y1 - y0)}px`;
  });
  const light = (lit) => {
    edges.forEach(({ badge }, i) => [lines[i], badge].forEach((node) => node.classList.toggle("lit", lit.includes(i))));
    const tabs = new Set(lit.flatMap((i) => edges[i].between));
    cards.forEach((card, tab) => card.classList.toggle("lit", tabs.has(tab)));
  };
  new ResizeObserver(lay).observe(ground);
  return { lay, light };
};
