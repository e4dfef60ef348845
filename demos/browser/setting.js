// Sets the controls of an experiment together: gradio's event asks what they are to become, and only the browser knows.
const house = window.house;
const places = new Map(); // experiment -> { frame, ask }: its controls in order, and what makes gradio ask
const wanted = new Map(); // experiment -> what waits to be asked for
const put = new Set(); // experiments whose controls are being set

// Whether an answer can be compared with what a scene says of a control.
house.isSure = ({ loose }, scene, each) => !scene.absent.includes(each) && !loose.includes(each);

// scene: values that differ from the defaults, names without a place; keep leaves the others. isGentle: so is what has been moved.
house.put = (name, scene, isGentle = false) => {
  if (isGentle && wanted.has(name)) return;
  wanted.set(name, { scene, isGentle });
  places.get(name)?.ask();
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// now: of the controls; undefined leaves one as it is, and so those that stand as they should: by the time gradio sets it, one may
// have been moved by hand, and no answer would come.
house.sceneOf = (name, now) => {
  const asked = wanted.get(name), { names, defaults, ...frame } = places.get(name).frame;
  if (!wanted.delete(name)) return now.map(() => undefined);
  const isLeft = (i) => asked.isGentle && !same(now[i], defaults[i]);
  const wished = (each, i) => isLeft(i) ? undefined : asked.scene.values[each] ?? (asked.scene.keep ? undefined : defaults[i]);
  const values = names.map((each, i) => same(now[i], wished(each, i)) ? undefined : wished(each, i));
  const expected = names.flatMap((each, i) => values[i] !== undefined && house.isSure(frame, asked.scene, each) ? [[each, values[i]]] : []);
  house.expect(name, Object.fromEntries(expected));
  if (values.some((value) => value !== undefined)) put.add(name);
  return values;
};
house.wasPut = (name) => { if (put.delete(name)) house.moved(name); };

// The row of presets, with a way back to the defaults first and new seeds last.
house.kinds.scenes = (element, { scope, experiment: name, frame, offered: every }, trigger) => {
  const row = element.querySelector(".scenes");
  const dice = (seed) => ({ key: "dice", values: { [seed]: Math.floor(Math.random() * 10_000) }, absent: [], keep: true });
  const button = (key, scene) => house.made("button", house.say(scope, key), { type: "button", onclick: () => house.put(name, scene()) });
  const draw = () => row.replaceChildren(...every.map((each) => button(each.key, () => each)), ...frame.seeds.map((seed) => button("dice", () => dice(seed))));
  places.set(name, { frame, ask: () => trigger("submit") });
  house.onLook(draw);
  draw();
};
