// Something to take away: a file is saved, a text is copied and also shown, for without https there is no clipboard.
const house = window.house;
const TYPES = { json: "application/json", csv: "text/csv;charset=utf-8", svg: "image/svg+xml", py: "text/x-python;charset=utf-8" };

const asked = new Map(); // experiment -> key of what its visitor pressed last
house.taken = (name, values) => [asked.get(name), values];

house.kinds.parcel = (element, props, trigger, watch) => {
  const box = element.querySelector(".parcel"), row = element.querySelector(".handouts");
  const ask = (key, atOnce) => {
    asked.set(props.experiment, key);
    trigger(atOnce ? "submit" : "retry");
  };
  const button = ({ key, atOnce }) => house.made("button", say(key), { type: "button", className: key, onclick: () => ask(key, atOnce) });
  const offer = () => row.replaceChildren(...props.offered.map(button));
  const say = (key, filling) => house.say(props.scope || "page", key, filling);
  const bytes = (letters) => Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  const keep = ({ name, text, base64 }) => {
    house.save(name, base64 ? bytes(base64) : text, TYPES[name.split(".").pop()] ?? (base64 && "application/octet-stream"));
    box.replaceChildren(house.made("p", say("saved", { name })));
  };
  const copy = async (text, without) => {
    const rows = Math.min(text.split("\n").length + (text.length > 160 ? 1 : 0), 14);
    const area = house.made("textarea", [], { readOnly: true, value: text, rows, spellcheck: false });
    area.onfocus = () => area.select();
    area.setAttribute("aria-label", say("by_hand"));
    const shut = house.made("button", house.icon("close"), { type: "button", className: "shut", onclick: () => box.replaceChildren() });
    house.named(shut, say("close"));
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    const lacks = without ? [house.made("p", say("link_without", { label: say(without) }), { className: "fault" })] : [];
    box.replaceChildren(house.made("p", say(copied ? "copied" : "by_hand")), area, shut, ...lacks);
  };
  const open = () => {
    const parcel = props.value;
    if (!parcel) return box.replaceChildren();
    if (parcel.name === "link") return copy(house.home() + parcel.text, parcel.without);
    return parcel.name.includes(".") ? keep(parcel) : copy(parcel.text);
  };
  watch("value", open);
  house.onLook(offer);
  offer();
};
