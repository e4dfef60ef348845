// A challenge: goals on the metrics, judged whenever the experiment has finished an answer.
const house = window.house;

const unit = (metrics, goal) => goal.of ? metrics?.[goal.of] : 1;
const isMet = (metrics, goal) => {
  const value = metrics?.[goal.metric], scale = unit(metrics, goal);
  return Number.isFinite(value) && Number.isFinite(scale)
    && (goal.above === undefined || value >= goal.above * scale) && (goal.below === undefined || value <= goal.below * scale);
};

const verdict = (metrics, goal, say) => {
  const value = metrics?.[goal.metric], side = goal.above === undefined ? "below" : "above";
  const filling = { label: say(goal.metric), value: value === undefined ? "–" : house.number(value), bound: house.number(goal[side] * (unit(metrics, goal) ?? 1)) };
  return house.made("li", say(`lesson.${side}`, filling), { className: isMet(metrics, goal) ? "met" : "unmet" });
};

const outcome = ({ lesson, tries, won, shown }, say) => {
  if (won) return [say(shown ? "lesson.shown" : "lesson.won", { tries }), "won"];
  return [say("lesson.moves", { names: lesson.moves.map((each) => `“${say(each)}”`).join(", ") }), "moves"];
};

house.cards.challenges = ({ open, answer, say, put, close, again, draw, button, row, paragraph }) => {
  const { lesson, hints, won } = open, left = lesson.hints.length - hints;
  const hint = button(say("lesson.hint", { left }), () => { open.hints += 1; draw(); });
  const solve = button(say("lesson.solution"), () => { open.shown = true; put(lesson.solution); });
  return [
    paragraph(say(`${lesson.key}.task`)),
    house.made("ul", lesson.goals.map((goal) => verdict(answer?.metrics, goal, say)), { className: "goals", role: "status" }),
    ...lesson.hints.slice(0, hints).map((key) => paragraph(say(key), "hint")),
    paragraph(...outcome(open, say)),
    row(!won && (left > 0 ? hint : solve), button(say("lesson.again"), again), button(say("lesson.end"), close)),
  ];
};

// An answer to other parameters than the last one is a try.
house.cards.challenges.hears = ({ open, answer, name, isHere, draw }) => {
  const now = JSON.stringify(answer.tag);
  if (answer.done === 1 && !open.won && now !== open.seen && !isHere(open.lesson.start)) {
    open.seen = now;
    open.tries += 1;
    open.won = open.lesson.goals.every((goal) => isMet(answer.metrics, goal));
    if (open.won && !open.shown) house.kept.write(`won-${name}-${open.lesson.key}`, "1");
  }
  draw();
};
