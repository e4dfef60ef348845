// What went wrong, how far it is, and the numbers; rows stay where they are and only their numbers change.
const house = window.house;
const ASIDE = /^(.+)_(floor|target|theory|usual|at_gamma|at_steps)$/, RESTED = 350; // ms without a newer answer

// [[name, value, [[kind, value]]]]: what is compared with a number stands beside it.
const rows = (metrics) => {
  const names = Object.keys(metrics), isAside = (name) => ASIDE.exec(name)?.[1] in metrics;
  const beside = (name) => names.filter((other) => isAside(other) && ASIDE.exec(other)[1] === name);
  return names.filter((name) => !isAside(name))
    .map((name) => [name, metrics[name], beside(name).map((other) => [ASIDE.exec(other)[2], metrics[other]])]);
};

const label = (scope, name) => {
  const words = house.say(scope, name), hint = house.known(scope, `${name}.hint`);
  const head = house.made("th", hint ? house.hinted(words, hint, () => house.meanings(scope, words, hint)) : words, { scope: "row", role: "rowheader" });
  if (!hint) house.gloss(head, house.tabOf(scope));
  return head;
};
const row = (scope, name) => house.made("tr", [
  label(scope, name),
  house.made("td", [], { className: "value", role: "cell" }), house.made("td", [], { className: "aside", role: "cell" }),
], { role: "row" }); // roles are said, for the style sheet lays the rows out as cards where there is room

// What was allowed, each option with its words behind it: of the parameter itself, of a column, or of the choice it belongs to.
const inWords = (scope, fault) => {
  const owner = fault.bound.match(/(\w+) = /)?.[1], places = [fault.column ? `${fault.parameter}.${fault.column}` : fault.parameter, owner];
  return fault.bound.replace(/[a-z]\w*/g, (option) => {
    const key = places.map((place) => `${place}.${option}`).find((each) => house.say(scope, each) !== each);
    return key ? `${option} “${house.say(scope, key)}”` : option;
  });
};

house.kinds.report = (element, props, trigger, watch) => {
  const report = element.querySelector(".report"), scope = props.scope;
  const faults = house.made("div", [], { className: "faults" }), table = house.made("table", house.made("tbody", [], { role: "rowgroup" }), { role: "table" });
  const bar = house.made("progress", [], { max: 1 }), words = house.made("span"), stop = house.made("button", [], { type: "button" });
  const chief = house.made("output", [], { className: "chief" }); // on a phone, where the table may be out of sight
  const progress = house.made("div", [bar, words, stop, chief], { className: "progress" });
  let language = "", shape = "", timer = 0, halted = "", isPart = false, newest = 0; // halted: tag of the run that the visitor stopped
  report.append(faults, progress, table);

  const sentence = (fault) => {
    const named = (key) => house.say(fault.scope ?? scope, key), label = named(fault.parameter);
    const column = /^\d*$/.test(fault.column) ? fault.column : named(`${fault.parameter}.${fault.column}`); // or its number
    return house.say(scope, `fault.${fault.rule}`, { ...fault, bound: inWords(fault.scope ?? scope, fault), label, column });
  };
  const complain = (wrong) => {
    faults.replaceChildren(...wrong.map((fault) => house.made("p", sentence(fault), { className: "fault", role: "alert" })));
    house.blame(house.experiment(element), Object.fromEntries(wrong.map((fault) => [fault.parameter, { ...fault, reason: sentence(fault) }])));
    report.classList.toggle("stale", wrong.length > 0);
  };
  const compared = (beside) => beside.map(([kind, other]) => `${house.say(scope, kind)} ${house.number(other)}`).join(", ");
  const main = ([name, value, beside]) =>
    [house.say(scope, name), " ", house.made("b", house.number(value)), " ", house.made("small", compared(beside))];
  const count = (metrics) => {
    const wanted = rows(metrics), now = wanted.map(([name]) => name).join();
    if (now !== shape || language !== document.documentElement.lang) {
      table.tBodies[0].replaceChildren(...wanted.map(([name]) => row(scope, name)));
      [shape, language] = [now, document.documentElement.lang];
    }
    wanted.forEach(([, value, beside], i) => {
      const [, first, second] = table.rows[i].cells;
      first.textContent = house.number(value);
      second.textContent = compared(beside);
    });
    chief.replaceChildren(...wanted.slice(0, 1).flatMap(main)); // a run may have no numbers yet
  };
  const advance = (done) => {
    const percent = Math.round(100 * done);
    progress.classList.toggle("done", done >= 1);
    [bar.value, bar.hidden] = [done, Boolean(halted)];
    stop.textContent = house.say(scope, halted ? "run" : "cancel");
    bar.setAttribute("aria-label", house.say(scope, "progress"));
    words.textContent = house.say(scope, halted ? "stopped" : "partial", { percent });
  };
  stop.onclick = () => {
    halted = halted ? "" : JSON.stringify(props.value.tag);
    trigger(halted ? "stop" : "retry");
    advance(props.value.done);
  };
  const wait = (ahead) => { // turned away: what was asked for can be asked again
    halted = ahead === undefined ? JSON.stringify(props.value.tag) : halted;
    advance(props.value.done);
    words.textContent = ahead === undefined ? house.say(scope, "busy") : house.say(scope, "in_line", { ahead });
  };
  const draw = () => {
    const { faults: wrong = [], metrics, done = 1, tag, left, link } = props.value || {};
    complain(wrong);
    advance(wrong.length ? 1 : done);
    if (metrics) count(metrics);
    if (tag) report.dataset.tag = JSON.stringify(tag);
    if (wrong.length) return;
    house.explain(house.experiment(element), scope);
    house.follow(house.experiment(element), tag, left, scope, isPart);
    if (isPart) return;
    house.addressed(props.experiment, link);
    house.told(house.experiment(element), { metrics, done, tag, link });
  };
  const rested = () => {
    if (isPart) return trigger("retry");
    if (!props.value?.rest) return;
    house.lineUp(props.experiment, wait);
    trigger("submit");
  };
  const answered = () => {
    const { turn = newest } = props.value || {};
    if (turn < newest) { // a run's answer that a newer one overtook, or of a server that has begun anew: asked again, once
      newest = 0;
      return trigger("retry");
    }
    newest = turn;
    house.leaveLine(props.experiment);
    isPart = house.awaits(house.experiment(element), props.value?.tag);
    if (JSON.stringify(props.value?.tag) !== halted) halted = ""; // a moved control begins anew
    draw();
    clearTimeout(timer);
    timer = setTimeout(rested, RESTED);
  };
  house.asks(house.experiment(element), () => trigger("retry"));
  house.onLook(draw);
  watch("value", answered);
  answered();
};
