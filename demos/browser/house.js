// The one global of the page. What came before this file waits in house.early, see start.js.
const house = window.house ??= { early: [] };
house.kinds = {}; // kind -> (element, props, trigger, watch) => void, which brings a part of the page to life
house.inputs = {}; // "experiment.parameter" -> { get, set } of an input that other parts may move
