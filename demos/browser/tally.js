// What the others of a room have guessed, while a question is open. The code comes with the link; nothing else is known of a visitor.
const house = window.house;
const BINS = 20, EVERY = 2000; // ms
const code = (new URLSearchParams(location.search).get("class") ?? "").toUpperCase();
const isRoom = /^[A-Z0-9]{4,8}$/.test(code);

const visitor = () => {
  const kept = house.kept.read("visitor") ?? house.hex(8);
  house.kept.write("visitor", kept);
  return kept;
};
const asked = async (question, guess) => {
  const body = guess === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ question, visitor: visitor(), guess }) };
  const answer = await fetch(`lab/room/${code}?question=${encodeURIComponent(question)}`, body).catch(() => null);
  return answer ? answer.json() : { error: "" };
};

const strip = ([low, high], guesses, own, truth) => {
  const place = (value) => `${100 * Math.min(Math.max((value - low) / (high - low), 0), 1)}%`;
  const counts = Array.from({ length: BINS }, (_, i) => guesses.filter((value) => Math.min(Math.floor((value - low) / (high - low) * BINS), BINS - 1) === i).length);
  const most = Math.max(1, ...counts);
  const bars = counts.map((count) => {
    const bar = house.made("i");
    bar.style.height = `${100 * count / most}%`;
    return bar;
  });
  const marks = [["own", own], ["truth", truth]].filter(([, value]) => value !== undefined).map(([className, value]) => {
    const mark = house.made("b", [], { className });
    mark.style.left = place(value);
    return mark;
  });
  return house.made("div", [...bars, ...marks], { className: "strip", role: "img" });
};

// A place in the card of a question that keeps itself up to date as long as it is on the page. lesson: { key, range }.
house.tally = isRoom ? {
  code,
  guess: (name, lesson, value) => asked(`${name}/${lesson.key}`, value),
  place: (name, { key, range }, say, own, truth) => {
    const place = house.made("div", [], { className: "tally" });
    const look = async () => {
      const { guesses, error } = await asked(`${name}/${key}`);
      const sorted = [...guesses ?? []].sort((a, b) => a - b), count = sorted.length;
      const median = count ? (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2 : undefined;
      const text = guesses ? say("lesson.room", { code, count, median: own === undefined || !count ? "…" : house.number(median) }) : say("lesson.no_room", { code, error });
      const shown = own === undefined || !guesses ? [] : [strip(range, guesses, own, truth)];
      shown.forEach((each) => each.setAttribute("aria-label", text));
      place.replaceChildren(house.made("p", text), ...shown);
    };
    const again = () => { if (place.isConnected) look().then(() => setTimeout(again, EVERY)); };
    setTimeout(again);
    return place;
  },
} : null;
