// The glossary as a list that can be searched, and what the tabs rest on.
const house = window.house;

const folded = (title, content, name) => house.made("details", [house.made("summary", title), content].flat(), { className: name });

// Terms in the order of the reader's language.
house.glossaryList = (terms, words, remembered) => {
  const order = new Intl.Collator(document.documentElement.lang), told = house.inLanguage;
  const rows = [...terms].sort((one, other) => order.compare(told(one.name), told(other.name))).map((term) => {
    const others = Object.values(term.name).filter((name) => name !== told(term.name));
    const name = house.made("dt", [told(term.name), ...others.map((other) => house.made("small", ` ${other}`))]);
    const row = house.made("div", [name, house.made("dd", told(term.said))]);
    row.text = [...Object.values(term.name), told(term.said)].join(" ").toLowerCase();
    return row;
  });
  const none = house.made("p", told(words.none), { role: "status", hidden: true });
  const wanted = told(words.search).replace("{count}", terms.length);
  const search = house.made("input", [], { type: "search", placeholder: wanted, "aria-label": wanted, value: remembered.search });
  const sift = () => {
    remembered.search = search.value;
    for (const row of rows) row.hidden = !row.text.includes(search.value.trim().toLowerCase());
    none.hidden = rows.some((row) => !row.hidden);
  };
  search.oninput = sift;
  sift();
  return folded(told(words.glossary), [search, house.made("dl", rows), none], "glossary");
};

// go(tab) gives a link to a tab.
house.referenceList = ({ words, articles, papers }, go) => {
  const told = house.inLanguage, onward = (address, title) => house.made("a", title, { href: address, target: "_blank", rel: "noopener" });
  const used = (tabs) => house.made("span", tabs.flatMap((tab) => [" · ", go(tab)]), { className: "used" });
  const article = ({ title, date, address, tabs }) => house.made("li", [onward(address, told(title)), house.made("small", ` ${title.zh === told(title) ? title.en : title.zh}, ${date}`), used(tabs)]);
  const paper = ({ title, authors, year, address, tabs }) => house.made("li", [onward(address, title), house.made("small", ` ${authors}, ${year}, arXiv ${address.split("/abs/")[1]}`), used(tabs)]);
  const list = (title, rows) => [house.made("h4", told(title)), house.made("ul", rows)];
  return folded(told(words.references), [...list(words.articles, articles.map(article)), ...list(words.papers, papers.map(paper))], "references");
};
