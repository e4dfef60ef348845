// A question: a guess first, the pictures are blurred until it is made; then the answer, computed.
const house = window.house;

const room = ({ name, open, say }, truth) => house.tally ? [house.tally.place(name, open.lesson, say, open.guess ?? undefined, truth)] : [];

const asked = (context) => {
  const { name, open, say, put, close, draw, button, row, paragraph } = context;
  const [min, max, step] = open.lesson.range, label = say("lesson.guess", { label: say(open.lesson.metric) });
  const input = house.made("input", [], { type: "range", min, max, step, value: (min + max) / 2 });
  const shown = house.made("output", house.number(Number(input.value)));
  input.oninput = () => { shown.textContent = house.number(Number(input.value)); };
  const see = () => {
    open.guess = Number(input.value);
    put(open.lesson.scene);
    draw();
    house.tally?.guess(name, open.lesson, open.guess);
  };
  return [paragraph(say(open.lesson.key)), row(house.made("label", [label, input]), shown),
    row(button(say("lesson.see"), see, { className: "chief" }), button(say("lesson.end"), close)), ...room(context)];
};

house.cards.questions = (context) => {
  const { open, answer, say, isHere, close, again, button, row, paragraph } = context, { lesson, guess } = open;
  if (guess === null) return asked(context);
  const value = isHere(lesson.scene) && answer.done === 1 ? answer.metrics?.[lesson.metric] : open.value;
  open.value = value; // stays when a control is moved afterwards
  if (value === undefined) return [paragraph(say(lesson.key)), paragraph(say("lesson.waiting")), row(button(say("lesson.end"), close))];
  const filling = { label: say(lesson.metric), guess: house.number(guess), value: house.number(value), off: house.number(Math.abs(value - guess)) };
  return [
    paragraph(say(lesson.key)),
    house.made("p", say("lesson.answer", filling), { className: "won", role: "status" }),
    paragraph(say(`${lesson.key}.answer`)),
    ...room(context, value),
    row(button(say("lesson.again"), again), button(say("lesson.end"), close)),
  ];
};
house.cards.questions.hears = ({ open, draw }) => { if (open.guess !== null && open.value === undefined) draw(); };
