// A run waits in line for a processor: where, it is asked while nothing has come back. A run that no line knows was turned away.
const house = window.house;
const FIRST = 700, EVERY = 1500; // ms
const marks = new Map(); // experiment -> of the run that it waits for

house.marked = (name, values) => [marks.get(name), values];
house.leaveLine = (name) => marks.delete(name);

// tell(ahead): runs that come before it, undefined where it was turned away.
house.lineUp = (name, tell) => {
  const mark = house.hex(8);
  let misses = 0;
  const waits = () => marks.get(name) === mark;
  const look = async () => {
    const place = waits() && await fetch(`lab/line?run=${mark}`).then((answer) => answer.json(), () => null);
    if (!place || !waits()) return;
    misses = place.state === "gone" ? misses + 1 : 0;
    if (place.state === "waiting" || misses > 1) tell(misses ? undefined : place.ahead);
    if (misses < 2) setTimeout(look, EVERY); else marks.delete(name);
  };
  marks.set(name, mark);
  setTimeout(look, FIRST);
};
