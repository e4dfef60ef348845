// Stories, challenges and questions of an experiment, and links for a class: chips in a row, and a card for the one that is open.
const house = window.house;
house.cards = {}; // kind -> (context) => what its card shows below the title

// What an experiment has answered last, for whoever waits for its numbers.
const listeners = new Map(); // experiment -> listeners
house.told = (experiment, answer) => listeners.get(experiment?.id)?.forEach((listen) => listen(answer));
const listen = (name, listener) => listeners.set(name, [...listeners.get(name) ?? [], listener]);

house.kinds.lessons = (element, props) => {
  const { scope, experiment: name, lessons } = props, nav = element.querySelector(".lessons");
  const chips = house.made("div", [], { className: "chips" }), card = house.made("section", [], { className: "card", hidden: true });
  const taught = house.taught(name), whole = { key: "class" };
  let waits = taught.lesson; // a link's lesson begins with the first answer
  nav.append(chips, card);

  // open: { kind, lesson, at, tries, hints, guess, ... } of the card; answer: what the experiment said last.
  const context = {
    scope, name, lessons, open: null, answer: null,
    say: (key, filling) => house.say(scope, key, filling),
    put: (scene) => house.put(name, scene),
    isHere: (scene) => Boolean(context.answer) && lessons.names.every((each, i) => !house.isSure(lessons, scene, each)
      || JSON.stringify(context.answer.tag?.[each]) === JSON.stringify(scene.values[each] ?? lessons.defaults[i])),
    close: () => begin(null),
    again: () => begin(context.open.kind, context.open.lesson),
    draw: () => draw(),
    button: (text, onclick, more = {}) => house.made("button", text, { type: "button", onclick, ...more }),
    row: (...content) => house.made("div", content.filter(Boolean), { className: "row" }),
    paragraph: (text, className = "") => house.made("p", text, { className }),
  };

  const begin = (kind, lesson) => {
    context.open = kind && { kind, lesson, at: 0, tries: 0, hints: 0, seen: "", guess: null };
    house.hold(name, kind === "challenges" ? lessons.names.filter((each) => !lesson.moves.includes(each)) : null);
    if (kind === "stories") context.put(lesson.scenes[0]);
    if (kind === "challenges") context.put(lesson.start);
    draw();
    card.querySelector("h4")?.focus();
  };
  const title = (kind, lesson) => context.say({ questions: `${lesson.key}.title`, class: "lesson.link" }[kind] ?? lesson.key);
  const chip = (kind, lesson) => {
    const isOpen = context.open?.lesson === lesson, mark = house.kept.read(`won-${name}-${lesson.key}`) ? " ✓" : "";
    return context.button(title(kind, lesson) + mark, () => isOpen ? begin(null) : begin(kind, lesson), { "aria-expanded": String(isOpen) });
  };
  const draw = () => {
    const { open, say } = context, of = { ...lessons, class: [whole] };
    const kinds = Object.keys(house.cards).filter((kind) => of[kind]?.length);
    chips.replaceChildren(...kinds.map((kind) => house.made("div", [house.made("b", say(`lesson.${kind}`)), ...of[kind].map((lesson) => chip(kind, lesson))], { className: kind })));
    card.hidden = !open;
    const isSecret = open?.kind === "questions" && open.guess === null, page = document.getElementById(name);
    for (const pictures of page?.querySelectorAll(".pictures") ?? []) pictures.inert = isSecret;
    if (!open) return;
    card.replaceChildren(house.made("h4", title(open.kind, open.lesson), { tabIndex: -1 }), ...house.cards[open.kind](context));
    Object.assign(card.dataset, { lesson: open.lesson.key, at: open.at });
  };

  listen(name, (news) => {
    context.answer = news;
    const all = ["stories", "challenges", "questions"].flatMap((kind) => lessons[kind].map((lesson) => [kind, lesson]));
    const asked = waits && all.find(([, lesson]) => lesson.key === waits);
    waits = "";
    if (asked) begin(...asked);
    if (context.open) house.cards[context.open.kind].hears?.(context);
  });
  house.paper(context, nav);
  house.onLook(draw);
  draw();
};
