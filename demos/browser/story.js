// A story: scenes one after another, each with a sentence.
const house = window.house;

house.cards.stories = ({ open, say, put, close, draw, button, row }) => {
  const { scenes } = open.lesson, isLast = open.at === scenes.length - 1;
  const turn = (by) => {
    open.at += by;
    put(scenes[open.at]);
    draw();
  };
  const back = button(say("lesson.back"), () => turn(-1), { disabled: open.at === 0 });
  const next = button(say("lesson.next"), () => turn(1), { className: "chief" });
  const step = house.made("span", say("lesson.step", { number: open.at + 1, count: scenes.length }));
  return [house.made("p", say(scenes[open.at].key), { role: "status" }), row(back, !isLast && next, button(say("lesson.end"), close), step)];
};
