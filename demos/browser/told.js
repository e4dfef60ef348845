// What a picture shows, in sentences with its numbers, for whoever does not see it; written again once the picture rests.
const house = window.house;
const REST = 300; // ms without a newer picture
let serial = 0;

// node: the picture itself, which is named by its caption. sentences() are those of the moment; returns what is called
// whenever something else is drawn.
house.tells = (node, sentences) => {
  const words = house.made("p", [], { className: "told", id: `told-${++serial}` });
  node.setAttribute("aria-describedby", words.id);
  node.closest(".picture").append(words);
  return house.delayed(() => {
    const text = sentences().filter(Boolean).join(" ");
    if (words.textContent !== text) words.textContent = text;
  }, REST);
};

// Low, high and where they are; middle and spread (root of the variance).
const extent = (values) => {
  let [low, high] = [0, 0];
  values.forEach((value, i) => { if (value < values[low]) low = i; if (value > values[high]) high = i; });
  return { low, high };
};
const moments = (values) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, spread: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
};
const listed = (words) => words.join("; ");
Object.assign(house, { extent, moments, listed });
