// Inputs of our own that another part of the page may move, such as points that are dragged on a picture.
const house = window.house;
const place = (element, parameter) => `${house.experiment(element)?.id}.${parameter}`;

// Values that come faster than frames: only the newest of a frame goes to the server.
const throttled = (send) => {
  let waiting = false, newest;
  return (value) => {
    newest = value;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; send(newest); });
  };
};
Object.assign(house, {
  throttled,
  register(element, parameter, input) { house.inputs[place(element, parameter)] = input; },
  input: (element, parameter) => house.inputs[place(element, parameter)],
});

// Once, when nothing more came for a while.
house.delayed = (send, wait) => {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(send, wait); };
};
