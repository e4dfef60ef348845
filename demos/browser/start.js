// Every kind is known: whoever waited comes to life now, whoever comes later does so at once.
const house = window.house;
house.mount = (kind, ...part) => house.kinds[kind](...part);
house.early.splice(0).forEach((part) => house.mount(...part));
house.begin();
house.open?.();
house.whenIdle(() => house.plotly().catch(() => {})); // a figure that needs it will say what is wrong
