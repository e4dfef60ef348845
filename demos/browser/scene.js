// The scene that a link carries, in and out.
const house = window.house;

// A moved control says so, and the report asks the server: once for all that move together, since gradio takes about a tenth of a
// second to send an event of many inputs. Experiments whose report does not stand yet are drawn when it does.
const asking = new Map(); // experiment -> how its report asks
const due = new Set();
house.asks = (experiment, ask) => { if (experiment) asking.set(experiment.id, ask); };
const touched = new Set(); // experiments that were moved, by hand or by a link
house.moved = (name) => {
  touched.add(name);
  if (due.has(name)) return;
  due.add(name);
  setTimeout(() => { due.delete(name); asking.get(name)?.(); });
};

// Gradio tells of a moved control where it was asked to, and for each that it is asked about it walks through the whole page when that
// opens: of hundreds, a second. What is slid, typed, ticked or put back is heard here instead.
for (const kind of ["input", "change", "click"]) document.addEventListener(kind, ({ target }) => {
  const control = target.closest?.(".heard");
  if (control && (kind !== "click" || target.matches(".reset-button"))) house.moved(house.experiment(control).id);
});

// Of controls that are set at once, those in a closed drawer do not say so, and what is asked may be a part of them. Until an
// answer is to all of them, the page goes on asking, so many times.
const TRIES = 6;
const expected = new Map(); // experiment -> { values, tries }
house.expect = (name, values) => expected.set(name, { values, tries: 0 });

// Whether an answer is to a part of what was set at once.
house.awaits = (experiment, tag) => {
  const wait = expected.get(experiment?.id);
  if (!wait || !tag) return false;
  const isPart = Object.entries(wait.values).some(([name, value]) => JSON.stringify(tag[name]) !== JSON.stringify(value));
  if (!isPart || ++wait.tries > TRIES) expected.delete(experiment.id);
  return isPart && wait.tries <= TRIES;
};

// A link turns to its tab and its part of it, waits until the experiment stands there (a control that is being made takes no value), and sets what
// was not moved in the meantime.
const PATIENCE = 20_000; // ms
const update = (selected) => ({ __type__: "update", selected });
const until = (isSo) => new Promise((resolve) => {
  const end = performance.now() + PATIENCE;
  const look = () => { if (isSo() || performance.now() > end) resolve(); else setTimeout(look, 20); };
  look();
});
house.turn = (link) => {
  if (link?.pressed) scrollTo(0, 0);
  return link ? update(link.tab) : undefined;
};
house.part = async (link, parted) => {
  if (!link?.part || !parted.includes(link.tab)) return parted.map(() => undefined);
  await until(() => document.querySelector(`#${link.tab}-parts [role=tab]`));
  return parted.map((tab) => tab === link.tab ? update(link.part) : undefined);
};
house.stands = async (link) => {
  if (!link?.experiment) return [];
  await until(() => document.querySelector(`#${link.experiment} .report[data-tag]`));
  house.put(link.experiment, link.scene, !link.pressed); // a press on Home sets also what has been moved
  return [];
};

// The address follows what is shown, so that a page that is loaded again shows it again; words for a class stay in it.
const WORDS = ["class", "big"], OWN = ["lesson", "lock", "hide"]; // of the whole page, of the experiment that they were said for
house.addressed = (name, link) => {
  if (!touched.has(name) || !link) return;
  const now = new URLSearchParams(location.search), next = new URLSearchParams(link);
  const stay = now.get("experiment") === name ? [...WORDS, ...OWN] : WORDS;
  for (const [key, value] of now) if (stay.includes(key) || key.startsWith("__")) next.set(key, value);
  history.replaceState(history.state, "", `?${next}`);
};

// The public address of this page. In a frame of Hugging Face the frame's own address is not what readers know.
house.home = () => {
  const told = document.querySelector("meta[name=lab-home]")?.content;
  if (told) return told;
  const space = window.gradio_config?.space_id;
  return space && window.top !== window.self ? `https://huggingface.co/spaces/${space}` : location.origin + location.pathname;
};
