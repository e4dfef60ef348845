// Sentences, one a row, and what happened to every character; said by an element of its own as well as by a colour.
const house = window.house;
const TAGS = { kept: "span", hole: "span", changed: "mark", new: "ins", gone: "del", moved: "em" };

house.kinds.lines = (element, props, _trigger, watch) => {
  const list = element.querySelector(".lines"), caption = element.querySelector("figcaption"), scope = props.scope;
  const run = ({ own, state }) => house.made(TAGS[state], own, { className: state });
  const onward = (words, link) => house.made("a", words, { href: link, target: "_blank", rel: "noopener", className: "onward" });
  const row = ({ title, runs, note, number, link }) => {
    const words = note ? house.say(scope, note.slice(1), { number: house.number(number) }) : "";
    return [
      house.made("dt", house.said(scope, title)),
      house.made("dd", [house.made("p", runs.map(run), { dir: "auto" }), house.made("small", link ? onward(words, link) : words)]),
    ];
  };
  const draw = () => {
    if (!props.value?.rows) return;
    list.replaceChildren(...props.value.rows.flatMap(row));
    list.setAttribute("aria-label", caption.textContent = house.say(scope, props.caption));
    list.dataset.tag = JSON.stringify(props.value.tag);
  };
  house.onLook(draw);
  watch("value", draw);
  draw();
};
