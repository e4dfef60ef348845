// Sets the controls of an experiment together: gradio's event asks what they are to become, and only the browser knows.
const house = window.house;
const wanted = new Map(); // experiment -> values in the order of its controls; undefined leaves one as it is
const setters = new Map(); // experiment -> what makes gradio ask

house.sceneOf = (name) => wanted.get(name) ?? [];
house.setter = (name, trigger) => setters.set(name, trigger);

// Whether an answer can be compared with what a scene says of a control.
house.isSure = ({ loose }, scene, each) => !scene.absent.includes(each) && !loose.includes(each);

// frame: names, defaults and loose of the controls. scene: values that differ, names without a place; keep leaves the others.
house.put = (name, frame, scene) => {
  const values = frame.names.map((each, i) => scene.values[each] ?? (scene.keep ? undefined : frame.defaults[i]));
  const expected = frame.names.map((each, i) => [each, values[i]]).filter(([each, value]) => value !== undefined && house.isSure(frame, scene, each));
  house.expect(name, Object.fromEntries(expected));
  wanted.set(name, values);
  setters.get(name)?.();
};

// The row of presets, with a way back to the defaults first and new seeds last.
house.kinds.scenes = (element, { scope, experiment: name, frame, offered: every }, trigger) => {
  const row = element.querySelector(".scenes");
  const dice = (seed) => ({ key: "dice", values: { [seed]: Math.floor(Math.random() * 10_000) }, absent: [], keep: true });
  const button = (key, scene) => house.made("button", house.say(scope, key), { type: "button", onclick: () => house.put(name, frame, scene()) });
  const draw = () => row.replaceChildren(...every.map((each) => button(each.key, () => each)), ...frame.seeds.map((seed) => button("dice", () => dice(seed))));
  house.setter(name, () => trigger("submit"));
  house.onLook(draw);
  draw();
};
