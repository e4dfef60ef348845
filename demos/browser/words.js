// The language of the page, and every text in it.
const house = window.house, root = document.documentElement;
const isChinese = (locale) => /^zh\b/i.test(locale ?? "");
const table = () => window.gradio_config?.i18n_translations?.[isChinese(root.lang) ? "zh" : "en"] ?? {};

// A scope is the dotted prefix of an experiment's words; its tab and then the page answer for what it lacks.
const known = (scope, key) => {
  const texts = table();
  const place = [`${scope}.`, `${scope?.split(".")[0]}.`, "page.", ""].find((prefix) => prefix + key in texts);
  return place === undefined ? undefined : texts[place + key];
};
const say = (scope, key, filling = {}) =>
  (known(scope, key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => filling[name] ?? whole);
const said = (scope, text) => typeof text === "string" && text.startsWith("@") ? say(scope, text.slice(1)) : text;

// The same structure with every "@key" said. Typed arrays ({dtype, bdata}) and lists of numbers pass untouched.
const spoken = (scope, node) => {
  if (typeof node === "string") return said(scope, node);
  if (Array.isArray(node)) return typeof node[0] === "number" ? node : node.map((each) => spoken(scope, each));
  if (node === null || typeof node !== "object" || "bdata" in node) return node;
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, spoken(scope, each)]));
};

// Gradio follows the browser's locale and has no public switch; its own settings panel calls changeLocale of this module.
let module = null;
const gradio = () => {
  const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const linked = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href);
  return module ??= import([...fetched, ...linked].find((name) => /\/assets\/core-[\w-]+\.js$/.test(name)));
};

const reader = () => {
  const kept = house.kept.read("language");
  return isChinese(kept ?? navigator.language) ? "zh-CN" : "en";
};
const relabel = (tabs) => tabs.map((tab) => ({ __type__: "update", label: say(tab, "title") })); // unopened tabs do not hear changeLocale
const entitle = () => { document.title = known("page", "title") ?? document.title; };
const turn = async (language) => {
  root.lang = language;
  entitle();
  await (await gradio()).changeLocale(language);
  window.dispatchEvent(new Event("house-look"));
};
const speak = async (language, tabs = []) => {
  house.kept.write("language", language);
  await turn(language);
  return relabel(tabs);
};
const welcome = (tabs = []) => {
  entitle(); // gradio has given the page its own by now
  return [root.lang, ...relabel(tabs)];
};

root.lang = reader();
const begin = () => { // a locale that Gradio does not know, such as zh-HK, has fallen back to English
  const settled = root.lang === "en" ? /^en\b/i.test(navigator.language) : navigator.language === root.lang;
  if (!settled) return turn(root.lang);
  entitle();
};
Object.assign(house, { known, say, said, spoken, speak, welcome, begin, isChinese });
