// The sentences of pictures in rows: how many, what stands beside and below them, and how many of them are right.
const house = window.house;
const FEW = 24; // pictures whose marks are all said; of more, how often each is there

const counted = (words) => {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return words.length > FEW ? [...counts].map(([word, count]) => `${word} × ${count}`) : words;
};

house.gridTold = (scope, { shape, rows = [], marks = [] }, moment) => {
  const say = (key, filling) => house.say(scope, `told.${key}`, filling), [, count, height, width] = shape;
  const judged = marks.filter(({ good }) => good !== undefined && good !== null), right = judged.filter(({ good }) => good).length;
  const words = marks.map(({ text, note }) => [house.said(scope, String(text ?? "")), note].filter(Boolean).join(" ")).filter(Boolean);
  return [
    say("grid", { count, width, height }), moment && say("moment", { moment }),
    rows.length && say("rows", { rows: house.listed(rows.map((row) => house.said(scope, row))) }),
    words.length && say("marks", { marks: house.listed(counted(words)) }),
    judged.length && say("judged", { right, count: judged.length }),
  ];
};
