// The row over a picture that saves it: vectors for a paper, dots for a slide.
const house = window.house;

const fileName = (element, caption, ending) =>
  [house.experiment(element)?.id, caption, ending].filter(Boolean).join(".").replace(/[^\w.-]+/g, "_").replace(/\.(?=.*\.)/g, "-");

// makers: { svg: () => text or Promise, png: () => Promise of a Blob }
house.tools = (element, props, makers) => {
  const row = house.made("div", [], { className: "tools", role: "group" });
  const keep = async (ending) => {
    const type = ending === "svg" ? "image/svg+xml" : "image/png";
    house.save(fileName(element, props.caption, ending), await makers[ending](), type);
  };
  const buttons = Object.keys(makers).map((ending) => {
    const node = house.made("button", [house.icon("save"), ending.toUpperCase()], { type: "button", onclick: () => keep(ending) });
    node.dataset.ending = ending;
    return node;
  });
  row.append(...buttons);
  element.querySelector(".picture").append(row);
  const name = () => buttons.forEach((node) => house.named(node, house.say(props.scope, `save_${node.dataset.ending}`)));
  house.onLook(name);
  name();
};
