// Home: the topics as cards with a small picture each, numbered lines between them, and why each line is there.
const house = window.house;

// A formula in one line: _x and _{xy} stand below, ^x and ^{xy} above.
const SHIFTED = /([_^](?:\{[^}]*\}|.))/u, TAGS = { _: "sub", "^": "sup" };
const shifted = (text) => text.split(SHIFTED).map((part, i) => i % 2 ? house.made(TAGS[part[0]], shifted(part.slice(1).replace(/^\{|\}$/g, ""))) : part);
const formula = (text) => house.made("p", shifted(text), { className: "formula" });
const emphasised = (text) => text.split("**").map((part, i) => i % 2 ? house.made("strong", part) : part);

// A mouse that stays on a card plays its picture; one that is on its way to the buttons below it does not.
const LINGERS = 250; // ms
const lingers = (node, { figure, play }) => {
  let timer = 0;
  node.addEventListener("pointerover", (event) => {
    clearTimeout(timer);
    if (event.pointerType === "mouse" && !figure.lastChild.contains(event.target)) timer = setTimeout(play, LINGERS);
  });
  node.addEventListener("pointerleave", () => clearTimeout(timer));
};

// Where the reader is going, for gradio's event to ask: a tab, or the query of a scene.
let going = "";
house.going = () => [going];

house.kinds.map = (element, props, trigger) => {
  const ground = element.querySelector(".home"), remembered = { search: "", open: new Set() };
  let told = null, terms = [], thumbs = new Map();

  const link = (words, address, where) => {
    const anchor = house.made("a", words, { href: address });
    anchor.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of the browser's own
      event.preventDefault();
      going = where;
      trigger("submit");
    });
    return anchor;
  };
  const title = (tab) => house.say(tab, "title");
  const room = (tab) => link(title(tab), told.topics.find((topic) => topic.tab === tab).link, tab);

  const card = (topic) => {
    const { tab, idea } = topic, thumb = thumbs.get(tab);
    const node = house.made("article", [house.made("h3", room(tab)), house.made("p", house.inLanguage(idea)), thumb ? [thumb.figure] : []].flat());
    node.dataset.tab = tab;
    if (thumb) lingers(node, thumb);
    return node;
  };
  const badge = ({ name }, i) => house.made("a", String(i + 1), {
    href: `#why-${i + 1}`, className: "badge", title: house.inLanguage(name),
    "aria-label": house.inLanguage(told.words.badge).replace("{number}", i + 1).replace("{name}", house.inLanguage(name)),
    onclick: (event) => { event.preventDefault(); reach(i); },
  });
  const reach = (i) => {
    const row = ground.querySelector(`#why-${i + 1}`);
    row.scrollIntoView({ block: "center", behavior: house.isCalm() ? "auto" : "smooth" });
    row.focus({ preventScroll: true });
  };
  const reason = ({ between, name, said, formula: text, links }, i) => {
    const rooms = [...new Set(between)].map(title).join(" ↔ ");
    const ways = links.map((each) => link(`${title(each.tab)} · ${house.say(each.scope, "title")}`, each.link, each.link));
    const body = [house.made("h4", [house.made("b", String(i + 1)), ` ${house.inLanguage(name)} `, house.made("small", rooms)]), house.made("p", house.inLanguage(said), { className: "said" }), formula(text)];
    return house.made("li", [...body, house.made("p", ways.flatMap((way) => [way, " "]), { className: "ways" })], { id: `why-${i + 1}`, tabIndex: -1 });
  };

  const map = () => {
    const cards = new Map(), rows = told.rows.map((row) => house.made("div", row.map((tab) => {
      cards.set(tab, card(told.topics.find((topic) => topic.tab === tab)));
      return cards.get(tab);
    }), { className: "row" }));
    const edges = told.edges.map((edge, i) => ({ ...edge, badge: badge(edge, i) }));
    const node = house.made("section", [...rows, ...edges.map((edge) => edge.badge)], { className: "map", ariaLabel: house.inLanguage(told.words.map) });
    const wires = house.wires(node, edges, cards), near = (tab) => edges.flatMap(({ between }, i) => between.includes(tab) ? [i] : []);
    const lights = (target, lit) => {
      for (const on of ["pointerenter", "focusin"]) target.addEventListener(on, () => wires.light(lit));
      for (const off of ["pointerleave", "focusout"]) target.addEventListener(off, () => wires.light([]));
    };
    cards.forEach((target, tab) => lights(target, near(tab)));
    edges.forEach((edge, i) => lights(edge.badge, [i]));
    return node;
  };
  const kept = (details) => {
    details.open = remembered.open.has(details.className);
    details.addEventListener("toggle", () => remembered.open[details.open ? "add" : "delete"](details.className));
    return details;
  };
  const draw = () => {
    if (!told) return;
    const { words } = told, reasons = house.made("ol", told.edges.map(reason), { className: "why" });
    const lists = [house.referenceList(told, room)];
    if (terms.length) lists.unshift(house.glossaryList(terms, words, remembered));
    ground.replaceChildren(house.made("p", emphasised(house.inLanguage(words.lead)), { className: "lead" }), map(), house.made("h2", house.inLanguage(words.why)), reasons, ...lists.map(kept));
    for (const said of ground.querySelectorAll(".said")) house.gloss(said, "");
  };
  const fetched = async () => {
    const answer = await fetch(props.address).catch(() => null);
    if (!answer?.ok) return ground.replaceChildren(house.made("p", house.say("home", "absent"), { className: "lead" }));
    told = await answer.json();
    thumbs = new Map(told.topics.flatMap((topic, i) => topic.picture ? [[topic.tab, house.thumb(topic, i)]] : []));
    draw();
    terms = await house.glossary().catch(() => []);
    draw();
  };
  house.onLook(draw);
  fetched();
};
