// Terms of the field in plain words: the first place of each in a text says more, in the reader's language.
const house = window.house;
const UNTOUCHED = ".katex, a, button, code, em, h1, h2, h3, h4, .term, .hint", LATEX = /\$[^$]+\$/, SOON = 80; // ms

const chinese = () => house.isChinese(document.documentElement.lang);
house.tabOf = (scope) => scope.split(".")[0];
house.inLanguage = (row) => row?.[chinese() ? "zh" : "en"] ?? "";

let fetched = null, terms = [];
house.glossary = () => fetched ??= (async () => {
  const answer = await fetch(document.getElementById("lab-glossary").href);
  if (!answer.ok) throw new Error(`glossary: ${answer.status}`);
  return terms = (await answer.json()).terms;
})();

// One expression for all terms that mean this in a tab, "" for every tab; group k is term k. Longer terms come first.
const readers = new Map();
const reader = (tab) => {
  const key = `${tab} ${chinese()}`;
  if (!readers.has(key)) {
    const mine = terms.filter((term) => !tab || !term.tabs.length || term.tabs.includes(tab));
    readers.set(key, { mine, pattern: mine.map((term) => `(${house.inLanguage(term.pattern)})`).join("|") });
  }
  return readers.get(key);
};
const found = (text, tab) => {
  const { mine, pattern } = reader(tab);
  if (!pattern) return [];
  return [...text.matchAll(new RegExp(pattern, "gi"))].map((match) => ({ at: match.index, words: match[0], term: mine[match.slice(1).findIndex((group) => group !== undefined)] }));
};

// "term: sentence" of every term in the given texts, for a hint that is there already.
const explained = (tab, ...texts) => [...new Set(texts.flatMap((text) => found(text, tab)).map(({ term }) => term))]
  .map((term) => house.made("span", [house.made("b", house.inLanguage(term.name)), ` ${house.inLanguage(term.said)}`], { className: "meaning" }));

const marked = ({ words, term }) => {
  const node = house.hinted(words, house.inLanguage(term.said));
  node.dataset.term = term.key;
  return node;
};
const mark = (block, tab) => {
  const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), texts = [], seen = new Set();
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(UNTOUCHED)) texts.push(walk.currentNode);
  if (LATEX.test(texts.map((node) => node.data).join(" "))) return; // formulas are not set yet: that will be another change
  for (const node of texts) {
    let rest = node;
    for (const each of found(node.data, tab).filter(({ term }) => !seen.has(term.key) && seen.add(term.key)).reverse()) {
      rest.splitText(each.at + each.words.length);
      rest.splitText(each.at).replaceWith(marked(each));
    }
  }
};

// Marks the terms of a text once the glossary is there; a page without it stays as it is.
house.gloss = async (block, tab) => {
  await house.glossary().catch(() => []);
  if (block.isConnected && !block.querySelector(".term")) mark(block, tab);
};
house.meanings = (scope, ...texts) => explained(house.tabOf(scope), ...texts);

// The story and the formulas of an experiment: gradio writes them anew in another language, or when they are unfolded.
const watched = new WeakSet();
house.explain = (experiment, scope) => {
  for (const block of experiment?.closest(".tabitem")?.querySelectorAll(".story, .formulas") ?? []) {
    if (watched.has(block)) continue;
    watched.add(block);
    const tell = house.delayed(() => house.gloss(block, house.tabOf(scope)), SOON);
    new MutationObserver(tell).observe(block, { childList: true, subtree: true, characterData: true });
    tell();
  }
};
